package org.fazaa.dispatcher.callout;

import java.util.List;
import java.util.function.Predicate;
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
    for (var fits : likely(reply.meaning())) {
      var fitting = offers.stream().filter(fits).toList();
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

  // A bare yes or no answers what is asked; if nothing is, it is about what was promised. Who sets
  // out or asks for the place means what they have promised.
  private static List<Predicate<Offer>> likely(Meaning meaning) {
    return switch (meaning) {
      case YES -> List.of(Meant::isAsked);
      case NO, LATER, LAST_RESORT, GROUP -> List.of(Meant::isAsked, Meant::isHeld);
      case DROP -> List.of(Meant::isHeld, Meant::isAsked);
      case ON_MY_WAY, HERE, WHERE ->
          List.of(Meant::isExpected, Meant::isThere, Meant::isHeld, Meant::isAsked);
      case DONE -> List.of(Meant::isThere, Meant::isExpected);
      case STOP, START, HELP, DANGER, WRONG_NUMBER, WHO, PERSON -> List.of();
    };
  }

  private static boolean isAsked(Offer offer) {
    return offer.state() == State.OPEN;
  }

  private static boolean isHeld(Offer offer) {
    return offer.state() == State.ASSIGNED || offer.state() == State.STANDBY;
  }

  private static boolean isExpected(Offer offer) {
    var journey = offer.journey();
    return offer.state() == State.ASSIGNED
        && journey.arrived().isEmpty()
        && journey.left().isEmpty();
  }

  private static boolean isThere(Offer offer) {
    var journey = offer.journey();
    return offer.state() == State.ASSIGNED
        && journey.arrived().isPresent()
        && journey.left().isEmpty();
  }
}
