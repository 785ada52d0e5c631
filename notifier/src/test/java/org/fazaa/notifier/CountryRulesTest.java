package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountryRulesTest {

  @ParameterizedTest
  @CsvSource({
    "SA, service, 2026-11-22T22:59, ",
    "SA, service, 2026-11-22T23:00, 2026-11-23T06:00",
    "SA, service, 2026-11-23T05:59, 2026-11-23T06:00",
    "SA, service, 2026-11-23T06:00, ",
    "SA, fund, 2026-11-22T22:00, 2026-11-23T07:00",
    "AE, fund, 2026-11-22T21:00, 2026-11-23T07:00",
    "QA, fund, 2026-11-22T21:59, ",
    "GB, service, 2026-10-25T00:30, 2026-10-25T06:00", // the night in which clocks go back
    "GB, service, 2026-03-29T00:30, 2026-03-29T06:00", // and the one in which they go forward
  })
  @Tag("F22")
  void nightsEndByTheClockOfTheCountry(
      String country, String of, LocalDateTime now, LocalDateTime end) {
    var rules = CountryRules.of(country);
    var until = rules.quietUntil(MessageClass.of(of), Occasion.THANKS, at(now, rules.zone()));
    assertThat(until).isEqualTo(java.util.Optional.ofNullable(end).map(e -> at(e, rules.zone())));
  }

  @Test
  void aCountryWithoutALineKeepsTheStrictestHours() {
    var rules = CountryRules.of("XX");
    assertThat(rules.country()).isEqualTo("*");
    assertThat(CountryRules.zone("XX")).isEmpty();
    assertThat(CountryRules.zone("*")).isEmpty();
    assertThat(CountryRules.zone("US")).as("goes by many clocks").isEmpty();
    assertThat(CountryRules.zone("QA")).contains(ZoneId.of("Asia/Qatar"));
  }

  @Test
  void aPhoneTellsItsCountry() {
    assertThat(new Phone("+966501234567").country()).isEqualTo("SA");
    assertThat(new Phone("+97433123456").country()).isEqualTo("QA");
    assertThat(new Phone("+442079460123").country()).isEqualTo("GB");
    assertThat(new Phone("+15005550006").country()).isEqualTo("US");
  }

  private static Instant at(LocalDateTime time, ZoneId zone) {
    return time.atZone(zone).toInstant();
  }
}
