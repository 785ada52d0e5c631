package org.fazaa.web.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CodesBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everyNumberIsAnsweredAndMeasured() {
    assertThat(run("codes", "--pairs", "20", "--json")).as(err + "\n" + out).isZero();
    var figures = new JsonObject(out.toString());
    for (var who : new String[] {"known", "unknown"}) {
      assertThat(figures.getJsonObject(who).getInteger("count")).isEqualTo(20);
    }
    assertThat(figures.containsKey("medians_apart_ms")).isTrue();
  }

  @Test
  void moreThanItCanCountIsRefused() {
    assertThat(run("codes", "--pairs", "20000")).isEqualTo(2);
    assertThat(err.toString()).contains("--pairs");
  }

  private int run(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
