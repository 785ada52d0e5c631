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

  private static final double[] WORLDS = {0.5, 1, 1.5};
  private static final double[] WEIGHTS = {0.25, 0.5, 0.25};

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

  /**
   * The chance that the open places fill in time by going on as we do: silence is waited for, and
   * those left to ask are asked one after another.
   *
   * @param supply the yes to be expected of all who may still be asked
   */
  static double chance(Line line, double supply, Instant now) {
    return line.trust().of(calculated(line, supply, now));
  }

  public static double calculated(Line line, double supply, Instant now) {
    var left = Duration.between(now, line.fillBy());
    if (line.open() <= 0) return 1;
    if (!left.isPositive()) return 0;
    var mean = waiting(line, now) + supply * answeredOfLater(line, left);
    return filled(mean, line.open());
  }

  private static double answeredOfLater(Line line, Duration left) {
    return line.delay().answeredWithin(left.multipliedBy(6).dividedBy(10));
  }

  // What of the silent will still be said before the deadline.
  private static double waiting(Line line, Instant now) {
    var sum = 0.0;
    for (var one : line.waiting()) {
      var silent = Duration.between(one.askedAt(), now);
      var come = one.delay().answeredWithin(silent);
      var will = one.delay().answeredWithin(Duration.between(one.askedAt(), line.fillBy()));
      if (come >= 1) continue;
      sum += one.delay().stillMayAnswer(one.rate(), silent) * (will - come) / (1 - come);
    }
    return sum;
  }

  private static double filled(double mean, int open) {
    var chance = 0.0;
    for (var w = 0; w < WORLDS.length; w++) {
      chance += WEIGHTS[w] * (1 - Rates.poissonBelow(mean * WORLDS[w], open));
    }
    return Math.clamp(chance, 0, 1);
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
                            -one.rate() * Rates.arrivesInTime(priority, one.km()))
                    .thenComparingLong(one -> one.volunteer().value()))
            .mapToDouble(Line.Option::rate)
            .toArray();
    var curve = new double[rates.length + 1];
    var mean = waiting(line, now);
    var later = left.isPositive() ? answeredOfLater(line, left) : 0;
    for (var n = 0; n <= rates.length; n++) {
      curve[n] = line.trust().of(filled(mean, line.open()));
      if (n < rates.length) mean += rates[n] * later;
    }
    return curve;
  }
}
