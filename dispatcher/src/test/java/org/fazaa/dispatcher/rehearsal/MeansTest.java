package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeansTest {

  @Test
  void theIntervalIsThatOfStudent() {
    // Mean 3, standard deviation 1.5811, five values: 2.776 × 1.5811 / √5.
    assertThat(Means.halfWidth(1, 2, 3, 4, 5)).isCloseTo(1.963, within(0.001));
    assertThat(Means.halfWidth(7)).isZero();
    assertThat(Means.halfWidth(7, 7, 7)).isZero();
  }

  @Test
  void everyNumberKeepsItsPlace() {
    var one = run(1, 10.0, "same", 3);
    var other = run(3, null, "same", 5);

    var mean = Means.of(List.of(one, other));
    var interval = Means.intervals(List.of(one, other));

    assertThat(mean.getDouble("texts")).isEqualTo(2.0);
    assertThat(mean.getDouble("perhaps")).isEqualTo(10.0);
    assertThat(mean.getString("word")).isEqualTo("same");
    assertThat(mean.getJsonObject("inner").getDouble("n")).isEqualTo(4.0);
    assertThat(mean.getJsonArray("bins").getJsonObject(0).getDouble("n")).isEqualTo(4.0);
    assertThat(interval.getJsonArray("texts")).containsExactly(-10.706, 14.706);
    assertThat(interval.getJsonArray("perhaps")).containsExactly(10.0, 10.0);
  }

  @Test
  void whatIsNowhereKnownStaysUnknownAndWordsThatDifferAreNoMean() {
    var mean = Means.of(List.of(run(1, null, "a", 3), run(1, null, "b", 3)));

    assertThat(mean.getValue("perhaps")).isNull();
    assertThat(mean.containsKey("perhaps")).isTrue();
    assertThat(mean.getValue("word")).isNull();
    assertThat(mean.getValue("texts")).isEqualTo(1);
  }

  private static JsonObject run(int texts, Double perhaps, String word, int inner) {
    return new JsonObject()
        .put("texts", texts)
        .put("perhaps", perhaps)
        .put("word", word)
        .put("inner", new JsonObject().put("n", inner))
        .put("bins", new JsonArray().add(new JsonObject().put("n", inner)));
  }
}
