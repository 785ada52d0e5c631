package org.fazaa.dispatcher.crisis;

import java.util.Locale;
import java.util.Optional;

/** A drill looks different and can never reach a real carrier. */
public enum Mode {
  LIVE,
  DRILL;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Mode> of(String word) {
    for (var mode : values()) {
      if (mode.word().equals(word)) return Optional.of(mode);
    }
    return Optional.empty();
  }
}
