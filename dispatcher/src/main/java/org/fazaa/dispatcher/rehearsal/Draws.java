package org.fazaa.dispatcher.rehearsal;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Chance by seed. A stream of its own for everything that is drawn, so that what one person does
 * never hangs on what another did before, and two policies meet the same people.
 */
final class Draws {

  private Draws() {}

  /** What a stream decides. */
  enum About {
    PLACES,
    CODES,
    TRUTH,
    REACTION,
    ATTENDANCE,
    ROUNDS
  }

  static RandomGenerator of(long seed, About about, long... which) {
    var mixed = mix(seed + about.ordinal());
    for (var part : which) {
      mixed = mix(mixed ^ part);
    }
    return new SplittableRandom(mixed);
  }

  /** Skewed to the right, as delays of people are. */
  static double lognormal(double median, double sigma, RandomGenerator random) {
    return median * Math.exp(sigma * random.nextGaussian());
  }

  static double beta(double a, double b, RandomGenerator random) {
    var x = gamma(a, random);
    return x / (x + gamma(b, random));
  }

  // Marsaglia and Tsang 2000, for shapes of 1 and more.
  private static double gamma(double shape, RandomGenerator random) {
    var d = shape - 1.0 / 3;
    var c = 1 / Math.sqrt(9 * d);
    while (true) {
      var x = random.nextGaussian();
      var v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  // The finishing steps of SplitMix64: neighbouring numbers come out far apart.
  private static long mix(long z) {
    z = (z + 0x9E3779B97F4A7C15L ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
