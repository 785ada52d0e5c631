package org.fazaa.dispatcher.rehearsal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the simulated people are like. A policy that is good in one regime only is not good: it
 * never knows which it is in.
 */
public enum Regime {
  /** As published call-outs by SMS say, or guesses between them. */
  BASE(0.15, 0.02),
  /** Hardly anybody answers. */
  RARE(0.05, 0.02),
  /** More than a third of those next door come. */
  KEEN(0.35, 0.02),
  /** Each text wears people down five times as much. */
  TIRED(0.15, 0.10);

  /** The mean chance that a rested person next door says yes. */
  final double willingMean;

  /** What each recent text takes from the logarithm of that chance. */
  final double wearyPerText;

  Regime(double willingMean, double wearyPerText) {
    this.willingMean = willingMean;
    this.wearyPerText = wearyPerText;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Regime> named(String word) {
    return Arrays.stream(values()).filter(regime -> regime.word().equals(word)).findFirst();
  }

  /** All words, for whoever wrote another. */
  public static String words() {
    return Arrays.stream(values()).map(Regime::word).collect(Collectors.joining(", "));
  }
}
