package org.fazaa.config;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A line between two processes that can be cut, slowed or made deaf in one direction. As on a real
 * network, a cut says nothing to either end, and what was sent meanwhile arrives when it heals.
 */
public final class TcpProxy implements AutoCloseable {

  // One thread for everything: what is kept below needs no lock.
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final NetClient client = vertx.createNetClient();
  private final Set<Half> halves = new HashSet<>();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final String host;
  private final int port;
  private final int ownPort;
  private volatile boolean there = true;
  private volatile boolean back = true;
  private volatile long delayMs;

  private TcpProxy(String listen, int own, String host, int port) {
    this.host = host;
    this.port = port;
    this.ownPort =
        vertx
            .createNetServer()
            .connectHandler(this::connected)
            .listen(own, listen)
            .await()
            .actualPort();
  }

  public static TcpProxy to(String host, int port) {
    return new TcpProxy("127.0.0.1", 0, host, port);
  }

  /** The same, reached at this address and port. */
  public static TcpProxy at(String listen, int own, String host, int port) {
    return new TcpProxy(listen, own, host, port);
  }

  public int port() {
    return ownPort;
  }

  /** Nothing passes either way. */
  public void cut() {
    there = false;
    back = false;
  }

  /** Answers are lost, questions still arrive. */
  public void loseAnswers() {
    back = false;
  }

  /** Each piece arrives this much later. */
  public void delay(long millis) {
    delayMs = millis;
  }

  public void heal() {
    there = true;
    back = true;
    delayMs = 0;
    vertx.runOnContext(
        here -> {
          while (!waiting.isEmpty()) waiting.remove().run();
          Set.copyOf(halves).forEach(Half::flush);
        });
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private void connected(NetSocket from) {
    from.pause();
    if (there) link(from);
    else waiting.add(() -> link(from));
  }

  private void link(NetSocket from) {
    client
        .connect(port, host)
        .onFailure(refused -> from.close())
        .onSuccess(
            to -> {
              new Half(from, to, true);
              new Half(to, from, false);
              from.resume();
            });
  }

  /** One direction of one connection. */
  private final class Half {
    private final NetSocket to;
    private final boolean outward;
    private final Queue<Buffer> held = new ArrayDeque<>();
    private final AtomicBoolean ended = new AtomicBoolean();

    Half(NetSocket from, NetSocket to, boolean outward) {
      this.to = to;
      this.outward = outward;
      halves.add(this);
      from.handler(this::pass);
      from.closeHandler(
          closed -> {
            ended.set(true);
            flush();
          });
    }

    private boolean open() {
      return outward ? there : back;
    }

    private void pass(Buffer piece) {
      held.add(piece);
      if (delayMs == 0) flush();
      else vertx.setTimer(delayMs, later -> flush());
    }

    private void flush() {
      if (!open()) return;
      while (!held.isEmpty()) to.write(held.remove());
      if (ended.get()) {
        to.close();
        halves.remove(this);
      }
    }
  }
}
