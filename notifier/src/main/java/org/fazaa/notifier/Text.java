package org.fazaa.notifier;

import java.time.Instant;

/**
 * A text that is on its way to a carrier.
 *
 * @param post which POST of this text this is, from 1
 * @param lane the sender it leaves by
 * @param country of the phone, two letters; empty where the number does not tell
 * @param budget what its cost counts against, or null
 * @param cost of all segments, in the smallest unit of the money that budgets are kept in
 * @param wording what its body says, for ways that need other words; or null
 * @param conversing whether its reader wrote by this way in the last day: then free words may be
 *     sent where else only templates may
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
    String lane,
    String country,
    Occasion occasion,
    String budget,
    int cost,
    boolean answerable,
    Instant createdAt,
    Instant validUntil,
    Way way,
    Wording wording,
    boolean conversing) {

  /** The same, POSTed once more. */
  Text posted() {
    return new Text(
        id,
        post + 1,
        to,
        language,
        messageClass,
        purpose,
        about,
        code,
        body,
        segments,
        lane,
        country,
        occasion,
        budget,
        cost,
        answerable,
        createdAt,
        validUntil,
        way,
        wording,
        conversing);
  }

  /** How much of its lane's speed it takes. */
  int load() {
    return way == Way.SMS ? segments : 1;
  }

  @Override
  public String toString() {
    return "text " + id + " to " + to;
  }
}
