package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextsTest {

  private static final Map<String, String> EN =
      Map.of(
          "what", "flood clean-up",
          "where", "Al-Naseem, Jeddah",
          "when", "today 4 pm to 8 pm",
          "code", "F7K2",
          "codes", "F7K2 flood clean-up, M3P9 food packing",
          "link", "https://fazaa.example/a/AAGqu4kBsG0t8cV1x2Yz3w");
  private static final Map<String, String> AR =
      Map.of(
          "what", "تنظيف بعد السيل",
          "where", "حي النسيم",
          "when", "اليوم من 4 إلى 8 م",
          "code", "F7K2",
          "codes", "F7K2 تنظيف بعد السيل، M3P9 توزيع الطعام",
          "link", "https://fazaa.example/a/AAGqu4kBsG0t8cV1x2Yz3w");

  static Set<String> names() throws IOException, URISyntaxException {
    return names(Language.EN);
  }

  @Test
  void every_text_exists_in_both_languages() throws Exception {
    assertThat(names(Language.AR)).isEqualTo(names(Language.EN)).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void both_languages_use_the_same_placeholders(String name) {
    assertThat(Texts.placeholders(Texts.template(name, Language.AR)))
        .isEqualTo(Texts.placeholders(Texts.template(name, Language.EN)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void fits_in_two_segments_with_values_of_usual_length(String name) {
    assertThat(Segments.of(filled(name, Language.EN)).segments()).isLessThanOrEqualTo(2);
    assertThat(Segments.of(filled(name, Language.AR)).segments()).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("names")
  void english_stays_in_the_cheap_alphabet(String name) {
    assertThat(Segments.of(filled(name, Language.EN)).encoding()).isEqualTo(Segments.Encoding.GSM7);
  }

  @ParameterizedTest
  @MethodSource("names")
  void no_text_has_a_word_that_a_carrier_takes_as_a_command(String name) {
    var words =
        List.of(Texts.template(name, Language.EN).toLowerCase(Locale.ROOT).split("[^a-z]+"));
    assertThat(words).doesNotContain("cancel", "end", "quit", "unsubscribe", "stopall", "revoke");
    if (!name.equals("start-confirmed")) {
      assertThat(words).doesNotContain("stop");
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void nothing_in_it_turns_around_between_right_to_left_words(String name) {
    var betweenNumbers = Pattern.compile("[0-9}]\\s*[-–—/]\\s*[0-9{]");
    assertThat(Texts.template(name, Language.AR)).doesNotContainPattern(betweenNumbers);
    assertThat(Texts.template(name, Language.EN)).doesNotContainPattern(betweenNumbers);
  }

  @Test
  void a_missing_placeholder_is_a_bug() {
    assertThatThrownBy(() -> Texts.render("stood-down", Language.EN, Map.of()))
        .hasMessageContaining("stood-down")
        .hasMessageContaining("what");
  }

  @Test
  void a_placeholder_that_the_text_does_not_know_is_a_bug() {
    assertThatThrownBy(
            () -> Texts.render("stood-down", Language.EN, Map.of("what", "x", "other", "y")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_text_that_is_not_there_is_a_bug() {
    assertThatThrownBy(() -> Texts.render("no-such", Language.EN, Map.of()))
        .hasMessageContaining("en/no-such");
  }

  @Test
  void a_value_stays_on_one_line_and_is_never_read_as_a_placeholder() {
    assertThat(Texts.render("stood-down", Language.EN, Map.of("what", " {code}\n$1\u0007 \\x ")))
        .startsWith("Fazaa: {code} $1 \\x has enough people");
  }

  private static String filled(String name, Language language) {
    var values = new HashMap<>(language == Language.AR ? AR : EN);
    values.keySet().retainAll(Texts.placeholders(Texts.template(name, language)));
    return Texts.render(name, language, values);
  }

  private static Set<String> names(Language language) throws IOException, URISyntaxException {
    var folder = Path.of(TextsTest.class.getResource("/texts/" + language.tag()).toURI());
    var names = new TreeSet<String>();
    try (var files = Files.list(folder)) {
      files.forEach(file -> names.add(file.getFileName().toString().replace(".txt", "")));
    }
    return names;
  }
}
