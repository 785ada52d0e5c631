package org.fazaa.config;

import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** This node's clock plus its measured distance from the database's, so that all nodes agree. */
final class NodeClock implements InstantSource, Loop.Work {

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

  // The database read its clock somewhere between our two readings: take the middle.
  void correct() {
    var before = Instant.now();
    var theirs = pool.query(READ_CLOCK).execute().await().iterator().next();
    var after = Instant.now();
    var middle = before.plus(Duration.between(before, after).dividedBy(2));
    offset = Duration.between(middle, theirs.getOffsetDateTime(0).toInstant());
  }

  private static final String READ_CLOCK = "SELECT clock_timestamp()";
}
