package org.fazaa.notifier.carrier.standin;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The queue of each sender: so many segments per second leave, in order, and nobody waits longer
 * than ten hours.
 */
final class Lanes {
  static final Duration QUEUE_MAX = Duration.ofHours(10);
  private static final int SENDERS_MAX = 10_000;

  private final int segmentsPerSecond;
  private final Map<String, Instant> free = new HashMap<>();

  /**
   * @param segmentsPerSecond 0 is without limit
   */
  Lanes(int segmentsPerSecond) {
    this.segmentsPerSecond = segmentsPerSecond;
  }

  /** How long a message would wait now; empty when the queue is full. */
  Optional<Duration> waitOf(String sender, Instant now) {
    var wait = Duration.between(now, free.getOrDefault(sender, now));
    return wait.compareTo(QUEUE_MAX) > 0
        ? Optional.empty()
        : Optional.of(wait.isNegative() ? Duration.ZERO : wait);
  }

  /** Takes its turn; what expires in the queue never takes it. */
  void take(String sender, int segments, Instant now) {
    if (segmentsPerSecond == 0 || (free.size() >= SENDERS_MAX && !free.containsKey(sender))) {
      return;
    }
    var from = free.getOrDefault(sender, now);
    var start = from.isBefore(now) ? now : from;
    free.put(sender, start.plusNanos(segments * 1_000_000_000L / segmentsPerSecond));
  }
}
