package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TextsTest {
  private static final String LINK = " https://fazaa.example/a/AAGqu4kBsG0t8cV1x2Yz3w";
  private static final List<String> COUNTS = List.of("0", "1", "2", "3", "11", "100");

  /** All that a text may be told: nothing in it tells one person about another. */
  private static final Set<String> ALLOWED =
      Set.of(
          "title",
          "when",
          "people",
          "place",
          "code",
          "link",
          "choices",
          "filled",
          "other",
          "other_code",
          "amount",
          "payee",
          "fund",
          "digits",
          "time",
          "area",
          "party",
          "emergency",
          "code6");

  /** Only whoever comes learns the exact place. */
  private static final Set<String> TO_THOSE_WHO_COME =
      Set.of("assigned", "promoted", "expected", "moved", "where");

  /** What carriers take as a command, in any of the languages; X, HERE and DONE are none. */
  private static final Set<String> COMMANDS =
      Set.of(
          "stop",
          "stopall",
          "cancel",
          "end",
          "quit",
          "unsubscribe",
          "unsub",
          "optout",
          "revoke",
          "help",
          "info",
          "قف",
          "توقف",
          "أوقف",
          "إيقاف",
          "ايقاف",
          "لإيقاف",
          "إلغاء",
          "الغاء",
          "إنهاء",
          "انهاء",
          "بند",
          "روکو",
          "روکیں",
          "روکنے",
          "منسوخی");

  static Set<String> names() {
    return Texts.readAll();
  }

  static Stream<Arguments> texts() {
    return names().stream()
        .flatMap(name -> Stream.of(Language.values()).map(one -> Arguments.of(name, one)));
  }

  @Test
  void everyTextExistsInEveryLanguage() {
    for (var language : Language.values()) {
      assertThat(Texts.names(language)).as("%s", language).isEqualTo(names()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void everyLanguageUsesTheSamePlaceholdersAndNoOtherThanThese(String name, Language language) {
    assertThat(Texts.placeholders(name, language))
        .isEqualTo(Texts.placeholders(name, Language.EN))
        .isSubsetOf(ALLOWED);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void theExactPlaceIsOnlyInTextsToThoseWhoCome(String name, Language language) {
    assertThat(Texts.placeholders(name, language).contains("place"))
        .isEqualTo(TO_THOSE_WHO_COME.contains(name));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whatIsCountedIsCountedInEveryForm(String name, Language language) {
    var counted = new HashSet<>(Set.of("people", "party"));
    counted.retainAll(Texts.placeholders(name, language));
    assertThat(Texts.counts(name, language)).isEqualTo(counted);
    var forms =
        switch (language) {
          case AR -> List.of("zero {", "one {", "two {", "few {", "many {", "other {");
          case EN, UR -> List.of("one {", "other {");
        };
    if (!counted.isEmpty()) assertThat(Texts.template(name, language)).contains(forms);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void fitsInTwoSegmentsWithValuesOfUsualLength(String name, Language language) {
    for (var count : COUNTS) {
      var body = sample(name, language, count, "");
      assertThat(Segments.of(body).segments()).as(body).isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void anOfferFitsInTwoSegmentsEvenWithItsLink(Language language) {
    for (var count : COUNTS) {
      var body = sample("offer", language, count, LINK);
      assertThat(Segments.of(body).segments()).as(body).isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void englishStaysInTheCheapAlphabet(String name) {
    assertThat(Segments.of(sample(name, Language.EN, "10")).encoding())
        .isEqualTo(Segments.Encoding.GSM7);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void noTextHasAWordThatACarrierTakesAsACommand(String name, Language language) {
    var words = sample(name, language, "10").toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}]+");
    // How to have no more texts is said to those only who have just asked for them again, and how
    // to come back to those who had them stopped.
    if (name.equals("start-confirmed")) return;
    assertThat(words).doesNotContainAnyElementsOf(COMMANDS);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void itsDigitsAreAscii(String name, Language language) {
    for (var count : COUNTS) {
      assertThat(sample(name, language, count)).doesNotContainPattern("[\\p{Nd}&&[^0-9]]");
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void nothingInItTurnsAroundBetweenRightToLeftWords(String name, Language language) {
    var betweenNumbers = Pattern.compile("[0-9}]\\s*[-–—/]\\s*[0-9{]");
    assertThat(Texts.template(name, language)).doesNotContainPattern(betweenNumbers);
    assertThat(SampleTexts.render(name, language, Map.of("link", "")))
        .doesNotContainPattern(betweenNumbers);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aPhoneReadsItFromTheRightSideWhateverTheTitleIsWrittenIn(String name, Language language) {
    var body = SampleTexts.render(name, language, Map.of("title", "Flood", "filled", "Food"));
    var first = body.codePoints().filter(Character::isLetter).findFirst().orElseThrow();
    assertThat(Character.getDirectionality(first))
        .as(body)
        .isEqualTo(
            language.rightToLeft()
                ? Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC
                : Character.DIRECTIONALITY_LEFT_TO_RIGHT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          AR | offer       | 0   | نحتاج أشخاصًا.
          AR | offer       | 1   | نحتاج شخصًا.
          AR | offer       | 2   | نحتاج شخصين.
          AR | offer       | 3   | نحتاج 3 أشخاص.
          AR | offer       | 11  | نحتاج 11 شخصًا.
          AR | offer       | 100 | نحتاج 100 شخص.
          AR | offer-life  | 2   | نحتاج شخصين الآن.
          AR | group-noted | 0   | السيل: لا أحد.
          AR | group-noted | 1   | السيل: شخص واحد.
          AR | group-noted | 2   | السيل: شخصان.
          AR | group-noted | 3   | السيل: 3 أشخاص.
          AR | group-noted | 11  | السيل: 11 شخصًا.
          AR | group-noted | 100 | السيل: 100 شخص.
          EN | offer       | 0   | , 0 people needed.
          EN | offer       | 1   | , 1 person needed.
          EN | offer       | 2   | , 2 people needed.
          EN | offer       | 3   | , 3 people needed.
          EN | offer       | 11  | , 11 people needed.
          EN | offer       | 100 | , 100 people needed.
          EN | group-noted | 1   | : 1 person.
          EN | group-noted | 3   | : 3 people.
          UR | offer       | 0   | 0 افراد درکار۔
          UR | offer       | 1   | ایک شخص درکار۔
          UR | offer       | 2   | 2 افراد درکار۔
          UR | offer       | 3   | 3 افراد درکار۔
          UR | offer       | 11  | 11 افراد درکار۔
          UR | offer       | 100 | 100 افراد درکار۔
          UR | group-noted | 1   | : ایک شخص۔
          UR | group-noted | 4   | : 4 افراد۔
          """)
  void aCountHasItsForm(Language language, String name, String count, String says) {
    assertThat(sample(name, language, count)).contains(says);
  }

  @Test
  void aCountThatIsNoNumberIsABug() {
    assertThatThrownBy(() -> sample("offer", Language.EN, "ten")).hasMessageContaining("ten");
  }

  @Test
  void aMissingPlaceholderIsABug() {
    assertThatThrownBy(() -> Texts.render("stood-down", Language.EN, Map.of()))
        .hasMessageContaining("stood-down")
        .hasMessageContaining("title");
  }

  @Test
  void aPlaceholderThatTheTextDoesNotKnowIsABug() {
    assertThatThrownBy(
            () -> Texts.render("stood-down", Language.EN, Map.of("title", "x", "other", "y")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTextThatIsNotThereIsABug() {
    assertThatThrownBy(() -> Texts.render("no-such", Language.EN, Map.of()))
        .hasMessageContaining("en/no-such");
  }

  @Test
  void aValueStaysOnOneLineAndIsNeverReadAsAPattern() {
    assertThat(
            Texts.render("stood-down", Language.EN, Map.of("title", "{code}\n$1\u0007 \\x 'y' #")))
        .startsWith("{code} $1 \\x 'y' # has enough people");
  }

  @Test
  void aValueMayBeginWithABlankOrBeNothing() {
    assertThat(SampleTexts.render("offer", Language.EN, Map.of("link", " https://a.example/x")))
        .endsWith("F7K2 https://a.example/x");
    assertThat(SampleTexts.render("offer", Language.EN, Map.of("link", ""))).endsWith("F7K2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          Don't go to {title}, it's over  | Don't go to Q, it's over
          '{title}' isn't {title}'s       | 'Q' isn't Q's
          It''s {title}                   | It''s Q
          """)
  void anApostropheIsAnApostrophe(String pattern, String says) {
    assertThat(new TextPattern("x", Language.EN, pattern).fill(Map.of("title", "Q")))
        .isEqualTo(says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Meet at {place                        | Unmatched '{'
          {people, plural, one {# person}}      | Missing 'other'
          {people, plurals, other {#}}          | plurals
          Come to {title now}                   | pattern index 9
          Come to {0}                           | pattern index 9
          """,
      quoteCharacter = '"')
  void aBadPatternIsRefusedWithItsFileAndThePlaceInIt(String pattern, String place) {
    assertThatThrownBy(() -> new TextPattern("texts/ar/offer.txt", Language.AR, pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("texts/ar/offer.txt: ")
        .hasMessageContaining(place);
  }

  @Test
  void manyThreadsFillInTheSameTextAndEachGetsItsOwn() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var said = new ArrayList<Future<Boolean>>();
      for (int thread = 0; thread < 64; thread++) {
        var count = String.valueOf(200 + thread);
        said.add(
            threads.submit(
                () ->
                    Stream.generate(() -> sample("offer", Language.AR, count))
                        .limit(500)
                        .allMatch(body -> body.contains("نحتاج " + count + " "))));
      }
      for (var all : said) assertThat(all.get()).isTrue();
    }
  }

  private static String sample(String name, Language language, String count) {
    return sample(name, language, count, "");
  }

  private static String sample(String name, Language language, String count, String link) {
    return SampleTexts.render(
        name, language, Map.of("people", count, "party", count, "link", link));
  }
}
