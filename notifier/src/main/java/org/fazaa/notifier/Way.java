package org.fazaa.notifier;

import java.util.Locale;

/** By which way a text reaches a person. */
public enum Way {
  SMS,
  /** A template with buttons, or free words within a day after the person wrote there. */
  WHATSAPP,
  /** A call that is answered by keys, for people without data. */
  VOICE;

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Way of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT));
  }
}
