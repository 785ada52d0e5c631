package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.notifier.reply.Meaning;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which replies a person should read first. */
class WorthTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @ParameterizedTest
  @CsvSource({
    // meaning, state of the offer, priority, missing of 10, hours to its start -> worth
    "DANGER, DECLINED, PLANNED, 0, 72, 1000",
    "DANGER, ASSIGNED, LIFE, 10, 0, 1000",
    "LATER, OPEN, LIFE, 10, 0, 790",
    "PERSON, OPEN, LIFE, 10, 1, 760",
    "PERSON, OPEN, LIFE, 10, 2, 730",
    "PERSON, OPEN, LIFE, 10, 7, 700",
    "PERSON, OPEN, LIFE, 10, 25, 680",
    "PERSON, OPEN, LIFE, 5, 25, 640",
    "PERSON, OPEN, LIFE, 0, 25, 600",
    "YES, OPEN, URGENT, 10, -1, 590",
    "PERSON, ASSIGNED, URGENT, 0, 3, 480",
    "PERSON, STANDBY, URGENT, 0, 3, 480",
    "WHO, OPEN, URGENT, 0, 3, 450",
    "GROUP, DECLINED, PLANNED, 1, 24, 258",
    "WRONG_NUMBER, OPEN, PLANNED, 0, 72, 200",
    "PERSON, OPEN, PLANNED, 10, -9, 10",
  })
  void isWrittenAsTheTableSays(
      Meaning meaning, State state, Priority priority, int missing, int hours, int worth) {
    var need = need(priority, Need.State.CALLING, missing, hours);
    assertThat(Worth.of(meaning, state, need, NOW)).isEqualTo(worth);
  }

  @ParameterizedTest
  @CsvSource({"PERSON, 10", "YES, 10", "DANGER, 1000"})
  void onlyDangerCountsOnceANeedIsClosed(Meaning meaning, int worth) {
    var need = need(Priority.LIFE, Need.State.CLOSED, 10, 0);
    assertThat(Worth.of(meaning, State.OPEN, need, NOW)).isEqualTo(worth);
  }

  /** Of ten people, for four hours. */
  private static Need need(Priority priority, Need.State state, int missing, int hours) {
    var startsAt = NOW.plus(Duration.ofHours(hours));
    return new Need(
        new NeedId(1),
        new CrisisId(1),
        Mode.LIVE,
        ZoneOffset.UTC,
        new Title("تنظيف", "Cleaning"),
        Set.of(),
        Set.of(),
        false,
        Need.GROWN_UP,
        10,
        10 - missing,
        0,
        0,
        new Point(39.2, 21.5),
        startsAt,
        startsAt.plus(Duration.ofHours(4)),
        startsAt,
        priority,
        state,
        Optional.empty(),
        NOW,
        1,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty());
  }
}
