package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.notifier.reply.Reading;

/** What the time that somebody names is to a need. */
enum Arrival {
  /** None is named. */
  UNKNOWN,
  /** Before it starts, or soon enough once it runs. */
  IN_TIME,
  /** While it runs: too late for some, good enough for others. */
  LATE,
  /** When it is over. */
  TOO_LATE;

  private static final Duration SOON = Duration.ofMinutes(45);

  static Arrival of(Optional<Instant> at, Need need, Instant now) {
    if (at.isEmpty()) return UNKNOWN;
    var then = at.get();
    if (!then.isBefore(need.endsAt())) return TOO_LATE;
    var started = !now.isBefore(need.startsAt());
    var intime = started ? !then.isAfter(now.plus(SOON)) : !then.isAfter(need.startsAt());
    return intime ? IN_TIME : LATE;
  }

  /** When they say that they will be there: an hour is the next such hour by the need's clock. */
  static Optional<Instant> at(Reading reading, Need need, Instant now) {
    if (reading.etaMinutes() != null) {
      return Optional.of(now.plus(Duration.ofMinutes(reading.etaMinutes())));
    }
    if (reading.at() == null) return Optional.empty();
    var here = now.atZone(need.zone());
    var today = here.with(reading.at());
    return Optional.of((today.isBefore(here) ? today.plusDays(1) : today).toInstant());
  }
}
