package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.fazaa.dispatcher.callout.Calibration.Pair;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  @Test
  void ofNothingThereIsNothingToSay() {
    var none = Calibration.of(List.of());

    assertThat(none.brier()).isEmpty();
    assertThat(none.expectedError()).isEmpty();
    assertThat(none.skill()).isEmpty();
    assertThat(none.bins()).hasSize(10).allMatch(Calibration.Bin::isEmpty);
    assertThat(none.json().getValue("brier")).isNull();
  }

  @Test
  void whoSaysNinetyAndIsRightNineTimesInTenIsCalibrated() {
    var calibration = Calibration.of(said(0.9, 120, 108));

    assertThat(calibration.expectedError().orElseThrow()).isCloseTo(0, within(1e-9));
    assertThat(calibration.brier().orElseThrow()).isCloseTo(0.09, within(1e-9));
    assertThat(calibration.skill().orElseThrow()).as("knows the share only").isCloseTo(0, EXACT);
    assertThat(calibration.aboutNinety().share()).isEqualTo(0.9);
    assertThat(calibration.bins().get(9).forecasts()).isEqualTo(120);
  }

  @Test
  void theErrorOfABinCountsByItsForecasts() {
    var pairs = new ArrayList<Pair>();
    pairs.addAll(said(0.25, 30, 15)); // off by 0.25
    pairs.addAll(said(0.75, 10, 8)); // off by 0.05

    var calibration = Calibration.of(pairs);

    assertThat(calibration.expectedError().orElseThrow())
        .isCloseTo((30 * 0.25 + 10 * 0.05) / 40, EXACT);
    assertThat(calibration.baseRate()).isCloseTo(23 / 40.0, EXACT);
  }

  @Test
  void aSeerHasAllTheSkillAndWhoIsAlwaysWrongMisleads() {
    var seer = List.of(new Pair(1, true), new Pair(0, false), new Pair(1, true));
    var wrong = List.of(new Pair(0, true), new Pair(1, false));

    assertThat(Calibration.of(seer).brier().orElseThrow()).isZero();
    assertThat(Calibration.of(seer).skill().orElseThrow()).isEqualTo(1);
    assertThat(Calibration.of(wrong).skill().orElseThrow()).isEqualTo(-3);
    assertThat(Calibration.of(said(0.8, 5, 5)).skill()).as("all ended alike").isEmpty();
  }

  @Test
  void theInterval() {
    var bin = Calibration.of(said(0.55, 100, 50)).bins().get(5); // Wilson, from a table

    assertThat(bin.low()).isCloseTo(0.4038, within(5e-4));
    assertThat(bin.high()).isCloseTo(0.5962, within(5e-4));

    var sure = Calibration.of(said(0.97, 10, 10)).bins().getLast();
    assertThat(sure.low()).isCloseTo(0.7225, within(5e-4));
    assertThat(sure.high()).isEqualTo(1);
  }

  @Test
  void edgesBelongToTheBinAboveAndOneToTheLast() {
    var bins =
        Calibration.of(List.of(new Pair(0, true), new Pair(0.3, true), new Pair(1, true))).bins();

    assertThat(bins.get(0).forecasts()).isOne();
    assertThat(bins.get(3).forecasts()).isOne();
    assertThat(bins.get(9).forecasts()).isOne();
  }

  private static final Offset<Double> EXACT = within(1e-9);

  private static List<Pair> said(double chance, int times, int cameTrue) {
    var pairs = new ArrayList<Pair>();
    for (var n = 0; n < times; n++) pairs.add(new Pair(chance, n < cameTrue));
    return pairs;
  }
}
