package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RehearseCommandTest {
  private static final String EXAMPLE = "EXAMPLE";

  /** From the folder of a module or of the whole. */
  private static final String FILE =
      Stream.of("..", ".")
          .map(folder -> Path.of(folder, "examples", "jeddah-flood.csv"))
          .filter(Files::exists)
          .findFirst()
          .orElseThrow()
          .toString();

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void withJsonNothingElseIsWrittenToStandardOutput() {
    int code =
        run(
            "--incidents",
            EXAMPLE,
            "--from",
            "2026-11-20T06:00:00+03:00",
            "--hours",
            "0.5",
            "--volunteers",
            "200",
            "--policy",
            "nearest",
            "--seed",
            "7",
            "--json");

    assertThat(err.toString()).contains("needs");
    assertThat(code).isZero();
    var report = new JsonObject(out.toString());
    assertThat(report.getString("policy")).isEqualTo("nearest");
    assertThat(report.getLong("seed")).isEqualTo(7);
    assertThat(report.getInteger("needs")).isEqualTo(2);
    assertThat(report.getInteger("volunteers")).isEqualTo(200);
  }

  @Test
  void severalSeedsAndPoliciesAreComparedAndTheForecastsDrawn() throws IOException {
    var picture = folder.resolve("calibration.svg");
    int code =
        run(
            "--incidents",
            EXAMPLE,
            "--from",
            "2026-11-20T06:00:00+03:00",
            "--hours",
            "0.5",
            "--volunteers",
            "200",
            "--regime",
            "keen",
            "--policies",
            "fixed,oracle",
            "--seeds",
            "2",
            "--calibration-svg",
            picture.toString(),
            "--json");

    assertThat(code).as(err.toString()).isZero();
    var policies = new JsonObject(out.toString()).getJsonArray("policies");
    assertThat(policies).hasSize(2);
    var oracle = policies.getJsonObject(1);
    assertThat(oracle.getString("policy")).isEqualTo("oracle");
    assertThat(oracle.getString("regime")).isEqualTo("keen");
    assertThat(oracle.getInteger("needs")).isEqualTo(2);
    var seeds = oracle.getJsonArray("seeds");
    assertThat(seeds.getJsonObject(1).getLong("seed")).isEqualTo(2);
    assertThat(seeds.getJsonObject(0).getString("digest"))
        .isNotEqualTo(seeds.getJsonObject(1).getString("digest"));
    var texts = oracle.getDouble("texts");
    var ends = oracle.getJsonObject("interval95").getJsonArray("texts");
    assertThat(ends.getDouble(0)).isLessThanOrEqualTo(texts);
    assertThat(ends.getDouble(1)).isGreaterThanOrEqualTo(texts);
    assertThat(oracle.getJsonObject("against_oracle").getDouble("regret")).isZero();
    assertThat(oracle.getJsonObject("against_fixed").fieldNames())
        .contains("texts_per_place_ratio", "life_p50_ratio", "fill_difference");
    assertThat(oracle.getJsonObject("forecast_calibration").getInteger("forecasts"))
        .isGreaterThanOrEqualTo(4);
    assertThat(Files.readString(picture))
        .startsWith("<svg")
        .contains("<circle")
        .endsWith("</svg>\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--incidents nowhere.csv | nowhere.csv",
        "--incidents " + EXAMPLE + " --policy best | priced",
        "--incidents " + EXAMPLE + " --policies fixed,best | largest-weighted-demand",
        "--incidents " + EXAMPLE + " --policies fixed,fixed | twice",
        "--incidents " + EXAMPLE + " --policies fixed,best | اكتب واحدة منها",
        "--incidents " + EXAMPLE + " --regime calm | base, rare, keen, tired",
        "--incidents " + EXAMPLE + " --seeds 0 | --seeds 0 must be 1 to 1000",
        "--incidents " + EXAMPLE + " --seeds many | --seeds",
        "--incidents " + EXAMPLE + " --hours 0 | --hours",
        "--incidents " + EXAMPLE + " --kinds nowhere | houston-911",
        "--incidents " + EXAMPLE + " --columns time=when | 'when'",
        "--incidents " + EXAMPLE + " --zone Mars | Asia/Riyadh",
        "--policy priced | --incidents",
      })
  void whatCannotBeUsedIsNamedAndEndsWithTwo(String arguments, String named) {
    int code = run(arguments.strip().split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains(named.strip());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aBadRowIsNamedWithLineAndColumn() throws IOException {
    var file = folder.resolve("bad.csv");
    Files.writeString(
        file, "time,kind,lat,lon\n2026-11-20T09:00Z,fire,21.5,39.2\nnoon,fire,91,x\n");

    assertThat(run("--incidents", file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("line 3, column time, 'noon'")
        .contains("line 3, column lat, '91'")
        .contains("line 3, column lon, 'x'");
  }

  private int run(String... arguments) {
    return new CommandLine(new RehearseCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            Stream.of(arguments).map(one -> one.replace(EXAMPLE, FILE)).toArray(String[]::new));
  }
}
