package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0.90", // nothing was seen: at its word
    "5, 1, 0.74", // a few unlucky ones move it, but not all the way
    "5, 5, 0.93",
    "100, 50, 0.57", // what was seen often is what it is worth
    "100, 100, 0.99"
  })
  void whatIsSaidIsPulledToWhatCameOfIt(int said, int held, double worth) {
    assertThat(trust(counts(said, held), counts(0, 0))).isCloseTo(worth, within(0.02));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.57", "8, 0.6", "2000, 0.78"})
  void itGivesWayAsTimeGoesBy(int hours, double worth) {
    var counts = counts(100, 50);
    counts.fade(Duration.ofHours(hours));

    assertThat(trust(counts, counts(0, 0))).isCloseTo(worth, within(0.02));
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0.97", "100, 50, 0.57"})
  void whereAKindHasShownLittleAllOthersStandIn(int said, int held, double worth) {
    assertThat(trust(counts(said, held), counts(400, 400))).isCloseTo(worth, within(0.05));
  }

  // Most chances lie close to an end, and what came of them counts there too.
  @ParameterizedTest
  @CsvSource({"0.000001, 0.1", "0.004, 0.1", "0.999999, 0.9", "0, 0", "1, 1"})
  void towardsTheEndsItStaysWhatCameOfTheLastStep(double calculated, double worth) {
    var counts = new Trust.Counts();
    for (var n = 0; n < 4_000; n++) {
      counts.add(0.001, n < 400);
      counts.add(0.999, n < 3_600);
    }

    assertThat(Trust.of(counts, counts).of(calculated)).isCloseTo(worth, within(0.01));
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "0.76, 0", "0.75, 1", "0.46, 1", "0.45, 2", "0, 2"})
  void earlyAndLateForecastsAreJudgedApart(double slack, int phase) {
    assertThat(Trust.phase(slack)).isEqualTo(phase);
  }

  private static double trust(Trust.Counts counts, Trust.Counts all) {
    return Trust.of(counts, all).of(0.895);
  }

  private static Trust.Counts counts(int said, int held) {
    var counts = new Trust.Counts();
    for (var n = 0; n < said; n++) counts.add(0.895, n < held);
    return counts;
  }
}
