package org.fazaa.web.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BusBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everyKindOfMessageIsMeasuredInOneNodeAndBetweenTwo() {
    int code =
        new CommandLine(new BenchCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute("bus", "--seconds", "1", "--rounds", "1", "--presses", "1", "--json");

    assertThat(code).as(err.toString()).isZero();
    var figures = new JsonObject(out.toString());
    assertThat(figures.getJsonArray("messages"))
        .extracting(
            one -> {
              var message = (JsonObject) one;
              assertThat(message.getLong("per_s")).isPositive();
              assertThat(message.getJsonObject("latency").getInteger("count")).isPositive();
              return message.getInteger("nodes")
                  + " "
                  + message.getString("what")
                  + " "
                  + message.getInteger("in_flight");
            })
        .containsExactly(
            "1 bare_request 1",
            "1 question 1",
            "1 fact 1",
            "1 bare_request 64",
            "1 question 64",
            "1 fact 64",
            "2 bare_request 1",
            "2 question 1",
            "2 fact 1",
            "2 bare_request 64",
            "2 question 64",
            "2 fact 64");
    var press = figures.getJsonObject("press_to_first_text");
    assertThat(press.getJsonObject("bus_on").getInteger("count")).isEqualTo(1);
    assertThat(press.getJsonObject("bus_off").getLong("turns_repaired_by_polls")).isPositive();
  }
}
