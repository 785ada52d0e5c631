package org.fazaa.dispatcher.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeekTest {
  private static final ZoneId RIYADH = ZoneId.of("Asia/Riyadh");

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          always,                      always
          Sun-Thu 16-23,               sun-thu 16-23
          sun 8-12;sun 16-20,          sun 8-12; sun 16-20
          fri 22-6,                    fri 22-24; sat 0-6
          sat 22-6,                    sun 0-6; sat 22-24
          thu-sat 0-24,                thu-sat 0-24
          fri-sun 9-10,                sun 9-10; fri-sat 9-10
          sun-sat 0-24,                always
          """)
  void isReadAsWrittenAndWrittenTheShortestWay(String written, String shortest) {
    assertThat(Week.parse(written).orElseThrow().toString()).isEqualTo(shortest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sometimes",
        "sun",
        "sun 16",
        "sun 16-25",
        "sun 24-3",
        "sun 5-5",
        "xyz 1-2",
        "sun-xyz 1-2",
        "sun 1-2, mon 3-4"
      })
  void whatIsNotAWeekIsRefused(String written) {
    assertThat(Week.parse(written)).isEmpty();
  }

  @Test
  void everyWeekReadsBackFromWhatItWrites() {
    var random = new Random(7);
    for (var i = 0; i < 1_000; i++) {
      var week = new Week(random.nextLong(), random.nextLong(), random.nextLong(1L << 40));
      assertThat(Week.parse(week.toString())).contains(week);
    }
  }

  // 22 November 2026 is a Sunday.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          2026-11-22T13:00:00Z, 2026-11-22T15:00:00Z, sun 16-18
          2026-11-22T13:59:59Z, 2026-11-22T14:00:01Z, sun 16-18
          2026-11-22T13:30:00Z, 2026-11-22T13:30:00Z, sun 16-17
          2026-11-28T20:00:00Z, 2026-11-28T22:00:00Z, sun 0-1; sat 23-24
          2026-11-22T00:00:00Z, 2027-01-01T00:00:00Z, always
          """)
  void aTaskTakesTheHoursOfTheWeekThatItTouches(Instant from, Instant to, String hours) {
    assertThat(Week.of(from, to, RIYADH)).isEqualTo(Week.parse(hours).orElseThrow());
  }

  @Test
  void whoIsFreeForEveryHourOfATaskIsFreeForIt() {
    var evenings = Week.parse("sun-thu 16-23").orElseThrow();

    assertThat(evenings.contains(Week.parse("mon 16-23").orElseThrow())).isTrue();
    assertThat(evenings.contains(Week.parse("mon 15-17").orElseThrow())).isFalse();
    assertThat(evenings.contains(Week.ALWAYS)).isFalse();
    assertThat(Week.ALWAYS.contains(evenings)).isTrue();
  }
}
