package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fazaa.notifier.Departure.Due;
import org.fazaa.notifier.Departure.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DepartureTest {
  private static final Verdict GO = new Verdict.Go();

  /** Half past midnight in Riyadh, and the end of its quiet hours for what is no appeal. */
  private static final Instant NIGHT = Instant.parse("2026-11-22T21:30:00Z");

  private static final Instant MORNING = Instant.parse("2026-11-23T03:00:00Z");
  private static final Instant NOON = MORNING.plus(Duration.ofHours(6));

  @ParameterizedTest(name = "{0} {1}, until {2}: {3}")
  @MethodSource("nights")
  void atNight(MessageClass of, Occasion why, Instant until, Verdict verdict) {
    var due = new Due(Sample.text(of, why, until), false, false, List.of());
    assertThat(new Departure(true, Map.of(), NIGHT).judge(due)).isEqualTo(verdict);
  }

  static Stream<Arguments> nights() {
    var never = new Verdict.Never(TextState.REFUSED, "quiet hours");
    var morning = new Verdict.Wait(MORNING, "quiet hours");
    var fund = new Verdict.Wait(MORNING.plus(Duration.ofHours(1)), "quiet hours");
    return Stream.of(
        Arguments.of(MessageClass.LIFE_SAFETY, Occasion.ALARM, NOON, GO),
        Arguments.of(MessageClass.LIFE_SAFETY, Occasion.ASK, NOON, GO),
        Arguments.of(MessageClass.SERVICE, Occasion.ALARM, NOON, GO),
        Arguments.of(MessageClass.SERVICE, Occasion.ANSWER, NOON, GO),
        Arguments.of(MessageClass.SERVICE, Occasion.NEWS, NOON, GO),
        Arguments.of(MessageClass.SERVICE, Occasion.ASK, NOON, morning),
        Arguments.of(MessageClass.SERVICE, Occasion.THANKS, NOON, morning),
        Arguments.of(MessageClass.SERVICE, Occasion.ASK, MORNING, never),
        Arguments.of(MessageClass.FUND, Occasion.THANKS, NOON, fund),
        Arguments.of(MessageClass.FUND, Occasion.ANSWER, NOON, GO));
  }

  @Test
  void theFirstReasonAgainstItIsTheOneThatIsTold() {
    var late = Sample.text(MessageClass.DRILL, Occasion.ASK, NIGHT);
    var fresh = Sample.text(MessageClass.DRILL, Occasion.ASK, NOON);
    var real = new Departure(true, Map.of(), NIGHT);
    assertThat(real.judge(new Due(late, true, true, List.of())))
        .isEqualTo(new Verdict.Never(TextState.EXPIRED, "too late"));
    assertThat(real.judge(new Due(fresh, true, true, List.of())))
        .isEqualTo(new Verdict.Never(TextState.REFUSED, Consent.STOPPED));
    assertThat(real.judge(new Due(fresh, false, true, List.of())))
        .isEqualTo(new Verdict.Never(TextState.REFUSED, Unreachable.PROBLEM));
    assertThat(real.judge(new Due(fresh, false, false, List.of())))
        .isEqualTo(new Verdict.Never(TextState.REFUSED, "drill"));
    assertThat(new Departure(false, Map.of(), NIGHT).judge(new Due(fresh, false, false, List.of())))
        .isEqualTo(GO);
  }

  @Test
  void whoGotFourInAnHourWaitsUntilTheFirstOfThemIsAnHourOld() {
    var text = Sample.text(MessageClass.SERVICE, Occasion.ALARM, NOW.plus(Duration.ofHours(3)));
    var lately = Stream.of(50, 40, 30, 20).map(m -> NOW.minus(Duration.ofMinutes(m))).toList();
    var departure = new Departure(true, Map.of(), NOW);
    assertThat(departure.judge(new Due(text, false, false, lately)))
        .isEqualTo(new Verdict.Wait(NOW.plus(Duration.ofMinutes(10)), "had enough"));
    var fewer = new Departure(true, Map.of(), NOW);
    var three = new Due(text, false, false, lately.subList(0, 3));
    assertThat(fewer.judge(three)).isEqualTo(GO);
    assertThat(fewer.judge(three)).as("what was let go counts").isNotEqualTo(GO);
  }

  @Test
  void whoGotTenInADayWaitsUntilTheNext() {
    var text = Sample.text(MessageClass.SERVICE, Occasion.ALARM, NOW.plus(Duration.ofDays(2)));
    var lately = new ArrayList<Instant>();
    for (int i = 0; i < Departure.PER_DAY; i++) {
      lately.add(NOW.minus(Duration.ofHours(20)).plus(Duration.ofMinutes(100L * i)));
    }
    assertThat(new Departure(true, Map.of(), NOW).judge(new Due(text, false, false, lately)))
        .isEqualTo(new Verdict.Wait(lately.getFirst().plus(Departure.DAY), "had enough"));
  }

  @Test
  void aLifeAnAnswerAndNewsAreNeverTooMany() {
    var lately = List.of(NOW, NOW, NOW, NOW, NOW);
    var until = NOW.plusSeconds(60);
    for (var text :
        List.of(
            Sample.text(MessageClass.LIFE_SAFETY, Occasion.ALARM, until),
            Sample.text(MessageClass.SERVICE, Occasion.ANSWER, until),
            Sample.text(MessageClass.SERVICE, Occasion.NEWS, until))) {
      assertThat(new Departure(true, Map.of(), NOW).judge(new Due(text, false, false, lately)))
          .isEqualTo(GO);
    }
  }

  @Test
  void moneyIsSpentOnceAndABudgetThatIsNotKeptHasNoEnd() {
    var due =
        new Due(
            Sample.text(MessageClass.LIFE_SAFETY, Occasion.ALARM, NOW.plusSeconds(60)),
            false,
            false,
            List.of());
    var departure = new Departure(true, Map.of("crisis:1", 80L), NOW);
    assertThat(departure.judge(due)).isEqualTo(GO);
    assertThat(departure.judge(due)).isEqualTo(GO);
    assertThat(departure.judge(due))
        .isEqualTo(new Verdict.Wait(NOW.plus(Departure.MONEY_WAIT), "cost cap"));
    assertThat(new Departure(true, Map.of(), NOW).judge(due)).isEqualTo(GO);
  }
}
