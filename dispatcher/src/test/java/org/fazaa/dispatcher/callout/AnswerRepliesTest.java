package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.AnswerReplies.Answered;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.ReadReplies;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  @Tag("F19")
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
  @Tag("F19")
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

  @ParameterizedTest(name = "{0}, then {1}")
  @CsvSource({"X, ok", "X, تمام", "2, ok", "2, yes", "X, yes thanks"})
  void aWordAfterANoTakesNothingAgainAndIsAskedForADigit(String no, String word) {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();
    town.says(offer, no.equals("X") ? "1" : no);
    town.says(offer, no);

    var asked = town.says(offer.phone(), word, offer);

    assertThat(asked).isInstanceOf(Answered.AskedAfterNo.class);
    assertThat(town.view(need).need().filled()).isZero();
    assertThat(town.texts(offer.phone()).getLast()).contains("1 " + offer.code());
    assertThat(town.says(offer.phone(), "1", offer).word()).isEqualTo("assigned");
  }

  @Test
  @Tag("S13")
  void aMachineThatAnswersOurAnswersIsSoonTalkingToItself() {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();
    var before = town.texts(offer.phone()).size();

    for (int i = 0; i < 30; i++) town.says(offer.phone(), "ok", offer);

    assertThat(town.texts(offer.phone())).hasSize(before + Outbox.REPEATS_MAX);
    town.says(offer, "X");
    assertThat(town.texts(offer.phone())).hasSize(before + Outbox.REPEATS_MAX + 1);
    for (int i = 0; i < 30; i++) town.says(offer.phone(), "ok", offer);
    assertThat(town.texts(offer.phone())).hasSize(before + Outbox.REPEATS_MAX + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void answersTakenTogetherComeToWhatTheyWouldOneByOne(int seed) {
    var together = new Town(db);
    var alone = new Town(db);
    var random = new Random(seed);
    var needs = new ArrayList<List<NeedId>>();
    for (var town : List.of(together, alone)) {
      town.people(12);
      needs.add(new ArrayList<>());
      needs.getLast().add(asked(town, 2, Priority.URGENT));
      needs.getLast().add(asked(town, 3, Priority.LIFE));
    }
    for (var i = 0; i < 2; i++) { // for whoever is willing but late
      var town = List.of(together, alone).get(i);
      var tomorrow = town.need(3, Priority.PLANNED, town.now.plus(Duration.ofDays(1)));
      town.callOut(tomorrow);
      needs.get(i).add(tomorrow);
    }
    for (var round = 0; round < 6; round++) {
      var first = new LinkedHashMap<Offer, String>();
      var second = new LinkedHashMap<Offer, String>();
      var people = new HashSet<Phone>();
      for (var i = 0; i < 8; i++) {
        var need = random.nextInt(2);
        var person = random.nextInt(12);
        var word = List.of("1", "1", "1", "2", "X", "STOP").get(random.nextInt(6));
        var offer = together.offers(needs.get(0).get(need)).get(person);
        if (!people.add(offer.phone())) continue;
        first.put(offer, word);
        second.put(alone.offers(needs.get(1).get(need)).get(person), word);
      }

      var words = together.say(first).stream().map(Answered::word).toList();
      var one = new ArrayList<String>();
      second.forEach((offer, word) -> one.add(alone.says(offer, word).word()));

      assertThat(words).as("round %d", round).isEqualTo(one);
      for (var need = 0; need < 3; need++) {
        assertThat(stands(together, needs.get(0).get(need)))
            .as("round %d", round)
            .isEqualTo(stands(alone, needs.get(1).get(need)));
      }
    }
  }

  private static NeedId asked(Town town, int people, Priority priority) {
    var need = town.need(people, priority);
    town.callOut(need);
    town.after(Duration.ofMinutes(16));
    town.ask(Waves.ALL);
    assertThat(town.offers(need)).hasSize(12);
    return need;
  }

  /** Everything about a need that does not name it, and what its people were told, in a row. */
  private static List<Object> stands(Town town, NeedId id) {
    var stands = new ArrayList<Object>();
    for (var sql : List.of(NEED_STANDS, OFFERS_STAND, EVENTS)) {
      for (var row : db.pool().preparedQuery(sql).execute(Tuple.of(id.value())).await()) {
        for (var i = 0; i < row.size(); i++) stands.add(String.valueOf(row.getValue(i)));
      }
    }
    for (var offer : town.offers(id)) {
      town.texts(offer.phone()).forEach(body -> stands.add(body.replaceAll(NAMES_IT, "…")));
    }
    return stands;
  }

  /** Codes, links and places, which differ from town to town. */
  private static final String NAMES_IT =
      "https?://\\S+|-?\\d+\\.\\d+|\\b(?=\\w*\\d)[A-Z0-9]{4,}\\b";

  private static final String NEED_STANDS =
      """
      SELECT filled, surplus, standby, yes, state, next_round_at, needs_human_at
      FROM dispatch.need WHERE id = $1
      """;

  private static final String OFFERS_STAND =
      """
      SELECT o.state, o.counted, o.answered_at, o.changed_at, v.busy_from, v.busy_until
      FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer
      WHERE o.need = $1 ORDER BY o.volunteer
      """;

  private static final String EVENTS =
      """
      SELECT e.what, rank() OVER (ORDER BY o.volunteer)
      FROM dispatch.offer_event e JOIN dispatch.offer o ON o.id = e.offer
      WHERE e.need = $1 ORDER BY o.volunteer, e.id
      """;

  @Test
  @Tag("F19")
  void theRepliesOfOnePhoneTakeEffectInTheirOrderOnWhateverNode() {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offer = town.offers(need).getFirst();
    town.textsLeave();
    write(town, offer, "1");
    read(town);
    write(town, offer, "X");
    read(town);
    var others =
        new AnswerReplies(
            db.database().people(), town.bus, town.take, (place, language) -> "Al-Naseem");

    town.tx(
        tx -> {
          var first = Inbox.claim(tx, Channel.PURPOSE, 1, town.now);
          assertThat(others.run(town.now))
              .as("the second is nobody's while the first is")
              .isFalse();
          return town.answer.run(tx, first, town.now);
        });

    assertThat(town.state(offer)).isEqualTo(State.ASSIGNED);
    assertThat(others.run(town.now)).isTrue();
    assertThat(town.state(offer)).isEqualTo(State.WITHDRAWN);
  }

  @Test
  void whatIsReadWaitsForWhatTheSamePhoneSentBeforeAndNobodyHasRead() {
    var town = new Town(db);
    town.people(10);
    var need = TakeOfferTest.called(town, 2, Priority.URGENT);
    var offers = town.offers(need);
    town.textsLeave();
    write(town, offers.get(0), "1");
    write(town, offers.get(0), "X");
    write(town, offers.get(1), "1");
    read(town);
    setState(offers.get(0), "1", "kept");

    town.answer.run(town.now);

    assertThat(town.state(offers.get(0))).isEqualTo(State.OPEN);
    assertThat(town.state(offers.get(1))).isEqualTo(State.ASSIGNED);
    read(town);
    town.answer.run(town.now);
    assertThat(town.state(offers.get(0))).isEqualTo(State.WITHDRAWN);
  }

  @Test
  void whoIsOnStandbyTwiceIsGivenOnePlaceWhenTwoComeFreeAtOnce() throws Exception {
    var town = new Town(db);
    town.people(3);
    var ordinary = town.need(1, Priority.URGENT);
    town.callOut(ordinary);
    town.ask(Waves.ALL);
    var first = town.offers(ordinary);
    town.says(first.get(0), "1");
    town.says(first.get(2), "1");
    var life = town.need(1, Priority.LIFE);
    town.callOut(life);
    town.after(Duration.ofMinutes(16));
    town.ask(Waves.ALL);
    var second = town.offers(life);
    var holder = second.stream().filter(o -> o.phone().equals(first.get(1).phone())).findFirst();
    var twice = second.stream().filter(o -> o.phone().equals(first.get(2).phone())).findFirst();
    town.says(holder.orElseThrow(), "1");
    town.says(twice.orElseThrow(), "1");
    assertThat(town.state(first.get(2))).isEqualTo(State.STANDBY);
    assertThat(town.state(twice.get())).isEqualTo(State.STANDBY);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var other =
          town.tx(
              tx -> {
                DeclineOffer.run(tx, first.get(0).id(), Cause.reply(0), town.now);
                var meanwhile = threads.submit(() -> town.says(holder.get(), "X").word());
                await().until(AnswerRepliesTest::somebodyWaits);
                return meanwhile;
              });
      assertThat(other.get()).isEqualTo("gave back");
    }

    assertThat(List.of(town.state(first.get(2)), town.state(twice.get())))
        .containsExactlyInAnyOrder(State.ASSIGNED, State.STANDBY);
  }

  private static boolean somebodyWaits() {
    var waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    return db.superuserPool().query(waiting).execute().await().size() > 0;
  }

  @Test
  void manyRepliesShareACommitAndTheFirstWhoCameHaveThePlaces() {
    var town = new Town(db);
    town.people(30);
    var need = town.need(5, Priority.URGENT);
    town.callOut(need);
    town.ask(Waves.ALL);
    town.textsLeave();
    var offers = town.offers(need).reversed();
    for (var offer : offers) write(town, offer, "1");
    read(town);

    assertThat(town.answer.run(town.now)).isTrue();

    assertThat(offers.subList(0, 5)).extracting(town::state).containsOnly(State.ASSIGNED);
    assertThat(offers.subList(6, 30)).extracting(town::state).containsOnly(State.TOO_LATE);
    var phones = offers.stream().map(offer -> offer.phone().e164()).toArray(String[]::new);
    var commits = "SELECT count(DISTINCT xmin::text) FROM notify.reply WHERE from_phone = ANY ($1)";
    assertThat(town.count(commits, (Object) phones)).isEqualTo(1);
  }

  @Test
  void manyRepliesShareACommitAndOneThatFailsTakesNobodyWithIt() {
    var town = new Town(db);
    town.people(30);
    var need = town.need(20, Priority.URGENT);
    town.callOut(need);
    town.ask(Waves.ALL);
    town.textsLeave();
    var offers = town.offers(need);
    for (var offer : offers) write(town, offer, "1");
    read(town);
    setAbout(offers.get(3), "not a number");

    assertThat(town.answer.run(town.now)).isTrue();

    assertThat(town.view(need).need().filled()).isEqualTo(20);
    assertThat(town.state(offers.get(3))).isNotEqualTo(State.ASSIGNED);
    assertThat(offers.subList(0, 3)).extracting(town::state).containsOnly(State.ASSIGNED);
    setAbout(offers.get(3), offers.get(3).id().about());
    town.after(Duration.ofSeconds(2));
    town.answer.run(town.now);
    assertThat(town.state(offers.get(3))).isIn(State.STANDBY, State.TOO_LATE);
  }

  private static void write(Town town, Offer offer, String word) {
    var body = word + " " + offer.code();
    var arrived = new Arrived("twilio", body + offer.phone(), offer.phone(), "+1", body, Map.of());
    town.tx(tx -> TakeReply.run(tx, arrived, town.now));
  }

  private static void read(Town town) {
    new ReadReplies(db.pool(), town.bus).run(town.now);
  }

  private static void setState(Offer offer, String word, String state) {
    db.superuserPool()
        .preparedQuery("UPDATE notify.reply SET state = $3 WHERE from_phone = $1 AND body = $2")
        .execute(Tuple.of(offer.phone().e164(), word + " " + offer.code(), state))
        .await();
  }

  private static void setAbout(Offer offer, String about) {
    db.superuserPool()
        .preparedQuery("UPDATE notify.reply SET about = $2 WHERE from_phone = $1")
        .execute(Tuple.of(offer.phone().e164(), about))
        .await();
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

    var unsure = town.says(offer.phone(), "let me ask my wife first " + offer.code(), offer);
    assertThat(unsure.word()).isEqualTo("for a person");
    readByNotifier(offer);
    var waiting =
        Inbox.waiting(db.pool(), 1000, town.now).stream()
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
