package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordingTest {

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void eachLanguageHasALineForEveryWordAndNoOther(String language) {
    var words = Arrays.stream(Word.values()).map(Word::name).collect(Collectors.toSet());

    assertThat(Wording.read(language).stringPropertyNames())
        .containsExactlyInAnyOrderElementsOf(words);
  }

  @Test
  void bothLanguagesFillInTheSameValues() {
    for (var word : Word.values()) {
      for (var place : new String[] {"{0}", "{1}", "{2}", "{3}"}) {
        assertThat(Wording.read("ar").getProperty(word.name()).contains(place))
            .as(word + " " + place)
            .isEqualTo(Wording.read("en").getProperty(word.name()).contains(place));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, لا رسائل",
    "1, رسالة واحدة",
    "2, رسالتان",
    "3, 3 رسائل",
    "10, 10 رسائل",
    "11, 11 رسالة",
    "99, 99 رسالة",
    "100, 100 رسالة",
    "103, 103 رسائل"
  })
  void arabicCountsAsItIsSpoken(long n, String said) {
    assertThat(Wording.AR.count(Word.N_TEXTS, n)).isEqualTo(said);
  }

  @Test
  void aNameInASentenceKeepsItsOwnDirection() {
    assertThat(Wording.EN.of(Word.EVENT_ASSIGNED, "سارة")).isEqualTo("\u2068سارة\u2069 is coming");
  }
}
