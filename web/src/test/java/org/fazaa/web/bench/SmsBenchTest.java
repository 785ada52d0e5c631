package org.fazaa.web.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** That the bench counts right; how fast anything is depends on the machine. */
class SmsBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everyTextArrivesOnceAndTheFiguresSayWhereTheyComeFrom() {
    int code = run("sms", "--texts", "200", "--rounds", "1", "--presses", "2", "--json");

    assertThat(code).as(err.toString()).isZero();
    var figures = new JsonObject(out.toString());
    assertThat(figures.getString("command"))
        .isEqualTo("./fazaa bench sms --texts 200 --rounds 1 --presses 2 --json");
    assertThat(figures.getInteger("texts")).isEqualTo(200);
    var machine = figures.getJsonObject("machine");
    assertThat(machine.fieldNames())
        .contains("cores", "jdk", "system", "load_at_start", "load_at_end");
    assertThat(machine.getJsonObject("postgresql").getMap())
        .containsEntry("fsync", "on")
        .containsEntry("synchronous_commit", "on")
        .containsEntry("full_page_writes", "on");
    var fazaa = figures.getJsonObject("fazaa");
    assertThat(fazaa.getInteger("lost")).isZero();
    assertThat(fazaa.getInteger("doubled")).isZero();
    assertThat(fazaa.fieldNames())
        .contains("texts_per_s", "client_cpu_us", "postgres_cpu_us", "database_time_us");
    assertThat(figures.getJsonObject("bare_http").getJsonArray("rounds_texts_per_s")).hasSize(2);
    assertThat(figures.getJsonObject("stock_sdk").getInteger("threads")).isEqualTo(64);
    assertThat(figures.getDouble("share_of_bare_http")).isPositive();
    assertThat(figures.getJsonObject("press_to_first_text").getInteger("count")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sms --texts 0 | --texts",
        "sms --latency fast | 50ms",
        "sms --connections 0 | --connections",
        "nothing | nothing",
      })
  void whatCannotBeMeasuredIsNamedAndEndsWithTwo(String arguments, String named) {
    assertThat(run(arguments.strip().split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(named.strip());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theSinkReadsWhichTextAFormIsAbout() {
    assertThat(SinkCommand.text(Forms.form(17))).isEqualTo(17);
    assertThat(SinkCommand.text(Buffer.buffer("To=%2B966&Body=m%3D4"))).isEqualTo(-1);
  }

  @Test
  void percentilesAreByNearestRank() {
    var latencies = new Latencies(new long[] {4_000, 1_000, 3_000, 2_000});

    assertThat(latencies.ms(50)).isEqualTo(2);
    assertThat(latencies.ms(99)).isEqualTo(4);
  }

  private int run(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
