package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
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

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "SA, false, REGISTERED, ALPHANUMERIC, AR, 911",
    "QA, false, REGISTERED, ALPHANUMERIC, AR, 999",
    "AE, false, NO,         ALPHANUMERIC, AR, 999",
    "KW, false, REGISTERED, ALPHANUMERIC, AR, 112",
    "BH, false, REGISTERED, ALPHANUMERIC, AR, 999",
    "OM, false, REGISTERED, ALPHANUMERIC, AR, 9999",
    "EG, false, REGISTERED, ALPHANUMERIC, AR, 123",
    "JO, false, REGISTERED, ALPHANUMERIC, AR, 911",
    "TR, false, REGISTERED, ALPHANUMERIC, EN, 112",
    "US, true,  YES,        TEN_DLC,      EN, 911",
    "GB, true,  YES,        LONG_CODE,    EN, 999",
    "DE, true,  YES,        LONG_CODE,    EN, 112",
    "*,  false, REGISTERED, ALPHANUMERIC, EN, 112",
  })
  void whatACountryAllows(
      String country,
      boolean twoWay,
      CountryRules.Links links,
      CountryRules.SenderKind sender,
      Language language,
      String emergency) {
    var rules = CountryRules.of(country);
    assertThat(rules.country()).isEqualTo(country);
    assertThat(rules.twoWay()).isEqualTo(twoWay);
    assertThat(rules.links()).isEqualTo(links);
    assertThat(rules.sender()).isEqualTo(sender);
    assertThat(rules.language()).isEqualTo(language);
    assertThat(rules.emergency().getFirst()).isEqualTo(emergency);
    assertThat(rules.life()).as("no night keeps a text about lives").isEmpty();
  }

  private static final String HEADER =
      "country,zone,clocks,two_way_sms,links,sender,life_quiet,service_quiet,fund_quiet,language,"
          + "emergency,whatsapp,voice,source\n";
  private static final String ANY =
      "*,Asia/Riyadh,many,no,no,alphanumeric,none,22:00-07:00,20:00-09:00,ar,112,no,no,us\n";

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          country     | Saudi       | two capital letters, or * for any other
          country     | *           | a country that has no other line
          zone        | Asia/Mecca  | a time zone such as Asia/Riyadh
          clocks      | some        | one, many
          two_way_sms | maybe       | yes, no
          links       | sometimes   | yes, no, registered
          sender      | pigeon      | alphanumeric, long-code, short-code, toll-free, 10dlc
          life_quiet  | never       | none, or hours over midnight as 22:00-07:00
          fund_quiet  | 07:00-22:00 | none, or hours over midnight as 22:00-07:00
          fund_quiet  | 22:00-99:00 | none, or hours over midnight as 22:00-07:00
          language    | xx          | ar, en
          emergency   | 911/112     | numbers joined by ;, as 911;997
          whatsapp    | 1           | yes, no
          voice       | ''          | yes, no
          source      | ''          | where this is known from
          """)
  void aCellThatCannotBeReadIsNamedWithWhatMayStandThere(
      String column, String cell, String allowed) {
    var cells = ANY.strip().replace("*", "SA").split(",");
    cells[List.of(HEADER.strip().split(",")).indexOf(column)] = cell;
    assertThatThrownBy(() -> read(HEADER + ANY + String.join(",", cells)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("line 3, column " + column + ": '" + cell + "'")
        .hasMessageContaining(allowed)
        .hasMessageContaining("السطر 3، العمود " + column);
  }

  @Test
  void aFileWithOtherColumnsOrWithoutALineForOthersIsNotTaken() {
    assertThatThrownBy(() -> read("country,zone\nSA,Asia/Riyadh\n"))
        .hasMessageContaining("line 1, column header")
        .hasMessageContaining(HEADER.strip());
    assertThatThrownBy(() -> read(HEADER + ANY.replace("*", "SA")))
        .hasMessageContaining("a line for any other, *");
    assertThat(read(HEADER + ANY)).containsOnlyKeys("*");
  }

  @Test
  void whoIsInDangerRingsTheNumberOfTheirOwnCountry() {
    assertThat(CountryRules.emergency(new Phone("+966501234567"))).isEqualTo("911");
    assertThat(CountryRules.emergency(new Phone("+97433123456"))).isEqualTo("999");
    assertThat(CountryRules.emergency(new Phone("+358501234567"))).isEqualTo("112");
  }

  @Test
  void whoWritesWithoutLettersIsAnsweredInTheLanguageOfTheirCountry() {
    var saudi = new Phone("+966501234567");
    assertThat(CountryRules.written(saudi, "👍 1")).isEqualTo(Language.AR);
    assertThat(CountryRules.written(saudi, "who?")).isEqualTo(Language.EN);
    assertThat(CountryRules.written(new Phone("+447700900001"), "")).isEqualTo(Language.EN);
    assertThat(CountryRules.written(new Phone("+447700900001"), "من؟")).isEqualTo(Language.AR);
  }

  private static Map<String, CountryRules> read(String file) {
    return CountryRules.read(new StringReader(file));
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
