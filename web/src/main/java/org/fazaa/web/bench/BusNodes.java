package org.fazaa.web.bench;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.fazaa.config.Node;
import org.fazaa.config.Question;
import org.fazaa.config.Settings;

/** Nodes that have a bus and nothing else. */
final class BusNodes {
  static final String BARE = "bench.bare";
  static final Buffer BODY = Buffer.buffer("x".repeat(200));

  /** About as long as the bare body. */
  record Well(String words) {}

  private static final Well WELL = new Well("x".repeat(180));

  private BusNodes() {}

  static Settings.Node alone() {
    return settings(Map.of());
  }

  static Settings.Node member(String cluster, int own, int other) {
    return settings(
        Map.of(
            "FAZAA_CLUSTER_NAME",
            cluster,
            "FAZAA_CLUSTER_HOST",
            "127.0.0.1",
            "FAZAA_CLUSTER_PORT",
            Integer.toString(own),
            "FAZAA_CLUSTER_PEERS",
            "127.0.0.1:" + own + ",127.0.0.1:" + other));
  }

  private static Settings.Node settings(Map<String, String> written) {
    return Settings.load(written, Path.of("none.properties")).node();
  }

  /** Answers our questions, and bare requests as the event bus itself carries them. */
  static void answer(Node node) {
    node.bus().answer(Question.Health.class, question -> WELL);
    node.vertx()
        .eventBus()
        .<Buffer>consumer(BARE, message -> message.reply(message.body()))
        .completion()
        .await();
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
