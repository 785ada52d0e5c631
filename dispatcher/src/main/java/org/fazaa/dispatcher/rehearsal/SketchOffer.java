package org.fazaa.dispatcher.rehearsal;

import java.time.Instant;
import java.util.Optional;
import org.fazaa.dispatcher.callout.Line;
import org.fazaa.dispatcher.callout.Offer.State;

/** An offer in a sketch. */
final class SketchOffer {
  final int number;
  final SketchNeed need;
  final SketchPerson person;
  final Line.Option option;
  final int envelope;
  final double rate;
  final Instant askedAt;
  final Instant validUntil;

  /** By a decision of the policy; else as the next one after a need that was full. */
  final boolean chosen;

  State state = State.OPEN;
  Instant changedAt;
  Instant answeredAt;
  boolean counted;

  /** What they were going to say is not said any more once they were told otherwise. */
  int silenced;

  SketchOffer(
      int number,
      SketchNeed need,
      SketchPerson person,
      Line.Option option,
      double rate,
      boolean chosen,
      Instant now,
      Instant validUntil) {
    this.number = number;
    this.need = need;
    this.person = person;
    this.option = option;
    this.envelope = need.envelope;
    this.rate = rate;
    this.chosen = chosen;
    this.askedAt = now;
    this.changedAt = now;
    this.validUntil = validUntil;
  }

  Optional<Instant> answered() {
    return Optional.ofNullable(answeredAt);
  }
}
