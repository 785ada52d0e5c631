package org.fazaa.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * What the pages say in one language: its file in resources/words has a line for every {@link
 * Word}.
 */
public final class Wording {

  public static final Wording AR = new Wording("ar", "rtl");
  public static final Wording EN = new Wording("en", "ltr");

  private static final char ISOLATE = '\u2068';
  private static final char END_OF_ISOLATE = '\u2069';

  private final String tag;
  private final String direction;
  private final Map<Word, String> words = new EnumMap<>(Word.class);

  private Wording(String tag, String direction) {
    this.tag = tag;
    this.direction = direction;
    var file = read(tag);
    for (var word : Word.values()) words.put(word, file.getProperty(word.name(), "?" + word));
  }

  public static Wording of(String tag) {
    return tag.startsWith("ar") ? AR : EN;
  }

  public String tag() {
    return tag;
  }

  public String direction() {
    return direction;
  }

  public Wording other() {
    return this == AR ? EN : AR;
  }

  public Locale locale() {
    return Locale.forLanguageTag(this == AR ? "ar-SA-u-ca-gregory-nu-latn" : "en-GB");
  }

  /** The sentence, with {0}, {1} … filled in; a filled-in text keeps its own direction. */
  public String of(Word word, Object... values) {
    return fill(words.get(word), values);
  }

  /** The form of the word that goes with this number; {n} stands for the number itself. */
  public String count(Word word, long n, Object... values) {
    var forms = words.get(word).split("\\s*\\|\\s*");
    var form = forms[this == AR ? arabicForm(n) : (n == 1 ? 0 : 1)];
    return fill(form.replace("{n}", Frame.grouped(n)), values);
  }

  /**
   * Zero, one, two, few (3–10), many (11–99), other (100, 101, 102 …), as Unicode's plural rules
   * have it.
   */
  private static int arabicForm(long n) {
    if (n < 3) return (int) n;
    var rest = n % 100;
    if (rest >= 3 && rest <= 10) return 3;
    return rest >= 11 ? 4 : 5;
  }

  private static String fill(String sentence, Object... values) {
    var filled = sentence;
    for (var i = 0; i < values.length; i++) {
      var value =
          values[i] instanceof Number n ? Frame.grouped(n.longValue()) : isolated(values[i]);
      filled = filled.replace("{" + i + "}", value);
    }
    return filled;
  }

  private static String isolated(Object value) {
    return ISOLATE + String.valueOf(value) + END_OF_ISOLATE;
  }

  static Properties read(String tag) {
    var name = "/words/" + tag + ".properties";
    try (var file = Wording.class.getResourceAsStream(name)) {
      var properties = new Properties();
      properties.load(new InputStreamReader(file, UTF_8));
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
