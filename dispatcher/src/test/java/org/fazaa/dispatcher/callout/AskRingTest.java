package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.AskRing.Outcome;
import org.fazaa.dispatcher.callout.AskRing.Request;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AskRingTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  @AfterEach
  void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  @Test
  void whatTheRingWouldGiveIsShownAndChangesNothing() {
    var town = new Town(db);
    town.people(20);
    var need = paused(town, 2, 50);

    var preview = preview(town, need, 5);

    assertThat(preview.refusal()).isEmpty();
    assertThat(preview.people()).isEqualTo(20);
    assertThat(preview.stakes())
        .isEqualTo(new AskRing.Stakes(20, 50, preview.stakes().cost(), 500, "SAR"));
    assertThat(preview.before()).isZero();
    assertThat(preview.after()).isGreaterThan(0.7);
    assertThat(preview.expected()).isBetween(2.0, 6.0);
    assertThat(preview.tooLate()).isBetween(0.2, 4.0);
    assertThat(preview.typeCount()).isFalse();
    assertThat(town.offers(need)).isEmpty();
    assertThat(town.view(need).texts()).isZero();
  }

  @Test
  void asManyTooLateAreForetoldAsThereAreYesBeyondThePlaces() {
    var town = new Town(db);
    town.people(40);
    var one = preview(town, paused(town, 1, 50), 5);
    var many = preview(town, paused(town, 30, 50), 5);

    assertThat(one.expected() - one.tooLate()).isCloseTo(2, within(0.5));
    assertThat(many.tooLate()).isCloseTo(0, within(0.01));
  }

  @Test
  void aSmallerRingHoldsFewer() {
    var town = new Town(db);
    town.people(30);
    var need = paused(town, 2, 50);

    var near = preview(town, need, 1).people();

    assertThat(near).isBetween(5, 15);
    assertThat(ask(town, need, 1, near)).isInstanceOf(Outcome.Asked.class);
    assertThat(Needs.offers(db.pool(), need)).hasSize(near).allMatch(offer -> offer.km() <= 1);
  }

  @Test
  void everybodyInTheRingIsAskedAndTheDecisionSaysByWhom() {
    var town = new Town(db);
    town.people(20);
    var need = paused(town, 2, 50);

    var asked = (Outcome.Asked) ask(town, need, 5, 20);

    assertThat(asked.people()).isEqualTo(20);
    assertThat(town.view(need).texts()).isEqualTo(20);
    for (var offer : town.offers(need)) {
      assertThat(town.texts(offer.phone())).singleElement().asString().contains(offer.code());
    }
    assertThat(
            town.count(
                """
                SELECT count(*) FROM dispatch.offer o JOIN dispatch.decision d ON d.id = o.decision
                WHERE o.need = $1 AND d.policy = 'ring' AND d.by_staff = 1 AND d.asked = 20
                """,
                need.value()))
        .isEqualTo(20);
    var said =
        Needs.timeline(db.pool(), need).stream()
            .filter(event -> event.what().equals("decided"))
            .findFirst()
            .orElseThrow();
    assertThat(said.who()).contains("Huda");
    assertThat(said.says().orElseThrow().en()).contains("within 5.0 km").contains("20");
    assertThat(ask(town, need, 5, 20)).isEqualTo(new Outcome.NobodyThere(5));
  }

  @Test
  void neverMoreThanWereShownAndTheNearestOfThem() {
    var town = new Town(db);
    town.people(20);
    var need = paused(town, 2, 50);

    ask(town, need, 5, 7);

    var farthest = Needs.offers(db.pool(), need).stream().mapToDouble(o -> o.km()).max();
    assertThat(town.offers(need)).hasSize(7);
    assertThat(farthest.orElseThrow()).isLessThan(1.1);
  }

  @Test
  void whatTheEnvelopeDoesNotHoldIsRefusedWithWhatIsLeft() {
    var town = new Town(db);
    town.people(20);
    var need = paused(town, 2, 12);

    var refused = (Outcome.ExceedsEnvelope) ask(town, need, 5, 20);
    var beyond = (Outcome.BeyondArea) ask(town, need, 31, 20);

    assertThat(refused.stakes().texts()).isEqualTo(20);
    assertThat(refused.stakes().textsLeft()).isEqualTo(12);
    assertThat(preview(town, need, 5).refusal()).contains(refused);
    assertThat(beyond.km()).isCloseTo(30, within(0.001));
    assertThat(town.offers(need)).isEmpty();
  }

  @Test
  void withoutAnEnvelopeOverFullOrExpiredNobodyIsAsked() {
    var town = new Town(db);
    town.people(20);
    var open = town.need(2, Priority.URGENT);
    var full = paused(town, 1, 50);
    var phoned = town.people(1).getFirst();
    town.tx(tx -> new EnterByHand(town.make).run(tx, town.staff(tx), full, phoned, town.now));
    var closed = paused(town, 1, 50);
    town.tx(tx -> CloseNeed.run(tx, town.staff(tx), closed, "done", town.now));
    var watched = paused(town, 1, 50);
    watchPauses(watched);

    assertThat(ask(town, open, 5, 3)).isEqualTo(refused(Refusal.NOT_CALLED_OUT));
    assertThat(ask(town, full, 5, 3)).isEqualTo(refused(Refusal.ALREADY_FULL));
    assertThat(ask(town, closed, 5, 3)).isEqualTo(refused(Refusal.NEED_OVER));
    assertThat(ask(town, watched, 5, 3)).isEqualTo(refused(Refusal.PAUSED_BY_WATCH));
    assertThat(ask(town, new NeedId(999_999_999), 5, 3)).isEqualTo(new Outcome.NoSuchNeed());
    assertThat(ask(town, watched, 0, 3)).isInstanceOf(Outcome.Incomplete.class);
    assertThat(ask(town, paused(town, 1, 50), 5, 0)).isInstanceOf(Outcome.Incomplete.class);
  }

  @Test
  void aDrillAsksNobodyWhereRealPhonesAreConnected() {
    var town = new Town(db, Mode.DRILL, false);
    var need = town.need(1, Priority.URGENT);

    assertThat(ask(town, need, 5, 3)).isEqualTo(refused(Refusal.DRILL_ON_REAL_CARRIER));
  }

  @Test
  @Tag("S29")
  void aboveFiftyTheNumberIsTyped() {
    var town = new Town(db);
    town.people(60);
    var need = paused(town, 5, 100);

    assertThat(preview(town, need, 5).typeCount()).isTrue();
    assertThat(ask(town, need, new Request(5, 60, Optional.empty())))
        .isEqualTo(new Outcome.TypeTheCount(60));
    assertThat(ask(town, need, new Request(5, 60, Optional.of(6))))
        .isEqualTo(new Outcome.TypeTheCount(60));
    assertThat(town.offers(need)).isEmpty();
    assertThat(ask(town, need, 5, 60)).isInstanceOf(Outcome.Asked.class);
    assertThat(town.offers(need)).hasSize(60);
  }

  @Test
  void aboveFiveHundredASecondPersonConfirms() {
    var town = new Town(db);
    town.people(510);
    var need = paused(town, 40, 600);
    var confirm = new ConfirmRing(ring(town), town.make);

    var waiting = (Outcome.NeedsSecondPerson) ask(town, need, 5, 510);
    assertThat(town.offers(need)).isEmpty();
    assertThat(ConfirmRing.waiting(db.pool(), need, town.now).orElseThrow().people())
        .isEqualTo(510);
    var same = town.tx(tx -> confirm.run(tx, town.staff(tx), waiting.ring(), town.now));
    var second = town.tx(tx -> confirm.run(tx, town.second(tx), waiting.ring(), town.now));
    var again = town.tx(tx -> confirm.run(tx, town.second(tx), waiting.ring(), town.now));

    assertThat(same).isEqualTo(new ConfirmRing.Outcome.SamePerson());
    assertThat(second).isInstanceOf(ConfirmRing.Outcome.Confirmed.class);
    assertThat(again).isEqualTo(new ConfirmRing.Outcome.AlreadyAsked());
    assertThat(town.offers(need)).hasSize(510);
    assertThat(ConfirmRing.waiting(db.pool(), need, town.now)).isEmpty();
  }

  @Test
  void aSecondPersonWhoComesTooLateConfirmsNothing() {
    var town = new Town(db);
    town.people(501);
    var need = paused(town, 40, 600);
    var confirm = new ConfirmRing(ring(town), town.make);
    var waiting = (Outcome.NeedsSecondPerson) ask(town, need, 5, 501);
    town.after(AskRing.WAITS);

    var late = town.tx(tx -> confirm.run(tx, town.second(tx), waiting.ring(), town.now));

    assertThat(late).isEqualTo(new ConfirmRing.Outcome.Expired());
    assertThat(town.offers(need)).isEmpty();
  }

  @Test
  void aRingIsNotConfirmedForANeedThatWasEditedSince() {
    var town = new Town(db);
    town.people(501);
    var need = paused(town, 40, 600);
    var confirm = new ConfirmRing(ring(town), town.make);
    var waiting = (Outcome.NeedsSecondPerson) ask(town, need, 5, 501);
    var edit = CallOutTest.people(41);
    town.tx(tx -> EditNeed.run(tx, town.staff(tx), need, Optional.empty(), edit, town.now));

    var changed = town.tx(tx -> confirm.run(tx, town.second(tx), waiting.ring(), town.now));

    assertThat(changed).isEqualTo(new ConfirmRing.Outcome.ChangedMeanwhile());
    assertThat(ConfirmRing.waiting(db.pool(), need, town.now)).isEmpty();
    assertThat(town.offers(need)).isEmpty();
  }

  @Test
  void whoIsBeingAskedSomethingElseIsAskedOnlyForAMatterOfLife() {
    var town = new Town(db);
    town.people(10);
    var first = paused(town, 2, 50);
    ask(town, first, 5, 10);
    town.hear();
    town.after(Duration.ofMinutes(20));

    assertThat(preview(town, paused(town, 2, 50), 5).people()).isZero();
    var life = town.need(2, Priority.LIFE);
    town.callOut(life, 50);
    assertThat(preview(town, life, 5).people()).isEqualTo(10);
  }

  @Test
  void aRingRacesARoundAndAnswersWithoutADoubleOfferOrAnOverfill() throws Exception {
    for (var i = 0; i < 8; i++) {
      var town = new Town(db);
      town.people(60);
      var other = town.need(4, Priority.URGENT);
      town.callOut(other, 50);
      var need = town.need(3, Priority.URGENT);
      town.callOut(need, 50);
      nobodyDecides();
      town.ask();
      town.after(Duration.ofMinutes(2));
      var round = town.round();
      var work = new ArrayList<Callable<Object>>();
      work.add(() -> round.run(town.now));
      work.add(() -> ask(town, need, 5, 20));
      work.add(() -> ask(town, other, 4, 20));
      for (var offer : town.offers(need)) work.add(() -> town.says(offer, "1"));
      all(work);
      nobodyDecides();
      town.ask();

      var places = town.view(need).need();
      assertThat(places.filled()).isLessThanOrEqualTo(3);
      assertThat(
              town.count(
                  """
                  SELECT count(*) FROM (
                    SELECT volunteer FROM dispatch.offer WHERE state = 'open'
                    GROUP BY volunteer HAVING count(*) > 1) doubled
                  """))
          .isZero();
      Town.assertInvariants(db);
    }
  }

  private static void all(List<Callable<Object>> work) throws Exception {
    try (var threads = Executors.newFixedThreadPool(work.size())) {
      for (var done : threads.invokeAll(work)) done.get();
    }
  }

  private static void nobodyDecides() {
    db.superuserPool().query("DELETE FROM dispatch.lease").execute().await();
  }

  private static void watchPauses(NeedId need) {
    db.superuserPool()
        .query("UPDATE dispatch.need SET paused_why = 'watch' WHERE id = " + need.value())
        .execute()
        .await();
  }

  private static Outcome refused(Refusal why) {
    return new Outcome.Refused(why);
  }

  static AskRing ring(Town town) {
    return new AskRing(town.roster, town.make);
  }

  static AskRing.Preview preview(Town town, NeedId need, double km) {
    return ring(town).preview(db.pool(), need, km, town.now).orElseThrow();
  }

  static Outcome ask(Town town, NeedId need, double km, int people) {
    return ask(town, need, new Request(km, people, Optional.of(people)));
  }

  private static Outcome ask(Town town, NeedId need, Request request) {
    return town.tx(tx -> ring(town).run(tx, town.staff(tx), need, request, town.now));
  }

  /** A need within an envelope, for which only people ask. */
  static NeedId paused(Town town, int people, int texts) {
    var need = town.need(people, Priority.URGENT);
    if (town.callOut(need, texts) instanceof StartCallOut.Outcome.NeedsSecondPerson large) {
      town.tx(tx -> ConfirmCallOut.run(tx, town.second(tx), large.envelope(), town.now));
    }
    town.tx(tx -> PauseCallOut.run(tx, town.staff(tx), need, town.now));
    assertThat(town.offers(need, State.OPEN)).isEmpty();
    return need;
  }
}
