package org.fazaa.notifier.carrier.standin;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Chance that does not ask who came first: the same seed, phone and turn fall the same way, however
 * many others are served at the same time.
 */
record Dice(long seed) {
  private static final long OFFSET = 0xCBF29CE484222325L;
  private static final long PRIME = 0x100000001B3L;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  RandomGenerator roll(String what, String phone, long turn) {
    return new SplittableRandom(seed ^ hash(what + ' ' + phone) ^ turn * GOLDEN);
  }

  static long hash(String text) {
    long hash = OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return hash;
  }
}
