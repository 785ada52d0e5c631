package org.fazaa.dispatcher.callout;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.News;

/** A volunteer says yes. Either a place is theirs, or we say plainly why not. */
public final class TakeOffer {

  public sealed interface Outcome extends News {
    Asked asked();

    @Override
    default List<Fact> facts() {
      return changed(asked());
    }

    record Assigned(Asked asked) implements Outcome {}

    /** A repeated yes. */
    record AlreadyYours(Asked asked) implements Outcome {}

    record Closed(Asked asked) implements Outcome {}

    /** They have said stop since, so no text could tell them where to go: a person phones. */
    record Stopped(Asked asked) implements Outcome {}

    /** They lack a skill that is asked for by now: a person phones. */
    record Lacking(Asked asked) implements Outcome {}

    /** They have a place elsewhere at that time. */
    record Overlaps(Asked asked, Asked.Elsewhere other) implements Outcome {}

    record OnStandby(Asked asked) implements Outcome {}

    /**
     * Nobody more is needed.
     *
     * @param next the open need that they were asked for instead, if there is one
     */
    record Full(Asked asked, Optional<Offer> next) implements Outcome {}

    record NoSuchOffer() implements Outcome {
      @Override
      public Asked asked() {
        throw new IllegalStateException("there is no such offer");
      }

      @Override
      public List<Fact> facts() {
        return List.of();
      }
    }
  }

  private final AskNext next;

  public TakeOffer(AskNext next) {
    this.next = next;
  }

  Outcome run(Held held, OfferId id, Cause cause) {
    return held.asked(id).map(asked -> act(held, asked, cause)).orElseGet(Outcome.NoSuchOffer::new);
  }

  private Outcome act(Held held, Asked asked, Cause cause) {
    var now = held.now();
    var offer = asked.offer();
    var need = asked.need();
    var outcome = decide(asked, now);
    switch (outcome) {
      case Outcome.Assigned yes -> {
        held.give(asked, cause);
        held.tell(Notice.ASSIGNED.to(offer, need, now));
      }
      case Outcome.AlreadyYours yours -> held.tellAgain(Notice.ALREADY_YOURS.to(offer, need, now));
      case Outcome.OnStandby extra -> {
        var text = Notice.STANDBY.to(offer, need, now);
        if (offer.state() == State.STANDBY) {
          held.tellAgain(text);
        } else {
          held.keepOnStandby(offer, cause);
          held.tell(text);
        }
      }
      case Outcome.Closed closed -> held.tellAgain(Notice.CLOSED.to(offer, need, now));
      case Outcome.Overlaps(var same, var other) ->
          held.tellAgain(Notice.OVERLAPS.to(offer, need, other(offer, other), now));
      case Outcome.Full full -> {
        return full(held, asked, cause);
      }
      case Outcome.Stopped stopped -> {}
      case Outcome.Lacking lacking -> {}
      case Outcome.NoSuchOffer none -> {}
    }
    return outcome;
  }

  // Whoever was willing is asked for the next need at once, in the same text.
  private Outcome full(Held held, Asked asked, Cause cause) {
    var now = held.now();
    var again = asked.offer().state() == State.TOO_LATE;
    if (!again) held.change(asked.offer(), State.TOO_LATE, cause);
    held.write(); // the next one is chosen by what the tables say
    var instead = next.run(held.tx(), asked, now);
    var text = Notice.FULL.to(asked.offer(), asked.need(), now);
    if (instead.isEmpty() && again) {
      held.tellAgain(text);
    } else if (instead.isEmpty()) {
      held.tell(text);
    }
    return new Outcome.Full(asked, instead);
  }

  // A repeated yes comes first: whoever holds a place is told so, even once the need is full.
  // A late yes is as good as an early one while there is a place.
  static Outcome decide(Asked asked, Instant now) {
    var need = asked.need();
    var state = asked.offer().state();
    if (isOver(need, now)) return new Outcome.Closed(asked);
    if (state == State.ASSIGNED) return new Outcome.AlreadyYours(asked);
    if (asked.stopped()) return new Outcome.Stopped(asked);
    if (asked.elsewhere().isPresent()) {
      return new Outcome.Overlaps(asked, asked.elsewhere().get());
    }
    if (!need.isFull()) {
      return asked.lacking() ? new Outcome.Lacking(asked) : new Outcome.Assigned(asked);
    }
    if (state == State.STANDBY) return new Outcome.OnStandby(asked);
    if (!asked.lacking() && need.standby() < need.standbyPlaces()) {
      return new Outcome.OnStandby(asked);
    }
    return new Outcome.Full(asked, Optional.empty());
  }

  static boolean isOver(Need need, Instant now) {
    return need.state() == Need.State.CLOSED || !now.isBefore(need.endsAt());
  }

  static List<Fact> changed(Asked asked) {
    var crisis = asked.need().crisis().value();
    var need = asked.need().id().value();
    return List.of(
        new Fact.OfferChanged(crisis, need, asked.offer().id().value()),
        new Fact.NeedChanged(crisis, need),
        new Fact.OutboxFilled());
  }

  private static Map<String, String> other(Offer offer, Asked.Elsewhere other) {
    return Map.of("other", other.title().in(offer.language()), "other_code", other.code());
  }
}
