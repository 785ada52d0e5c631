package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Outcome;
import org.fazaa.config.Invariant.Pauses;
import org.fazaa.config.Invariant.Violation;
import org.fazaa.config.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FindingsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static final Invariant.Says SAYS = new Invariant.Says("تجربة", "trial");
  private static final Outcome HOLDS = new Outcome.Holds();
  private static final Outcome VIOLATED =
      new Outcome.Violated(
          List.of(
              new Violation(Optional.of("dispatch"), 2, List.of("text 1", "text 2")),
              new Violation(Optional.empty(), 1, List.of("text 3"))));

  @Test
  void oneNodeLooksInEachMinuteAndAnotherWhenItIsGone() {
    assertThat(takesTurn("one")).isTrue();
    assertThat(takesTurn("other")).isFalse();
    assertThat(takesTurn("one")).isFalse();

    db.superuserPool()
        .query("UPDATE notify.watch_turn SET until = clock_timestamp() - interval '1 second'")
        .execute()
        .await();
    assertThat(takesTurn("other")).isTrue();
  }

  @Test
  void aFindingIsFreshOnceAndStopsUntilItIsReleased() {
    var invariant = invariant("a");
    var first = record(invariant, VIOLATED, 0);
    assertThat(first.fresh()).hasSize(2);
    assertThat(first.standing()).extracting(Findings.Finding::stops).containsExactly(true, false);

    var second = record(invariant, VIOLATED, 60);
    assertThat(second.fresh()).isEmpty();
    assertThat(second.standing()).extracting(Findings.Finding::stops).containsExactly(true, false);

    var released = Database.inTransaction(db.pool(), tx -> Findings.release(tx, "a", 7, "ok", NOW));
    assertThat(released).hasSize(2);
    assertThat(record(invariant, VIOLATED, 120).standing()).noneMatch(Findings.Finding::stops);

    assertThat(record(invariant, HOLDS, 180).cleared()).isEqualTo(2);
    assertThat(record(invariant, VIOLATED, 240).fresh()).hasSize(2);
  }

  @Test
  void aLookThatDidNotEndClearsNothingAndIsKnown() {
    var invariant = invariant("b");
    record(invariant, VIOLATED, 0);

    record(invariant, new Outcome.NotChecked("too slow"), 60);

    var checked =
        Findings.checked(db.pool()).stream()
            .filter(one -> one.invariant().equals("b"))
            .findFirst()
            .orElseThrow();
    assertThat(checked.problem()).contains("too slow");
    assertThat(checked.checkedAt()).contains(NOW);
    assertThat(checked.triedAt()).isEqualTo(NOW.plusSeconds(60));
    assertThat(Findings.list(db.pool()))
        .filteredOn(finding -> finding.invariant().equals("b"))
        .hasSize(2)
        .allMatch(finding -> finding.clearedAt().isEmpty());
  }

  private static boolean takesTurn(String node) {
    return Database.inTransaction(db.pool(), tx -> Findings.takeTurn(tx, node));
  }

  private static Findings.Recorded record(Invariant invariant, Outcome outcome, long seconds) {
    var now = NOW.plus(Duration.ofSeconds(seconds));
    return Database.inTransaction(db.pool(), tx -> Findings.record(tx, invariant, outcome, now));
  }

  private static Invariant invariant(String number) {
    return new Invariant(number, SAYS, SAYS, Pauses.PURPOSE, (tx, now) -> List.of());
  }
}
