package org.fazaa.web.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TickBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void ticksAreMeasuredWhileEveryReplyTakesEffect() {
    assertThat(
            run(
                "tick",
                "--volunteers",
                "5000",
                "--needs",
                "5",
                "--replies",
                "20",
                "--seconds",
                "4",
                "--json"))
        .as(err + "\n" + out)
        .isZero();
    var figures = new JsonObject(out.toString());
    assertThat(figures.getJsonObject("tick_with_all_due").getInteger("count")).isPositive();
    assertThat(figures.getInteger("texts")).isPositive();
    assertThat(figures.getInteger("replies_answered")).isPositive();
  }

  @Test
  void moreNeedsThanACrisisHasAreRefused() {
    assertThat(run("tick", "--needs", "5000")).isEqualTo(2);
    assertThat(err.toString()).contains("--needs");
  }

  private int run(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
