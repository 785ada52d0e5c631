package org.fazaa.web;

import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fazaa.config.Loop;
import org.fazaa.config.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's sign of life, each second, and what it learns from the others'. Without one for
 * {@link #APART_AFTER} the node steps aside; it comes back with the next. Meanwhile it asks each
 * living peer over the bus whether they hear each other.
 */
public final class Pulse implements Loop.Work {

  static final Duration APART_AFTER = Duration.ofSeconds(4);

  /** A peer that gave no sign of life for this long is dead, and nobody's failure to hear it. */
  static final Duration FRESH = Duration.ofSeconds(3);

  /** Two rounds of questions, so that one lost message is no trouble. */
  static final Duration HEARD_WITHIN = Duration.ofSeconds(4);

  private static final int BEGIN_TRIES_MAX = 15;
  private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

  private final Pool pool;
  private final Node node;
  private final String version;
  private final Map<String, Long> heardAt = new ConcurrentHashMap<>();
  private volatile List<String> live = List.of();
  private volatile long beatAt;
  private volatile boolean begun;

  public Pulse(Pool pool, Node node, String version) {
    this.pool = pool;
    this.node = node;
    this.version = version;
  }

  @Override
  public String name() {
    return "pulse";
  }

  @Override
  public boolean restsApart() {
    return false;
  }

  /**
   * The first sign of life. On a busy machine it takes its time, and nobody waits for a page yet.
   */
  void begin() {
    for (int tried = 1; !begun; tried++) {
      try {
        look();
      } catch (Exception e) { // await() throws checked ones as well, undeclared
        if (tried == BEGIN_TRIES_MAX) throw e;
      }
    }
  }

  @Override
  public boolean run(Instant now) {
    look();
    return false;
  }

  private void look() {
    Nodes.beat(pool, node, version);
    beaten();
    live = Nodes.live(pool, FRESH).stream().map(Nodes.Live::name).toList();
    heardAt.keySet().retainAll(live);
    live.stream().filter(peer -> !peer.equals(node.name())).forEach(this::ask);
  }

  /**
   * Whether work should be sent here: the database is in reach, and this node is well connected.
   */
  public boolean ready() {
    boolean beats = begun && System.nanoTime() - beatAt < APART_AFTER.toNanos();
    return beats
        && node.takesPart()
        && (!node.clustered() || connected(node.name(), live, heard()));
  }

  /** Says goodbye, so that nobody has to find out. */
  void leave() {
    try {
      Nodes.leave(pool, node);
    } catch (Exception e) { // await() throws checked ones as well, undeclared
      LOG.info("left without a word: {}", e.getMessage());
    }
  }

  /**
   * A dead peer says nothing about us, and a broken link does not say whose fault it is. So that a
   * cut never takes every node out of service, whoever hears most of the living (itself counted),
   * or the one that runs longest, stays in.
   *
   * @param live with this node, the longest running first
   */
  static boolean connected(String self, List<String> live, Set<String> heard) {
    var near = live.stream().filter(one -> one.equals(self) || heard.contains(one)).toList();
    return live.isEmpty() || 2 * near.size() > live.size() || near.contains(live.getFirst());
  }

  /** Living peers that did not answer over the bus. */
  Set<String> unheard() {
    var unheard = new HashSet<>(live);
    unheard.removeAll(heard());
    unheard.remove(node.name());
    return unheard;
  }

  private Set<String> heard() {
    var heard = new HashSet<String>();
    heardAt.forEach(
        (peer, at) -> {
          if (System.nanoTime() - at < HEARD_WITHIN.toNanos()) heard.add(peer);
        });
    return heard;
  }

  private void ask(String peer) {
    heardAt.putIfAbsent(peer, System.nanoTime()); // a newcomer has a moment to find its place
    node.ping(peer).onSuccess(answer -> heardAt.put(peer, System.nanoTime()));
  }

  // Watched by a timer and not by the next turn: a beat that hangs has no next turn.
  private void beaten() {
    beatAt = System.nanoTime();
    begun = true;
    if (node.apart()) {
      LOG.info("the database answers again: back on the bus");
      node.comeBack();
    }
    if (node.clustered()) {
      var beat = beatAt;
      node.vertx().setTimer(APART_AFTER.toMillis(), late -> missed(beat));
    }
  }

  private void missed(long beat) {
    if (beat != beatAt || node.apart()) return;
    LOG.warn("no sign of life reached the database for {}: off the bus", APART_AFTER);
    node.stepAside();
  }
}
