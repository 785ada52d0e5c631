package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Alarm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that say more than yes or no, one after the other and each way round. */
class EffectPairsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  // Two answers with the code, what comes of each, where the offer stands then, and how far its
  // writer has come: w on the way, t there, l left, e expected at an hour, a leaning, r the last.
  private static final String TABLE =
      """
      YES  | LATER | assigned | expected then | ASSIGNED | e
      LATER | YES | assigned | already theirs | ASSIGNED | e
      YES | LAST | assigned | for a person | ASSIGNED |
      LAST | YES | kept as the last | assigned | ASSIGNED |
      YES | WAY | assigned | on the way | ASSIGNED | w
      WAY | YES | on the way | already theirs | ASSIGNED | w
      YES | HERE | assigned | there | ASSIGNED | t
      HERE | YES | there | for a person | ASSIGNED | t
      YES | DONE | assigned | left, and for a person | ASSIGNED | l
      DONE | YES | for a person | assigned | ASSIGNED |
      NO | LATER | declined | assigned | ASSIGNED | e
      LATER | NO | assigned | gave back | WITHDRAWN | e
      NO | LAST | declined | kept as the last | OPEN | r
      LAST | NO | kept as the last | declined | DECLINED |
      NO | WAY | declined | on the way | ASSIGNED | w
      WAY | NO | on the way | gave back | WITHDRAWN | w
      NO | HERE | declined | there | ASSIGNED | t
      HERE | NO | there | for a person | ASSIGNED | t
      DROP | LATER | declined | assigned | ASSIGNED | e
      LATER | DROP | assigned | gave back | WITHDRAWN | e
      LAST | DROP | kept as the last | declined | DECLINED |
      WAY | DROP | on the way | gave back | WITHDRAWN | w
      HERE | DROP | there | gave back | WITHDRAWN | t
      WAY | HERE | on the way | there | ASSIGNED | wt
      HERE | WAY | there | for a person | ASSIGNED | t
      HERE | DONE | there | left | ASSIGNED | tl
      DONE | HERE | for a person | there | ASSIGNED | t
      WAY | DONE | on the way | left, and for a person | ASSIGNED | wl
      LATER | LATER | assigned | expected then | ASSIGNED | e
      LATER | LAST | assigned | for a person | ASSIGNED | e
      LAST | LATER | kept as the last | assigned | ASSIGNED | e
      LAST | LAST | kept as the last | kept as the last | OPEN | r
      LAST | WAY | kept as the last | on the way | ASSIGNED | w
      WAY | LAST | on the way | for a person | ASSIGNED | w
      LAST | HERE | kept as the last | there | ASSIGNED | t
      WAY | WAY | on the way | on the way | ASSIGNED | w
      HERE | HERE | there | there | ASSIGNED | t
      LATER | WAY | assigned | on the way | ASSIGNED | ew
      LATER | HERE | assigned | there | ASSIGNED | et
      WAY | LATER | on the way | expected then | ASSIGNED | ew
      STOP | LATER | stopped | for a person | DECLINED |
      LATER | STOP | assigned | stopped | WITHDRAWN | e
      STOP | LAST | stopped | for a person | DECLINED |
      LAST | STOP | kept as the last | stopped | DECLINED |
      STOP | WAY | stopped | for a person | DECLINED |
      WAY | STOP | on the way | stopped | WITHDRAWN | w
      STOP | HERE | stopped | for a person | DECLINED |
      HERE | STOP | there | stopped | WITHDRAWN | t
      WRONG | YES | phone freed | for a person | DECLINED |
      YES | WRONG | assigned | phone freed | WITHDRAWN |
      WRONG | STOP | phone freed | stopped | DECLINED |
      DANGER | YES | for a person | assigned | ASSIGNED |
      YES | DANGER | assigned | for a person | ASSIGNED |
      HERE | DANGER | there | for a person | ASSIGNED | t
      WHO | YES | told who writes | assigned | ASSIGNED |
      YES | WHO | assigned | told who writes | ASSIGNED |
      WHERE | YES | told the area | assigned | ASSIGNED |
      YES | WHERE | assigned | told the place | ASSIGNED |
      HELP | YES | told how to answer | assigned | ASSIGNED |
      YES | HELP | assigned | told how to answer | ASSIGNED |
      GROUP | YES | a group, and for a person | already theirs | ASSIGNED |
      YES | GROUP | assigned | a group, and for a person | ASSIGNED |
      NO | GROUP | declined | a group, and for a person | ASSIGNED |
      GROUP | NO | a group, and for a person | gave back | WITHDRAWN |
      SOFT | YES | asked for a time | assigned | ASSIGNED |
      SOFT | LATER | asked for a time | assigned | ASSIGNED | e
      SOFT | NO | asked for a time | declined | DECLINED |
      SOFT | SOFT | asked for a time | asked for a time | OPEN | a
      YES | SOFT | assigned | for a person | ASSIGNED |
      """;

  private static Town town;
  private static Deque<Offer> offers;

  static Stream<Arguments> pairs() {
    return TABLE
        .lines()
        .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toArray())
        .map(Arguments::of);
  }

  @ParameterizedTest(name = "{0} then {1}")
  @MethodSource("pairs")
  @Tag("F19")
  void everyPairOfAnswersHasItsEffectInItsOrder(
      String first, String second, String early, String late, State end, String journey) {
    var offer = offer();

    assertThat(says(offer, first)).as("the first").isEqualTo(early);
    assertThat(says(offer, second)).as("the second").isEqualTo(late);

    var now = now(offer);
    assertThat(now.state()).isEqualTo(end);
    assertThat(letters(now.journey())).isEqualTo(journey);
  }

  @Test
  @Tag("F19")
  void aTimeInTheMiddleOfTheNeedTakesNoPlaceAndIsForThePerson() {
    var offer = offer();

    var noted = town.says(offer.phone(), "I can come in 3 hours " + offer.code(), offer);

    assertThat(noted.word()).isEqualTo("noted the time, and for a person");
    assertThat(now(offer).state()).isEqualTo(State.OPEN);
    assertThat(now(offer).journey().eta()).contains(town.now.plus(Duration.ofHours(3)));
  }

  @Test
  @Tag("F19")
  void aTimeAfterTheEndIsANo() {
    var offer = offer();

    assertThat(town.says(offer.phone(), "I can come in 9 hours " + offer.code(), offer).word())
        .isEqualTo("declined");
  }

  @Test
  @Tag("F19")
  void aWordThatCouldBeAboutTwoOffersIsAskedWhich() {
    var here = new Town(db);
    var both = AnswerRepliesTest.twoOffersForOnePerson(here);

    for (var body : List.of("on my way", "I'm here")) {
      var asked = here.says(both.getFirst().phone(), body, both.getLast());
      assertThat(asked.word()).as(body).isEqualTo("asked which");
    }
  }

  @Test
  void aWrongNumberIsFreeForItsOwnerAndNothingLeavesForItAgain() {
    var offer = offer();
    var phone = offer.phone();
    town.says(offer, "1");

    town.says(phone, "wrong number", offer);

    assertThat(Volunteers.find(db.pool(), phone)).isEmpty();
    assertThat(town.texts(phone).getLast()).doesNotContain(offer.code());
    var told = town.texts(phone).size();
    assertThat(town.says(phone, "wrong number", offer).word()).isEqualTo("known");
    assertThat(town.texts(phone)).hasSize(told);
  }

  @Test
  void dangerRingsTheDeskAndAsksWhereAgainAndAgain() {
    var offer = offer();
    var before = town.texts(offer.phone()).size();

    town.says(offer.phone(), "we are trapped", offer);
    town.says(offer.phone(), "help us we are trapped", offer);

    assertThat(town.texts(offer.phone())).hasSize(before + 2);
    var about = "offer " + offer.id().about();
    assertThat(Alarm.list(db.pool()))
        .filteredOn(alarm -> alarm.about().equals(about))
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.kind()).isEqualTo(Alarm.Kind.DANGER))
        .satisfies(alarm -> assertThat(alarm.times()).isEqualTo(2));
  }

  @Test
  void theLastIsGivenThePlaceWhenNobodyIsLeftToAsk() {
    var here = new Town(db);
    here.people(3);
    var need = here.need(2, Priority.URGENT);
    here.callOut(need);
    here.ask(Waves.ALL);
    var asked = here.offers(need);
    here.says(asked.get(0), "only if nobody else comes");
    here.says(asked.get(1), "1");
    assertThat(here.state(asked.get(0))).isEqualTo(State.OPEN);

    here.says(asked.get(2), "2");
    here.after(Duration.ofMinutes(3));
    here.ask(Waves.ALL);

    assertThat(here.state(asked.get(0))).isEqualTo(State.ASSIGNED);
    assertThat(here.view(need).need().filled()).isEqualTo(2);
    assertThat(here.texts(asked.get(0).phone()).getLast()).contains(asked.get(0).code());
  }

  @AfterAll
  static void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  private static String says(Offer offer, String what) {
    var code = " " + offer.code();
    var body =
        switch (what) {
          case "YES" -> "1" + code;
          case "NO" -> "2" + code;
          case "DROP" -> "X" + code;
          case "STOP" -> "STOP";
          case "LATER" -> "I can come in 90 minutes" + code;
          case "LAST" -> "only if nobody else comes" + code;
          case "WAY" -> "on my way" + code;
          case "HERE" -> "I'm here" + code;
          case "DONE" -> "done" + code;
          case "WRONG" -> "wrong number";
          case "DANGER" -> "we are trapped" + code;
          case "WHO" -> "who is this";
          case "WHERE" -> "where is it" + code;
          case "HELP" -> "help";
          case "GROUP" -> "we are 5 people coming" + code;
          case "SOFT" -> "inshallah" + code;
          default -> throw new IllegalArgumentException(what);
        };
    return town.says(offer.phone(), body, offer).word();
  }

  private static String letters(Journey journey) {
    return (journey.eta().isPresent() ? "e" : "")
        + (journey.onWay().isPresent() ? "w" : "")
        + (journey.arrived().isPresent() ? "t" : "")
        + (journey.left().isPresent() ? "l" : "")
        + (journey.leaning() ? "a" : "")
        + (journey.lastResort() ? "r" : "");
  }

  private static Offer now(Offer offer) {
    return Needs.offer(db.pool(), offer.id()).orElseThrow();
  }

  private static Offer offer() {
    if (town == null) {
      town = new Town(db);
      town.people(120);
      var need = town.need(100, Priority.URGENT);
      town.callOut(need, 200);
      town.ask(Waves.ALL);
      offers = new ArrayDeque<>(town.offers(need));
    }
    return offers.pop();
  }
}
