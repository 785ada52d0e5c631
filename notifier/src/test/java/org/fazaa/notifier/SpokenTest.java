package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a call says has the values of its text, and nothing that an ear cannot keep. */
class SpokenTest {

  /** Those that no text is told by. */
  private static final Set<String> OF_THE_CALL =
      Set.of(
          "keys",
          "heard-yes",
          "heard-no",
          "no-key",
          "not-known",
          "reach-test-keys",
          "reach-test-heard");

  private static final Map<String, String> VALUES =
      Map.of(
          "title", "T1", "when", "W1", "people", "P1", "filled", "L1", "code", "C1", "link", "K1");

  static Set<String> names() throws IOException, URISyntaxException {
    return names(Language.EN);
  }

  /** Twilio's voices know no Urdu. */
  private static final List<Language> SPOKEN = List.of(Language.AR, Language.EN);

  @Test
  void every_language_speaks_the_same_texts() throws Exception {
    for (var language : SPOKEN) {
      assertThat(names(language)).isEqualTo(names()).containsAll(OF_THE_CALL);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void it_says_what_its_text_says_without_code_and_link(String name) {
    for (var language : SPOKEN) {
      var said = Texts.spoken(name, language, VALUES).orElseThrow();
      assertThat(said).doesNotContain("{", "C1", "K1");
      if (OF_THE_CALL.contains(name)) {
        assertThat(said).isEqualTo(Texts.spoken(name, language, Map.of()).orElseThrow());
      } else {
        var takes = new HashSet<>(Texts.placeholders(name, language));
        takes.removeAll(Set.of("code", "link"));
        var values = takes.stream().map(VALUES::get).collect(Collectors.toSet());
        assertThat(values).allSatisfy(value -> assertThat(said).contains(value));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void digits_are_spoken_as_words_where_the_voice_would_stumble(String name) {
    var arabic = Texts.spoken(name, Language.AR, VALUES).orElseThrow();
    assertThat(Pattern.compile("[٠-٩]").matcher(arabic).find()).isFalse();
  }

  @Test
  void a_text_without_spoken_words_has_none() {
    assertThat(Texts.spoken("declined", Language.EN, Map.of("title", "x"))).isEmpty();
  }

  private static Set<String> names(Language language) throws IOException, URISyntaxException {
    var folder = Path.of(SpokenTest.class.getResource("/spoken/" + language.tag()).toURI());
    var names = new TreeSet<String>();
    try (var files = Files.list(folder)) {
      files.forEach(file -> names.add(file.getFileName().toString().replace(".txt", "")));
    }
    return names;
  }
}
