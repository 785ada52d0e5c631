package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTest {

  private final Node node = Node.start(TestNodes.alone());

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aFactWakesTheLoopLongBeforeItsPoll() {
    var turns = new AtomicInteger();
    deploy(Duration.ofHours(1), now -> turns.incrementAndGet() < 0);
    await().until(() -> turns.get() == 1);
    node.bus().publish(new Fact.OutboxFilled());
    await().until(() -> turns.get() == 2);
  }

  @Test
  void withoutAnyFactThePollFindsTheWorkAndCountsTheRepair() {
    var waiting = new AtomicBoolean();
    var loop = deploy(Duration.ofMillis(20), now -> waiting.getAndSet(false));
    await().until(() -> loop.turns() > 1);
    assertThat(loop.repaired()).isZero();
    waiting.set(true);
    await().until(() -> loop.repaired() == 1);
  }

  @Test
  void manyFactsNeverOverlapTwoTurns() {
    var inside = new AtomicInteger();
    var overlaps = new AtomicInteger();
    var loop =
        deploy(
            Duration.ofHours(1),
            now -> {
              if (inside.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
              }
              node.vertx().timer(5).await();
              inside.decrementAndGet();
              return false;
            });
    for (int i = 0; i < 500; i++) {
      node.bus().publish(new Fact.OutboxFilled());
    }
    await().until(() -> loop.turns() >= 2);
    assertThat(overlaps).hasValue(0);
    assertThat(loop.turns()).isLessThan(500);
  }

  @Test
  void aFaultIsTriedAgain() {
    var turns = new AtomicInteger();
    var loop =
        deploy(
            Duration.ofMillis(10),
            now -> {
              if (turns.incrementAndGet() == 1) {
                throw new IllegalStateException("database away");
              }
              return false;
            });
    await().until(() -> loop.turns() > 2);
    assertThat(loop.faults()).isEqualTo(1);
  }

  @Test
  void stoppingLetsTheRunningTurnFinish() {
    var begun = new AtomicBoolean();
    var finished = new AtomicBoolean();
    deploy(
        Duration.ofHours(1),
        now -> {
          begun.set(true);
          node.vertx().timer(50).await();
          finished.set(true);
          return false;
        });
    await().untilTrue(begun);
    node.close();
    assertThat(finished).isTrue();
  }

  private Loop deploy(Duration poll, Predicate<Instant> body) {
    return node.deploy(
        Loop.of(
            new Loop.Work() {
              @Override
              public String name() {
                return "trial";
              }

              @Override
              public boolean run(Instant now) {
                return body.test(now);
              }

              @Override
              public List<Class<? extends Fact>> wokenBy() {
                return List.of(Fact.OutboxFilled.class);
              }

              @Override
              public Duration poll() {
                return poll;
              }
            },
            InstantSource.system()));
  }
}
