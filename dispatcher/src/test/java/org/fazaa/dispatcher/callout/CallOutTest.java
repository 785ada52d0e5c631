package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.callout.StartCallOut.Outcome;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Skill;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CallOutTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  @AfterEach
  void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  @Test
  void aCallOutWritesOffersTextsAndADecisionThatExplainsItself() {
    var town = new Town(db);
    town.people(40);
    var need = town.need(3, Priority.URGENT);

    assertThat(town.callOut(need)).isInstanceOf(Outcome.Started.class);
    town.ask();

    var offers = town.offers(need);
    assertThat(offers).isNotEmpty();
    var view = town.view(need);
    assertThat(view.offersOpen()).isEqualTo(offers.size());
    assertThat(view.texts()).isEqualTo(offers.size());
    assertThat(view.cost()).isPositive();
    assertThat(view.lastDecision().orElseThrow().en())
        .contains("Asked %d of 40".formatted(offers.size()));
    assertThat(Needs.offers(db.pool(), need).getFirst().why().en()).contains("km away");
    for (var offer : offers) {
      assertThat(town.texts(offer.phone())).singleElement().asString().contains(offer.code());
    }
    assertThat(Needs.timeline(db.pool(), need))
        .extracting(Needs.Event::what)
        .contains("opened", "approved", "decided");
  }

  @Test
  void theProposalShowsCountCostAndChanceBeforeAnybodyIsTexted() {
    var town = new Town(db);
    town.people(40);
    var need = town.need(2, Priority.URGENT);

    var proposal =
        town.propose
            .run(db.pool(), need, Optional.empty(), Optional.empty(), town.now)
            .orElseThrow();

    assertThat(proposal.candidates()).isEqualTo(40);
    assertThat(proposal.maxTexts()).isBetween(10, 40);
    assertThat(proposal.costCap()).isGreaterThanOrEqualTo(proposal.maxTexts() * 5);
    assertThat(proposal.forecast().chance()).isBetween(0.8, 1.0);
    assertThat(town.offers(need)).isEmpty();
  }

  @Test
  @Tag("S29")
  void aboveFiftyTextsTheNumberIsTypedAndAboveFiveHundredASecondPersonConfirms() {
    var town = new Town(db);
    town.people(3);
    var need = town.need(50, Priority.URGENT);
    var request =
        new StartCallOut.Request(
            Optional.empty(),
            Optional.of(600),
            Optional.empty(),
            Optional.empty(),
            Optional.of(60));

    var untyped = town.tx(tx -> town.start.run(tx, town.staff(tx), need, request, town.now));
    assertThat(untyped).isEqualTo(new Outcome.TypeTheCount(600));
    var typed = town.callOut(need, 600);
    assertThat(typed).isInstanceOf(Outcome.NeedsSecondPerson.class);
    var envelope = ((Outcome.NeedsSecondPerson) typed).envelope();
    town.ask();
    assertThat(town.offers(need)).isEmpty();

    var same = town.tx(tx -> ConfirmCallOut.run(tx, town.staff(tx), envelope, town.now));
    assertThat(same).isInstanceOf(ConfirmCallOut.Outcome.SamePerson.class);
    var second = town.tx(tx -> ConfirmCallOut.run(tx, town.second(tx), envelope, town.now));
    assertThat(second).isInstanceOf(ConfirmCallOut.Outcome.Started.class);
    town.ask();
    assertThat(town.offers(need)).isNotEmpty();
  }

  @Test
  void aSecondPersonConfirmsOnlyTheNeedThatWasAskedAbout() {
    var town = new Town(db);
    town.people(3);
    var need = town.need(50, Priority.URGENT);
    var before = ((Outcome.NeedsSecondPerson) town.callOut(need, 600)).envelope();
    assertThat(town.view(need).waitingEnvelope()).contains(before);
    town.tx(tx -> EditNeed.run(tx, town.staff(tx), need, Optional.empty(), people(51), town.now));

    assertThat(town.view(need).waitingEnvelope()).isEmpty();
    assertThat(confirm(town, before)).isEqualTo(new ConfirmCallOut.Outcome.ChangedMeanwhile());
    var after = ((Outcome.NeedsSecondPerson) town.callOut(need, 600)).envelope();
    assertThat(confirm(town, after)).isInstanceOf(ConfirmCallOut.Outcome.Started.class);
  }

  @Test
  void whatWaitsForASecondPersonIsVoidOnceTheNeedWasCalledOutAnew() {
    var town = new Town(db);
    town.people(3);
    var need = town.need(50, Priority.URGENT);
    var large = ((Outcome.NeedsSecondPerson) town.callOut(need, 600)).envelope();
    assertThat(town.callOut(need, 400)).isInstanceOf(Outcome.Started.class);
    town.tx(tx -> PauseCallOut.run(tx, town.staff(tx), need, town.now));

    assertThat(town.view(need).waitingEnvelope()).isEmpty();
    assertThat(confirm(town, large)).isEqualTo(new ConfirmCallOut.Outcome.ChangedMeanwhile());
  }

  @Test
  void whatTheWatchReleasesDoesNotAskByOtherRulesThanWereApproved() {
    var town = new Town(db);
    town.people(10);
    var edited = town.need(2, Priority.URGENT);
    var same = town.need(2, Priority.URGENT);
    for (var need : List.of(edited, same)) {
      town.callOut(need);
      town.tx(tx -> PauseCallOut.byWatch(tx, need, town.now));
    }
    askForNurses(town, edited);

    for (var need : List.of(edited, same)) {
      town.tx(tx -> ReleaseCallOut.run(tx, Optional.empty(), need, town.now));
    }

    assertThat(town.view(edited).need().state()).isEqualTo(Need.State.PAUSED);
    assertThat(town.view(edited).need().pausedWhy()).contains("rules");
    assertThat(town.view(same).need().state()).isEqualTo(Need.State.CALLING);
  }

  @Test
  void aYesOfSomebodyWhoLacksWhatIsAskedForByNowIsForAPerson() {
    var town = new Town(db);
    town.people(20);
    var nurses = town.people(5, Skill.NURSE);
    var need = TakeOfferTest.called(town, 5, Priority.LIFE);
    askForNurses(town, need);
    var offers = town.offers(need, State.OPEN);

    for (var offer : offers) {
      var can = nurses.contains(offer.volunteer());
      var wanted = town.view(need).need().isFull() ? "full" : can ? "assigned" : "for a person";
      assertThat(town.says(offer, "1").word()).isEqualTo(wanted);
    }

    assertThat(town.offers(need, State.ASSIGNED))
        .allSatisfy(one -> assertThat(nurses).contains(one.volunteer()));
  }

  private static void askForNurses(Town town, NeedId need) {
    var nurses =
        new EditNeed.Edit(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Set.of(Skill.NURSE)),
            Optional.empty());
    town.tx(tx -> EditNeed.run(tx, town.staff(tx), need, Optional.empty(), nurses, town.now));
  }

  private static ConfirmCallOut.Outcome confirm(Town town, long envelope) {
    return town.tx(tx -> ConfirmCallOut.run(tx, town.second(tx), envelope, town.now));
  }

  @Test
  void aDrillCannotCallAnybodyThroughARealCarrier() {
    var real = new Town(db, Mode.DRILL, false);
    assertThat(real.callOut(real.need(1, Priority.LIFE)))
        .isInstanceOf(Outcome.DrillOnRealCarrier.class);

    var simulated = new Town(db, Mode.DRILL, true);
    simulated.people(5);
    var need = simulated.need(1, Priority.LIFE);
    assertThat(simulated.callOut(need)).isInstanceOf(Outcome.Started.class);
    simulated.ask();
    var offer = simulated.offers(need).getFirst();
    assertThat(simulated.texts(offer.phone()).getFirst())
        .startsWith(offer.language() == org.fazaa.notifier.Language.EN ? "DRILL" : "تدريب");
  }

  @Test
  void whoReadsUrduIsAskedAndAnsweredInUrdu() {
    var town = new Town(db);
    for (var id : town.people(4)) {
      db.superuserPool()
          .preparedQuery("UPDATE dispatch.volunteer SET language = 'ur' WHERE id = $1")
          .execute(Tuple.of(id.value()))
          .await();
    }
    var need = town.need(2, Priority.LIFE);
    town.callOut(need);
    town.ask();
    var offer = town.offers(need).getFirst();

    town.says(offer, "1");

    assertThat(town.texts(offer.phone()).getFirst())
        .startsWith("فزعہ فوری")
        .contains("Clean-up، آج", " 2 افراد درکار۔", offer.code());
    assertThat(town.texts(offer.phone()).getLast()).startsWith("آپ شامل ہیں").contains("Clean-up");
  }

  @Test
  void anEnvelopeThatIsUsedUpPausesTheNeedAndSaysSo() {
    var town = new Town(db);
    town.people(40);
    var need = town.need(5, Priority.LIFE);
    town.callOut(need, 3);

    town.ask();

    var view = town.view(need);
    assertThat(view.texts()).isEqualTo(3);
    assertThat(view.need().state()).isEqualTo(Need.State.PAUSED);
    assertThat(view.need().pausedWhy()).contains("texts");
    assertThat(view.lastDecision().orElseThrow().en()).contains("all approved texts are used");
    assertThat(town.says(town.offers(need).getFirst(), "1").word()).isEqualTo("assigned");

    town.callOut(need, 50);
    town.ask();
    assertThat(town.offers(need).size()).isGreaterThan(3);
  }

  @Test
  void theCostCapAndTheExpiryPauseTheNeedToo() {
    var town = new Town(db);
    town.people(40);
    var dear = town.need(5, Priority.LIFE);
    var cheap =
        new StartCallOut.Request(
            Optional.empty(), Optional.of(20), Optional.of(25), Optional.empty(), Optional.empty());
    town.tx(tx -> town.start.run(tx, town.staff(tx), dear, cheap, town.now));
    town.ask();
    assertThat(town.view(dear).need().pausedWhy()).contains("cost");
    assertThat(town.view(dear).cost()).isLessThanOrEqualTo(25);

    var brief = town.need(5, Priority.LIFE);
    var expiring =
        new StartCallOut.Request(
            Optional.empty(),
            Optional.of(20),
            Optional.empty(),
            Optional.of(town.now.plusSeconds(1)),
            Optional.empty());
    town.tx(tx -> town.start.run(tx, town.staff(tx), brief, expiring, town.now));
    town.after(Duration.ofSeconds(1));
    town.ask();
    assertThat(town.view(brief).need().pausedWhy()).contains("expired");
    assertThat(town.offers(brief)).isEmpty();
  }

  @Test
  void theTableItselfRefusesTextsBeyondTheEnvelope() {
    var town = new Town(db);
    town.people(1);
    var need = town.need(1, Priority.LIFE);
    var started = (Outcome.Started) town.callOut(need, 2);

    assertThatThrownBy(
            () ->
                town.tx(
                    tx -> {
                      var spent = new Envelope.Spent(3, 1);
                      Envelope.spend(tx, java.util.Map.of(started.envelope(), spent));
                      return null;
                    }))
        .hasMessageContaining("envelope");
  }

  @Test
  void aDeciderThatLostItsLeaseWritesNothing() {
    var town = new Town(db);
    town.people(20);
    var need = town.need(2, Priority.LIFE);
    town.callOut(need);
    var slow = town.round();
    var fence = new Lease("round", "this node").hold(db.pool()).orElseThrow();
    db.superuserPool()
        .query("UPDATE dispatch.lease SET until = clock_timestamp() - interval '1 second'")
        .execute()
        .await();
    var other = new Lease("round", "another node").hold(db.pool()).orElseThrow();

    assertThat(other).isEqualTo(fence + 1);
    slow.run(fence, town.now);
    assertThat(town.offers(need)).isEmpty();
    assertThat(new Lease("round", "this node").hold(db.pool())).isEmpty();
    nobodyDecides();
  }

  @Test
  void twoDecidersAtOnceAskNobodyTwice() throws Exception {
    var town = new Town(db);
    town.people(60);
    var needs = List.of(town.need(4, Priority.URGENT), town.need(4, Priority.PLANNED));
    needs.forEach(town::callOut);
    town.hear();
    nobodyDecides();

    try (var threads = java.util.concurrent.Executors.newFixedThreadPool(4)) {
      var runs = new HashSet<java.util.concurrent.Future<Boolean>>();
      for (var i = 0; i < 4; i++) {
        var node =
            new SendRound(
                db.pool(), town.bus, town.roster, Round.PRICED, town.make, new Random(i), "n" + i);
        runs.add(threads.submit(() -> node.run(town.now)));
      }
      for (var run : runs) run.get();
    }

    var asked = new HashSet<>();
    for (var need : needs) {
      for (var offer : town.offers(need)) assertThat(asked.add(offer.volunteer())).isTrue();
    }
    assertThat(asked).isNotEmpty();
    nobodyDecides();
  }

  @Test
  void whoAnswersWhileARoundThinksDoesNotWaitForItAndItDecidesAfresh() {
    var town = new Town(db);
    var need = silentForTenMinutes(town);
    var offers = town.offers(need);
    var answers = offers.iterator();
    RandomGenerator interrupted =
        () -> {
          assertThat(town.says(answers.next(), "2").word()).isEqualTo("declined");
          return 1;
        };
    town.says(answers.next(), "2"); // due from now on, as after the answer that interrupts

    town.round(Round.PRICED, interrupted).run(town.now);

    assertThat(town.offers(need)).hasSameSizeAs(offers);
    town.ask();
    assertThat(town.offers(need)).hasSizeGreaterThan(offers.size());
  }

  @Test
  void aRoundThatWasOvertakenHoldsItsNeedsTheNextTime() {
    var town = new Town(db);
    var need = silentForTenMinutes(town);
    var offers = town.offers(need);
    var held = new ArrayList<Boolean>();
    RandomGenerator interrupted =
        () -> {
          held.add(isHeld(need));
          if (held.size() == 1) town.says(offers.getFirst(), "2");
          return 1;
        };
    var round = town.round(Round.PRICED, interrupted);

    round.run(town.now);
    round.run(town.now);

    assertThat(held).containsExactly(false, true);
    assertThat(town.offers(need)).hasSizeGreaterThan(offers.size());
  }

  private static NeedId silentForTenMinutes(Town town) {
    town.people(30);
    var need = TakeOfferTest.called(town, 2, Priority.LIFE);
    town.after(Duration.ofMinutes(10));
    town.hear();
    return need;
  }

  private static boolean isHeld(NeedId need) {
    var free = "SELECT id FROM dispatch.need WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED";
    return db.pool().preparedQuery(free).execute(Tuple.of(need.value())).await().size() == 0;
  }

  @Test
  void fewerPeopleThanHaveAPlaceKeepsThemAsSurplusAndFillsNoMore() {
    var town = new Town(db);
    town.people(30);
    var need = TakeOfferTest.called(town, 3, Priority.LIFE);
    var offers = town.offers(need);
    for (var i = 0; i < 3; i++) town.says(offers.get(i), "1");

    var edited = edit(town, need, 1);

    assertThat(edited.need().filled()).isEqualTo(3);
    assertThat(edited.need().surplus()).isEqualTo(2);
    assertThat(town.says(offers.get(0), "X").word()).isEqualTo("gave back");
    assertThat(town.view(need).need().filled()).isEqualTo(2);
    assertThat(town.view(need).need().surplus()).isEqualTo(1);
    assertThat(town.says(offers.get(0), "1").word()).isEqualTo("standby");
    var released =
        town.tx(tx -> ReleasePlace.run(tx, town.staff(tx), offers.get(1).id(), town.now));
    assertThat(released).isInstanceOf(ReleasePlace.Outcome.Released.class);
    assertThat(town.view(need).need().surplus()).isZero();
    assertThat(town.view(need).need().filled()).isEqualTo(1);
    assertThat(town.state(offers.get(0))).isEqualTo(State.STANDBY);
  }

  @Test
  void morePeopleTakeStandbyUpAndAskAgain() {
    var town = new Town(db);
    town.people(30);
    var need = TakeOfferTest.called(town, 1, Priority.LIFE);
    var offers = town.offers(need);
    town.says(offers.get(0), "1");
    town.says(offers.get(1), "1");
    var asked = offers.size();

    var edited = edit(town, need, 4);
    town.ask();

    assertThat(edited.promoted()).extracting(Offer::id).containsExactly(offers.get(1).id());
    assertThat(edited.need().filled()).isEqualTo(2);
    assertThat(town.offers(need).size()).isGreaterThan(asked);
  }

  @Test
  void anEditThatSomebodyElseOvertookIsRefused() {
    var town = new Town(db);
    var need = town.need(1, Priority.LIFE);
    edit(town, need, 2);

    var late =
        town.tx(tx -> EditNeed.run(tx, town.staff(tx), need, Optional.of(1), people(3), town.now));

    assertThat(late).isEqualTo(new EditNeed.Outcome.ChangedMeanwhile(2));
  }

  @Test
  void whoComesIsToldOfANewTime() {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();
    town.says(offer, "1");
    var later = town.view(need).need().startsAt().plus(Duration.ofHours(1));
    var edit =
        new EditNeed.Edit(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(later),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    var edited =
        town.tx(tx -> EditNeed.run(tx, town.staff(tx), need, Optional.empty(), edit, town.now));

    assertThat(((EditNeed.Outcome.Edited) edited).told()).isEqualTo(1);
    assertThat(town.texts(offer.phone()).getLast()).contains("14:00");
  }

  @Test
  void aPhonedYesTakesAPlaceAndNeverOverfills() {
    var town = new Town(db);
    var people = town.people(3);
    var need = town.need(1, Priority.URGENT);
    var byHand = new EnterByHand(town.make);

    var first = town.tx(tx -> byHand.run(tx, town.staff(tx), need, people.get(0), town.now));
    var second = town.tx(tx -> byHand.run(tx, town.staff(tx), need, people.get(1), town.now));
    var again = town.tx(tx -> byHand.run(tx, town.staff(tx), need, people.get(0), town.now));

    assertThat(first).isInstanceOf(EnterByHand.Outcome.Entered.class);
    assertThat(second).isInstanceOf(EnterByHand.Outcome.Full.class);
    assertThat(again).isInstanceOf(EnterByHand.Outcome.AlreadyTheirs.class);
    assertThat(town.view(need).need().filled()).isEqualTo(1);
    var offer = town.offers(need, State.ASSIGNED).getFirst();
    assertThat(town.texts(offer.phone()).getLast()).contains(offer.code());
  }

  @Test
  void closingTellsThoseWhoWereComingAndFreesThem() {
    var town = new Town(db);
    town.people(20);
    var need = TakeOfferTest.called(town, 1, Priority.URGENT);
    var offers = town.offers(need);
    town.says(offers.get(0), "1");
    town.says(offers.get(1), "1");

    var closed = town.tx(tx -> CloseNeed.run(tx, town.staff(tx), need, "client left", town.now));

    assertThat(((CloseNeed.Outcome.Closed) closed).calledOff()).isEqualTo(2);
    assertThat(town.state(offers.get(0))).isEqualTo(State.RELEASED);
    assertThat(town.texts(offers.get(0).phone()).getLast()).doesNotContain(offers.get(0).code());
    assertThat(
            town.count(
                "SELECT count(*) FROM dispatch.volunteer WHERE id = $1 AND busy_until IS NULL",
                offers.get(0).volunteer().value()))
        .isEqualTo(1);
    var again = town.tx(tx -> CloseNeed.run(tx, town.staff(tx), need, "again", town.now));
    assertThat(again).isInstanceOf(CloseNeed.Outcome.AlreadyClosed.class);
  }

  @Test
  void closingACrisisClosesItsNeedsAndOpensNoMore() {
    var town = new Town(db);
    town.people(20);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);

    town.tx(tx -> CloseCrisis.run(tx, town.staff(tx), town.crisis, "over", town.now));

    assertThat(town.view(need).need().state()).isEqualTo(Need.State.CLOSED);
    assertThat(town.offers(need, State.OPEN)).isEmpty();
    var crisis = org.fazaa.dispatcher.crisis.Crisis.find(db.pool(), town.crisis).orElseThrow();
    assertThat(crisis.closedAt()).contains(town.now);
    assertThat(crisis.needs()).isZero();
  }

  @Test
  void aNeedWhoseTimeIsOverClosesByItself() {
    var town = new Town(db);
    town.people(20);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var held = town.offers(need).getFirst();
    town.says(held, "1");
    town.after(Duration.ofHours(7));

    TakeOfferTest.expire(town);

    assertThat(town.view(need).need().state()).isEqualTo(Need.State.CLOSED);
    assertThat(town.state(held)).isEqualTo(State.ASSIGNED);
    assertThat(town.offers(need, State.OPEN)).isEmpty();
  }

  @Test
  void pausingAsksNobodyAndStillTakesAnswers() {
    var town = new Town(db);
    town.people(40);
    var need = TakeOfferTest.called(town, 3, Priority.LIFE);
    var asked = town.offers(need).size();

    town.tx(tx -> PauseCallOut.run(tx, town.staff(tx), need, town.now));
    town.after(Duration.ofMinutes(5));
    town.ask();

    assertThat(town.offers(need)).hasSize(asked);
    assertThat(town.says(town.offers(need).getFirst(), "1").word()).isEqualTo("assigned");
  }

  @Test
  void answersAndSilenceAreLearnedOnce() {
    var town = new Town(db);
    town.people(20);
    var need = TakeOfferTest.called(town, 3, Priority.LIFE);
    var offers = town.offers(need);
    town.says(offers.get(0), "1");
    town.says(offers.get(1), "2");
    town.after(Duration.ofMinutes(31));
    TakeOfferTest.expire(town);
    var learn = new LearnAnswers(db.pool(), town.bus);
    learn.run(town.now);
    learn.run(town.now);

    assertThat(history(town, offers.get(0))).isEqualTo("1/0");
    assertThat(history(town, offers.get(1))).isEqualTo("0/1");
    assertThat(history(town, offers.get(2))).isEqualTo("0/1");
    assertThat(
            town.count(
                """
                SELECT count(*) FROM dispatch.learned
                WHERE about = 'kind' AND bin = 0 AND yes > 0\
                """))
        .isEqualTo(1);
  }

  @Test
  void aCallOutWithNobodyToAskSaysEarlyThatItNeedsAPerson() {
    var town = new Town(db);
    town.people(2);
    var need = town.need(5, Priority.LIFE);
    town.callOut(need);

    town.ask();

    assertThat(town.view(need).need().needsHumanAt()).contains(town.now);
    assertThat(town.view(need).lastDecision().orElseThrow().en()).contains("Nobody is left to ask");
  }

  private static void nobodyDecides() {
    db.superuserPool().query("DELETE FROM dispatch.lease").execute().await();
  }

  static EditNeed.Edit people(int people) {
    return new EditNeed.Edit(
        Optional.empty(),
        Optional.of(people),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static EditNeed.Outcome.Edited edit(Town town, NeedId need, int people) {
    var edited =
        town.tx(
            tx ->
                EditNeed.run(tx, town.staff(tx), need, Optional.empty(), people(people), town.now));
    assertThat(edited).isInstanceOf(EditNeed.Outcome.Edited.class);
    return (EditNeed.Outcome.Edited) edited;
  }

  private static String history(Town town, Offer offer) {
    var sql = "SELECT yes_life, no_life FROM dispatch.volunteer WHERE id = $1";
    var row =
        db.pool()
            .preparedQuery(sql)
            .execute(io.vertx.sqlclient.Tuple.of(offer.volunteer().value()))
            .await()
            .iterator()
            .next();
    return "%.0f/%.0f".formatted(row.getDouble("yes_life"), row.getDouble("no_life"));
  }
}
