package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.fazaa.config.Bus;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.Findings;
import org.fazaa.web.WatchBoard.State;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WatchTurnTest {
  @RegisterExtension
  static final TestDatabase db = TestDatabase.of("notify", "dispatch", "fund", "web");

  private static Bus bus;

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void nothingIsKnown() {
    db.superuserPool().query("TRUNCATE notify.checked, notify.watch_turn").execute().await();
  }

  @Test
  void whoHasJustComeWaitsATurnAndOnlyOneLooks() {
    var one = new Watch(db.pool(), db.pool(), bus, () -> NOW, "one", List.of());
    var other = new Watch(db.pool(), db.pool(), bus, () -> NOW, "other", List.of());
    one.run(NOW);
    other.run(NOW);
    assertThat(Findings.checked(db.pool())).isEmpty();
    assertThat(one.board().lines()).allMatch(line -> line.state() == State.NOT_CHECKED);

    one.run(NOW);
    assertThat(one.board().lines()).allMatch(line -> line.state() == State.HOLDS);
    other.run(NOW.plusSeconds(600));
    assertThat(Findings.checked(db.pool())).allMatch(each -> each.triedAt().equals(NOW));
  }

  @Test
  void whatNobodyLookedAtForMinutesIsNotGreen() {
    var watch = new Watch(db.pool(), db.pool(), bus, () -> NOW, "third", List.of());
    watch.look(NOW);
    assertThat(watch.read(NOW.plusSeconds(170)).line("10").orElseThrow().state())
        .isEqualTo(State.HOLDS);
    assertThat(watch.read(NOW.plusSeconds(190)).line("10").orElseThrow().state())
        .isEqualTo(State.NOT_CHECKED);
  }
}
