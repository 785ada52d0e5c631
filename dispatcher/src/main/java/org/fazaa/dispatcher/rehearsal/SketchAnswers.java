package org.fazaa.dispatcher.rehearsal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.rehearsal.Answers.Intent;

/** What answers and time do to the offers of a sketch, as they do to those in the tables. */
final class SketchAnswers {

  /** What the rest of the sketch must hear. */
  interface Stage {
    /** It came to an end that teaches. */
    void ended(SketchOffer offer);

    void happened(SketchOffer offer, String what);

    void tell(SketchOffer offer, Truth.Notice notice);

    /** Willing, but too late: another need may ask them. */
    boolean askNext(SketchOffer offer);

    /** The roster must hear of a change of this person. */
    void changed(SketchPerson person);

    /** Whether they may still answer, so that it is worth telling them that we are full. */
    boolean mayStillAnswer(SketchOffer offer);
  }

  private final Stage stage;
  private Instant now;

  SketchAnswers(Stage stage) {
    this.stage = stage;
  }

  void at(Instant instant) {
    now = instant;
  }

  void take(SketchOffer offer, Intent intent) {
    switch (intent) {
      case YES -> yes(offer);
      case NO -> no(offer);
      case DROP -> drop(offer);
      case STOP -> stop(offer.person);
      case UNCLEAR -> {}
    }
  }

  private void yes(SketchOffer offer) {
    var need = offer.need;
    var person = offer.person;
    if (need.isOver(now) || offer.state == State.ASSIGNED || person.stopped) return;
    if (person.places.stream().anyMatch(one -> one.need.overlaps(need))) return;
    if (!need.isFull()) {
      if (offer.state == State.STANDBY) need.standby--;
      change(offer, State.ASSIGNED);
      need.yes++;
      give(offer);
      if (need.isFull()) standDown(need);
      stage.tell(offer, Truth.Notice.PLACE);
    } else if (offer.state == State.STANDBY) {
      return;
    } else if (need.standby < need.need().standbyPlaces()) {
      change(offer, State.STANDBY);
      need.standby++;
      askSoon(need);
      stage.tell(offer, Truth.Notice.OTHER);
    } else {
      if (offer.state != State.TOO_LATE) change(offer, State.TOO_LATE);
      if (!stage.askNext(offer)) stage.tell(offer, Truth.Notice.OTHER);
    }
  }

  private void give(SketchOffer offer) {
    var need = offer.need;
    need.filled++;
    offer.person.places.add(offer);
    offer.person.refreshBusy();
    stage.changed(offer.person);
    if (need.isFull()) {
      need.needsHumanAt = null;
      need.nextRoundAt = need.endsAt;
    } else {
      askSoon(need);
    }
  }

  // Where a person is to decide, answers may soon have made that needless.
  private void askSoon(SketchNeed need) {
    var soon = now.plusSeconds(5);
    if (need.needsHumanAt != null && need.nextRoundAt.isAfter(soon)) need.nextRoundAt = soon;
  }

  private void no(SketchOffer offer) {
    switch (offer.state) {
      case OPEN, STOOD_DOWN, EXPIRED, TOO_LATE -> {
        if (offer.need.isOver(now)) return;
        decline(offer);
        stage.tell(offer, Truth.Notice.OTHER);
      }
      case ASSIGNED, STANDBY -> drop(offer);
      case DECLINED, WITHDRAWN, RELEASED -> {}
    }
  }

  private void decline(SketchOffer offer) {
    change(offer, State.DECLINED);
    askAgain(offer.need);
  }

  private void askAgain(SketchNeed need) {
    if (need.state == Need.State.CALLING) need.nextRoundAt = need.isFull() ? need.endsAt : now;
  }

  private void drop(SketchOffer offer) {
    var had = offer.state == State.ASSIGNED || offer.state == State.STANDBY;
    if (!had || offer.need.isOver(now)) return;
    free(offer);
    stage.tell(offer, Truth.Notice.OTHER);
  }

  private void free(SketchOffer offer) {
    var need = offer.need;
    var was = offer.state;
    change(offer, State.WITHDRAWN);
    if (was == State.STANDBY) {
      need.standby--;
      return;
    }
    need.filled--;
    offer.person.places.remove(offer);
    offer.person.refreshBusy();
    stage.changed(offer.person);
    askAgain(need);
    if (need.standby > 0) promote(need);
  }

  // Whoever has waited longest and has nothing else to do then.
  private void promote(SketchNeed need) {
    need.offers.stream()
        .filter(one -> one.state == State.STANDBY)
        .filter(one -> one.person.places.stream().noneMatch(other -> other.need.overlaps(need)))
        .min(
            (one, other) -> {
              var first = one.answeredAt.compareTo(other.answeredAt);
              return first != 0 ? first : Integer.compare(one.number, other.number);
            })
        .ifPresent(
            first -> {
              first.state = State.ASSIGNED;
              first.changedAt = now;
              need.standby--;
              stage.happened(first, "promoted");
              give(first);
              stage.tell(first, Truth.Notice.PLACE);
            });
  }

  private void stop(SketchPerson person) {
    var live = new ArrayList<>(person.places);
    for (var open : openOf(person)) live.add(open);
    for (var offer : live) {
      if (offer.state == State.OPEN) decline(offer);
      else free(offer);
    }
    person.stopped = true;
    stage.changed(person);
  }

  private static List<SketchOffer> openOf(SketchPerson person) {
    var open = new ArrayList<SketchOffer>();
    if (person.openForLife != null) open.add(person.openForLife);
    if (person.openOrdinary != null) open.add(person.openOrdinary);
    return open;
  }

  private void standDown(SketchNeed need) {
    for (var one : need.offers) {
      if (one.state != State.OPEN) continue;
      end(one, State.STOOD_DOWN);
      if (stage.mayStillAnswer(one)) stage.tell(one, Truth.Notice.OTHER);
    }
  }

  void expire(SketchOffer offer) {
    if (offer.state == State.OPEN) end(offer, State.EXPIRED);
  }

  void close(SketchNeed need) {
    standDown(need);
    need.state = Need.State.CLOSED;
    need.needsHumanAt = null;
    for (var one : need.offers) one.person.places.remove(one);
  }

  private void end(SketchOffer offer, State state) {
    release(offer);
    offer.state = state;
    offer.changedAt = now;
    offer.counted = false;
    stage.ended(offer);
  }

  // Counted once as silence, once more when they do answer.
  private void change(SketchOffer offer, State state) {
    var again =
        switch (offer.state) {
          case OPEN, EXPIRED, STOOD_DOWN, DECLINED -> true;
          case ASSIGNED, STANDBY, TOO_LATE, WITHDRAWN, RELEASED -> false;
        };
    release(offer);
    offer.state = state;
    offer.changedAt = now;
    if (offer.answeredAt == null && state != State.WITHDRAWN) offer.answeredAt = now;
    if (again) {
      offer.counted = false;
      stage.ended(offer);
    }
    stage.happened(offer, state.word());
  }

  private static void release(SketchOffer offer) {
    var person = offer.person;
    if (person.openForLife == offer) person.openForLife = null;
    if (person.openOrdinary == offer) person.openOrdinary = null;
  }

  /** For whoever opens offers. */
  static void hold(SketchOffer offer, Consumer<SketchPerson> held) {
    switch (offer.need.priority()) {
      case LIFE -> offer.person.openForLife = offer;
      case URGENT, PLANNED -> offer.person.openOrdinary = offer;
    }
    held.accept(offer.person);
  }
}
