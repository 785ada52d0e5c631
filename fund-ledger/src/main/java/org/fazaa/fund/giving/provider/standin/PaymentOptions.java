package org.fazaa.fund.giving.provider.standin;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.fazaa.config.Secret;

/**
 * How the stand-in of a card provider behaves.
 *
 * @param manner stripe or moyasar
 * @param events where events are posted; empty: nowhere
 * @param doubled of a hundred events, how many are posted twice
 * @param lost of a hundred events, how many are never posted
 * @param late events are posted after any wait up to this, and so in any order
 */
public record PaymentOptions(
    String host,
    int port,
    String manner,
    Secret key,
    Secret webhookSecret,
    Optional<URI> events,
    int doubled,
    int lost,
    Duration late,
    long seed,
    InstantSource clock) {

  static final int PERCENT = 100;

  /** One that does everything once, in order and at once. */
  public static PaymentOptions of(String manner, URI events) {
    return new PaymentOptions(
        "127.0.0.1",
        0,
        manner,
        new Secret("sk_test_stand_in"),
        new Secret("whsec_stand_in"),
        Optional.ofNullable(events),
        0,
        0,
        Duration.ZERO,
        1,
        InstantSource.system());
  }

  /** The same with events that are doubled, late and out of order. */
  public PaymentOptions unreliable(Duration upTo) {
    return new PaymentOptions(
        host, port, manner, key, webhookSecret, events, PERCENT, 0, upTo, seed, clock);
  }

  /** The same, living at another time. */
  public PaymentOptions at(InstantSource other) {
    return new PaymentOptions(
        host, port, manner, key, webhookSecret, events, doubled, lost, late, seed, other);
  }

  /** The same with events that never come. */
  public PaymentOptions silent() {
    return new PaymentOptions(
        host, port, manner, key, webhookSecret, events, 0, PERCENT, late, seed, clock);
  }
}
