package org.fazaa.dispatcher.callout;

import java.time.Duration;
import org.fazaa.dispatcher.crisis.Priority;

/**
 * How likely an answer is, how late it comes, and what it costs to disturb somebody. Pure
 * arithmetic.
 */
final class Rates {
  /** Start at one yes in four until a group has shown otherwise. */
  static final double FIRST_GUESS = 0.25;

  private static final double PRIOR_WEIGHT = 6;
  private static final double MOST_CERTAIN = 0.9;
  private static final double NEAR_KM = 6;
  private static final double MEDIAN_DELAY_S = 120;
  private static final double DELAY_SIGMA = 1.2;
  private static final double ROAD_BENDS = 1.3;
  private static final double ROAD_KMH = 40;
  private static final double NIGHT = 0.5;

  private Rates() {}

  /** A person's own counts pull the group's rate; far away and at night fewer say yes. */
  static double answer(double yes, double no, double group, double km, int hour) {
    var own = (PRIOR_WEIGHT * group + yes) / (PRIOR_WEIGHT + yes + no);
    return Math.min(MOST_CERTAIN, own * Math.exp(-km / NEAR_KM) * atHour(hour));
  }

  /** A group's rate moves with its answers, but never outside a tenth to three times the guess. */
  static double group(double yes, double no) {
    var weight = 40;
    var rate = (weight * FIRST_GUESS + yes) / (weight + yes + no);
    return Math.clamp(rate, 0.1 * FIRST_GUESS, 3 * FIRST_GUESS);
  }

  static double atHour(int hour) {
    return hour >= 23 || hour < 6 ? NIGHT : 1;
  }

  /** The share of all answers that have come after this much time (lognormal). */
  static double answeredWithin(Duration time) {
    if (!time.isPositive()) return 0;
    return normal(Math.log(time.toMillis() / 1000.0 / MEDIAN_DELAY_S) / DELAY_SIGMA);
  }

  /** What is left of a rate after this much silence. */
  static double stillMayAnswer(double rate, Duration silence) {
    var come = answeredWithin(silence);
    return rate * (1 - come) / (1 - rate * come);
  }

  /** Fatigue raises the price smoothly; so does each rare skill that the task does not ask for. */
  static double price(double recent, int rarer) {
    return 0.001 * Math.exp(recent / 6) * (1 + 0.3 * rarer);
  }

  static double travelMinutes(double km) {
    return km * ROAD_BENDS / ROAD_KMH * 60;
  }

  /** How much of a helper's worth is left after this much travel. */
  static double arrivesInTime(Priority priority, double km) {
    return Math.exp(-travelMinutes(km) / patienceMinutes(priority));
  }

  /** What one filled place is worth now: more for life, and more as the slack (0 to 1) runs out. */
  static double worth(Priority priority, double slack) {
    var hurry = (1 - slack) * (1 - slack);
    return switch (priority) {
      case LIFE -> 3;
      case URGENT -> 0.5 * (0.5 + 0.5 * hurry);
      case PLANNED -> 0.3 * (0.2 + 0.8 * hurry);
    };
  }

  /** P(X < count) for a Poisson X: the chance that one more yes is still wanted. */
  static double poissonBelow(double mean, int count) {
    var term = Math.exp(-mean);
    var sum = 0.0;
    for (var k = 0; k < count; k++) {
      sum += term;
      term *= mean / (k + 1);
    }
    return Math.min(1, sum);
  }

  private static double patienceMinutes(Priority priority) {
    return switch (priority) {
      case LIFE -> 10;
      case URGENT -> 30;
      case PLANNED -> 90;
    };
  }

  // Abramowitz and Stegun 7.1.26: off by less than two in ten million.
  private static double normal(double z) {
    var x = Math.abs(z) / Math.sqrt(2);
    var t = 1 / (1 + 0.3275911 * x);
    var poly =
        ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592);
    var erf = 1 - poly * t * Math.exp(-x * x);
    return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
  }
}
