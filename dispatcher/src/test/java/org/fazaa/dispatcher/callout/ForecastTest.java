package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.fazaa.dispatcher.crisis.Priority;
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
    assertThat(before).isGreaterThan(0.9);
  }

  @Test
  void withoutTextsAndWithoutAnybodyAskedItIsHopeless() {
    var line = RoundTest.line(1, Priority.URGENT, 1, RoundTest.people(1, 50, 2, 0.15));

    assertThat(Forecast.of(line, 0, NOW).chance()).isZero();
  }

  @Test
  void aFullNeedIsCertain() {
    var line = RoundTest.line(1, Priority.URGENT, 0, List.of());

    assertThat(Forecast.of(line, 0, NOW).chance()).isEqualTo(1.0);
  }

  @Test
  void onePersonIsAsSureAsTheirRate() {
    var line = RoundTest.line(1, Priority.PLANNED, 1, RoundTest.people(1, 1, 0, 0.2));

    assertThat(Forecast.of(line, 1, NOW).chance()).isCloseTo(0.2, within(0.001));
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
  void whoCannotArriveInTimeIsNotCountedOn() {
    var near = RoundTest.line(1, Priority.LIFE, 1, RoundTest.people(1, 20, 1, 0.2));
    var far = RoundTest.line(1, Priority.LIFE, 1, RoundTest.people(1, 20, 19, 0.2));

    assertThat(Forecast.of(far, 20, NOW).chance()).isLessThan(Forecast.of(near, 20, NOW).chance());
  }

  @Test
  void theProposedNumberIsTheFewestThatIsSureEnough() {
    var line = RoundTest.line(1, Priority.URGENT, 3, RoundTest.people(1, 300, 1, 0.1));

    var texts = Forecast.textsFor(line, 0.9, NOW);

    assertThat(Forecast.of(line, texts, NOW).chance()).isGreaterThanOrEqualTo(0.9);
    assertThat(Forecast.of(line, texts - 1, NOW).chance()).isLessThan(0.9);
    assertThat(Forecast.of(line, texts, NOW).likelyTexts()).isBetween(10, texts);
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
  void aPersonsOwnAnswersPullTheGroupsRateAndDistanceLowersIt() {
    assertThat(Rates.answer(0, 0, 0.25, 0, 12)).isEqualTo(0.25);
    assertThat(Rates.answer(10, 0, 0.25, 0, 12)).isGreaterThan(0.6);
    assertThat(Rates.answer(0, 30, 0.25, 0, 12)).isLessThan(0.05);
    assertThat(Rates.answer(0, 0, 0.25, 6, 12)).isCloseTo(0.25 / Math.E, within(1e-9));
    assertThat(Rates.answer(0, 0, 0.25, 0, 3)).isEqualTo(0.125);
    assertThat(Rates.group(0, 1_000_000)).isEqualTo(0.025);
    assertThat(Rates.group(500_000, 500_000)).isEqualTo(0.75);
    assertThat(Rates.group(10_000, 100_000)).isCloseTo(0.1, within(0.001));
  }
}
