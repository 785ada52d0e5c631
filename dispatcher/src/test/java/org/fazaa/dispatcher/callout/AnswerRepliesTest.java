package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.AnswerReplies.Answered;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerRepliesTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  @AfterEach
  void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  @ParameterizedTest(name = "{0} then {1}")
  @CsvSource({
    "1, 1, assigned, already theirs, ASSIGNED, 1",
    "1, 2, assigned, gave back, WITHDRAWN, 0",
    "1, X, assigned, gave back, WITHDRAWN, 0",
    "2, 1, declined, assigned, ASSIGNED, 1",
    "2, 2, declined, known, DECLINED, 0",
    "2, X, declined, known, DECLINED, 0",
    "X, 1, declined, assigned, ASSIGNED, 1",
    "X, 2, declined, known, DECLINED, 0",
  })
  void everyPairOfAnswersHasOneEffect(
      String first, String second, String early, String late, State end, int filled) {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 3, Priority.URGENT);
    var offer = town.offers(need).getFirst();

    assertThat(town.says(offer, first).word()).isEqualTo(early);
    assertThat(town.says(offer, second).word()).isEqualTo(late);

    assertThat(town.state(offer)).isEqualTo(end);
    assertThat(town.view(need).need().filled()).isEqualTo(filled);
  }

  @ParameterizedTest(name = "from {0}: {1}")
  @CsvSource({
    "ASSIGNED, 1, already theirs, ASSIGNED",
    "ASSIGNED, 2, gave back, WITHDRAWN",
    "STANDBY, 1, standby, STANDBY",
    "STANDBY, 2, gave back, WITHDRAWN",
    "STOOD_DOWN, 1, full, TOO_LATE",
    "STOOD_DOWN, 2, declined, DECLINED",
    "TOO_LATE, 1, full, TOO_LATE",
    "TOO_LATE, 2, declined, DECLINED",
  })
  void onAFullNeedEveryAnswerHasOneEffect(State from, String word, String effect, State end) {
    var town = new Town(db);
    town.people(12);
    var need = TakeOfferTest.called(town, 1, Priority.LIFE);
    var offers = town.offers(need);
    assertThat(offers.size()).isGreaterThan(3);
    town.says(offers.get(0), "1");
    town.says(offers.get(1), "1");
    town.says(offers.get(2), "1");
    var offer =
        switch (from) {
          case ASSIGNED -> offers.get(0);
          case STANDBY -> offers.get(1);
          case TOO_LATE -> offers.get(2);
          default -> offers.get(3);
        };
    assertThat(town.state(offer)).isEqualTo(from);

    assertThat(town.says(offer, word).word()).isEqualTo(effect);

    assertThat(town.state(offer)).isEqualTo(end);
    assertThat(town.view(need).need().filled()).isEqualTo(1);
  }

  @Test
  void yesFromTwoOverlappingOffersAtOnceIsOnePlace() throws Exception {
    var town = new Town(db);
    var both = twoOffersForOnePerson(town);

    var words =
        TakeOfferTest.atOnce(both, offer -> town.says(offer, "1").word()).stream()
            .sorted()
            .toList();

    assertThat(words).containsExactly("assigned", "busy then");
    assertThat(both.stream().map(town::state)).containsOnlyOnce(State.ASSIGNED);
  }

  @Test
  void aBareYesToTwoOffersAsksWhichAndTheCodeSettlesIt() {
    var town = new Town(db);
    var both = twoOffersForOnePerson(town);
    var phone = both.getFirst().phone();

    var unclear = town.says(phone, "yes", both.getLast());

    assertThat(unclear).isInstanceOf(Answered.AskedWhich.class);
    assertThat(town.texts(phone).getLast())
        .contains(both.getFirst().code())
        .contains(both.getLast().code());
    assertThat(town.says(both.getFirst(), "1").word()).isEqualTo("assigned");
  }

  @Test
  void aBareNoGivesBackTheOnlyPlace() {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();
    town.says(offer, "1");

    assertThat(town.says(offer.phone(), "cancel", offer).word()).isEqualTo("gave back");
    assertThat(town.state(offer)).isEqualTo(State.WITHDRAWN);
  }

  @Test
  void stopLeavesEverythingAndNobodyAsksAgain() {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();
    town.says(offer, "1");
    var before = town.texts(offer.phone()).size();

    var stopped = town.says(offer.phone(), "STOP", offer);

    assertThat(stopped.word()).isEqualTo("stopped");
    assertThat(town.state(offer)).isEqualTo(State.WITHDRAWN);
    assertThat(town.view(need).need().filled()).isZero();
    assertThat(town.texts(offer.phone())).hasSize(before);
    var other = town.need(5, Priority.LIFE);
    town.callOut(other);
    town.ask(Waves.ALL);
    assertThat(town.offers(other)).extracting(Offer::phone).doesNotContain(offer.phone());
  }

  @Test
  void aYesAfterStopIsForAPersonWhoCanPhone() {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();
    town.says(offer.phone(), "STOP", offer);

    assertThat(town.says(offer, "1").word()).isEqualTo("for a person");
    readByNotifier(offer);

    assertThat(town.state(offer)).isEqualTo(State.DECLINED);
    assertThat(town.view(need).need().filled()).isZero();
  }

  @Test
  void anUnsureAnswerWaitsForAPersonAndTheirDecisionHasEffect() {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();

    var unsure = town.says(offer.phone(), "maybe after Maghrib " + offer.code(), offer);
    assertThat(unsure.word()).isEqualTo("for a person");
    readByNotifier(offer);
    var waiting =
        Inbox.waiting(db.pool(), 1000).stream()
            .filter(one -> one.reply().from().equals(offer.phone()))
            .findFirst()
            .orElseThrow();
    town.tx(tx -> Inbox.decide(tx, waiting.reply().id(), Meaning.YES, 1, town.now));
    town.answer.run(town.now);

    assertThat(town.state(offer)).isEqualTo(State.ASSIGNED);
  }

  @Test
  void theAnswerPageHasItsEffectAtOnceAndPressingTwiceIsPressingOnce() {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();

    var first = town.tx(tx -> town.answer.press(tx, offer.id(), Meaning.YES, "key-1", town.now));
    var again = town.tx(tx -> town.answer.press(tx, offer.id(), Meaning.YES, "key-1", town.now));

    assertThat(first.orElseThrow().word()).isEqualTo("assigned");
    assertThat(again.orElseThrow()).isInstanceOf(Answered.Repeated.class);
    assertThat(town.texts(offer.phone())).hasSize(2);
    var unknown =
        town.tx(tx -> town.answer.press(tx, new OfferId(0), Meaning.YES, "key-2", town.now));
    assertThat(unknown).isEmpty();
  }

  @Test
  void aWithdrawalPromotesStandbyFirstAndOnlyThenAsksAgain() {
    var town = new Town(db);
    town.people(30);
    var need = TakeOfferTest.called(town, 1, Priority.LIFE);
    var offers = town.offers(need);
    var asked = offers.size();
    town.says(offers.get(0), "1");
    town.says(offers.get(1), "1");
    assertThat(town.state(offers.get(1))).isEqualTo(State.STANDBY);

    town.says(offers.get(0), "X");
    assertThat(town.state(offers.get(1))).isEqualTo(State.ASSIGNED);
    assertThat(town.texts(offers.get(1).phone()).getLast()).contains(offers.get(1).code());
    town.ask();
    assertThat(town.offers(need)).hasSize(asked);

    town.says(offers.get(1), "X");
    assertThat(town.view(need).need().filled()).isZero();
    town.after(Duration.ofSeconds(1));
    town.ask();
    assertThat(town.offers(need).size()).isGreaterThan(asked);
  }

  static List<Offer> twoOffersForOnePerson(Town town) {
    town.people(1);
    var ordinary = town.need(2, Priority.URGENT);
    town.callOut(ordinary);
    town.ask();
    var life = town.need(2, Priority.LIFE);
    town.callOut(life);
    town.after(Duration.ofMinutes(16));
    town.ask();
    assertThat(town.offers(ordinary, State.OPEN)).hasSize(1);
    assertThat(town.offers(life, State.OPEN)).hasSize(1);
    return List.of(town.offers(ordinary).getFirst(), town.offers(life).getFirst());
  }

  // What the notifier knows of a reply that it has read.
  private static void readByNotifier(Offer offer) {
    var read =
        """
        UPDATE notify.reply SET meaning = 'person', purpose = 'dispatch', about = $2
        WHERE from_phone = $1
        """;
    db.superuserPool()
        .preparedQuery(read)
        .execute(Tuple.of(offer.phone().e164(), offer.id().about()))
        .await();
  }
}
