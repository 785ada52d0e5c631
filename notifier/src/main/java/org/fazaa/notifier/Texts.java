package org.fazaa.notifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that we send: one file per text and language under {@code texts/}, with placeholders in
 * braces. A missing or unknown placeholder is a bug and throws.
 */
public final class Texts {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z0-9_]+)}");
  private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cntrl}\\s]+");
  private static final Map<String, String> READ = new ConcurrentHashMap<>();

  private Texts() {}

  public static String render(String name, Language language, Map<String, String> values) {
    var template = template(name, language);
    var used = placeholders(template);
    if (!used.equals(values.keySet())) {
      throw new IllegalArgumentException(
          "text " + name + " takes " + used + " and was given " + values.keySet());
    }
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(match -> Matcher.quoteReplacement(oneLine(values.get(match.group(1)))))
        .strip();
  }

  /** The text as written, with its placeholders. */
  static String template(String name, Language language) {
    return READ.computeIfAbsent(language.tag() + "/" + name, Texts::read);
  }

  static Set<String> placeholders(String template) {
    var names = new LinkedHashSet<String>();
    PLACEHOLDER.matcher(template).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  private static String oneLine(String value) {
    return LINE_BREAKS.matcher(value).replaceAll(" ");
  }

  private static String read(String path) {
    try (var in = Texts.class.getResourceAsStream("/texts/" + path + ".txt")) {
      if (in == null) {
        throw new IllegalArgumentException("there is no text " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
