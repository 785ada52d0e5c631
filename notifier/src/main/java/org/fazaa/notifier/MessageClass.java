package org.fazaa.notifier;

import java.util.Locale;

/** Why a text is sent; rules of countries and of repetition depend on it. */
public enum MessageClass {
  LIFE_SAFETY,
  SERVICE,
  FUND,
  /** An exercise: it never leaves through a carrier that reaches real phones. */
  DRILL;

  public String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static MessageClass of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
