package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.fazaa.config.Invariant;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Unreachable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FollowConsentTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  @AfterEach
  void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  @Test
  void whoTheCarrierBlocksIsAskedNoMoreAndSomebodyElseIs() {
    var town = new Town(db);
    town.people(2);
    var need = town.need(1, Priority.PLANNED);
    town.callOut(need);
    town.ask();
    var first = town.offers(need).getFirst();

    town.tx(
        tx -> {
          Consent.block(tx, first.phone(), "FAZAA", town.now);
          return true;
        });
    assertThat(follow(town)).isTrue();

    assertThat(town.state(first)).isEqualTo(Offer.State.DECLINED);
    assertThat(volunteer(first.phone()).stoppedAt()).contains(town.now);
    town.after(Duration.ofHours(1));
    town.ask();
    assertThat(town.offers(need))
        .filteredOn(offer -> offer.state() == Offer.State.OPEN)
        .isNotEmpty()
        .noneMatch(offer -> offer.phone().equals(first.phone()));
  }

  @Test
  void aRoundThatMeetsOneWhoStoppedTellsTheRosterAndAsksAnotherAtOnce() {
    var town = new Town(db);
    var people = town.people(2);
    var blocked = Volunteers.find(db.pool(), people.getFirst()).orElseThrow().phone();
    var need = town.need(1, Priority.PLANNED);
    town.callOut(need);
    stopUnheard(town, blocked);
    for (var turn = 0; turn < 3; turn++) {
      town.ask();
      town.after(Duration.ofSeconds(2));
    }

    assertThat(town.offers(need)).isNotEmpty().noneMatch(o -> o.phone().equals(blocked));
    assertThat(volunteer(blocked).stoppedAt()).isPresent();
  }

  @Test
  void whoNoTextReachesIsAskedNoMoreAndKeepsWhatTheyPromised() {
    var town = new Town(db);
    town.people(1);
    var need = town.need(1, Priority.URGENT);
    town.callOut(need);
    town.ask();
    var offer = town.offers(need).getFirst();
    town.says(offer, "1");
    assertThat(town.state(offer)).isEqualTo(Offer.State.ASSIGNED);

    town.tx(
        tx -> {
          Unreachable.mark(tx, offer.phone(), "30005", town.now);
          return true;
        });
    follow(town);
    assertThat(town.state(offer)).isEqualTo(Offer.State.ASSIGNED);
    assertThat(volunteer(offer.phone()).unreachableAt()).contains(town.now);
    assertThat(volunteer(offer.phone()).stoppedAt()).as("they never said so").isEmpty();
    town.after(Duration.ofMinutes(2));
    for (var invariant : Invariants.ALL) {
      assertThat(invariant.look(db.pool(), town.now))
          .as(invariant.holds().en())
          .isEqualTo(new Invariant.Outcome.Holds());
    }

    town.tx(
        tx -> {
          Unreachable.clear(tx, offer.phone(), town.now);
          return true;
        });
    follow(town);
    assertThat(volunteer(offer.phone()).unreachableAt()).isEmpty();
  }

  @Test
  void aStopThatAnswersNothingWeSentIsHeardToo() {
    var town = new Town(db);
    var id = town.people(1).getFirst();
    var phone = Volunteers.find(db.pool(), id).orElseThrow().phone();
    town.tx(
        tx -> {
          Consent.stop(tx, phone, Consent.How.REPLY, 1L, town.now);
          return true;
        });
    follow(town);
    assertThat(volunteer(phone).stoppedAt()).isEmpty(); // whoever owns the reply comes first

    town.after(Duration.ofSeconds(15));
    follow(town);
    assertThat(volunteer(phone).stoppedAt()).contains(town.now);
  }

  private static boolean follow(Town town) {
    return new FollowConsent(db.pool(), town.bus).run(town.now);
  }

  /** As if the news had not come yet. */
  private static void stopUnheard(Town town, Phone phone) {
    town.tx(
        tx -> {
          Consent.block(tx, phone, "FAZAA", town.now);
          return Consent.takeChanged(tx, 100, town.now);
        });
  }

  private static Volunteer volunteer(Phone phone) {
    return Volunteers.find(db.pool(), phone).orElseThrow();
  }
}
