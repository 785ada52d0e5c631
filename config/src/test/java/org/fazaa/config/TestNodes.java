package org.fazaa.config;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Settings of nodes for tests: alone, or members of a private cluster on the loopback. */
public final class TestNodes {
  private static final int LOWEST_PORT = 20_000;
  private static final int HIGHEST_PORT = 32_000;
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private TestNodes() {}

  public static Settings.Node alone() {
    return new Settings.Node(EnumSet.allOf(Node.Role.class), List.of(), "127.0.0.1", 0, "alone");
  }

  public static Settings.Node member(String cluster, int port, List<Integer> ports) {
    var peers = ports.stream().map(peer -> "127.0.0.1:" + peer).toList();
    return new Settings.Node(EnumSet.allOf(Node.Role.class), peers, "127.0.0.1", port, cluster);
  }

  /**
   * A port that is free, that nobody here was given before, and that no system hands out by itself
   * to whoever asks for any port or calls another.
   */
  public static int freePort() {
    while (true) {
      var port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (var socket = new ServerSocket(port)) {
        if (GIVEN.add(port)) return socket.getLocalPort();
      } catch (IOException taken) {
        // another one will do
      }
    }
  }
}
