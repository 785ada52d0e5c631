package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.fazaa.dispatcher.crisis.NeedId;

/**
 * What a number of texts will give: the chance that the open places fill in time, and how many
 * texts it will take. Exact for independent people, averaged over three worlds in which they answer
 * half as often as we believe, as often, and half again as often, because we never know the rates.
 *
 * @param likelyTexts the texts after which filling is likelier than not; {@code texts} if it never
 *     is
 * @param steps the chance at other numbers of texts, for the curve
 */
public record Forecast(
    NeedId need,
    int open,
    int texts,
    int candidates,
    double chance,
    int likelyTexts,
    Instant by,
    List<Step> steps) {

  public record Step(int texts, double chance) {}

  static final double[] WORLDS = {0.5, 1, 1.5};
  static final double[] WEIGHTS = {0.25, 0.5, 0.25};

  public static Forecast of(Line line, int texts, Instant now) {
    var curve = curve(line, now);
    var last = curve.length - 1;
    var at = Math.min(Math.max(texts, 0), last);
    var steps = new ArrayList<Step>();
    for (var tenth = 1; tenth <= 10; tenth++) {
      var n = Math.ceilDiv(texts * tenth * 2, 10);
      if (steps.isEmpty() || n > steps.getLast().texts()) {
        steps.add(new Step(n, curve[Math.min(n, last)]));
      }
    }
    var likely = Math.min(texts, first(curve, 0.5));
    return new Forecast(
        line.need(), line.open(), texts, last, curve[at], likely, line.fillBy(), steps);
  }

  /** The fewest texts that reach this chance; everybody, if even that does not. */
  static int textsFor(Line line, double chance, Instant now) {
    return first(curve(line, now), chance);
  }

  private static int first(double[] curve, double chance) {
    var n = 0;
    while (n < curve.length - 1 && curve[n] < chance) n++;
    return n;
  }

  // curve[n] = the chance of filling with n more texts, asked in the order in which Round asks.
  private static double[] curve(Line line, Instant now) {
    var left = Duration.between(now, line.fillBy());
    var priority = line.priority();
    var rates =
        line.options().stream()
            .filter(line::mayAsk)
            .sorted(
                Comparator.comparingDouble(
                        (Line.Option one) ->
                            -one.rate()
                                * Rates.arrivesInTime(priority, one.km())
                                / Rates.price(one.recent(), one.rarer()))
                    .thenComparingLong(one -> one.volunteer().value()))
            .mapToDouble(one -> one.rate() * line.delay().answeredWithin(left.minus(travel(one))))
            .toArray();
    var curve = new double[rates.length + 1];
    for (var w = 0; w < WORLDS.length; w++) {
      addWorld(line, rates, WORLDS[w], WEIGHTS[w], curve, now);
    }
    return curve;
  }

  // Poisson-binomial: short[k] is the chance that exactly k have said yes, for k below the places.
  private static void addWorld(
      Line line, double[] rates, double factor, double weight, double[] curve, Instant now) {
    var missing = new double[Math.max(line.open(), 0)];
    if (missing.length > 0) missing[0] = 1;
    for (var one : line.waiting()) {
      var rate = Math.min(0.95, one.rate() * factor);
      add(missing, line.delay().stillMayAnswer(rate, Duration.between(one.askedAt(), now)));
    }
    curve[0] += weight * filled(missing);
    for (var n = 0; n < rates.length; n++) {
      add(missing, Math.min(0.95, rates[n] * factor));
      curve[n + 1] += weight * filled(missing);
    }
  }

  private static void add(double[] missing, double rate) {
    for (var k = missing.length - 1; k >= 0; k--) {
      missing[k] = missing[k] * (1 - rate) + (k > 0 ? missing[k - 1] * rate : 0);
    }
  }

  private static double filled(double[] missing) {
    var sum = 0.0;
    for (var chance : missing) sum += chance;
    return Math.clamp(1 - sum, 0, 1);
  }

  private static Duration travel(Line.Option one) {
    return Duration.ofMillis((long) (Rates.travelMinutes(one.km()) * 60_000));
  }
}
