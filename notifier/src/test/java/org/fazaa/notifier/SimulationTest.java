package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.fazaa.notifier.Simulation.Bug;
import org.fazaa.notifier.Simulation.Violation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules by which texts leave, in ten thousand worlds full of faults, each from its own seed.
 * {@code -Dfazaa.seed=N} runs one of them and reports all that happened in it.
 */
@Tag("F1")
@Tag("F2")
@Tag("F7")
@Tag("F15")
@Tag("F17")
@Tag("F20")
@Tag("F22")
class SimulationTest {
  private static final int EVERY_DAY = 10_000;
  private static final int SOAK = 1_000_000;
  private static final Duration SOAK_MOST = Duration.ofMinutes(30);

  /** Each planted bug must be noticed by then. */
  private static final int NOTICED_WITHIN = 10_000;

  @Timeout(600)
  @Test
  void in_ten_thousand_worlds_no_text_is_lost_doubled_late_or_sent_after_stop(TestReporter out) {
    var only = Long.getLong("fazaa.seed");
    if (only != null) {
      replay(only, out);
      return;
    }
    for (long seed = 1; seed <= EVERY_DAY; seed++) {
      new Simulation(seed, Bug.NONE, false).run();
    }
  }

  private static void replay(long seed, TestReporter out) {
    var world = new Simulation(seed, Bug.NONE, true);
    try {
      world.run();
    } finally {
      out.publishEntry("seed " + seed, "\n" + String.join("\n", world.trace.lines()));
    }
  }

  @Test
  void the_same_seed_is_the_same_world_to_the_last_event() {
    for (long seed = 1; seed <= 20; seed++) {
      var once = digest(seed);
      assertThat(digest(seed)).isEqualTo(once);
      assertThat(digest(seed + 1)).isNotEqualTo(once);
    }
  }

  private static long digest(long seed) {
    var world = new Simulation(seed, Bug.NONE, false);
    world.run();
    return world.trace.digest();
  }

  @ParameterizedTest
  @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void a_rule_that_is_taken_away_is_noticed(Bug bug) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= NOTICED_WITHIN; seed++) {
                new Simulation(seed, bug, false).run();
              }
            })
        .isInstanceOf(Violation.class)
        .hasMessageContaining("with " + bug);
  }

  @Tag("soak")
  @Timeout(3_600)
  @Test
  void in_a_million_worlds_too(TestReporter out) {
    long until = System.nanoTime() + SOAK_MOST.toNanos();
    long from = Long.getLong("fazaa.seeds.from", 1);
    long ran = 0;
    while (ran < SOAK && System.nanoTime() < until) {
      new Simulation(from + ran, Bug.NONE, false).run();
      ran++;
    }
    out.publishEntry("worlds", "" + ran);
    assertThat(ran).isPositive();
  }
}
