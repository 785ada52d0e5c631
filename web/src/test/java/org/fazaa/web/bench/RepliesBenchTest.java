package org.fazaa.web.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RepliesBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everyReplyTakesItsPlaceAndIsConfirmed() {
    int code =
        run("replies", "--rate", "50", "--seconds", "1", "--cold", "1", "--burst", "0", "--json");

    assertThat(code).as(err + "\n" + out).isZero();
    var figures = new JsonObject(out.toString());
    assertThat(figures.getJsonObject("machine").getJsonObject("postgresql").getString("fsync"))
        .isEqualTo("on");
    assertThat(figures.getJsonObject("cold").getInteger("lost")).isZero();
    var steady = figures.getJsonObject("steady");
    assertThat(steady.getInteger("replies")).isEqualTo(50);
    assertThat(steady.getInteger("lost")).isZero();
    // On a busy machine a reply may be refused, and is then not lost.
    var taken = 50 - steady.getInteger("refused");
    for (var what :
        new String[] {
          "generator_lag", "webhook_answer", "reply_to_effect", "reply_to_confirmation_at_carrier"
        }) {
      assertThat(steady.getJsonObject(what).getInteger("count")).as(what).isBetween(taken, 50);
      assertThat(steady.getJsonObject(what).fieldNames()).contains("p50_ms", "p99_ms", "max_ms");
    }
    assertThat(steady.fieldNames())
        .contains("program_cpu_us", "postgres_cpu_us", "generator_cpu_us");
    assertThat(figures.containsKey("burst")).isFalse();
  }

  @Test
  void moreThanItCanCountIsRefused() {
    assertThat(run("replies", "--rate", "5000", "--seconds", "600")).isEqualTo(2);
    assertThat(err.toString()).contains("--rate × --seconds");
  }

  private int run(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
