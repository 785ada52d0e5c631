package org.fazaa.notifier.reply;

import java.util.Locale;

/** What a reply says. What is not plainly one of the others is for a person to read. */
public enum Meaning {
  YES,
  NO,
  /** Give back a place that was taken. Never an opt-out. */
  DROP,
  /** No more texts at all. */
  STOP,
  /** Texts again. */
  START,
  PERSON;

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Meaning of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT));
  }

  public static Reading read(String body) {
    return Words.read(body);
  }
}
