package org.fazaa.notifier.reply;

import java.util.Locale;

/** What a reply says. What is not plainly one of the others is for a person to read. */
public enum Meaning {
  YES,
  NO,
  /** Willing, but not yet or not surely: at another time, after something, if it is needed. */
  LATER,
  /** Comes only if nobody else can. */
  LAST_RESORT,
  ON_MY_WAY,
  HERE,
  /** Has finished and has left. */
  DONE,
  /** Give back a place that was taken. Never an opt-out. */
  DROP,
  /** No more texts at all. */
  STOP,
  /** Texts again. */
  START,
  /** Asks what can be answered. */
  HELP,
  /** Somebody, the writer or another, may be in danger. */
  DANGER,
  WRONG_NUMBER,
  /** Asks who writes. */
  WHO,
  /** Asks for the place. */
  WHERE,
  /** Comes with others. */
  GROUP,
  PERSON;

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Meaning of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT));
  }

  /** Where the writer stands with what they were asked: the same word may say different things. */
  public enum Stage {
    OFFERED,
    /** Has a place, and is not there yet. */
    ACCEPTED,
    ON_SITE;

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As from somebody of whom no more is known than that they were asked. */
  public static Reading read(String body) {
    return read(body, Stage.OFFERED, Whereabouts.riyadh());
  }

  public static Reading read(String body, Stage stage, Whereabouts where) {
    return Rules.read(body, stage, where);
  }
}
