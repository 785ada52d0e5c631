package org.fazaa.notifier;

import java.util.Locale;

/** A language that we can write texts in. */
public enum Language {
  AR,
  EN;

  /** The language nearest to a tag such as {@code ar-SA}; English where we have none. */
  public static Language of(String tag) {
    return tag.toLowerCase(Locale.ROOT).startsWith("ar") ? AR : EN;
  }

  /** The language in which somebody wrote to us. */
  public static Language written(String body) {
    boolean arabic =
        body.codePoints()
            .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.ARABIC);
    return arabic ? AR : EN;
  }

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
