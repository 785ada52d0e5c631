package org.fazaa;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fazaa.config.Fact;
import org.fazaa.config.Setting;
import org.junit.jupiter.api.Test;

/** The tables of the README are made from the program, so they cannot tell anything else. */
class ReadmeTest {
  private static final String README = Sources.read(Path.of("README.md")).text();

  @Test
  void theTablesAreThoseOfTheProgram() throws Exception {
    var current = replace(replace(README, "settings", settings()), "facts", facts());
    if (!current.equals(README)) {
      Files.writeString(Sources.ROOT.resolve("web/target/README.md"), current);
    }

    assertThat(README).as("cp web/target/README.md README.md mends it").isEqualTo(current);
  }

  @Test
  void everyFolderOnTheMapExists() {
    var map = block(README, "map");
    var folders = Pattern.compile("(?m)^(\\S+/)\\s").matcher(map).results();

    assertThat(folders.map(found -> found.group(1)).toList())
        .contains("config/", "notifier/", "dispatcher/", "fund-ledger/", "web/")
        .allSatisfy(folder -> assertThat(Sources.ROOT.resolve(folder)).isDirectory());
  }

  private static String settings() {
    return "| Setting | Default | What it is |\n| --- | --- | --- |\n"
        + Arrays.stream(Setting.values())
            .map(
                setting ->
                    "| `%s` | %s | %s%s |"
                        .formatted(
                            setting.name(),
                            setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`",
                            setting.meaning(),
                            setting.secret() ? " (secret)" : ""))
            .collect(joining("\n"));
  }

  private static String facts() {
    return "| Fact | Published by | Heard by |\n| --- | --- | --- |\n"
        + Arrays.stream(Fact.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .map(
                fact ->
                    "| `%s` | %s | %s |"
                        .formatted(
                            fact,
                            whereIs("new\\s+(Fact\\.)?" + fact + "\\("),
                            whereIs("\\b" + fact + "\\.class\\b|" + EVERY_FACT)))
            .collect(joining("\n"));
  }

  /** Live pages hear all of them. */
  private static final String EVERY_FACT = "hear\\(bus, type\\.asSubclass\\(Fact\\.class\\)";

  private static String whereIs(String pattern) {
    var sought = Pattern.compile(pattern);
    var names = new TreeSet<String>();
    for (var source : Sources.mainJava()) {
      // A bench tells and hears facts to time them; nothing depends on it.
      if (source.path().getParent().endsWith("bench")) continue;
      if (sought.matcher(source.text()).find()) {
        names.add("`" + source.path().getFileName().toString().replace(".java", "") + "`");
      }
    }
    return String.join(", ", names);
  }

  private static String replace(String text, String name, String table) {
    return around(name)
        .matcher(text)
        .replaceFirst(Matcher.quoteReplacement(start(name) + "\n" + table + "\n" + end(name)));
  }

  private static String block(String text, String name) {
    var found = around(name).matcher(text);
    assertThat(found.find()).as("README.md has no block " + start(name)).isTrue();
    return found.group();
  }

  private static Pattern around(String name) {
    return Pattern.compile(
        Pattern.quote(start(name)) + ".*?" + Pattern.quote(end(name)), Pattern.DOTALL);
  }

  private static String start(String name) {
    return "<!-- " + name + " -->";
  }

  private static String end(String name) {
    return "<!-- /" + name + " -->";
  }
}
