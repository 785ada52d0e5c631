package org.fazaa.notifier;

import java.util.Locale;

/** A language that we can write texts in. */
public enum Language {
  AR,
  EN,
  UR;

  // Letters that only Urdu has among those that we write: Arabic and Persian do without them.
  private static final String URDU = "ٹڈڑںےۓہۂ";

  /** The language nearest to a tag such as {@code ar-SA}; English where we have none. */
  public static Language of(String tag) {
    var first = Locale.forLanguageTag(tag).getLanguage();
    for (var language : values()) {
      if (language.tag().equals(first)) return language;
    }
    return EN;
  }

  /** The language in which somebody wrote to us: Urdu only by a letter that Arabic has not. */
  public static Language written(String body) {
    if (body.codePoints().anyMatch(c -> URDU.indexOf(c) >= 0)) return UR;
    boolean arabic =
        body.codePoints()
            .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.ARABIC);
    return arabic ? AR : EN;
  }

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean rightToLeft() {
    return this != EN;
  }
}
