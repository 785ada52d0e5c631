package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.fazaa.dispatcher.callout.Calibration;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted of a few needs that somebody wrote down. */
class FiguresTest {
  private static final Instant OPENED = Instant.parse("2026-11-20T08:00:00Z");
  private static final Set<Skill> ANYBODY = Set.of();
  private static final Set<Skill> NURSES = Set.of(Skill.NURSE);

  private final List<Set<Skill>> people = new ArrayList<>();
  private final List<Happened.Need> needs = new ArrayList<>();
  private final List<Happened.Offer> offers = new ArrayList<>();
  private final List<Happened.Event> events = new ArrayList<>();
  private final List<Happened.Forecast> forecasts = new ArrayList<>();

  FiguresTest() {
    IntStream.range(0, 10).forEach(n -> people.add(n < 2 ? NURSES : ANYBODY));
  }

  @Test
  void aPlaceThatStaysEmptyCountsWithTheDeadline() {
    need(Priority.LIFE, 3, 30, Optional.empty());
    happens(offer(0, 1), 2, "assigned");
    happens(offer(0, 2), 5, "promoted");

    var all = all();

    assertThat(all.fillSeconds()).containsExactly(120L, 300L, 1800L);
    assertThat(all.fillRate()).isEqualTo(0.667);
    assertThat(all.missed()).isOne();
  }

  @Test
  void aPlaceThatIsGivenBackCountsForWhoeverHoldsItInTheEnd() {
    need(Priority.LIFE, 1, 30, Optional.empty());
    happens(offer(0, 1), 2, "assigned");
    happens(0, 4, "withdrawn");
    happens(offer(0, 2), 9, "assigned");
    happens(1, 31, "released"); // too late to matter

    assertThat(all().fillSeconds()).containsExactly(540L);
    assertThat(all().missed()).isZero();
  }

  @Test
  void whoSaysYesAndNeverGetsAPlaceIsOneTooMany() {
    need(Priority.URGENT, 1, 30, Optional.empty());
    happens(offer(0, 1), 1, "assigned");
    happens(offer(0, 2), 2, "standby");
    happens(offer(0, 3), 3, "too_late");
    happens(0, 4, "withdrawn");
    happens(1, 4, "promoted");

    assertThat(all().overResponses()).isOne();
    assertThat(all().overResponsesPerPlace()).isEqualTo(1.0);
  }

  @Test
  void theTimeToArriveAddsTheWayAndWhoDoesNotComeNeverArrives() {
    need(Priority.LIFE, 2, 30, Optional.empty());
    happens(offer(0, 1, 0.2, true, true), 2, "assigned");
    happens(offer(0, 2, 0.2, true, false), 3, "assigned");

    assertThat(all().arriveSeconds()).containsExactly(120L + WAY.toSeconds(), 1800L);
    assertThat(all().noShows()).isOne();
  }

  @ParameterizedTest
  @CsvSource({"15, 1, 1", "16, 1, 0", "30, 0, 0"})
  void aSignalIsEarlyByHalfOfTheTimeAndNoneFromTheDeadlineOn(int minute, int flagged, int early) {
    need(Priority.LIFE, 1, 30, Optional.of(OPENED.plus(Duration.ofMinutes(minute))));

    assertThat(all().signals()).isEqualTo(new Tally.Signals(flagged, flagged, early));
  }

  @Test
  void aNeedThatFilledThoughItWasFlaggedWouldHaveFilledWithoutHelp() {
    need(Priority.LIFE, 1, 30, Optional.of(OPENED));
    happens(offer(0, 1), 2, "assigned");

    assertThat(all().signals()).isEqualTo(new Tally.Signals(1, 0, 0));
  }

  @Test
  void classesAreCountedApart() {
    need(Priority.LIFE, 1, 30, Optional.empty());
    need(Priority.PLANNED, 2, 480, Optional.empty());
    happens(offer(1, 4), 60, "assigned");

    var classes = new Figures(happened()).classes();

    assertThat(classes.get(Priority.LIFE).filled()).isZero();
    assertThat(classes.get(Priority.PLANNED).filled()).isOne();
    assertThat(classes.get(Priority.URGENT).places()).isZero();
    assertThat(classes.get(Priority.URGENT).fillRate()).isNull();
    assertThat(classes.get(Priority.PLANNED).neverAsked()).isEqualTo(0.9);
  }

  @Test
  void ratesAreHeldAgainstWhatPeopleMeantAndForecastsAgainstTheDeadline() {
    need(Priority.LIFE, 1, 30, Optional.empty());
    offer(0, 1, 0.9, true, true);
    offer(0, 2, 0.3, false, true);
    forecasts.add(new Happened.Forecast(0, OPENED, true, 0.8));
    forecasts.add(new Happened.Forecast(0, OPENED.plusSeconds(60), false, 0.1));

    assertThat(all().rates())
        .containsExactly(new Calibration.Pair(0.9, true), new Calibration.Pair(0.3, false));
    assertThat(all().atPress()).containsExactly(new Calibration.Pair(0.8, false));
    assertThat(all().live()).containsExactly(new Calibration.Pair(0.1, false));
  }

  @Test
  void forecastsAreAlsoJudgedByThoseSaidAfterAWeek() {
    need(Priority.LIFE, 1, 30, Optional.empty());
    var week = OPENED.plus(Duration.ofDays(7));
    forecasts.add(new Happened.Forecast(0, week.minusMillis(1), true, 0.8));
    forecasts.add(new Happened.Forecast(0, week, true, 0.7));
    forecasts.add(new Happened.Forecast(0, week, false, 0.1));

    assertThat(all().atPressAfterWeek()).containsExactly(new Calibration.Pair(0.7, false));
    assertThat(all().liveAfterWeek()).containsExactly(new Calibration.Pair(0.1, false));
  }

  @Test
  void onlyThoseWhoCouldBeAskedShareTheBurden() {
    need(Priority.LIFE, 1, 30, Optional.empty(), NURSES);
    offer(0, 1);
    offer(0, 2);

    assertThat(all().burden().gini()).hasValueSatisfying(near(0));

    needs.clear();
    need(Priority.LIFE, 1, 30, Optional.empty(), ANYBODY);
    assertThat(all().burden().gini()).hasValueSatisfying(near(0.8));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 0, 0, 1",
    "9, 1, 0, 0.9, 1",
    "1, 1, 0, 0.5, 1",
    "0, 5, 5, 0.1667, 2",
    "198, 1, 1, 0.9916, 0",
    "98, 1, 1, 0.9833, 1",
  })
  void theGiniIsNoughtWhenAllGetAlike(long none, long one, long two, double gini, int most) {
    var weeks = new TreeMap<>(Map.of(0, none, 1, one, 2, two));

    assertThat(Burden.of(weeks).gini()).hasValueSatisfying(near(gini));
    assertThat(Burden.of(weeks).mostTexts()).isEqualTo(most);
  }

  @Test
  void districtsAreComparedWhereTheyHaveEnoughPlaces() {
    for (var lon : List.of(39.25, 39.15, 40.5)) {
      need(Priority.PLANNED, lon < 40 ? Districts.LEAST_PLACES : 1, 480, lon);
    }
    for (var person = 1; person <= 5; person++) happens(offer(0, person), 1, "assigned");
    for (var person = 1; person <= 8; person++) happens(offer(1, person), 1, "assigned");

    var districts = all().districts();

    assertThat(districts.compared()).hasSize(2);
    assertThat(districts.compared().getFirst().lon()).isEqualTo(392);
    assertThat(districts.gap()).hasValueSatisfying(near(0.15));
  }

  @Test
  void theDigestHangsOnAllThatHappened() {
    need(Priority.LIFE, 1, 30, Optional.empty());
    happens(offer(0, 1), 2, "assigned");
    var before = happened().digest();

    assertThat(happened().digest()).isEqualTo(before).matches("[0-9a-f]{64}");
    happens(0, 4, "withdrawn");
    assertThat(happened().digest()).isNotEqualTo(before);
  }

  private static Consumer<Double> near(double value) {
    return actual -> assertThat(actual).isCloseTo(value, within(1e-3));
  }

  private static final Duration WAY = Duration.ofMinutes(7);

  private Tally all() {
    return new Figures(happened()).all();
  }

  private Happened happened() {
    return new Happened(people, needs, offers, events, forecasts, List.of(), 0, 0);
  }

  private void need(Priority priority, int places, int minutes, Optional<Instant> signalledAt) {
    need(priority, places, minutes, signalledAt, ANYBODY);
  }

  private void need(Priority priority, int places, int minutes, double lon) {
    need(priority, places, minutes, Optional.empty(), ANYBODY, lon);
  }

  private void need(
      Priority priority,
      int places,
      int minutes,
      Optional<Instant> signalledAt,
      Set<Skill> skills) {
    need(priority, places, minutes, signalledAt, skills, 39.2);
  }

  private void need(
      Priority priority,
      int places,
      int minutes,
      Optional<Instant> signalledAt,
      Set<Skill> skills,
      double lon) {
    var fillBy = OPENED.plus(Duration.ofMinutes(minutes));
    needs.add(
        new Happened.Need(
            needs.size(),
            priority,
            places,
            skills,
            new Point(lon, 21.55),
            OPENED,
            fillBy,
            fillBy.plus(Duration.ofHours(4)),
            signalledAt,
            0,
            "closed",
            Happened.Texts.NONE));
  }

  private int offer(int need, long person) {
    return offer(need, person, 0.2, true, true);
  }

  private int offer(int need, long person, double rate, boolean willing, boolean comes) {
    offers.add(
        new Happened.Offer(
            need,
            person,
            OPENED,
            OPENED,
            Optional.empty(),
            State.OPEN,
            rate,
            1,
            willing,
            WAY,
            comes));
    return offers.size() - 1;
  }

  private void happens(int offer, int minute, String what) {
    events.add(new Happened.Event(offer, OPENED.plus(Duration.ofMinutes(minute)), what));
  }
}
