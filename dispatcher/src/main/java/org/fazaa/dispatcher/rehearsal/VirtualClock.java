package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time in a rehearsal: it stands still while anybody works, then jumps to what comes next. */
final class VirtualClock implements InstantSource {

  /** Like the poll of a live loop: what falls due within it is seen together. */
  static final Duration STEP = Duration.ofSeconds(5);

  private Instant now;

  VirtualClock(Instant start) {
    now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** To the first step at or after this moment, and at least one step on. */
  void moveTo(Instant due) {
    var steps = Math.ceilDiv(Duration.between(now, due).toMillis(), STEP.toMillis());
    now = now.plus(STEP.multipliedBy(Math.max(1, steps)));
  }
}
