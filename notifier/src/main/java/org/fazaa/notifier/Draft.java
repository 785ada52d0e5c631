package org.fazaa.notifier;

import java.time.Instant;
import java.util.Objects;

/**
 * A text to be sent.
 *
 * @param purpose the room that owns it and gets its answers, such as {@code dispatch}
 * @param about what it is about, in that room's own words, such as an offer's id
 * @param code short code that an answer may carry, or null
 * @param answerable whether a bare answer from this phone may be meant for this text
 * @param occasion why it comes just now
 * @param budget what its cost counts against, or null
 * @param priority the higher, the sooner it leaves
 * @param validUntil after this it is not sent any more
 * @param way by which it shall leave; by SMS where that way is not open
 * @param wording what its body says, for ways that need other words; or null
 */
public record Draft(
    Phone to,
    Language language,
    MessageClass messageClass,
    String purpose,
    String about,
    String code,
    String body,
    boolean answerable,
    Occasion occasion,
    String budget,
    int priority,
    Instant validUntil,
    Way way,
    Wording wording) {

  /** What carriers take in one message. */
  public static final int BODY_MAX = 1_600;

  public Draft {
    Objects.requireNonNull(to);
    Objects.requireNonNull(purpose);
    Objects.requireNonNull(about);
    Objects.requireNonNull(occasion);
    Objects.requireNonNull(validUntil);
    Objects.requireNonNull(way);
    if (body.isBlank() || body.length() > BODY_MAX) {
      throw new IllegalArgumentException("a text has 1 to " + BODY_MAX + " characters");
    }
  }

  /** An SMS. */
  public Draft(
      Phone to,
      Language language,
      MessageClass messageClass,
      String purpose,
      String about,
      String code,
      String body,
      boolean answerable,
      Occasion occasion,
      String budget,
      int priority,
      Instant validUntil) {
    this(
        to,
        language,
        messageClass,
        purpose,
        about,
        code,
        body,
        answerable,
        occasion,
        budget,
        priority,
        validUntil,
        Way.SMS,
        null);
  }

  /** The same, by another way. */
  public Draft by(Way other, Wording words) {
    return new Draft(
        to,
        language,
        messageClass,
        purpose,
        about,
        code,
        body,
        answerable,
        occasion,
        budget,
        priority,
        validUntil,
        other,
        words);
  }
}
