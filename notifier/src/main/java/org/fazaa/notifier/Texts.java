package org.fazaa.notifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The words that we send: one file per text and language under {@code texts/}, in the message
 * patterns of ICU, with placeholders in braces and a form for each kind of count. A missing or
 * unknown placeholder is a bug and throws. Counts are in ASCII digits in every language.
 */
public final class Texts {
  private static final Map<String, TextPattern> READ = new ConcurrentHashMap<>();

  private Texts() {}

  /**
   * The text as it is sent.
   *
   * @param values one for each placeholder; a count is a whole number in digits
   */
  public static String render(String name, Language language, Map<String, String> values) {
    return pattern(name, language).fill(values);
  }

  /**
   * The names of all texts, having read each in every language, so that a bad one is known at the
   * start and not when it is needed.
   *
   * @throws IllegalStateException naming each file that is missing or cannot be understood, and the
   *     place in it
   */
  public static SortedSet<String> readAll() {
    var names = new TreeSet<String>();
    for (var language : Language.values()) names.addAll(names(language));
    var flaws = new ArrayList<String>();
    for (var language : Language.values()) {
      for (var name : names) {
        try {
          pattern(name, language);
        } catch (IllegalArgumentException e) {
          flaws.add(e.getMessage());
        }
      }
    }
    if (!flaws.isEmpty()) throw new IllegalStateException(String.join("; ", flaws));
    return names;
  }

  /** What this text is to be told. */
  public static Set<String> placeholders(String name, Language language) {
    return pattern(name, language).placeholders();
  }

  /** Those placeholders whose value is a count. */
  public static Set<String> counts(String name, Language language) {
    return pattern(name, language).counts();
  }

  /** The text as written, with its placeholders. */
  static String template(String name, Language language) {
    var file = file(name, language);
    try (var in = Texts.class.getResourceAsStream("/" + file)) {
      if (in == null) throw new IllegalArgumentException("there is no text " + file);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TextPattern pattern(String name, Language language) {
    return READ.computeIfAbsent(
        file(name, language), file -> new TextPattern(file, language, template(name, language)));
  }

  private static String file(String name, Language language) {
    return "texts/" + language.tag() + "/" + name + ".txt";
  }

  static SortedSet<String> names(Language language) {
    try {
      var folder = Texts.class.getResource("/texts/" + language.tag()).toURI();
      if (!folder.getScheme().equals("jar")) return names(Path.of(folder));
      try (var jar = FileSystems.newFileSystem(folder, Map.of())) {
        return names(jar.getPath("texts", language.tag()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SortedSet<String> names(Path folder) throws IOException {
    var names = new TreeSet<String>();
    try (var files = Files.list(folder)) {
      files.forEach(file -> names.add(file.getFileName().toString().replace(".txt", "")));
    }
    return names;
  }
}
