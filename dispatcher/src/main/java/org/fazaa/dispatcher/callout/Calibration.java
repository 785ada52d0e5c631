package org.fazaa.dispatcher.callout;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How far forecasts may be believed: of those that said about so much, how many came true. Whoever
 * says 90 % should be right nine times in ten.
 *
 * @param forecasts how many were scored
 * @param cameTrue how many of them came true
 * @param brier the mean squared distance between what was said and what happened: 0 is a seer, 0.25
 *     somebody who always says 50 %; without any forecasts there is none
 * @param expectedError by how much the share that came true differs from what was said, on the
 *     average of the bins, each by its number of forecasts
 * @param skill how much of the Brier score of somebody who always says the share of all is saved: 1
 *     is a seer, 0 knows nothing more, below 0 misleads; none where everything ended alike
 * @param aboutNinety those that said 85 to 95 %
 * @param bins ten, of what was said from 0 to 1
 */
public record Calibration(
    int forecasts,
    int cameTrue,
    Optional<Double> brier,
    Optional<Double> expectedError,
    Optional<Double> skill,
    Bin aboutNinety,
    List<Bin> bins) {

  /** What a forecast said, 0 to 1, and whether it came true. */
  public record Pair(double chance, boolean cameTrue) {}

  /**
   * Forecasts that said nearly the same.
   *
   * @param from the least that they said
   * @param to what they all stay below; the last bin holds its end too
   * @param said the mean of what they said; the middle of the bin when there are none
   * @param low the true share lies from here
   * @param high to here in 95 of a hundred such cases (Wilson), were they independent
   */
  public record Bin(
      double from, double to, int forecasts, int cameTrue, double said, double low, double high) {

    /** The share of them that came true; 0 when there are none. */
    public double share() {
      return forecasts == 0 ? 0 : (double) cameTrue / forecasts;
    }

    public boolean isEmpty() {
      return forecasts == 0;
    }

    private static Bin of(List<Pair> pairs, double from, double to) {
      var n = pairs.size();
      var yes = (int) pairs.stream().filter(Pair::cameTrue).count();
      var said = pairs.stream().mapToDouble(Pair::chance).average().orElse((from + to) / 2);
      if (n == 0) return new Bin(from, to, 0, 0, said, 0, 1);
      var share = (double) yes / n;
      var spread = Z * Math.sqrt(share * (1 - share) / n + Z * Z / (4.0 * n * n));
      var middle = share + Z * Z / (2.0 * n);
      var scale = 1 + Z * Z / n;
      var low = yes == 0 ? 0 : (middle - spread) / scale;
      var high = yes == n ? 1 : (middle + spread) / scale;
      return new Bin(from, to, n, yes, said, low, high);
    }

    private JsonObject json() {
      return new JsonObject()
          .put("from", from)
          .put("to", to)
          .put("forecasts", forecasts)
          .put("came_true", cameTrue)
          .put("said", isEmpty() ? null : said)
          .put("share", isEmpty() ? null : share())
          .put("low", isEmpty() ? null : low)
          .put("high", isEmpty() ? null : high);
    }
  }

  private static final int BINS = 10;
  private static final double Z = 1.959964;

  /** Of what was said and what happened, in any order; of nothing there are only empty bins. */
  public static Calibration of(List<Pair> pairs) {
    var bins = new ArrayList<Bin>(BINS);
    for (var n = 0; n < BINS; n++) {
      var bin = n;
      bins.add(Bin.of(those(pairs, said -> binOf(said) == bin), edge(n), edge(n + 1)));
    }
    var count = pairs.size();
    var yes = (int) pairs.stream().filter(Pair::cameTrue).count();
    var brier = pairs.stream().mapToDouble(Calibration::squaredError).average();
    var base = count == 0 ? 0 : (double) yes / count;
    var plain = base * (1 - base);
    var off = bins.stream().mapToDouble(bin -> bin.forecasts * Math.abs(bin.said - bin.share()));
    return new Calibration(
        count,
        yes,
        brier.isEmpty() ? Optional.empty() : Optional.of(brier.getAsDouble()),
        count == 0 ? Optional.empty() : Optional.of(off.sum() / count),
        plain == 0 ? Optional.empty() : Optional.of(1 - brier.orElseThrow() / plain),
        Bin.of(those(pairs, said -> said >= 0.85 && said < 0.95), 0.85, 0.95),
        List.copyOf(bins));
  }

  /** The share of all that came true; 0 when there are none. */
  public double baseRate() {
    return forecasts == 0 ? 0 : (double) cameTrue / forecasts;
  }

  public JsonObject json() {
    var list = new JsonArray();
    bins.forEach(bin -> list.add(bin.json()));
    return new JsonObject()
        .put("forecasts", forecasts)
        .put("came_true", cameTrue)
        .put("brier", brier.orElse(null))
        .put("expected_error", expectedError.orElse(null))
        .put("base_rate", forecasts == 0 ? null : baseRate())
        .put("skill", skill.orElse(null))
        .put("about_ninety", aboutNinety.json())
        .put("bins", list);
  }

  private static List<Pair> those(List<Pair> pairs, Predicate<Double> said) {
    return pairs.stream().filter(pair -> said.test(pair.chance)).toList();
  }

  private static int binOf(double said) {
    return Math.clamp((int) (said * BINS), 0, BINS - 1);
  }

  private static double edge(int n) {
    return (double) n / BINS;
  }

  private static double squaredError(Pair pair) {
    var off = pair.chance - (pair.cameTrue ? 1 : 0);
    return off * off;
  }
}
