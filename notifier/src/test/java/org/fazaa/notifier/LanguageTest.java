package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {

  @ParameterizedTest
  @CsvSource({"ar, AR", "ar-SA, AR", "AR, AR", "ur, UR", "ur-PK, UR", "en-GB, EN", "fil, EN"})
  void aTagHasTheNearestLanguage(String tag, Language language) {
    assertThat(Language.of(tag)).isEqualTo(language);
  }

  @ParameterizedTest
  @CsvSource({
    "نعم جاي, AR",
    "وش السالفة چذي, AR",
    "جی ہاں, UR",
    "میں آ رہا ہوں, UR",
    "ٹھیک, UR",
    "yes, EN",
    "ok جاي, AR",
    "haan ji, EN",
    "1, EN"
  })
  void whatIsWrittenShowsTheLanguage(String body, Language language) {
    assertThat(Language.written(body)).isEqualTo(language);
  }
}
