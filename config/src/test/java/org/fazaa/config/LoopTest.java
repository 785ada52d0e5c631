package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest(name = "a turn of {0} ms with a share of {1} is followed by {2} ms of rest")
  @CsvSource({"10, 1, 0", "10, 0.5, 10", "10, 0.2, 40", "0, 0.2, 0", "90, 0.2, 200"})
  void afterATurnItRestsInProportionAndNeverLong(long took, double share, long rest) {
    assertThat(Loop.rest(Duration.ofMillis(took), share)).isEqualTo(Duration.ofMillis(rest));
  }

  @Test
  void whatIsCalledAsideAnswersWhateverItThrows() {
    assertThat(Loop.aside(() -> "done").await()).isEqualTo("done");
    var broken =
        Loop.aside(
            () -> {
              throw new LinkageError("no such class");
            });
    assertThatThrownBy(broken::await).isInstanceOf(LinkageError.class);
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
