package org.fazaa.notifier;

import java.time.Instant;

/**
 * A text that is on its way to a carrier.
 *
 * @param post which POST of this text this is, from 1
 */
public record Text(
    long id,
    int post,
    Phone to,
    Language language,
    MessageClass messageClass,
    String purpose,
    String about,
    String code,
    String body,
    int segments,
    boolean answerable,
    Instant createdAt,
    Instant validUntil) {

  @Override
  public String toString() {
    return "text " + id + " to " + to;
  }
}
