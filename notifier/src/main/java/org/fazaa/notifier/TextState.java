package org.fazaa.notifier;

import java.util.Locale;

/**
 * Where a text is on its way. The order is the rule for statuses, which may come in any order and
 * any number: a later state wins over an earlier one, never the other way round.
 */
public enum TextState {
  QUEUED,
  /** Committed before the POST: from here on the carrier may have it. */
  SUBMITTING,
  /** No answer, or one that proves nothing. Neither sent nor unsent. */
  UNKNOWN,
  REFUSED,
  /** Taken back before it left. */
  WITHDRAWN,
  ACCEPTED,
  SENT,
  /** Too late to be of use, so it never left, or the carrier dropped it for that reason. */
  EXPIRED,
  FAILED,
  DELIVERED;

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static TextState of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT));
  }
}
