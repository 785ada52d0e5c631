package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.LongStream;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.rehearsal.Answers.Intent;
import org.fazaa.dispatcher.rehearsal.Truth.Outcome;
import org.fazaa.notifier.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruthTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final Point HERE = new Point(39.2, 21.5);
  private static final int MANY = 4_000;

  @ParameterizedTest
  @CsvSource({"BASE, 0.15", "RARE, 0.05", "KEEN, 0.35", "TIRED, 0.15"})
  void restedPeopleNextDoorAreAsWillingAsTheirRegime(Regime regime, double mean) {
    var truth = Truth.of(1, regime, ZoneOffset.UTC);
    var sum = 0.0;
    for (var n = 1; n <= MANY; n++) {
      var person = truth.person(n, HERE);
      sum += truth.chanceOfYes(person, person.place, NOON);
    }
    // By day a tenth more, of those whom the text reaches.
    assertThat(sum / MANY).isCloseTo(mean * 1.1 * 0.98, within(0.1 * mean));
  }

  @Test
  void eachTextWearsTheTiredDownFiveTimesAsMuchAndAWeekOfRestMendsMostOfIt() {
    var base = afterTwentyTexts(Regime.BASE, Duration.ZERO);
    var tired = afterTwentyTexts(Regime.TIRED, Duration.ZERO);

    assertThat(Math.log(tired) / Math.log(base)).isCloseTo(5, within(0.01));
    assertThat(afterTwentyTexts(Regime.TIRED, Duration.ofDays(21))).isGreaterThan(0.9);
  }

  @Test
  void theSameIsSaidToTheSameTextWhateverHappenedToOthers() {
    var alone = says(Truth.of(5, Regime.KEEN, ZoneOffset.UTC), List.of(7L));
    var together = says(Truth.of(5, Regime.KEEN, ZoneOffset.UTC), List.of(3L, 9L, 7L));

    assertThat(together.getLast()).isEqualTo(alone.getLast());
    assertThat(says(Truth.of(5, Regime.KEEN, ZoneOffset.UTC), all()))
        .isEqualTo(says(Truth.of(5, Regime.KEEN, ZoneOffset.UTC), all()))
        .isNotEqualTo(says(Truth.of(6, Regime.KEEN, ZoneOffset.UTC), all()))
        .isNotEqualTo(says(Truth.of(5, Regime.RARE, ZoneOffset.UTC), all()));
  }

  @Test
  void whoIsStoodDownBeforeAnsweringMostlyKeepsSilentAndWasWillingAllTheSame() {
    var truth = Truth.of(1, Regime.KEEN, ZoneOffset.UTC);
    var willing = 0;
    var silent = 0;
    for (var n = 1; n <= MANY; n++) {
      var person = truth.person(n, HERE);
      var offer = new Truth.Offer(1, HERE);
      var said = truth.onOffer(person, offer, Language.AR, "F7K2", NOON);
      if (!(said instanceof Outcome.Says says) || says.intent() != Intent.YES) continue;
      willing++;
      assertThat(offer.wasWilling()).isTrue();
      var told = truth.onNotice(person, offer, Truth.Notice.OTHER, Language.AR, NOON);
      if (told instanceof Outcome.Silence) silent++;
    }
    assertThat(willing).isGreaterThan(100);
    assertThat((double) silent / willing).isCloseTo(0.95 * 0.98, within(0.04));
  }

  private static double afterTwentyTexts(Regime regime, Duration rest) {
    var truth = Truth.of(1, regime, ZoneOffset.UTC);
    var person = truth.person(unwilling(truth), HERE);
    var before = truth.chanceOfYes(person, person.place, NOON);
    for (var need = 1; need <= 20; need++) {
      truth.onOffer(person, new Truth.Offer(need, FAR), Language.AR, "F7K2", NOON);
    }
    return truth.chanceOfYes(person, person.place, NOON.plus(rest)) / before;
  }

  private static final Point FAR = new Point(49.2, 21.5);

  /** Somebody whom all of these texts reach. */
  private static long unwilling(Truth truth) {
    return LongStream.range(1, MANY)
        .filter(
            n ->
                LongStream.rangeClosed(1, 20)
                    .allMatch(
                        need ->
                            truth.onOffer(
                                    truth.person(n, HERE),
                                    new Truth.Offer(need, FAR),
                                    Language.AR,
                                    "F7K2",
                                    NOON)
                                instanceof Outcome.Nothing))
        .findFirst()
        .orElseThrow();
  }

  private static List<Long> all() {
    return LongStream.rangeClosed(1, 300).boxed().toList();
  }

  private static List<Outcome> says(Truth truth, List<Long> people) {
    return people.stream()
        .map(
            n ->
                truth.onOffer(
                    truth.person(n, HERE),
                    new Truth.Offer(1, HERE),
                    Language.EN,
                    "F7K2",
                    NOON))
        .toList();
  }
}
