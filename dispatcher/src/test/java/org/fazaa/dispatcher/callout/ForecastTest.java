package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.notifier.Way;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForecastTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @Test
  void moreTextsNeverLowerTheChance() {
    var line = RoundTest.line(1, Priority.URGENT, 4, RoundTest.people(1, 150, 2, 0.15));
    var before = 0.0;
    for (var texts = 0; texts <= 160; texts += 5) {
      var chance = Forecast.of(line, texts, NOW).chance();
      assertThat(chance).isBetween(before, 1.0);
      before = chance;
    }
    assertThat(before).isGreaterThan(0.8);
  }

  // Most of them are still waiting for their turn when the time is over.
  @ParameterizedTest
  @CsvSource({"URGENT, 90", "URGENT, 60", "LIFE, 15"})
  void whoIsNotReachedInTimeIsNotCountedOn(Priority priority, int minutesGone) {
    var line = RoundTest.line(1, priority, 1, RoundTest.people(1, 150, 2, 0.03));
    var since = NOW.minus(Duration.ofMinutes(minutesGone));
    var late = RoundTest.since(line, since, since.plus(priority.fillWithin()));

    var goingOn = Forecast.of(late, 150, NOW);

    assertThat(goingOn.expected()).isLessThan(0.9 * Forecast.atOnce(late, 150, NOW).expected());
    assertThat(goingOn.chance()).isPositive();
  }

  // Early only what is nearly lost, by half of the time what may well stay open, and later less.
  @ParameterizedTest
  @CsvSource({
    "0, 0.19, true", "0, 0.21, false", "50, 0.21, false", "56, 0.69, true", "60, 0.69, true",
    "60, 0.71, false", "90, 0.4, false", "90, 0.3, true", "119, 0.1, false", "120, 0, true"
  })
  void aPersonIsCalledWhileThereIsTime(int minutesGone, double chance, boolean called) {
    var line = RoundTest.line(1, Priority.URGENT, 1, List.of());
    var since = NOW.minus(Duration.ofMinutes(minutesGone));
    var late = RoundTest.since(line, since, since.plus(Duration.ofHours(2)));

    assertThat(late.needsHuman(chance, NOW)).isEqualTo(called);
    assertThat(late.open(0).needsHuman(chance, NOW)).isFalse();
  }

  @Test
  void withoutTextsAndWithoutAnybodyAskedItIsHopeless() {
    var line = RoundTest.line(1, Priority.URGENT, 1, RoundTest.people(1, 50, 2, 0.15));

    assertThat(Forecast.of(line, 0, NOW).chance()).isZero();
  }

  @Test
  void fewerPeopleThanPlacesNeverFillThem() {
    var line = RoundTest.line(1, Priority.URGENT, 2, RoundTest.people(1, 1, 0, 0.9));

    assertThat(Forecast.of(line, 20, NOW).chance()).isZero();
    assertThat(Forecast.calculated(line, 0.9, NOW)).isZero();
  }

  // Of hundreds of answers no world explains more than the least of numbers.
  @ParameterizedTest
  @CsvSource({"250, 250", "5, 400", "400, 5", "0, 0"})
  void howeverManyHaveAnsweredItIsAChance(int yes, double due) {
    var calm = RoundTest.line(1, Priority.URGENT, 80, RoundTest.people(1, 300, 2, 0.3));
    var line =
        new Line(
            calm.need(),
            calm.priority(),
            calm.open(),
            yes,
            due,
            calm.since(),
            calm.fillBy(),
            calm.lastWave(),
            calm.delay(),
            calm.lag(),
            calm.usual(),
            calm.shows(),
            calm.trust(),
            calm.waiting(),
            calm.options());

    assertThat(Forecast.of(line, 300, NOW).chance()).isBetween(0.0, 1.0);
  }

  @Test
  void aFullNeedIsCertain() {
    var line = RoundTest.line(1, Priority.URGENT, 0, List.of());

    assertThat(Forecast.of(line, 0, NOW).chance()).isEqualTo(1.0);
  }

  @Test
  void onePersonIsAsSureAsTheirRate() {
    var line = RoundTest.line(1, Priority.PLANNED, 1, RoundTest.people(1, 1, 0, 0.2));

    assertThat(Forecast.of(line, 1, NOW).chance()).isCloseTo(0.18, within(0.02));
  }

  @Test
  void thoseWhoWereAskedCountUntilTheirSilenceSaysNo() {
    var fresh = RoundTest.waiting(5, 0.3, Duration.ZERO);
    var old = RoundTest.waiting(5, 0.3, Duration.ofHours(1));

    var hopeful = RoundTest.line(1, Priority.URGENT, 1, fresh, List.of());
    var hopeless = RoundTest.line(1, Priority.URGENT, 1, old, List.of());

    assertThat(Forecast.of(hopeful, 0, NOW).chance()).isGreaterThan(0.7);
    assertThat(Forecast.of(hopeless, 0, NOW).chance()).isLessThan(0.05);
  }

  @Test
  void theProposedNumberIsTheFewestThatIsSureEnough() {
    var line = RoundTest.line(1, Priority.URGENT, 3, RoundTest.people(1, 300, 1, 0.1));

    var texts = Forecast.textsFor(line, 0.9, NOW);

    assertThat(Forecast.atOnce(line, texts, NOW).chance()).isGreaterThanOrEqualTo(0.9);
    assertThat(Forecast.atOnce(line, texts - 1, NOW).chance()).isLessThan(0.9);
    assertThat(Forecast.atOnce(line, texts, NOW).likelyTexts()).isBetween(10, texts);
  }

  // The table of dispatch science: means that a Poisson number of yes needs.
  @ParameterizedTest
  @CsvSource({"1, 2.30, 0.90", "3, 5.32, 0.90", "5, 9.15, 0.95", "10, 11.9, 0.75"})
  void thePoissonTailAgreesWithTheTable(int places, double mean, double chance) {
    assertThat(1 - Rates.poissonBelow(mean, places)).isCloseTo(chance, within(0.005));
  }

  @Test
  void halfOfAllAnswersComeWithinTheMedianAndSilenceWearsARateDown() {
    var delay = new Delay(Math.log(120), 1.2);
    assertThat(delay.answeredWithin(Duration.ofSeconds(120))).isCloseTo(0.5, within(1e-6));
    assertThat(delay.answeredWithin(Duration.ZERO)).isZero();
    assertThat(delay.stillMayAnswer(0.3, Duration.ZERO)).isEqualTo(0.3);
    assertThat(delay.stillMayAnswer(0.3, Duration.ofMinutes(2))).isCloseTo(0.176, within(0.001));
    assertThat(delay.stillMayAnswer(0.3, Duration.ofHours(2))).isLessThan(0.001);
  }

  @Test
  void theDelayIsLearnedFromAnswers() {
    assertThat(Delay.learned(0, 0, 0).sigma()).isCloseTo(Delay.FIRST.sigma(), within(1e-9));
    var log = Math.log(600);
    var slow = Delay.learned(1_000, 1_000 * log, 1_000 * (log * log + 1));
    assertThat(Math.exp(slow.logMean())).isBetween(550.0, 600.0);
    assertThat(slow.sigma()).isCloseTo(1, within(0.05));
  }

  @Test
  void aPersonsOwnAnswersPullTheGroupsRateAndDistanceNightAndTextsLowerIt() {
    assertThat(answer(history(0, 0, 0), 0, 12)).isEqualTo(0.25);
    assertThat(answer(history(10, 0, 0), 0, 12)).isGreaterThan(0.6);
    assertThat(answer(history(0, 30, 0), 0, 12)).isLessThan(0.05);
    assertThat(answer(history(0, 0, 0), 6, 12)).isCloseTo(0.25 / Math.E, within(1e-9));
    assertThat(answer(history(0, 0, 0), 0, 3)).isBetween(0.1, 0.2);
    assertThat(answer(history(0, 0, 8), 0, 12)).isBetween(0.15, 0.24);
  }

  @Test
  void whatSomebodySaysToOtherCallsCountsForThisOneAsWellButLess() {
    var urgent = Rates.FIRST.own(CallKind.URGENT, history(5, 0, 0));

    assertThat(urgent).isGreaterThan(0.4);
    assertThat(urgent).isLessThan(Rates.FIRST.own(CallKind.LIFE, history(5, 0, 0)));
  }

  @Test
  void manyAnswersMoveTheGroupAndNothingMovesItOutOfBounds() {
    assertThat(group(0, 1_000_000)).isEqualTo(0.025);
    assertThat(group(500_000, 500_000)).isEqualTo(0.75);
    assertThat(group(10_000, 100_000)).isCloseTo(0.1, within(0.001));
  }

  // Half as many yes as were guessed at ten kilometres, as many as guessed next door.
  @Test
  void aTraitIsLearnedFromWhatCameBesideWhatWasExpected() {
    var rates = Rates.FIRST;
    var learned = new Learned();
    for (var n = 0; n < 20_000; n++) {
      learned.add(ended(0.2, 0.1, n % 5 == 0), rates);
      learned.add(ended(0.2, 10, n % 50 == 0 && n % 100 == 0), rates);
    }
    var wise = new Rates(learned);

    assertThat(wise.factor(Learned.About.KM, 0.1)).isCloseTo(1, within(0.05));
    assertThat(wise.factor(Learned.About.KM, 10)).isCloseTo(0.05, within(0.01));
  }

  private static Learned.Ended ended(double own, double km, boolean saidYes) {
    return new Learned.Ended(
        CallKind.URGENT, Way.SMS, own, km, 12, 0, 5, saidYes, 1, Optional.empty());
  }

  private static double group(double yes, double trials) {
    var sums = List.of(new Learned.Sum("kind", 0, yes, trials, 0));
    return new Rates(Learned.of(sums)).group(CallKind.LIFE);
  }

  private static double answer(History history, double km, int hour) {
    var ease = Rates.FIRST.ease(km, hour, history.fatigue());
    return Rates.chance(Rates.FIRST.own(CallKind.LIFE, history), ease);
  }

  private static History history(double yes, double no, double fatigue) {
    return new History(new Tally(yes, no), Tally.NONE, Tally.NONE, fatigue, NOW);
  }
}
