package org.fazaa.web.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RosterBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void allWaysFindTheSamePeopleAndAreMeasured() {
    assertThat(
            run(
                "roster",
                "--volunteers",
                "5000",
                "--rounds",
                "1",
                "--seconds",
                "0.1",
                "--searches",
                "200",
                "--json"))
        .as(err + "\n" + out)
        .isZero();
    var figures = new JsonObject(out.toString());
    assertThat(figures.getBoolean("agree")).isTrue();
    assertThat(figures.getInteger("changes_meanwhile")).isPositive();
    for (var way : new String[] {"fazaa", "postgres", "scan"}) {
      var one = figures.getJsonObject(way);
      assertThat(one.getJsonObject("query_us").getDouble("p50")).as(way).isPositive();
      for (var figure :
          new String[] {
            "queries_per_s_1", "queries_per_s_2", "updates_per_s", "bytes_per_volunteer"
          }) {
        assertThat(one.getDouble(figure)).as(way + " " + figure).isPositive();
      }
    }
    var durable = figures.getJsonObject("fazaa").getJsonObject("durable_updates_per_s");
    assertThat(durable.getDouble("clients_8")).isPositive();
    assertThat(durable.getDouble("clients_32")).isPositive();
  }

  @Test
  void fewerPeopleThanASearchWantsAreRefused() {
    assertThat(run("roster", "--volunteers", "10")).isEqualTo(2);
    assertThat(err.toString()).contains("--volunteers");
  }

  private int run(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
