package org.fazaa.notifier;

import java.util.Locale;

/**
 * Why a text comes just now. Quiet hours and what one person may get depend on it: nobody is woken
 * for what can wait, and nobody who wrote to us waits for an answer.
 */
public enum Occasion {
  /** It asks for help that cannot wait until morning. */
  ALARM,
  /** It answers what the person has just written. */
  ANSWER,
  /** Something they were promised has changed. */
  NEWS,
  /** It asks for help that can wait. */
  ASK,
  /** Thanks, receipts, appeals: welcome, and never urgent. */
  THANKS;

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Occasion of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT));
  }

  /** Whether nobody waits for it, so that a person may have had enough of it. */
  boolean unasked() {
    return switch (this) {
      case ALARM, ASK, THANKS -> true;
      case ANSWER, NEWS -> false;
    };
  }

  /** Whether it waits while people sleep. */
  boolean waitsForMorning() {
    return switch (this) {
      case ASK, THANKS -> true;
      case ALARM, ANSWER, NEWS -> false;
    };
  }
}
