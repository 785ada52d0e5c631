package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final Submission SILENCE = new Submission.Unknown("no answer");
  private static final Submission ACCEPTED = new Submission.Accepted("SM1");
  private static final Lane FRESH = new Lane("Fazaa", 0, Instant.EPOCH, 0, 0, NOW, null);

  @Test
  void itGivesItsRateAndNeverMoreThanASecondOfIt() {
    var full = FRESH.filled(40, NOW);
    assertThat(full.tokens()).isEqualTo(40);
    assertThat(full.less(40).filled(40, NOW).tokens()).isZero();
    assertThat(full.less(40).filled(40, NOW.plusMillis(250)).tokens()).isEqualTo(10);
    assertThat(full.filled(40, NOW.plus(Duration.ofHours(1))).tokens()).isEqualTo(40);
  }

  @Test
  void aTextLongerThanWhatIsLeftIsPaidBackByTheNextSeconds() {
    var owing = FRESH.filled(1, NOW).less(3);
    assertThat(owing.tokens()).isEqualTo(-2);
    assertThat(owing.filled(1, NOW.plusSeconds(2)).tokens()).isZero();
    assertThat(owing.filled(1, NOW.plusSeconds(3)).tokens()).isEqualTo(1);
  }

  @Test
  @Tag("F22")
  void aClockThatIsSetBackGivesNothingTwice() {
    var used = FRESH.filled(40, NOW).less(40);
    var earlier = used.filled(40, NOW.minusSeconds(5));
    assertThat(earlier.tokens()).isZero();
    assertThat(earlier.filled(40, NOW).tokens()).isZero();
  }

  @Test
  @Tag("F22")
  void aClockThatIsSetFarBackKeepsNoLaneWaitingUntilThatTimeComesAgain() {
    var used = FRESH.filled(40, NOW).less(40);
    var earlier = NOW.minus(Duration.ofHours(1));
    var reset = used.filled(40, earlier);
    assertThat(reset.tokens()).isZero();
    assertThat(reset.filled(40, earlier.plusMillis(500)).tokens()).isEqualTo(20);
  }

  @Test
  void withoutARateThereIsNoLimit() {
    assertThat(FRESH.filled(0, NOW).tokens()).isGreaterThan(1_000_000);
  }

  @Test
  @Tag("F15")
  void whoAnswersNothingGetsARestThatDoublesUntilItAnswers() {
    var tired = FRESH.after(Collections.nCopies(Lane.SILENCES_MAX, SILENCE), NOW);
    assertThat(tired.rests(NOW.plus(Lane.REST_FIRST).minusMillis(1))).isTrue();
    var awake = NOW.plus(Lane.REST_FIRST);
    assertThat(tired.rests(awake)).isFalse();
    assertThat(tired.texts(500, 0)).isEqualTo(Lane.PROBES);
    assertThat(tired.texts(500, Lane.PROBES - 1)).isOne(); // the others have not been answered yet
    assertThat(tired.texts(500, 40)).isZero();

    var again = tired.after(List.of(SILENCE), awake);
    assertThat(again.restsUntil()).isEqualTo(awake.plus(Lane.REST_FIRST.multipliedBy(2)));
    var lane = again;
    for (int i = 0; i < 20; i++) {
      lane = lane.after(List.of(SILENCE), lane.restsUntil());
    }
    assertThat(Duration.between(again.restsUntil(), lane.restsUntil()))
        .isLessThan(Lane.REST_MAX.multipliedBy(20));

    var well = lane.after(List.of(ACCEPTED), lane.restsUntil());
    assertThat(well.trouble()).isNull();
    assertThat(well.texts(500, 40)).isEqualTo(500);
  }

  @Test
  @Tag("F15")
  void aShareOfSilenceAloneStopsNobody() {
    var lane = FRESH;
    for (int i = 0; i < 100; i++) {
      lane = lane.after(List.of(SILENCE, SILENCE, ACCEPTED), NOW);
    }
    assertThat(lane.rests(NOW)).isFalse();
  }

  @Test
  @Tag("F14")
  void itRestsAsLongAsTheCarrierSaysAndAnOlderAnswerDoesNotWakeIt() {
    var until = NOW.plusSeconds(30);
    var full = new Submission.Refused("20429", "too many", new Action.StopLane(until, false));
    var lane = FRESH.after(List.of(full, ACCEPTED), NOW);
    assertThat(lane.rests(until.minusMillis(1))).isTrue();
    assertThat(lane.trouble()).isEqualTo("20429");
    assertThat(lane.rests(until)).isFalse();
    assertThat(lane.after(List.of(ACCEPTED), until).trouble()).isNull();
  }

  @Test
  void whatConcernsOneTextStopsNobodyElse() {
    for (var action :
        List.of(
            new Action.TryLater(NOW.plusSeconds(600)),
            new Action.GiveUp(),
            new Action.NumberUnusable(),
            new Action.OtherSender())) {
      var refused = new Submission.Refused("1", "no", action);
      assertThat(FRESH.after(List.of(refused), NOW).rests(NOW)).as(refused.toString()).isFalse();
    }
  }
}
