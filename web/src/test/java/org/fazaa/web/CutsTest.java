package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four nodes in networks of their own: cut off from each other, never from the database. */
@Tag("soak")
class CutsTest {

  @TempDir static Path folder;
  private static Network network;
  private static FaultHarness faults;

  @BeforeAll
  static void start() {
    assumeTrue(Network.possible(), "cutting networks needs root on Linux, with ip netns");
    network = Network.start(4);
    faults = FaultHarness.start(folder, 4, network);
    faults.nodes(0, 1, 2, 3);
  }

  @AfterAll
  static void stop() {
    if (faults != null) faults.close();
  }

  @Test
  @Tag("F3")
  void aNodeCutOffFromItsPeersGoesOnAndFindsThemAgain() {
    cut(Set.of(3), 3);
  }

  @Test
  @Tag("F5")
  void twoHalvesThatDoNotSeeEachOtherDoubleNothing() {
    cut(Set.of(2, 3), 2);
  }

  private static void cut(Set<Integer> apart, int there) {
    var nodes = faults.nodes(0, 1, 2, 3);
    awaitMembers(nodes, 4);
    faults.callOut(nodes.getFirst());
    network.split(apart);
    faults.callOut(nodes.get(there));
    awaitMembers(List.of(nodes.getFirst()), 4 - apart.size());
    awaitMembers(List.of(nodes.get(there)), apart.size());
    faults.callOut(nodes.getFirst());
    faults.callOut(nodes.get(there));
    faults.awaitDrained();
    network.heal();
    var healed = Instant.now();
    awaitMembers(nodes, 4);
    FaultHarness.figure("bus whole after a cut of " + apart, healed);
    nodes.forEach(RunningFazaa::awaitReady);
    faults.letPass(Duration.ofMinutes(2));
    faults.assertNothingLostAndNothingDoubled();
  }

  private static void awaitMembers(List<RunningFazaa> nodes, int many) {
    await()
        .atMost(FaultHarness.LIMIT)
        .untilAsserted(
            () -> assertThat(nodes).extracting(FaultHarness::members).containsOnly((long) many));
  }
}
