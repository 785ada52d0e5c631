package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.fazaa.config.FailPoint;
import org.fazaa.notifier.carrier.standin.Manner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two nodes in the middle of a call-out while something dies, stands still or is cut off. What the
 * long sweeps do many times, once.
 */
class NodeFaultsTest {
  private static final int CRASHES = 3;
  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final String UNKNOWN = "SELECT count(*) FROM notify.text WHERE unknowns > 0";

  @TempDir static Path folder;
  private static FaultHarness faults;

  @BeforeAll
  static void start() {
    faults = FaultHarness.start(folder, 2);
    faults.nodes(0, 1);
  }

  @AfterAll
  static void stop() {
    faults.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"AFTER_POST", "BEFORE_ROUND_COMMIT"})
  @Tag("F1")
  void theOtherNodeFinishesTheCallOutOfOneKilledAt(FailPoint point) {
    faults.nodes(0, 1);
    faults.kill(0);
    var first = faults.nodeThatStops(0, point, 1);
    faults.node(1).freeze(); // so that the first one does all the work
    faults.callOut(first);
    first.awaitLine("fail point " + point);
    faults.kill(0);
    faults.thaw(1);
    var killed = Instant.now();
    faults.awaitDrained();
    FaultHarness.figure("taken over after kill -9 at " + point, killed);
    faults.letPass(Duration.ofMinutes(2));
    faults.assertNothingLostAndNothingDoubled();
    faults.node(0);
  }

  @Test
  @Tag("F2")
  void whoWakesAfterItsLeaseChangesNothing() {
    var nodes = faults.nodes(0, 1);
    nodes.get(1).freeze();
    faults.carrier().always(new Manner.AcceptSlowly(SLOW));
    long before = faults.count(UNKNOWN);
    long posted = faults.carrier().posted();
    faults.callOut(nodes.getFirst());
    await().atMost(FaultHarness.LIMIT).until(() -> faults.carrier().posted() > posted);
    nodes.getFirst().freeze();
    faults.carrier().always(new Manner.Accept());
    faults.thaw(1);
    var frozen = Instant.now();
    await().atMost(FaultHarness.LIMIT).until(() -> faults.count(UNKNOWN) > before);
    FaultHarness.figure("taken over from a frozen node", frozen);
    faults.thaw(0);
    faults.awaitDrained();
    faults.letPass(Duration.ofMinutes(2));
    faults.assertNothingLostAndNothingDoubled();
  }

  @Test
  @Tag("F8")
  void aDatabaseThatCrashesInTheMiddleOfACallOutLosesNothing() {
    var needs = faults.callOut(faults.nodes(0, 1).getFirst());
    for (int crash = 0; crash < CRASHES; crash++) {
      faults.awaitPosts(1);
      faults.database().crash();
    }
    faults.awaitDrained();
    for (var need : needs) {
      await()
          .atMost(FaultHarness.LIMIT)
          .until(() -> faults.node(0).need(need).getInteger("people") == FaultHarness.PEOPLE);
    }
    faults.assertNothingLostAndNothingDoubled();
  }

  @Test
  @Tag("F4")
  void whoCannotReachTheDatabaseAnswersThatItIsAwayAndComesBackByItself() {
    var nodes = faults.nodes(0, 1);
    faults.callOut(nodes.getFirst());
    var cut = Instant.now();
    faults.line(1).cut();
    nodes.get(1).awaitLine("off the bus");
    FaultHarness.figure("off the bus after a cut from the database", cut);
    assertThat(status(nodes.get(1), "/health/ready")).isEqualTo(503);
    assertThat(status(nodes.get(1), "/api/skills")).isEqualTo(503);
    assertThat(status(nodes.get(1), "/health/live")).isEqualTo(200);
    faults.awaitDrained();
    assertThat(nodes.getFirst().ready()).isTrue();
    faults.line(1).heal();
    nodes.get(1).awaitReady();
    faults.assertNothingLostAndNothingDoubled();
  }

  @Test
  @Tag("F30")
  void whenAllNodesDieAtOnceTheDatabaseAloneIsEnoughToGoOn() {
    var needs = faults.callOut(faults.nodes(0, 1).getFirst());
    faults.awaitPosts(1);
    faults.kill(0);
    faults.kill(1);
    var killed = Instant.now();
    faults.nodes(0, 1);
    FaultHarness.figure("all nodes killed, back", killed);
    faults.awaitDrained();
    assertThat(faults.node(1).need(needs.getFirst()).getInteger("people"))
        .isEqualTo(FaultHarness.PEOPLE);
    faults.assertNothingLostAndNothingDoubled();
  }

  private static int status(RunningFazaa node, String path) {
    try {
      return node.status(path);
    } catch (IOException e) {
      return 0;
    }
  }
}
