package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.dispatcher.crisis.NeedId;

/**
 * What a number of texts will give: the chance that the open places fill in time, and how many
 * texts it will take. The yes of independent people are nearly a Poisson number; it is averaged
 * over worlds in which they answer less or more often than we believe, because we never know the
 * rates, by how well each of them explains the answers so far; and then pulled to what came of
 * earlier forecasts.
 *
 * @param chance that all open places are held by the deadline
 * @param calculated the same before it was held against what came of earlier forecasts
 * @param expected how many will say yes in time, of those who are silent and of those still to be
 *     asked
 * @param comes the share of those with a place who come
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
    double calculated,
    double expected,
    double comes,
    int likelyTexts,
    Instant by,
    List<Step> steps) {

  public record Step(int texts, double chance) {}

  static final double[] WORLDS = {0.5, 1, 1.5};
  static final double[] WEIGHTS = {0.25, 0.5, 0.25};

  /** Keeps a yes that nobody was due to give from ruling a world out. */
  private static final double NEVER_SURE = 0.05;

  /** Those still to be asked are asked one after another: later by this part of the time left. */
  private static final double ASKED_LATER = 0.4;

  /** What so many texts will give if they are sent one after another, as {@link Round} does. */
  public static Forecast of(Line line, int texts, Instant now) {
    return of(line, ahead(line, Priced.queue(line, Tuning.BEST), now), texts, now);
  }

  /** What so many texts will give if they are sent now, whatever they cost. */
  static Forecast atOnce(Line line, int texts, Instant now) {
    return of(line, allAtOnce(line, now), texts, now);
  }

  private static Forecast of(Line line, double[] means, int texts, Instant now) {
    var last = means.length - 1;
    var at = Math.min(Math.max(texts, 0), last);
    var steps = new ArrayList<Step>();
    for (var tenth = 1; tenth <= 10; tenth++) {
      var n = Math.ceilDiv(texts * tenth * 2, 10);
      if (steps.isEmpty() || n > steps.getLast().texts()) {
        steps.add(new Step(n, chance(line, means, Math.min(n, last))));
      }
    }
    return new Forecast(
        line.need(),
        line.open(),
        texts,
        last,
        chance(line, means, at),
        filled(line, means[at], at),
        means[at],
        line.shows(),
        Math.min(texts, first(line, means, 0.5)),
        line.fillBy(),
        steps);
  }

  /** The fewest texts that reach this chance if need be; everybody, if even that does not. */
  static int textsFor(Line line, double chance, Instant now) {
    return first(line, allAtOnce(line, now), chance);
  }

  /**
   * The chance that the open places fill in time by going on as {@link Round} does, as calculated.
   *
   * @param queue all who may be asked, in the order in which they will be
   */
  static double calculated(Line line, List<Priced> queue, Instant now) {
    if (line.open() <= 0) return 1;
    var means = ahead(line, queue, now);
    return filled(line, means[means.length - 1], line.options().size());
  }

  /**
   * The same where all who are left are asked one after another, whatever it costs.
   *
   * @param supply the yes to be expected of all who may still be asked
   */
  static double calculated(Line line, double supply, Instant now) {
    var mean = waiting(line, now) + supply * answeredOfLater(line, now);
    return filled(line, mean, line.options().size());
  }

  private static double chance(Line line, double[] means, int texts) {
    return line.trust().of(filled(line, means[texts], texts));
  }

  // Chances never fall with more texts.
  private static int first(Line line, double[] means, double chance) {
    var low = 0;
    var high = means.length - 1;
    while (low < high) {
      var middle = (low + high) / 2;
      if (chance(line, means, middle) >= chance) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  // means[n] = the yes that are to be expected in time after n more texts.
  private static double[] ahead(Line line, List<Priced> queue, Instant now) {
    return Ahead.means(line, queue, waiting(line, now), now);
  }

  private static double[] allAtOnce(Line line, Instant now) {
    var rates =
        Priced.queue(line, Tuning.BEST).stream()
            .filter(one -> one.isWithinReach(line, Tuning.BEST))
            .mapToDouble(one -> one.person().rate())
            .toArray();
    var later = answeredOfLater(line, now);
    var means = new double[rates.length + 1];
    means[0] = waiting(line, now);
    for (var n = 0; n < rates.length; n++) means[n + 1] = means[n] + rates[n] * later;
    return means;
  }

  private static double answeredOfLater(Line line, Instant now) {
    var left = Duration.between(now, line.fillBy()).toMillis();
    return line.delay().answeredWithin(Duration.ofMillis((long) (left * (1 - ASKED_LATER))));
  }

  // What the silent will still say before the deadline.
  private static double waiting(Line line, Instant now) {
    var sum = 0.0;
    for (var one : line.waiting()) {
      var silent = Duration.between(one.askedAt(), now);
      var come = one.delay().answeredWithin(silent);
      var will = one.delay().answeredWithin(Duration.between(one.askedAt(), line.fillBy()));
      if (come >= will) continue;
      sum += one.delay().stillMayAnswer(one.rate(), silent) * (will - come) / (1 - come);
    }
    return sum;
  }

  // Fewer people than places never fill them, however likely each of them is.
  private static double filled(Line line, double mean, int texts) {
    if (line.open() <= 0) return 1;
    if (line.waiting().size() + texts < line.open()) return 0;
    var chance = 0.0;
    var likely = 0.0;
    for (var w = 0; w < WORLDS.length; w++) {
      var weight = WEIGHTS[w] * explains(WORLDS[w] * line.due(), line.yes());
      chance += weight * (1 - Rates.poissonBelow(mean * WORLDS[w], line.open()));
      likely += weight;
    }
    return Math.clamp(chance / likely, 0, 1);
  }

  // How likely so many yes are where so many were due, but for a factor that is the same in all.
  private static double explains(double due, int yes) {
    return Math.exp(-due) * Math.pow(due + NEVER_SURE, yes);
  }
}
