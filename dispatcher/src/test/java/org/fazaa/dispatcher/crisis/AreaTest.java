package org.fazaa.dispatcher.crisis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.fazaa.dispatcher.crisis.Area.Parsed;
import org.fazaa.dispatcher.people.Point;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AreaTest {
  private static final String SQUARE =
      """
      {"type": "Polygon", "coordinates": [
        [[39, 21], [40, 21], [40, 22], [39, 22], [39, 21]],
        [[39.4, 21.4], [39.6, 21.4], [39.6, 21.6], [39.4, 21.6], [39.4, 21.4]]]}
      """;

  @Test
  void aCircleHoldsWhatIsWithinItsRadius() {
    var area = good("{\"center\": [39.2, 21.5], \"radius_m\": 5000}");

    assertThat(area.contains(new Point(39.2, 21.54))).isTrue();
    assertThat(area.contains(new Point(39.2, 21.56))).isFalse();
    assertThat(area.radiusKm()).isEqualTo(5);
  }

  @Test
  void aPolygonHoldsItsInsideAndItsEdgeButNotItsHole() {
    var area = good(SQUARE);

    assertThat(area.contains(new Point(39.2, 21.2))).isTrue();
    assertThat(area.contains(new Point(39, 21))).isTrue();
    assertThat(area.contains(new Point(39.5, 21.5))).isFalse();
    assertThat(area.contains(new Point(41, 21.5))).isFalse();
    assertThat(area.center().kmTo(new Point(40, 22))).isLessThanOrEqualTo(area.radiusKm() + 1e-9);
  }

  @Test
  void whatIsWrittenComesBackAsItWas() {
    for (var written : new String[] {SQUARE, "{\"center\": [39.2, 21.5], \"radius_m\": 5000}"}) {
      var area = good(written);
      assertThat(good(area.json().encode())).isEqualTo(area);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"center\": [39.2, 21.5]}",
        "{\"center\": [39.2, 21.5], \"radius_m\": 0}",
        "{\"center\": [39.2, 21.5], \"radius_m\": -5}",
        "{\"center\": [39.2, 21.5], \"radius_m\": 9e9}",
        "{\"center\": [39.2, 91], \"radius_m\": 5}",
        "{\"center\": \"here\", \"radius_m\": 5}",
        "{\"center\": [], \"radius_m\": 5}",
        "{\"type\": \"Point\", \"coordinates\": [39, 21]}",
        "{\"type\": \"Polygon\", \"coordinates\": []}",
        "{\"type\": \"Polygon\", \"coordinates\": [[]]}",
        "{\"type\": \"Polygon\", \"coordinates\": [[[39, 21], [40, 21], [39, 21]]]}",
        "{\"type\": \"Polygon\", \"coordinates\": [[[39, 21], [39, 21], [39, 21], [39, 21]]]}",
        "{\"type\": \"Polygon\", \"coordinates\": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}",
        "{\"type\": 5}",
      })
  void anEmptyOrImpossibleAreaIsRefusedAndSaysHowToMendIt(String written) {
    var parsed = Area.parse(new JsonObject(written));

    assertThat(parsed).isInstanceOf(Parsed.Bad.class);
    var flaw = ((Parsed.Bad) parsed).flaw();
    assertThat(flaw.field()).isEqualTo("area");
    assertThat(flaw.en()).isNotBlank();
    assertThat(flaw.ar()).isNotBlank();
  }

  @Test
  void noAreaIsNoArea() {
    assertThat(Area.parse(null)).isInstanceOf(Parsed.Bad.class);
  }

  private static Area good(String written) {
    var parsed = Area.parse(new JsonObject(written));
    assertThat(parsed).isInstanceOf(Parsed.Good.class);
    return ((Parsed.Good) parsed).area();
  }
}
