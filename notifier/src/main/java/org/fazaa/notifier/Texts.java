package org.fazaa.notifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that we send: one file per text and language under {@code texts/}, with placeholders in
 * braces. A missing or unknown placeholder is a bug and throws.
 */
public final class Texts {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)}");
  private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cntrl}\\s]+");
  private static final Map<String, Optional<String>> READ = new ConcurrentHashMap<>();

  private Texts() {}

  public static String render(String name, Language language, Map<String, String> values) {
    var template = template(name, language);
    var used = placeholders(template);
    if (!used.equals(values.keySet())) {
      throw new IllegalArgumentException(
          "text " + name + " takes " + used + " and was given " + values.keySet());
    }
    return filled(template, values);
  }

  private static String filled(String template, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(match -> Matcher.quoteReplacement(oneLine(values.get(match.group(1)))))
        .strip();
  }

  /**
   * What a call says instead of a text, from {@code spoken/}: no code and no link, which no ear can
   * keep. Empty where no such words are written.
   *
   * @param values those of the text; the spoken words need not use them all
   */
  public static Optional<String> spoken(
      String name, Language language, Map<String, String> values) {
    return find("/spoken/" + language.tag() + "/" + name + ".txt")
        .map(words -> filled(words, values));
  }

  /** Whether there is such a text, as {@code offer/ar}. */
  public static boolean exists(String nameAndLanguage) {
    var parts = nameAndLanguage.split("/");
    return find("/texts/" + parts[1] + "/" + parts[0] + ".txt").isPresent();
  }

  /** The text as written, with its placeholders. */
  static String template(String name, Language language) {
    var path = language.tag() + "/" + name;
    return find("/texts/" + path + ".txt")
        .orElseThrow(() -> new IllegalArgumentException("there is no text " + path));
  }

  static Set<String> placeholders(String template) {
    var names = new LinkedHashSet<String>();
    PLACEHOLDER.matcher(template).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  private static String oneLine(String value) {
    return LINE_BREAKS.matcher(value).replaceAll(" ");
  }

  private static Optional<String> find(String path) {
    return READ.computeIfAbsent(path, Texts::read);
  }

  private static Optional<String> read(String path) {
    try (var in = Texts.class.getResourceAsStream(path)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
