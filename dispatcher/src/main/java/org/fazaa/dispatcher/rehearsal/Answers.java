package org.fazaa.dispatcher.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.fazaa.notifier.Language;

/** What people write when they mean something: many wordings for each, in every language. */
final class Answers {

  /** What somebody wants to say. */
  enum Intent {
    YES,
    NO,
    DROP,
    STOP,
    /** Something that is no answer. */
    UNCLEAR
  }

  private final Map<Language, Map<Intent, List<String>>> wordings = new EnumMap<>(Language.class);

  Answers() {
    for (var language : Language.values()) {
      wordings.put(language, read("/rehearsal/answers-" + language.tag() + ".txt"));
    }
  }

  String word(Intent intent, Language language, String code, RandomGenerator random) {
    var choices = wordings.get(language).get(intent);
    return choices.get(random.nextInt(choices.size())).replace("{code}", code);
  }

  private static Map<Intent, List<String>> read(String resource) {
    var read = new EnumMap<Intent, List<String>>(Intent.class);
    Intent intent = null;
    for (var line : lines(resource)) {
      if (line.startsWith("[")) {
        intent = Intent.valueOf(line.substring(1, line.length() - 1).toUpperCase(Locale.ROOT));
        read.put(intent, new ArrayList<>());
      } else {
        read.get(intent).add(line);
      }
    }
    return read;
  }

  private static List<String> lines(String resource) {
    try (var in = Answers.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
