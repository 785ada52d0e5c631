package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneTest {

  @ParameterizedTest
  @CsvSource({
    "+966501234567, +966501234567",
    "00966501234567, +966501234567",
    "0501234567, +966501234567",
    "501234567, +966501234567",
    "050 123 4567, +966501234567",
    "+966 50-123-4567, +966501234567",
    "٠٥٠١٢٣٤٥٦٧, +966501234567",
    "+٩٦٦٥٠١٢٣٤٥٦٧, +966501234567",
    "+97455123456, +97455123456",
    "+971501234567, +971501234567",
    "+14155550100, +14155550100"
  })
  void reads_a_number_as_people_write_it(String written, String e164) {
    assertThat(Phone.parse(written, "SA")).contains(new Phone(e164));
  }

  @Test
  void reads_a_local_number_by_the_country_it_is_local_to() {
    assertThat(Phone.parse("55123456", "QA")).contains(new Phone("+97455123456"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "abc",
        "123",
        "+",
        "+0",
        "+999123",
        "05012345678901234",
        "0501234567 ext 3"
      })
  void what_is_no_number_is_none(String written) {
    assertThat(Phone.parse(written, "SA")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "+966501234567, SA",
    "+97455123456, QA",
    "+14155550100, US",
    "+16045550100, CA",
    "+442071234567, GB",
    "+441534123456, JE",
    "+79161234567, RU",
    "+77011234567, KZ",
    "+80012345678, ''",
    "+9991234567, ''"
  })
  void a_number_tells_its_country_also_where_several_share_a_code(String e164, String country) {
    assertThat(new Phone(e164).country()).isEqualTo(country);
  }

  @Test
  void a_number_of_absurd_length_is_not_even_read() {
    assertThat(Phone.parse("0".repeat(1_000_000), "SA")).isEmpty();
    assertThat(Phone.parse(null, "SA")).isEmpty();
  }

  @Test
  void only_e164_makes_a_phone() {
    assertThatThrownBy(() -> new Phone("0501234567")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Phone("+966 5")).hasMessageNotContaining("966");
  }

  @Test
  void printed_it_hides_its_middle() {
    assertThat(new Phone("+966501234567")).hasToString("+9665•••••567");
    assertThat(new Phone("+1234567").masked()).isEqualTo("+1234•567");
  }
}
