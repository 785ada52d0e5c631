package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fazaa.dispatcher.people.Point;

/**
 * Where needs are filled worst and best, by squares of a tenth of a degree (about ten kilometres).
 *
 * @param compared those with enough places to be judged, worst first
 */
record Districts(List<District> compared) {

  /** With fewer places, chance alone makes a square the worst. */
  static final int LEAST_PLACES = 20;

  private static final double PER_DEGREE = 10;

  /** A square by its south-west corner, in tenths of a degree. */
  record District(int lat, int lon, int places, int filled) {
    double fillRate() {
      return (double) filled / places;
    }

    private District plus(District more) {
      return new District(lat, lon, places + more.places, filled + more.filled);
    }

    private JsonObject json() {
      return new JsonObject()
          .put("lat", lat / PER_DEGREE)
          .put("lon", lon / PER_DEGREE)
          .put("places", places)
          .put("fill_rate", Tally.rounded(fillRate(), 1000));
    }
  }

  static Districts of(Collection<Filling> fillings) {
    Map<List<Integer>, District> squares =
        new TreeMap<>(
            Comparator.<List<Integer>>comparingInt(List::getFirst)
                .thenComparingInt(List::getLast));
    for (var one : fillings) {
      var square = square(one.need.place(), one.need.people(), one.filled());
      squares.merge(List.of(square.lat, square.lon), square, District::plus);
    }
    return new Districts(
        squares.values().stream()
            .filter(square -> square.places >= LEAST_PLACES)
            .sorted(Comparator.comparingDouble(District::fillRate))
            .toList());
  }

  private static District square(Point place, int places, int filled) {
    var lat = (int) Math.floor(place.lat() * PER_DEGREE);
    return new District(lat, (int) Math.floor(place.lon() * PER_DEGREE), places, filled);
  }

  /** By how much the best share exceeds the worst; none where there are not two to compare. */
  Optional<Double> gap() {
    if (compared.size() < 2) return Optional.empty();
    return Optional.of(compared.getLast().fillRate() - compared.getFirst().fillRate());
  }

  JsonObject json() {
    return new JsonObject()
        .put("compared", compared.size())
        .put("gap", gap().map(gap -> Tally.rounded(gap, 1000)).orElse(null))
        .put("worst", compared.isEmpty() ? null : compared.getFirst().json())
        .put("best", compared.isEmpty() ? null : compared.getLast().json());
  }
}
