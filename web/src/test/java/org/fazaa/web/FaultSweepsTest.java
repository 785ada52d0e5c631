package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fazaa.config.FailPoint;
import org.fazaa.config.NewerFact;
import org.fazaa.notifier.carrier.standin.Faults;
import org.fazaa.notifier.carrier.standin.Manner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three nodes, every fail point, many seeds; crashes by the score; a database that stands still.
 */
@Tag("soak")
class FaultSweepsTest {
  private static final int SEEDS = Integer.getInteger("fazaa.seeds", 20);
  private static final int CRASHES = 20;
  private static final Duration STANDSTILL = Duration.ofSeconds(30);

  @TempDir static Path folder;
  @TempDir static Path newer;
  private static FaultHarness faults;

  @BeforeAll
  static void start() {
    faults = FaultHarness.start(folder, 3);
    faults.nodes(0, 1, 2);
  }

  @AfterAll
  static void stop() {
    faults.close();
  }

  @ParameterizedTest
  @MethodSource("everyPointAndSeed")
  @Tag("F1")
  void whereverANodeIsKilledTheOthersFinishItsWork(FailPoint point, int seed) {
    var random = new Random(31L * point.ordinal() + seed);
    faults.nodes(0, 1, 2);
    faults.kill(0);
    var first =
        faults.nodeThatStops(0, point, 1); // no later time surely comes: work is done together
    faults.nodes(1, 2).forEach(RunningFazaa::freeze); // so that the first one does all the work
    bringTo(point, first, random);
    first.awaitLine("fail point " + point);
    faults.carrier().faults(Faults.NONE);
    faults.kill(0);
    faults.thaw(1, 2);
    faults.letPass(Duration.ofSeconds(40)); // the leases of the dead node
    faults.awaitDrained();
    faults.awaitAnswered();
    faults.letPass(Duration.ofMinutes(2)); // and what nobody knows is asked for
    faults.assertNothingLostAndNothingDoubled();
  }

  static Stream<Arguments> everyPointAndSeed() {
    return Arrays.stream(FailPoint.values())
        .flatMap(
            point -> IntStream.rangeClosed(1, SEEDS).mapToObj(seed -> Arguments.of(point, seed)));
  }

  private static void bringTo(FailPoint point, RunningFazaa node, Random random) {
    switch (point) {
      case AFTER_CLAIM,
          BEFORE_POST,
          AFTER_POST,
          BEFORE_RECORD,
          AFTER_RECORD,
          BEFORE_ROUND_COMMIT,
          AFTER_ROUND_COMMIT ->
          faults.callOut(node);
      case BEFORE_SETTLE, AFTER_SETTLE -> {
        faults.carrier().faults(Faults.parse("lost-callbacks=1")); // a status would settle it first
        for (int i = random.nextInt(3); i >= 0; i--) {
          faults.carrier().once(new Manner.AcceptThenCut());
        }
        faults.callOut(node);
        await().atMost(FaultHarness.LIMIT).until(() -> faults.unknown() > 0);
        faults.letPass(Duration.ofSeconds(40));
      }
      case AFTER_REPLY_KEPT, BEFORE_ANSWER_COMMIT, AFTER_ANSWER_COMMIT -> {
        faults.callOut(node);
        await().atMost(FaultHarness.LIMIT).until(() -> faults.asked().size() >= 4);
        faults.asked().stream()
            .limit(4 + random.nextInt(4))
            .forEach(phone -> faults.carrier().reply(phone, random.nextBoolean() ? "1" : "2"));
      }
    }
  }

  @Test
  @Tag("F8")
  void aDatabaseThatCrashesTwentyTimesLosesNothing() {
    var nodes = faults.nodes(0, 1, 2);
    for (int crash = 0; crash < CRASHES; crash++) {
      if (crash % 5 == 0) faults.callOut(nodes.get(crash % 3));
      if (crash % 2 == 0) faults.database().crash();
      else faults.database().restart();
      nodes.forEach(RunningFazaa::awaitReady);
    }
    faults.awaitDrained();
    faults.letPass(Duration.ofMinutes(2));
    faults.assertNothingLostAndNothingDoubled();
  }

  @Test
  @Tag("F9")
  void aDatabaseThatStandsStillForHalfAMinuteStopsNobodyForLonger() {
    var nodes = faults.nodes(0, 1, 2);
    faults.callOut(nodes.getFirst());
    faults.awaitPosts(1);
    faults.database().freeze();
    var frozen = Instant.now();
    while (Instant.now().isBefore(frozen.plus(STANDSTILL))) {
      for (var node : nodes) assertThat(status(node, "/api/skills")).isIn(200, 503);
      assertThat(nodes).noneMatch(node -> status(node, "/health/live") != 200);
    }
    faults.database().thaw();
    var thawed = Instant.now();
    nodes.forEach(RunningFazaa::awaitReady);
    FaultHarness.figure("all ready after the database stood still", thawed);
    faults.awaitDrained();
    faults.letPass(Duration.ofMinutes(2));
    faults.assertNothingLostAndNothingDoubled();
  }

  @Test
  @Tag("F29")
  void nodesAreReplacedByTheNextVersionInTheMiddleOfACrisis() {
    faults.nodes(0, 1, 2);
    var next = NewerFact.classPath(newer);
    for (int which = 0; which < 3; which++) {
      faults.callOut(faults.node((which + 1) % 3));
      faults.awaitPosts(1);
      faults.kill(which);
      faults.begin(which, next, List.of()).awaitReady();
      faults.awaitDrained();
    }
    faults.letPass(Duration.ofMinutes(2));
    faults.assertNothingLostAndNothingDoubled();
    for (int which = 0; which < 3; which++) faults.kill(which);
    faults.nodes(0, 1, 2);
  }

  private static int status(RunningFazaa node, String path) {
    try {
      return node.status(path);
    } catch (IOException e) {
      return 0;
    }
  }
}
