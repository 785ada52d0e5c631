package org.fazaa.dispatcher.callout;

import java.time.Instant;
import java.util.Locale;
import org.fazaa.dispatcher.crisis.Need;

/** Where somebody stands with a need when they write. */
enum Standing {
  /** Asked, and not answered. */
  OPEN,
  /** Has a place and is not there yet. */
  ASSIGNED,
  ON_SITE,
  LEFT,
  STANDBY,
  DECLINED,
  WITHDRAWN,
  RELEASED,
  TOO_LATE,
  STOOD_DOWN,
  EXPIRED,
  /** The need is closed or its time is over, whatever became of the offer. */
  OVER,
  /** Nothing is known that they were asked. */
  NONE;

  static Standing of(Offer offer, Need need, Instant now) {
    if (TakeOffer.isOver(need, now)) return OVER;
    return switch (offer.state()) {
      case OPEN -> OPEN;
      case ASSIGNED -> there(offer.journey());
      case STANDBY -> STANDBY;
      case DECLINED -> DECLINED;
      case WITHDRAWN -> WITHDRAWN;
      case RELEASED -> RELEASED;
      case TOO_LATE -> TOO_LATE;
      case STOOD_DOWN -> STOOD_DOWN;
      case EXPIRED -> EXPIRED;
    };
  }

  private static Standing there(Journey journey) {
    if (journey.left().isPresent()) return LEFT;
    return journey.arrived().isPresent() ? ON_SITE : ASSIGNED;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
