package org.fazaa;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fazaa.Sources.Source;
import org.junit.jupiter.api.Test;

/** Code and screens speak one language: classes of the domain are named with dictionary words. */
class DictionaryTest {
  private static final Pattern BOLD = Pattern.compile("\\*\\*(.+?)\\*\\*");
  private static final Set<String> KNOWN = words();
  private static final Set<String> DOMAIN = Set.of("notifier", "dispatcher", "fund-ledger");
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("(?m)^public .*\\b(class|record|interface|enum)\\b");

  @Test
  void whatADomainRoomShowsIsNamedFromTheDictionary() {
    var unknown =
        Sources.mainJava().stream()
            .filter(source -> DOMAIN.contains(source.module()))
            .filter(source -> PUBLIC_TYPE.matcher(source.text()).find())
            .filter(source -> !unknownIn(name(source)).isEmpty())
            .map(source -> source.path() + " " + unknownIn(name(source)));

    assertThat(unknown).as("not in DICTIONARY.md: use its word, or add the noun there").isEmpty();
  }

  @Test
  void aNameFromNowhereIsFound() {
    assertThat(unknownIn("OpenTicket")).containsExactly("ticket");
    assertThat(unknownIn("OpenNeeds")).isEmpty();
  }

  @Test
  void noWordIsSettledTwice() {
    var headings =
        BOLD.matcher(text()).results().map(found -> found.group(1).toLowerCase(Locale.ROOT));

    assertThat(headings.toList()).doesNotHaveDuplicates();
  }

  private static List<String> unknownIn(String className) {
    return split(className).filter(word -> !KNOWN.contains(word)).toList();
  }

  private static Set<String> words() {
    return BOLD.matcher(text())
        .results()
        .flatMap(found -> Arrays.stream(found.group(1).split("[ ,-]+")))
        .flatMap(DictionaryTest::split)
        .collect(toSet());
  }

  /** ImportVolunteers: import, volunteer. */
  private static Stream<String> split(String name) {
    return Arrays.stream(name.split("(?<=[a-z0-9])(?=[A-Z])")).map(DictionaryTest::singular);
  }

  private static String singular(String word) {
    var lower = word.toLowerCase(Locale.ROOT);
    if (lower.equals("people")) return "person";
    if (lower.endsWith("ies")) return lower.substring(0, lower.length() - 3) + "y";
    return lower.endsWith("s") && !lower.matches(".*[su]s")
        ? lower.substring(0, lower.length() - 1)
        : lower;
  }

  private static String name(Source source) {
    return source.path().getFileName().toString().replace(".java", "");
  }

  private static String text() {
    return Sources.read(Path.of("DICTIONARY.md")).text();
  }
}
