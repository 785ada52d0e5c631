package org.fazaa.notifier;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.fazaa.notifier.carrier.Submission;

/** What is in the carrier's hands, and how much more may be put there. */
final class Flight {

  /** So much is handed over ahead of free connections as the carrier answered in this time. */
  private static final Duration AHEAD = Duration.ofMillis(250);

  private static final int AHEAD_MOST = 8;

  /** What has landed waits no longer than this for more to be written down with it. */
  private static final Duration GATHERED = Duration.ofMillis(100);

  /** A text under a fence, handed to the carrier at this moment. */
  record Started(long fence, Text text, int refusals, int unknowns, Instant at) {}

  record Landed(Started started, Submission submission) {}

  private final int connections;
  private final LongSupplier clock;
  private final AtomicInteger out = new AtomicInteger();
  private final Map<String, Integer> outByLane = new ConcurrentHashMap<>();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Queue<Landed> landed = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Promise<Void>> stirred = new AtomicReference<>(Promise.promise());
  private long windowFrom;
  private long landedAt;
  private volatile int ahead;
  private int answeredBefore;
  private int answeredNow;

  Flight(int connections) {
    this(connections, System::nanoTime);
  }

  /**
   * @param clock in nanoseconds from any origin
   */
  Flight(int connections, LongSupplier clock) {
    this.connections = connections;
    this.clock = clock;
    this.windowFrom = clock.getAsLong();
    this.landedAt = windowFrom;
  }

  /** How many more texts may be handed over without keeping any of them waiting for long. */
  int room() {
    long elapsed = clock.getAsLong() - windowFrom;
    if (elapsed > AHEAD.toNanos()) {
      answeredBefore = elapsed > 2 * AHEAD.toNanos() ? 0 : answeredNow;
      answeredNow = 0;
      windowFrom = clock.getAsLong();
    }
    ahead = Math.min(AHEAD_MOST * connections, Math.max(answeredBefore, answeredNow));
    return Math.max(0, connections + ahead - out.get());
  }

  boolean isEmpty() {
    return out.get() == 0;
  }

  /** How many of a lane have no outcome that was looked at. */
  int underWay(String lane) {
    return outByLane.getOrDefault(lane, 0);
  }

  private void count(Started one, int more) {
    out.addAndGet(more);
    outByLane.merge(one.text().lane(), more, Integer::sum);
  }

  void add(Started started, Future<Submission> submission) {
    count(started, 1);
    unanswered.incrementAndGet();
    submission.onComplete(
        answered -> {
          var outcome =
              answered.succeeded()
                  ? answered.result()
                  : new Submission.Unknown("the carrier's own fault: " + answered.cause());
          landed.add(new Landed(started, outcome));
          // While enough waits for a connection, more may land and be written in one turn.
          if (unanswered.decrementAndGet() <= connections + ahead / 2) {
            stirred.get().tryComplete();
          }
        });
  }

  /** Whether a look is worth it: the carrier may soon want more, or what has landed waits long. */
  boolean isRipe() {
    return stirred().isComplete()
        || !landed.isEmpty() && clock.getAsLong() - landedAt > GATHERED.toNanos();
  }

  /** Those whose outcome is known by now, each once. */
  List<Landed> land() {
    stirred.set(Promise.promise()); // before the look: what comes after it stirs again
    var all = new ArrayList<Landed>();
    for (var one = landed.poll(); one != null; one = landed.poll()) {
      all.add(one);
    }
    landedAt = clock.getAsLong();
    for (var one : all) count(one.started, -1);
    answeredNow += all.size();
    return all;
  }

  /** Their outcomes could not be written down: they land again with the next turn. */
  void again(List<Landed> unwritten) {
    for (var one : unwritten) count(one.started, 1);
    landed.addAll(unwritten);
    landedAt = clock.getAsLong() - 2 * GATHERED.toNanos();
  }

  /** Completes when what has landed since the last look is worth a turn. */
  Future<Void> stirred() {
    return stirred.get().future();
  }
}
