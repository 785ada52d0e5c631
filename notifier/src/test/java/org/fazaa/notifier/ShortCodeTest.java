package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortCodeTest {

  @Test
  void a_code_is_found_again_in_what_people_write() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 1_000; i++) {
      var code = ShortCode.next(random);
      assertThat(ShortCode.find(code.toLowerCase()))
          .contains(new ShortCode.Found(code, Optional.empty()));
    }
  }

  @Test
  void codes_of_one_phone_hardly_ever_meet() {
    var random = new SplittableRandom(7);
    var codes = new HashSet<String>();
    for (int i = 0; i < 100; i++) {
      codes.add(ShortCode.next(random));
    }
    assertThat(codes).hasSizeGreaterThan(97);
  }

  @ParameterizedTest
  @CsvSource({"1F7K2, F7K2, 1", "f7k22, F7K2, 2", "F7K21, F7K2, 1"})
  void an_answer_digit_may_stand_against_it(String word, String code, String digit) {
    assertThat(ShortCode.find(word)).contains(new ShortCode.Found(code, Optional.of(digit)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "F7", "F7K", "FFFF", "7F7K", "F0K2", "F1K2", "I7O2", "F7K23", "1F7K21", "yes"})
  void other_words_are_no_codes(String word) {
    assertThat(ShortCode.find(word)).isEmpty();
  }
}
