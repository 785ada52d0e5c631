package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With clocks of a machine that are set and stopped by hand; no database is asked here. */
@Tag("F22")
class NodeClockTest {
  private static final Instant NOON = Instant.parse("2026-11-22T09:00:00Z");

  private Instant machine = NOON;
  private Duration counted = Duration.ZERO;
  private final NodeClock clock = new NodeClock(null, () -> machine, () -> counted.toNanos());

  @Test
  void whoever_sets_the_machines_clock_moves_no_deadline() {
    for (var jump : new long[] {3_600, -3_600, -300}) {
      machine = NOON.plusSeconds(jump);
      assertThat(clock.instant()).isEqualTo(NOON);
    }
    counted = Duration.ofSeconds(10);
    assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(10));
  }

  @Test
  void the_database_is_asked_when_the_clocks_part_and_each_minute() {
    counted = Duration.ofSeconds(30);
    machine = NOON.plusSeconds(30);
    assertThat(clock.isInDoubt()).isFalse();
    machine = NOON.plusSeconds(30).plus(NodeClock.PARTED).plusMillis(1);
    assertThat(clock.isInDoubt()).isTrue(); // set, or asleep meanwhile
    machine = NOON.plusSeconds(30).minus(NodeClock.PARTED).minusMillis(1);
    assertThat(clock.isInDoubt()).isTrue();
    counted = NodeClock.READ_EVERY;
    machine = NOON.plus(NodeClock.READ_EVERY);
    assertThat(clock.isInDoubt()).isTrue();
  }
}
