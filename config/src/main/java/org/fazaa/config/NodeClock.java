package org.fazaa.config;

import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The database's time, counted on from the last reading by a clock that cannot be set, so that all
 * nodes agree and nothing expires because somebody set the clock of a machine.
 */
final class NodeClock implements InstantSource, Loop.Work {

  /** How often the database is read though nothing looks wrong. */
  static final Duration READ_EVERY = Duration.ofMinutes(1);

  /**
   * When the machine's two clocks part by more, either one was set or the machine was asleep,
   * during which the other stands still: only the database can tell.
   */
  static final Duration PARTED = Duration.ofSeconds(1);

  /** A reading that waited long says little about the other clock: the quickest counts. */
  private static final int READINGS = 3;

  private final Pool pool;
  private final InstantSource machine;
  private final LongSupplier nanos;
  private volatile Reading last;

  NodeClock(Pool pool) {
    this(pool, InstantSource.system(), System::nanoTime);
  }

  /**
   * @param machine the clock that can be set
   * @param nanos the one that cannot
   */
  NodeClock(Pool pool, InstantSource machine, LongSupplier nanos) {
    this.pool = pool;
    this.machine = machine;
    this.nanos = nanos;
    var now = machine.instant();
    this.last = new Reading(Duration.ZERO, now, now, nanos.getAsLong());
  }

  @Override
  public Instant instant() {
    var read = last;
    return read.theirs.plusNanos(nanos.getAsLong() - read.nanos);
  }

  @Override
  public String name() {
    return "keep-time";
  }

  @Override
  public Duration poll() {
    return PARTED;
  }

  @Override
  public boolean run(Instant now) {
    if (isInDoubt()) {
      correct();
    }
    return false;
  }

  boolean isInDoubt() {
    var read = last;
    var counted = Duration.ofNanos(nanos.getAsLong() - read.nanos);
    var parted = Duration.between(read.machine.plus(counted), machine.instant()).abs();
    return counted.compareTo(READ_EVERY) >= 0 || parted.compareTo(PARTED) > 0;
  }

  /** How far this machine's clock is from the database's. */
  Duration offset() {
    var read = last;
    return Duration.between(read.machine, read.theirs);
  }

  void correct() {
    last =
        Stream.generate(this::read)
            .limit(READINGS)
            .min(Comparator.comparing(Reading::took))
            .orElseThrow();
  }

  /** What the three clocks said at one moment. */
  private record Reading(Duration took, Instant theirs, Instant machine, long nanos) {}

  // The database read its clock somewhere between our two readings: take the middle.
  private Reading read() {
    long before = nanos.getAsLong();
    var theirs = pool.query(READ_CLOCK).execute().await().iterator().next();
    long after = nanos.getAsLong();
    long half = (after - before) / 2;
    var then = machine.instant().minusNanos(after - before - half);
    var took = Duration.ofNanos(after - before);
    return new Reading(took, theirs.getOffsetDateTime(0).toInstant(), then, before + half);
  }

  private static final String READ_CLOCK = "SELECT clock_timestamp()";
}
