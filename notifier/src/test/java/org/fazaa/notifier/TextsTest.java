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
      Map.ofEntries(
          Map.entry("title", "Flood clean-up, Al-Naseem"),
          Map.entry("when", "today 16:00 to 20:00"),
          Map.entry("people", "10"),
          Map.entry("place", "21.54290,39.17280"),
          Map.entry("code", "F7K2"),
          Map.entry("code6", "493027"),
          Map.entry("link", ""),
          Map.entry("choices", "F7K2 Flood clean-up; M3P9 Food packing"),
          Map.entry("filled", "Flood clean-up"),
          Map.entry("other", "Food packing"),
          Map.entry("other_code", "M3P9"));
  private static final Map<String, String> AR =
      Map.ofEntries(
          Map.entry("title", "تنظيف بعد السيل"),
          Map.entry("when", "اليوم من 16:00 إلى 20:00"),
          Map.entry("people", "10"),
          Map.entry("place", "21.54290,39.17280"),
          Map.entry("code", "F7K2"),
          Map.entry("code6", "493027"),
          Map.entry("link", ""),
          Map.entry("choices", "F7K2 تنظيف بعد السيل; M3P9 توزيع الطعام"),
          Map.entry("filled", "تنظيف بعد السيل"),
          Map.entry("other", "توزيع الطعام"),
          Map.entry("other_code", "M3P9"));

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
    var template = Texts.template(name, Language.EN).replaceAll("\\{[a-z0-9_]+}", "");
    var words = List.of(template.toLowerCase(Locale.ROOT).split("[^a-z]+"));
    assertThat(words).doesNotContain("cancel", "end", "quit", "unsubscribe", "stopall", "revoke");
    var arabic = Texts.template(name, Language.AR);
    if (!name.equals("start-confirmed")) {
      assertThat(words).doesNotContain("stop");
      assertThat(arabic).doesNotContain("أرسل: قف").doesNotContain("أرسل الغاء");
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
        .hasMessageContaining("title");
  }

  @Test
  void a_placeholder_that_the_text_does_not_know_is_a_bug() {
    assertThatThrownBy(
            () -> Texts.render("stood-down", Language.EN, Map.of("title", "x", "other", "y")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_text_that_is_not_there_is_a_bug() {
    assertThatThrownBy(() -> Texts.render("no-such", Language.EN, Map.of()))
        .hasMessageContaining("en/no-such");
  }

  @Test
  void a_value_stays_on_one_line_and_is_never_read_as_a_placeholder() {
    assertThat(Texts.render("stood-down", Language.EN, Map.of("title", "{code}\n$1\u0007 \\x")))
        .startsWith("{code} $1 \\x has enough people");
  }

  @Test
  void a_value_may_begin_with_a_blank_or_be_nothing() {
    var values = new HashMap<>(EN);
    values.keySet().retainAll(Texts.placeholders(Texts.template("offer", Language.EN)));
    values.put("link", " https://fazaa.example/a/x");
    assertThat(Texts.render("offer", Language.EN, values))
        .endsWith("F7K2 https://fazaa.example/a/x");
    values.put("link", "");
    assertThat(Texts.render("offer", Language.EN, values)).endsWith("F7K2");
  }

  @Test
  void an_offer_fits_in_two_segments_even_with_its_link() {
    for (var language : Language.values()) {
      var values = new HashMap<>(language == Language.AR ? AR : EN);
      values.keySet().retainAll(Texts.placeholders(Texts.template("offer", language)));
      values.put("link", " https://fazaa.example/a/AAGqu4kBsG0t8cV1x2Yz3w");
      assertThat(Segments.of(Texts.render("offer", language, values)).segments())
          .isLessThanOrEqualTo(2);
    }
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
