package org.fazaa.dispatcher.callout;

import org.fazaa.dispatcher.crisis.Priority;

/** How likely an answer is, and what it costs to disturb somebody. Pure arithmetic. */
final class Rates {
  /** Start at one yes in four until a group has shown otherwise. */
  static final double FIRST_GUESS = 0.25;

  private static final double PRIOR_WEIGHT = 6;
  private static final double GROUP_WEIGHT = 40;

  /** Nobody is surer than this. */
  static final double MOST_CERTAIN = 0.9;

  private static final double NEAR_KM = 6;
  private static final double ROAD_BENDS = 1.3;
  private static final double ROAD_KMH = 40;
  private static final double NIGHT = 0.5;

  private Rates() {}

  /** A person's own counts pull the group's rate; far away and at night fewer say yes. */
  static double answer(double yes, double no, double group, double km, int hour) {
    var own = (PRIOR_WEIGHT * group + yes) / (PRIOR_WEIGHT + yes + no);
    return Math.min(MOST_CERTAIN, own * ease(km, hour));
  }

  /** How much of a rate distance and night leave; 1 next door by day. */
  static double ease(double km, int hour) {
    return Math.exp(-km / NEAR_KM) * (hour >= 23 || hour < 6 ? NIGHT : 1);
  }

  /**
   * A group's rate moves with its answers, but never outside a tenth to three times the guess.
   *
   * @param trials offers, each counted by its {@link #ease}: so the rate is that of next door by
   *     day
   */
  static double group(double yes, double trials) {
    var rate = (GROUP_WEIGHT * FIRST_GUESS + yes) / (GROUP_WEIGHT + trials);
    return Math.clamp(rate, 0.1 * FIRST_GUESS, 3 * FIRST_GUESS);
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
}
