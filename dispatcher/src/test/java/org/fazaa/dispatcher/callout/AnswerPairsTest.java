package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two answers of one person to one offer, each way round, wherever the offer stands. */
@Tag("F19")
class AnswerPairsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  /** How the need stands when the first answer comes. */
  enum Stands {
    /** Asked, and places are free. */
    OPEN,
    /** Asked in vain for too long, and places are free. */
    EXPIRED,
    /** Its places and its standby are taken. */
    FULL,
    CLOSED
  }

  enum Says {
    YES("1 {code}"),
    YES_WORD("ok"),
    NO("2 {code}"),
    NO_WORD("no"),
    CANCEL("X {code}"),
    STOP("STOP");

    private final String body;

    Says(String body) {
      this.body = body;
    }
  }

  // The need, the first answer and what comes of it; then what comes of each second answer.
  private static final String TABLE =
      """
                | YES           | YES_WORD        | NO        | NO_WORD   | CANCEL    | STOP
      OPEN YES          | assigned
                | already theirs| already theirs  | gave back | gave back | gave back | stopped
      OPEN YES_WORD     | assigned
                | already theirs| already theirs  | gave back | gave back | gave back | stopped
      OPEN NO           | declined
                | assigned      | asked after no  | known     | known     | known     | stopped
      OPEN NO_WORD      | declined
                | assigned      | asked after no  | known     | known     | known     | stopped
      OPEN CANCEL       | declined
                | assigned      | asked after no  | known     | known     | known     | stopped
      OPEN STOP         | stopped
                | for a person  | for a person    | known     | known     | known     | stopped
      EXPIRED YES       | assigned
                | already theirs| already theirs  | gave back | gave back | gave back | stopped
      EXPIRED YES_WORD  | assigned
                | already theirs| already theirs  | gave back | gave back | gave back | stopped
      EXPIRED NO        | declined
                | assigned      | asked after no  | known     | known     | known     | stopped
      EXPIRED NO_WORD   | declined
                | assigned      | asked after no  | known     | known     | known     | stopped
      EXPIRED CANCEL    | declined
                | assigned      | asked after no  | known     | known     | known     | stopped
      EXPIRED STOP      | stopped
                | for a person  | for a person    | declined  | declined  | declined  | stopped
      FULL YES          | full
                | full          | full            | declined  | declined  | declined  | stopped
      FULL YES_WORD     | full
                | full          | full            | declined  | declined  | declined  | stopped
      FULL NO           | declined
                | full          | asked after no  | known     | known     | known     | stopped
      FULL NO_WORD      | declined
                | full          | asked after no  | known     | known     | known     | stopped
      FULL CANCEL       | declined
                | full          | asked after no  | known     | known     | known     | stopped
      FULL STOP         | stopped
                | for a person  | for a person    | declined  | declined  | declined  | stopped
      CLOSED YES        | closed
                | closed        | closed          | known     | known     | known     | stopped
      CLOSED YES_WORD   | closed
                | closed        | closed          | known     | known     | known     | stopped
      CLOSED NO         | known
                | closed        | closed          | known     | known     | known     | stopped
      CLOSED NO_WORD    | known
                | closed        | closed          | known     | known     | known     | stopped
      CLOSED CANCEL     | known
                | closed        | closed          | known     | known     | known     | stopped
      CLOSED STOP       | stopped
                | closed        | closed          | known     | known     | known     | stopped
      """;

  /** What a person is told in a text of the same commit. */
  private static final Set<String> TOLD =
      Set.of(
          "assigned",
          "already theirs",
          "gave back",
          "declined",
          "full",
          "closed",
          "asked after no");

  private static final Map<Stands, Deque<Offer>> OFFERS = new EnumMap<>(Stands.class);
  private static Town town;

  private record Key(Stands stands, Says first) {}

  private record Row(String effect, Map<Says, String> second) {}

  static Stream<Arguments> everyPair() {
    return Stream.of(Stands.values())
        .flatMap(stands -> Stream.of(Says.values()).map(first -> new Key(stands, first)))
        .flatMap(
            key -> Stream.of(Says.values()).map(next -> Arguments.of(key.stands, key.first, next)));
  }

  @ParameterizedTest(name = "{0}: {1} then {2}")
  @MethodSource("everyPair")
  void everyPairOfAnswersHasItsRowAndItsEffect(Stands stands, Says first, Says second) {
    var row = table().get(new Key(stands, first));
    var offer = offers(stands).pop();

    assertThat(says(offer, first)).as("the first").isEqualTo(row.effect);
    assertThat(says(offer, second)).as("the second").isEqualTo(row.second.get(second));
  }

  @Test
  void yesToTwoOffersAtDifferentTimesIsTwoPlaces() {
    var here = new Town(db);
    var both = AnswerRepliesTest.twoOffersForOnePerson(here);
    var later = here.now.plus(java.time.Duration.ofHours(30));
    db.superuserPool()
        .preparedQuery(
            "UPDATE dispatch.need SET starts_at = $2::timestamptz, ends_at = $2::timestamptz + '4"
                + " hours' WHERE id = $1")
        .execute(
            io.vertx.sqlclient.Tuple.of(
                both.getFirst().need().value(), org.fazaa.config.Database.utc(later)))
        .await();

    assertThat(here.says(both.getFirst(), "1").word()).isEqualTo("assigned");
    assertThat(here.says(both.getLast(), "1").word()).isEqualTo("assigned");
  }

  @Test
  void yesToTwoOffersAtOneTimeIsThePlaceOfTheFirstEachWayRound() {
    for (var firstIsFirst : new boolean[] {true, false}) {
      var here = new Town(db);
      var both = AnswerRepliesTest.twoOffersForOnePerson(here);
      var order = firstIsFirst ? both : both.reversed();
      assertThat(here.says(order.getFirst(), "1").word()).isEqualTo("assigned");
      assertThat(here.says(order.getLast(), "1").word()).isEqualTo("busy then");
    }
  }

  @AfterAll
  static void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  private static String says(Offer offer, Says says) {
    var before = town.texts(offer.phone()).size();
    var body = says.body.replace("{code}", offer.code());
    var word = town.says(offer.phone(), body, offer).word();
    var told = town.texts(offer.phone()).size() - before;
    assertThat(told).as("%s to %s", word, says).isEqualTo(TOLD.contains(word) ? 1 : 0);
    return word;
  }

  private static Deque<Offer> offers(Stands stands) {
    if (town == null) town = new Town(db);
    return OFFERS.computeIfAbsent(stands, AnswerPairsTest::stand);
  }

  private static Deque<Offer> stand(Stands stands) {
    town = new Town(db);
    town.people(Says.values().length * Says.values().length + 2);
    var need = town.need(stands == Stands.FULL ? 1 : 40, Priority.URGENT);
    town.callOut(need);
    town.ask(Waves.ALL);
    var offers = new ArrayDeque<>(town.offers(need));
    become(stands, need, offers);
    return offers;
  }

  private static void become(Stands stands, NeedId need, Deque<Offer> offers) {
    switch (stands) {
      case OPEN -> {}
      case EXPIRED -> {
        town.after(java.time.Duration.ofMinutes(61));
        TakeOfferTest.expire(town);
      }
      case FULL -> {
        town.says(offers.pop(), "1");
        town.says(offers.pop(), "1");
      }
      case CLOSED -> town.tx(tx -> CloseNeed.run(tx, town.staff(tx), need, "done", town.now));
    }
  }

  private static Map<Key, Row> table() {
    var table = new java.util.HashMap<Key, Row>();
    var lines = TABLE.lines().skip(1).toList();
    for (int i = 0; i < lines.size(); i += 2) {
      var head = lines.get(i).split("\\|");
      var name = head[0].strip().split(" ");
      var cells = Stream.of(lines.get(i + 1).split("\\|")).skip(1).map(String::strip).toList();
      var second =
          Stream.of(Says.values())
              .collect(Collectors.toMap(says -> says, says -> cells.get(says.ordinal())));
      table.put(
          new Key(Stands.valueOf(name[0]), Says.valueOf(name[1])),
          new Row(head[1].strip(), second));
    }
    return table;
  }
}
