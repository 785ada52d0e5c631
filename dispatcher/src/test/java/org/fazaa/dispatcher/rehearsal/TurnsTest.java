package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx);
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void whatFallsDueRunsAndWakesWhoeverHearsOfIt() {
    var sender = new Work("sender", Fact.OutboxFilled.class, null, null);
    var decider = new Work("decider", Fact.ReplyKept.class, NOON, new Fact.OutboxFilled());
    var turns = new Turns(vertx, List.of(sender, decider));

    turns.settle(NOON.minusSeconds(5)); // reads what is due, for there is nothing before
    bus.publish(new Fact.ReplyKept(1));
    turns.settle(NOON);

    assertThat(log).containsSubsequence("decider", "sender");
    assertThat(turns.nextDue()).isEmpty();
  }

  @Test
  void loopsThatNeverRestAreABugAndNotAHang() {
    var restless =
        new Work("restless", Fact.NeedChanged.class, NOON, null) {
          @Override
          public boolean run(Instant now) {
            return true;
          }
        };
    var turns = new Turns(vertx, List.of(restless));
    bus.publish(new Fact.NeedChanged(1, 1));

    assertThatThrownBy(() -> turns.settle(NOON)).hasMessageContaining("never come to rest");
  }

  @Test
  void theClockStandsStillAndThenJumpsInSteps() {
    var clock = new VirtualClock(NOON);

    clock.moveTo(NOON.plusSeconds(61));
    assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(65));
    clock.moveTo(NOON);
    assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(70));
  }

  /** Does one thing at its time, and tells one fact of it. */
  private class Work implements Loop.Work {
    private final String name;
    private final Class<? extends Fact> hears;
    private final Fact tells;
    private Instant due;

    Work(String name, Class<? extends Fact> hears, Instant due, Fact tells) {
      this.name = name;
      this.hears = hears;
      this.due = due;
      this.tells = tells;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<Class<? extends Fact>> wokenBy() {
      return List.of(hears);
    }

    @Override
    public Optional<Instant> nextDue() {
      return Optional.ofNullable(due);
    }

    @Override
    public boolean run(Instant now) {
      log.add(name);
      if (due == null || due.isAfter(now)) {
        return false;
      }
      due = null;
      bus.publish(tells);
      return true;
    }
  }
}
