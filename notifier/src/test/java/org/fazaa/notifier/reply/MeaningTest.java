package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import org.fazaa.notifier.reply.Meaning.Stage;
import org.fazaa.notifier.reply.Reading.Why;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeaningTest {

  /** A winter afternoon in Jeddah. */
  private static final Whereabouts JEDDAH =
      new Whereabouts(ZonedDateTime.parse("2026-01-20T14:00+03:00[Asia/Riyadh]"), 21.4858, 39.1925);

  @Test
  void nearly_all_are_read_as_people_mean_them() throws IOException {
    var written = Replies.in("written.csv");
    var wrong = written.stream().filter(reply -> reply.read().meaning() != reply.meaning());
    // Beyond these the tables would have to guess.
    assertThat(wrong.toList()).hasSizeLessThanOrEqualTo(written.size() * 2 / 100);
  }

  @Test
  void nearly_all_times_and_companies_are_heard() throws IOException {
    var right =
        Replies.in("written.csv").stream()
            .filter(reply -> reply.read().meaning() == reply.meaning())
            .toList();
    var wrong =
        right.stream()
            .filter(
                reply ->
                    !Objects.equals(reply.read().etaMinutes(), reply.etaMinutes())
                        || !Objects.equals(reply.read().party(), reply.party()));
    assertThat(wrong.toList()).hasSizeLessThanOrEqualTo(right.size() / 200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OFFERED  | نعم                                  | YES
          OFFERED  | لا مشكله جاي                         | YES
          OFFERED  | no problem, coming                   | YES
          OFFERED  | no doubt i'll come                   | YES
          OFFERED  | can't wait to help                   | YES
          OFFERED  | ما عندي مشكلة                        | YES
          OFFERED  | haan ji aa jaunga                    | YES
          OFFERED  | mafi moshkela jay                    | YES
          OFFERED  | جااااي                               | YES
          OFFERED  | ما اقدر اجي والله                    | NO
          OFFERED  | الموتر خربان وما اقدر اجيكم           | NO
          OFFERED  | sorry can't make it                  | NO
          OFFERED  | i would say yes but i'm abroad       | NO
          OFFERED  | nahi aa sakta bhai                   | NO
          ACCEPTED | sorry can't make it                  | DROP
          ACCEPTED | CANCEL                               | DROP
          ACCEPTED | جاي                                  | ON_MY_WAY
          ACCEPTED | running late 20 min                  | LATER
          OFFERED  | بعد المغرب                           | LATER
          OFFERED  | كلموني بعدين                         | LATER
          OFFERED  | اذا ما لقيتوا احد انا موجود          | LAST_RESORT
          ACCEPTED | وصلت وينكم                           | HERE
          ON_SITE  | طالع                                 | DONE
          ACCEPTED | طالع                                 | ON_MY_WAY
          OFFERED  | احذفوا رقمي                          | STOP
          OFFERED  | stop by at 5                         | PERSON
          OFFERED  | الحقونا البيت يغرق                   | DANGER
          OFFERED  | الرقم غلط                            | WRONG_NUMBER
          OFFERED  | من معي                               | WHO
          OFFERED  | وين الموقع                           | WHERE
          OFFERED  | me and my brother                    | GROUP
          OFFERED  | maybe                                | PERSON
          OFFERED  | اذا خلصت بدري                        | PERSON
          OFFERED  | خلاص لا تنتظروني                     | NO
          """)
  void says_what_it_says_wherever_its_writer_stands(Stage stage, String body, Meaning meaning) {
    assertThat(Meaning.read(body, stage, JEDDAH).meaning()).isEqualTo(meaning);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 F7K2",
        "F7K2 نعم",
        "yes, f7k2!",
        "الرمز: F7K2، ابشر",
        "1F7K2",
        "F٧K٢ ١",
        "(F7K2) ok"
      })
  void the_code_is_found_wherever_it_stands(String body) {
    var reading = Meaning.read(body);
    assertThat(reading.meaning()).isEqualTo(Meaning.YES);
    assertThat(reading.code()).isEqualTo("F7K2");
  }

  @ParameterizedTest
  @CsvSource({
    "I can come at 5:30, 17:30",
    "اقدر الساعة ٥ ونص, 17:30",
    "i come 8 pm, 20:00",
    "اجيكم ٨ مساء, 20:00",
    "بجي الساعه ٩ الصبح, 09:00",
    "جاي ٥ العصر, 17:00",
    "can come after 4, 16:00",
    "اقدر بعد الساعة ٤, 16:00",
    "come at 3 tomorrow, 15:00",
    "اقدر الساعه ١٢, 12:00",
    "i can come at 10, 10:00"
  })
  void an_hour_is_the_one_that_people_mean(String body, LocalTime at) {
    assertThat(Meaning.read(body, Stage.OFFERED, at(9)).at()).isEqualTo(at);
  }

  private static Whereabouts at(int hour) {
    return new Whereabouts(JEDDAH.now().withHour(hour), JEDDAH.latitude(), JEDDAH.longitude());
  }

  @Test
  void of_two_hours_the_next_is_meant() {
    assertThat(Meaning.read("can come at 9", Stage.OFFERED, JEDDAH).at())
        .isEqualTo(LocalTime.of(21, 0));
    assertThat(Meaning.read("can come at 9", Stage.OFFERED, at(7)).at())
        .isEqualTo(LocalTime.of(9, 0));
  }

  @Test
  void a_prayer_is_at_its_time_of_the_place_and_day() {
    var inJeddah = Meaning.read("جاي بعد المغرب", Stage.OFFERED, JEDDAH).at();
    var summer = ZonedDateTime.parse("2026-07-20T14:00+03:00[Asia/Riyadh]");
    var inSummer =
        Meaning.read(
                "after maghrib",
                Stage.OFFERED,
                new Whereabouts(summer, JEDDAH.latitude(), JEDDAH.longitude()))
            .at();
    assertThat(inJeddah).isBetween(LocalTime.of(17, 55), LocalTime.of(18, 15)); // at sunset
    assertThat(inSummer).isBetween(LocalTime.of(19, 0), LocalTime.of(19, 15));
  }

  @Test
  void every_reading_says_which_rule_decided() {
    assertThat(Meaning.read("1").why()).isEqualTo(Why.DIGIT);
    assertThat(Meaning.read("نعم").why()).isEqualTo(Why.YES);
    assertThat(Meaning.read("  ").why()).isEqualTo(Why.EMPTY);
    assertThat(Meaning.read("yes?").why()).isEqualTo(Why.QUESTION);
    assertThat(Meaning.read("1 or 2").why()).isEqualTo(Why.MIXED);
    assertThat(Meaning.read("yes but after 8").why()).isEqualTo(Why.LATER);
    assertThat(Meaning.read("SOS!").why()).isEqualTo(Why.DANGER);
    assertThat(Meaning.read("F7K2 or M3P9, yes").why()).isEqualTo(Why.CODES);
    assertThat(Meaning.read("yes ".repeat(100)).why()).isEqualTo(Why.LONG);
  }

  @Test
  void danger_is_heard_before_anything_else() {
    assertThat(Meaning.read("yes, emergency").meaning()).isEqualTo(Meaning.DANGER);
    assertThat(Meaning.read("هل وصلتم؟ محاصرين").meaning()).isEqualTo(Meaning.DANGER);
    assertThat(Meaning.read("F7K2 M3P9 stop we are trapped").meaning()).isEqualTo(Meaning.DANGER);
  }

  @Test
  void what_is_not_plain_is_not_sure() {
    assertThat(Meaning.read("ان شاء الله").isSure()).isFalse();
    assertThat(Meaning.read("نعم").isSure()).isTrue();
    assertThat(Meaning.read("yes the xyzzy plugh frobs").isSure()).isFalse();
  }

  @Test
  void every_reason_has_words_in_both_languages() {
    for (var why : Why.values()) {
      assertThat(List.of(why.english(), why.arabic())).noneMatch(String::isBlank);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u0000", "\uD83D", "\u202E1\u202C?", "💥💥💥", "a\u0301\u0301\u0301\u0301"})
  void whatever_comes_it_reads_it(String body) {
    assertThat(Meaning.read(body).meaning()).isEqualTo(Meaning.PERSON);
  }

  @Test
  void a_very_long_text_is_a_persons_to_read_and_costs_no_time() {
    assertThat(Meaning.read("لا ".repeat(1_000_000)).meaning()).isEqualTo(Meaning.PERSON);
  }
}
