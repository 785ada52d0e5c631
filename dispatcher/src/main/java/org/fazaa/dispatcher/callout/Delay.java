package org.fazaa.dispatcher.callout;

import java.time.Duration;

/**
 * How late answers come: a lognormal law, learned for each way that texts leave.
 *
 * @param logMean of the seconds
 * @param sigma of their logarithm
 */
public record Delay(double logMean, double sigma) {
  private static final double FIRST_MEDIAN_S = 180;
  private static final double FIRST_SIGMA = 1.2;

  /** As many answers as it takes to count as much as the first guess. */
  private static final double FIRST_WEIGHT = 30;

  /** Below this chance of a yes nobody waits for our word any more. */
  private static final double WORTH_TELLING = 0.02;

  /** Until answers have shown otherwise. */
  public static final Delay FIRST = new Delay(Math.log(FIRST_MEDIAN_S), FIRST_SIGMA);

  /**
   * @param sum of the logarithms of the seconds of so many answers
   * @param squares of the same
   */
  static Delay learned(double answers, double sum, double squares) {
    var weight = FIRST_WEIGHT + answers;
    var mean = (FIRST_WEIGHT * FIRST.logMean + sum) / weight;
    var square = FIRST_SIGMA * FIRST_SIGMA + FIRST.logMean * FIRST.logMean;
    var variance = (FIRST_WEIGHT * square + squares) / weight - mean * mean;
    return new Delay(mean, Math.sqrt(Math.max(variance, 0.25)));
  }

  /** The share of all answers that have come after this much time. */
  public double answeredWithin(Duration time) {
    if (!time.isPositive()) return 0;
    return normal((Math.log(time.toMillis() / 1000.0) - logMean) / sigma);
  }

  /** The time in seconds by which about four in five answers have come. */
  double mostSeconds() {
    return Math.exp(logMean + 0.84 * sigma);
  }

  /** Whether a yes is still likely enough that they wait for our word. */
  public boolean mayStillAnswer(double rate, Duration silence) {
    return stillMayAnswer(rate, silence) > WORTH_TELLING;
  }

  /** What is left of a rate after this much silence. */
  public double stillMayAnswer(double rate, Duration silence) {
    var come = answeredWithin(silence);
    return rate * (1 - come) / (1 - rate * come);
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
