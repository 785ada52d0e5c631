package org.fazaa.dispatcher.crisis;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.dispatcher.people.CallKind;

/** How much a need can wait: lives at stake, hours, or days. */
public enum Priority {
  LIFE(Duration.ofMinutes(30)),
  URGENT(Duration.ofHours(2)),
  PLANNED(Duration.ofHours(8));

  private final Duration fillWithin;

  Priority(Duration fillWithin) {
    this.fillWithin = fillWithin;
  }

  /** How long a need that has already begun may take to fill. */
  public Duration fillWithin() {
    return fillWithin;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public CallKind kind() {
    return switch (this) {
      case LIFE -> CallKind.LIFE;
      case URGENT -> CallKind.URGENT;
      case PLANNED -> CallKind.PLANNED;
    };
  }

  public static Optional<Priority> of(String word) {
    for (var priority : values()) {
      if (priority.word().equals(word)) return Optional.of(priority);
    }
    return Optional.empty();
  }
}
