package org.fazaa.dispatcher.callout;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reply;

/** Which offer a reply is about. */
sealed interface Meant {

  record One(Offer offer) implements Meant {}

  /** It could be any of these, so we ask. */
  record OneOf(List<Offer> offers) implements Meant {}

  /**
   * A bare "ok" from somebody who has left this one: a yes, or only thanks. We ask, and only a
   * digit, a code or a press takes it up again.
   */
  record AfterNo(Offer offer) implements Meant {}

  record None() implements Meant {}

  /**
   * @param offers the live ones of this phone, and the one that the reply was matched with if there
   *     is one
   */
  static Meant of(Reply reply, List<Offer> offers) {
    if (isExact(reply)) return about(reply, offers);
    for (var states : likely(reply.meaning())) {
      var fitting = offers.stream().filter(offer -> states.contains(offer.state())).toList();
      if (fitting.size() == 1) return new One(fitting.getFirst());
      if (fitting.size() > 1) return new OneOf(fitting);
    }
    var about = about(reply, offers);
    return about instanceof One(var offer) && mayBeThanks(reply, offer)
        ? new AfterNo(offer)
        : about;
  }

  private static boolean mayBeThanks(Reply reply, Offer offer) {
    if (reply.meaning() != Meaning.YES || reply.plain()) return false;
    return switch (offer.state()) {
      case DECLINED, WITHDRAWN, RELEASED -> true;
      case OPEN, ASSIGNED, STANDBY, TOO_LATE, STOOD_DOWN, EXPIRED -> false;
    };
  }

  // With its code, or by the offer's own page, there is nothing to guess.
  private static boolean isExact(Reply reply) {
    return reply.code() != null || reply.way().equals("link");
  }

  private static Meant about(Reply reply, List<Offer> offers) {
    return offers.stream()
        .filter(offer -> offer.id().about().equals(reply.about()))
        .findFirst()
        .<Meant>map(One::new)
        .orElseGet(None::new);
  }

  // A bare yes or no answers what is asked; if nothing is, it is about what was promised.
  private static List<Set<State>> likely(Meaning meaning) {
    var held = EnumSet.of(State.ASSIGNED, State.STANDBY);
    return switch (meaning) {
      case YES -> List.of(EnumSet.of(State.OPEN));
      case NO -> List.of(EnumSet.of(State.OPEN), held);
      case DROP -> List.of(held, EnumSet.of(State.OPEN));
      default -> List.of();
    };
  }
}
