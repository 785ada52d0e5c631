package org.fazaa.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.EnumSet;
import java.util.List;

/** Settings of nodes for tests: alone, or members of a private cluster on the loopback. */
public final class TestNodes {
  private TestNodes() {}

  public static Settings.Node alone() {
    return new Settings.Node(EnumSet.allOf(Node.Role.class), List.of(), "127.0.0.1", 0, "alone");
  }

  public static Settings.Node member(String cluster, int port, List<Integer> ports) {
    var peers = ports.stream().map(peer -> "127.0.0.1:" + peer).toList();
    return new Settings.Node(EnumSet.allOf(Node.Role.class), peers, "127.0.0.1", port, cluster);
  }

  /** A port that was free a moment ago. */
  public static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
