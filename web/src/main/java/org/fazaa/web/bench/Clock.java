package org.fazaa.web.bench;

import static java.time.temporal.ChronoUnit.MICROS;

import java.time.Instant;
import java.time.InstantSource;

/** The wall clock of this machine, which all parts of a bench share, in microseconds. */
final class Clock {
  private Clock() {}

  static long micros(InstantSource clock) {
    return MICROS.between(Instant.EPOCH, clock.instant());
  }
}
