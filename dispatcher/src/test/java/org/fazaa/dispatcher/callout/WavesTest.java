package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.dispatcher.callout.RoundTest.NOW;
import static org.fazaa.dispatcher.callout.RoundTest.board;
import static org.fazaa.dispatcher.callout.RoundTest.line;
import static org.fazaa.dispatcher.callout.RoundTest.people;
import static org.fazaa.dispatcher.callout.RoundTest.waved;

import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.VolunteerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policies that a rehearsal holds against the price. */
class WavesTest {

  @Test
  void fixedFastAsksTenPerPlaceEveryMinute() {
    var options = people(1, 100, 1, 0.2);
    var waited = waved(line(1, Priority.LIFE, 3, options), NOW.minusSeconds(59));
    var due = waved(line(1, Priority.LIFE, 3, options), NOW.minusSeconds(60));

    assertThat(Waves.FIXED_FAST.decide(board(waited)).asks()).isEmpty();
    assertThat(Waves.FIXED_FAST.decide(board(due)).asks()).hasSize(30);
  }

  // P(at least one yes) reaches 0.8, 0.5 and 0.3 at 1.61, 0.69 and 0.36 expected yes.
  @ParameterizedTest
  @CsvSource({"LIFE, 9", "URGENT, 4", "PLANNED, 2"})
  void confidenceAsksUntilTheChanceIsReachedAndNoFurther(Priority priority, int asked) {
    var options = people(1, 100, 1, 0.2);

    assertThat(Waves.CONFIDENCE.decide(board(line(1, priority, 1, options))).asks())
        .hasSize(asked);
    assertThat(Waves.CONFIDENCE.decide(board(line(1, priority, 0, options))).asks()).isEmpty();
  }

  @Test
  void confidenceNeverExceedsWhatTheCarrierTakes() {
    var options = people(1, 100, 1, 0.01);
    var board = new Policy.Board(NOW, 7, 1, board(line(1, Priority.LIFE, 1, options)).lines());

    assertThat(Waves.CONFIDENCE.decide(board).asks()).hasSize(7);
  }

  @Test
  void theNextPersonGoesToTheLargestWeightedDemand() {
    var life = line(1, Priority.LIFE, 1, people(1, 50, 1, 0.2));
    var planned = line(2, Priority.PLANNED, 3, people(1, 50, 1, 0.2));

    var plan = LargestDemand.EVERY_TWO_MINUTES.decide(board(planned, life));

    assertThat(plan.asks().getFirst().need()).isEqualTo(new NeedId(1));
    // Five at 0.2 cover the place of life in expectation; the rest of the beat is for the other.
    assertThat(plan.asks().stream().filter(ask -> ask.need().value() == 1)).hasSize(5);
    assertThat(plan.asks().stream().filter(ask -> ask.need().value() == 2)).hasSize(15);
    assertThat(plan.asks().stream().map(ask -> ask.option().volunteer()).distinct())
        .hasSize(plan.asks().size());
  }

  @Test
  void demandIsLookedAtOnceABeat() {
    var options = people(1, 50, 1, 0.2);
    var beat = Math.floorDiv(NOW.getEpochSecond(), 120) * 120;
    var before = waved(line(1, Priority.LIFE, 1, options), NOW.minusSeconds(120));
    var since = waved(line(1, Priority.LIFE, 1, options), NOW);

    assertThat(LargestDemand.EVERY_TWO_MINUTES.decide(board(before)).asks()).hasSize(5);
    var waits = LargestDemand.EVERY_TWO_MINUTES.decide(board(since));
    assertThat(waits.asks()).isEmpty();
    assertThat(waits.verdicts().getFirst().lookAgain().getEpochSecond()).isEqualTo(beat + 120);
  }

  @Test
  void whoIsToldTheTruthAsksByIt() {
    var options = people(1, 20, 1, 0.1);
    var seer = new VolunteerId(17);
    var told =
        Policy.informed(
            "oracle", (need, volunteer, now) -> volunteer.equals(seer) ? 0.9 : 0.0001);

    var plan = told.decide(board(line(1, Priority.PLANNED, 1, options)));

    assertThat(plan.asks())
        .singleElement()
        .satisfies(
            ask -> {
              assertThat(ask.option().volunteer()).isEqualTo(seer);
              assertThat(ask.option().rate()).isEqualTo(0.9);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "priced", "fixed", "fixed-fast", "nearest", "all", "confidence", "largest-weighted-demand"
  })
  void everyPolicyIsFoundByItsNameAndAsksNobodyForAFullNeed(String name) {
    var policy = Policy.named(name).orElseThrow();

    assertThat(policy.name()).isEqualTo(name);
    assertThat(policy.decide(board(line(1, Priority.LIFE, 0, people(1, 9, 1, 0.2)))).asks())
        .isEmpty();
  }
}
