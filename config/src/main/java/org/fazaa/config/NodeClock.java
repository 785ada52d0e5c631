package org.fazaa.config;

import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.stream.Stream;

/** This node's clock plus its measured distance from the database's, so that all nodes agree. */
final class NodeClock implements InstantSource, Loop.Work {

  /** A reading that waited long says little about the other clock: the quickest counts. */
  private static final int READINGS = 3;

  private final Pool pool;
  private volatile Duration offset = Duration.ZERO;

  NodeClock(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(offset);
  }

  @Override
  public String name() {
    return "keep-time";
  }

  @Override
  public Duration poll() {
    return Duration.ofMinutes(1);
  }

  @Override
  public boolean run(Instant now) {
    correct();
    return false;
  }

  /** How far this machine's clock is from the database's. */
  Duration offset() {
    return offset;
  }

  void correct() {
    offset =
        Stream.generate(this::read)
            .limit(READINGS)
            .min(Comparator.comparing(Reading::took))
            .orElseThrow()
            .offset();
  }

  private record Reading(Duration took, Duration offset) {}

  // The database read its clock somewhere between our two readings: take the middle.
  private Reading read() {
    var before = Instant.now();
    var theirs = pool.query(READ_CLOCK).execute().await().iterator().next();
    var took = Duration.between(before, Instant.now());
    var middle = before.plus(took.dividedBy(2));
    return new Reading(took, Duration.between(middle, theirs.getOffsetDateTime(0).toInstant()));
  }

  private static final String READ_CLOCK = "SELECT clock_timestamp()";
}
