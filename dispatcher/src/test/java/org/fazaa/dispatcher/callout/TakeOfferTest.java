package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.AnswerReplies.Answered;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Volunteers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TakeOfferTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  @AfterEach
  void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  @Test
  void aYesTakesAPlaceAndIsToldWhereToGo() {
    var town = new Town(db);
    town.people(10);
    var need = called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();

    var answered = town.says(offer, "1");

    assertThat(answered.word()).isEqualTo("assigned");
    assertThat(town.view(need).need().filled()).isEqualTo(1);
    assertThat(town.texts(offer.phone()).getLast())
        .contains("%.5f".formatted(town.center.lat()))
        .contains(offer.code());
  }

  @Test
  void aRepeatedYesChangesNothing() {
    var town = new Town(db);
    town.people(10);
    var need = called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();

    town.says(offer, "1");
    var again = town.says(offer, "yes");

    assertThat(again.word()).isEqualTo("already theirs");
    assertThat(town.view(need).need().filled()).isEqualTo(1);
    assertThat(town.texts(offer.phone())).hasSize(3);
  }

  @Test
  void twoHundredYesAtOnceForFivePlacesFillExactlyFiveAndEverybodyIsAnswered() throws Exception {
    var town = new Town(db);
    town.people(200);
    var need = town.need(5, Priority.LIFE);
    town.callOut(need, 300);
    town.ask(Waves.ALL);
    var offers = town.offers(need);
    assertThat(offers).hasSize(200);

    var words = atOnce(offers, offer -> town.says(offer, "1").word());

    assertThat(words).hasSize(200);
    assertThat(words).filteredOn("assigned"::equals).hasSize(5);
    assertThat(words).filteredOn("standby"::equals).hasSize(1);
    assertThat(words).filteredOn("full"::equals).hasSize(194);
    var filled = town.view(need).need();
    assertThat(filled.filled()).isEqualTo(5);
    assertThat(filled.standby()).isEqualTo(1);
    assertThat(town.offers(need, State.ASSIGNED)).hasSize(5);
    for (var offer : offers) {
      assertThat(town.texts(offer.phone())).as("texts to %s", offer.phone()).hasSizeGreaterThan(1);
    }
  }

  @Test
  void atFillTheSilentAreStoodDownAndOnlyThoseWhoReadItAreTold() {
    var town = new Town(db);
    town.people(10);
    var need = called(town, 1, Priority.LIFE);
    var offers = town.offers(need);
    assertThat(offers.size()).isGreaterThan(3);
    town.textsLeave();
    var first = offers.getFirst();
    var unsent = offers.getLast();
    db.superuserPool()
        .query(
            "UPDATE notify.text SET state = 'queued' WHERE about = '" + unsent.id().about() + "'")
        .execute()
        .await();

    town.says(first, "1");

    assertThat(town.offers(need, State.STOOD_DOWN)).hasSize(offers.size() - 1);
    assertThat(town.texts(offers.get(1).phone())).hasSize(2);
    assertThat(town.texts(unsent.phone())).hasSize(1);
    assertThat(
            town.count(
                "SELECT count(*) FROM notify.text WHERE about = $1 AND state = 'withdrawn'",
                unsent.id().about()))
        .isEqualTo(1);
  }

  @Test
  void nobodyIsToldLongAfterTheyStoppedWaitingForOurWord() {
    var town = new Town(db);
    town.people(10);
    var need = called(town, 1, Priority.PLANNED);
    var offers = town.offers(need);
    town.textsLeave();
    town.after(Duration.ofHours(1).plusMinutes(30));

    town.says(offers.getFirst(), "1");

    assertThat(town.state(offers.getLast())).isEqualTo(State.STOOD_DOWN);
    assertThat(town.texts(offers.getLast().phone())).hasSize(1);
  }

  @Test
  void aLateYesIsStandbyThenTooLateAndAsksForTheNextOpenNeed() {
    var town = new Town(db);
    town.people(12);
    var need = called(town, 1, Priority.LIFE);
    var offers = town.offers(need);
    town.says(offers.get(0), "1");

    assertThat(town.says(offers.get(1), "1").word()).isEqualTo("standby");
    assertThat(town.says(offers.get(2), "1").word()).isEqualTo("full");
    assertThat(town.texts(offers.get(2).phone()).getLast()).doesNotContain(offers.get(2).code());

    var other = town.need(2, Priority.URGENT, town.now.plus(Duration.ofHours(9)));
    town.callOut(other);
    var late = town.says(offers.get(3), "1");

    assertThat(late).isInstanceOf(Answered.Took.class);
    var full = (TakeOffer.Outcome.Full) ((Answered.Took) late).outcome();
    var next = full.next().orElseThrow();
    assertThat(next.need()).isEqualTo(other);
    assertThat(town.texts(next.phone()).getLast()).contains(next.code());
    assertThat(town.view(other).texts()).isEqualTo(1);
    assertThat(town.says(next, "1").word()).isEqualTo("assigned");
  }

  @Test
  void theNextNeedAsksOnlyWithinTheAreaThatWasApprovedForIt() {
    var town = new Town(db);
    town.people(12);
    var need = called(town, 1, Priority.LIFE);
    var offers = town.offers(need);
    town.says(offers.get(0), "1");
    town.says(offers.get(1), "1");
    var other = town.need(2, Priority.URGENT, town.now.plus(Duration.ofHours(9)));
    var elsewhere =
        new StartCallOut.Request(
            Optional.of(new Area.Circle(new Point(town.center.lon(), 0), 1_000)),
            Optional.of(10),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    town.tx(tx -> town.start.run(tx, town.staff(tx), other, elsewhere, town.now));

    var late = (Answered.Took) town.says(offers.get(2), "1");

    assertThat(((TakeOffer.Outcome.Full) late.outcome()).next()).isEmpty();
    assertThat(town.offers(other)).isEmpty();
  }

  @Test
  void whomNoTextReachesIsNotMovedUpFromStandby() {
    var town = new Town(db);
    town.people(30);
    var need = called(town, 6, Priority.LIFE);
    var offers = town.offers(need);
    for (var i = 0; i < 8; i++) town.says(offers.get(i), "1");
    assertThat(town.state(offers.get(6))).isEqualTo(State.STANDBY);
    town.tx(tx -> Volunteers.lose(tx, offers.get(6).phone(), town.now));

    town.says(offers.get(0), "cancel");

    assertThat(town.state(offers.get(6))).isEqualTo(State.STANDBY);
    assertThat(town.state(offers.get(7))).isEqualTo(State.ASSIGNED);
  }

  @Test
  void aYesAfterItsOfferExpiredTakesAPlaceThatIsStillOpen() {
    var town = new Town(db);
    town.people(10);
    var need = called(town, 3, Priority.LIFE);
    var offer = town.offers(need).getFirst();
    town.after(Duration.ofMinutes(31));
    expire(town);
    assertThat(town.state(offer)).isEqualTo(State.EXPIRED);

    assertThat(town.says(offer, "1").word()).isEqualTo("assigned");
  }

  @Test
  void aYesToANeedThatIsOverIsToldNotToCome() {
    var town = new Town(db);
    town.people(10);
    var need = called(town, 3, Priority.LIFE);
    var offer = town.offers(need).getFirst();
    town.tx(tx -> CloseNeed.run(tx, town.staff(tx), need, "done", town.now));

    assertThat(town.says(offer, "1").word()).isEqualTo("closed");
    assertThat(town.texts(offer.phone()).getLast()).doesNotContain(offer.code());
    assertThat(town.view(need).need().filled()).isZero();
  }

  @Test
  void aYesAtTheTimeOfAnotherPlaceIsRefusedAndSaysWhichOne() {
    var town = new Town(db);
    town.people(10);
    var first = called(town, 3, Priority.URGENT);
    var held = town.offers(first).getFirst();
    town.says(held, "1");
    var second = town.need(3, Priority.LIFE);
    town.callOut(second);
    var clash =
        town.tx(
            tx -> {
              var outcome =
                  new EnterByHand(town.make)
                      .run(tx, town.staff(tx), second, held.volunteer(), town.now);
              return outcome;
            });

    assertThat(clash).isInstanceOf(EnterByHand.Outcome.Overlaps.class);
    assertThat(town.view(second).need().filled()).isZero();
  }

  /** A wave that does not depend on what anything costs. */
  static NeedId called(Town town, int people, Priority priority) {
    var need = town.need(people, priority);
    town.callOut(need);
    town.ask(Waves.FIXED);
    assertThat(town.offers(need)).isNotEmpty();
    return need;
  }

  static void expire(Town town) {
    var work = new ExpireOffers(town.db.pool(), town.bus);
    while (work.run(town.now)) {
      // until nothing is past its time
    }
  }

  interface Answering {
    String to(Offer offer);
  }

  static List<String> atOnce(List<Offer> offers, Answering answering) throws Exception {
    try (var threads = Executors.newFixedThreadPool(16)) {
      var calls = new ArrayList<Callable<String>>();
      for (var offer : offers) calls.add(() -> answering.to(offer));
      var words = new ArrayList<String>();
      for (var done : threads.invokeAll(calls)) words.add(done.get());
      return words;
    }
  }
}
