package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fazaa.dispatcher.callout.SimPlaces.Bug;
import org.fazaa.dispatcher.callout.SimPlaces.Violation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules by which places are given, in ten thousand worlds, each from its own seed. {@code
 * -Dfazaa.seed=N} runs one of them and reports all that happened in it.
 */
@Tag("F7")
@Tag("F18")
@Tag("F19")
@Tag("F21")
class SimPlacesTest {
  private static final int SEEDS = 10_000;

  @Timeout(600)
  @Test
  void in_ten_thousand_worlds_no_place_is_given_twice_and_every_reply_ends(TestReporter out) {
    var only = Long.getLong("fazaa.seed");
    if (only != null) {
      var world = new SimPlaces(only, Bug.NONE, true);
      try {
        world.run();
      } finally {
        out.publishEntry("seed " + only, "\n" + String.join("\n", world.lines()));
      }
      return;
    }
    for (long seed = 1; seed <= SEEDS; seed++) {
      new SimPlaces(seed, Bug.NONE, false).run();
    }
  }

  @Test
  void the_same_seed_is_the_same_world_to_the_last_event() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(digest(seed)).isEqualTo(digest(seed)).isNotEqualTo(digest(seed + 1));
    }
  }

  private static long digest(long seed) {
    var world = new SimPlaces(seed, Bug.NONE, false);
    world.run();
    return world.digest();
  }

  @ParameterizedTest
  @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void a_rule_that_is_taken_away_is_noticed(Bug bug) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= SEEDS; seed++) {
                new SimPlaces(seed, bug, false).run();
              }
            })
        .isInstanceOf(Violation.class)
        .hasMessageContaining("with " + bug);
  }
}
