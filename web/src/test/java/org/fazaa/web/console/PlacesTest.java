package org.fazaa.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"60|60", "3,000|3000", "٣٬٠٠٠|3000", "1,234,567|1234567", " ٦٠ |60", "7.0|7"})
  void aWholeNumberIsReadAsPagesShowItAndAsPeopleWriteIt(String written, int number) {
    assertThat(Places.whole(written)).contains(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "1,5", "1,50", ",000", "1e3", "99999999999", "6 0"})
  void whatIsNotWholeIsNone(String written) {
    assertThat(Places.whole(written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1,5|1.5", "٢٫٥|2.5", "0.25|0.25", "-3|-3"})
  void aNumberTakesEitherDecimalMark(String written, double number) {
    assertThat(Places.number(written)).contains(number);
  }
}
