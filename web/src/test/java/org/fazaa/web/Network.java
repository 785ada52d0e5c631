package org.fazaa.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Two networks of this machine's own kernel: one on which every node finds the database, the
 * carrier and its callers, and one on which the nodes find each other and which can be cut. Needs
 * root on Linux.
 */
final class Network implements AutoCloseable {
  private static final String NAME = "fz" + ProcessHandle.current().pid() % 10_000;
  private static final String OPEN = NAME + "open";
  private static final String PEERS = NAME + "peer";
  private static final String ELSEWHERE = NAME + "else";
  private static final int SUBNET = (int) (ProcessHandle.current().pid() % 200) + 20;

  private final int size;

  private Network(int size) {
    this.size = size;
  }

  /** Whether this machine lets us have networks of our own. */
  static boolean possible() {
    if (!Files.isExecutable(Path.of("/usr/sbin/ip"))) return false;
    var probe = NAME + "probe";
    boolean made = works("ip", "netns", "add", probe);
    return made && works("ip", "netns", "delete", probe);
  }

  static Network start(int size) {
    var network = new Network(size);
    try {
      for (var bridge : List.of(OPEN, PEERS, ELSEWHERE)) {
        ip("link", "add", bridge, "type", "bridge");
        ip("link", "set", bridge, "up");
      }
      ip("address", "add", network.gateway() + "/24", "dev", OPEN);
      for (int i = 0; i < size; i++) network.connect(i);
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** Where this process stands for the nodes. */
  String gateway() {
    return "10.77." + SUBNET + ".1";
  }

  /** Where this process and the carrier find a node. */
  String host(int node) {
    return "10.77." + SUBNET + "." + (10 + node);
  }

  /** Where the other nodes find it. */
  String peer(int node) {
    return "10.78." + SUBNET + "." + (10 + node);
  }

  /** What a command begins with to run where this node is. */
  List<String> within(int node) {
    return List.of("ip", "netns", "exec", space(node));
  }

  /** These see each other and none of the rest. */
  void split(Set<Integer> apart) {
    apart.forEach(node -> ip("link", "set", outside(node, 'p'), "master", ELSEWHERE));
  }

  void heal() {
    for (int i = 0; i < size; i++) ip("link", "set", outside(i, 'p'), "master", PEERS);
  }

  private void connect(int node) {
    ip("netns", "add", space(node));
    within(node, "link", "set", "lo", "up");
    wire(node, 'o', OPEN, host(node));
    wire(node, 'p', PEERS, peer(node));
  }

  private void wire(int node, char which, String bridge, String address) {
    var inside = "net" + which;
    ip(
        "link",
        "add",
        outside(node, which),
        "type",
        "veth",
        "peer",
        "name",
        inside,
        "netns",
        space(node));
    ip("link", "set", outside(node, which), "master", bridge, "up");
    within(node, "address", "add", address + "/24", "dev", inside);
    within(node, "link", "set", inside, "up");
  }

  private void within(int node, String... words) {
    var command = new ArrayList<>(List.of("ip", "-n", space(node)));
    command.addAll(List.of(words));
    run(command);
  }

  private static String space(int node) {
    return NAME + "n" + node;
  }

  private static String outside(int node, char which) {
    return NAME + which + node;
  }

  @Override
  public void close() {
    for (int i = 0; i < size; i++) works("ip", "netns", "delete", space(i));
    for (var bridge : List.of(OPEN, PEERS, ELSEWHERE)) works("ip", "link", "delete", bridge);
  }

  private static void ip(String... words) {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    run(command);
  }

  private static void run(List<String> command) {
    if (!works(command.toArray(String[]::new))) {
      throw new IllegalStateException("did not work: " + String.join(" ", command));
    }
  }

  private static boolean works(String... command) {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
