package org.fazaa.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.fazaa.notifier.SimTrace.What;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Carrier.Sender;

/**
 * A world of nodes, one store, one carrier and a few people, drawn from one seed and run on one
 * thread, as fast as it goes. First everything that can fail does, at random; then faults end, and
 * all that was begun must come to its end.
 *
 * <p>A transaction is one step, so what two of them do to each other while both are open is not
 * seen here: tests on a real PostgreSQL are for that.
 */
final class Simulation {

  /** Rules that are taken away, one at a time, to prove that the checks notice. */
  enum Bug {
    NONE,
    FENCE_IGNORED,
    EVIDENCE_IGNORED,
    SERVICE_REPEATED,
    CARRIER_RETRIES,
    OWN_CLOCK,
    STALE_POSTS,
    STOP_UNHEARD,
    RANK_IGNORED,
    WITHDRAWAL_FORGOTTEN
  }

  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String message) {
      super(message);
    }
  }

  private record Event(long at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private static final int FAULTY_MS = 600_000;
  private static final int BEAT_MS = 60_000;
  private static final int BEATS_AFTER = 12;
  private static final int EVENTS_MAX = 50_000;
  private static final Instant NOON = Instant.parse("2026-11-22T09:00:00Z");

  final long seed;
  final Bug bug;
  final Random random;
  final Instant start;
  final SimTrace trace;
  final SimChecks checks;
  final SimStore store;
  final SimCarrier carrier;
  final List<SimNode> nodes = new ArrayList<>();
  final List<Sender> senders = new ArrayList<>();
  final List<Long> probes = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long order;
  long ms;
  boolean calm;
  long calmMs;
  boolean clockMoved;

  Simulation(long seed, Bug bug, boolean whole) {
    this.seed = seed;
    this.bug = bug;
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.trace = new SimTrace(whole);
    this.start = NOON.plus(Duration.ofMinutes(draw(1_440)));
    this.checks = new SimChecks(this);
    this.store = new SimStore(this);
    this.carrier = new SimCarrier(this);
    store.comparedUntil = start.minus(ReconcileTexts.CALM);
    store.budgets.put(SimTexts.BUDGET, new Budget(SimTexts.BUDGET, draw(3) == 0 ? 60 : 10_000, 0));
    for (var lane : SimTexts.lanes(random)) {
      senders.add(new Sender(lane, Map.of(Carrier.ANY_COUNTRY, 10), new int[] {0, 1, 5}[draw(3)]));
    }
    int many = 2 + draw(2);
    for (int i = 0; i < many; i++) {
      nodes.add(new SimNode(this, i));
    }
  }

  // --- the machinery

  void in(long delay, Runnable what) {
    events.add(new Event(ms + delay, order++, what));
  }

  /** A number from 0, below this. */
  int draw(int below) {
    return random.nextInt(below);
  }

  int draw(int from, int to) {
    return from + random.nextInt(to - from);
  }

  void note(What what, long node, long first, long second) {
    trace.note(ms, what, node, first, second);
  }

  Instant trueNow() {
    return start.plusMillis(ms + store.shift);
  }

  int rate(String lane) {
    return senders.stream()
        .filter(sender -> sender.name().equals(lane))
        .findFirst()
        .orElseThrow()
        .segmentsPerSecond();
  }

  /** Whoever takes a webhook; the balancer knows which nodes live. */
  SimNode anyNode() {
    var up = nodes.stream().filter(SimNode::isUp).toList();
    return up.isEmpty() ? nodes.getFirst() : up.get(draw(up.size()));
  }

  /** Something was committed: by a fact at once, unless that is lost, else by the next poll. */
  void changed() {
    for (var node : nodes) {
      boolean heard = calm || draw(3) > 0;
      node.nudge(heard ? draw(1, 20) : draw(200, 1_000));
    }
  }

  Violation violation(String rule) {
    return new Violation(
        rule
            + "\nseed "
            + seed
            + (bug == Bug.NONE ? "" : " with " + bug)
            + ", replay it with -Dfazaa.seed="
            + seed
            + "; the last events:\n"
            + String.join("\n", trace.lines()));
  }

  // --- the story

  /** Runs it to its end. */
  void run() {
    int many = 4 + draw(7);
    for (int i = 0; i < many; i++) {
      in(draw(FAULTY_MS * 3 / 4), this::write);
    }
    for (int i = 0; i < 8; i++) {
      in(draw(FAULTY_MS), this::fault);
    }
    if (draw(10) == 0) {
      clockMoved = true;
      in(draw(FAULTY_MS), this::moveStoreClock);
    }
    in(FAULTY_MS, this::endFaults);
    for (int beat = 0; beat * BEAT_MS < FAULTY_MS + BEATS_AFTER * BEAT_MS; beat++) {
      in(beat * BEAT_MS + draw(1_000), this::beat);
    }
    long ran = 0;
    for (var event = events.poll(); event != null; event = events.poll()) {
      ms = event.at;
      event.what.run();
      checks.that(++ran < EVENTS_MAX, "it comes to rest", 0);
    }
    checks.atEnd();
  }

  private void beat() {
    checks.onBeat();
    nodes.forEach(node -> node.nudge(1 + draw(1_000)));
  }

  private void write() {
    if (store.isAway()) {
      return;
    }
    var now = anyNode().now();
    var lanes = senders.stream().map(Sender::name).toList();
    var text = SimTexts.draw(random, store.nextText(), lanes, now);
    boolean despiteStop = text.occasion() == Occasion.ANSWER && draw(4) == 0;
    var row = store.add(text, despiteStop, draw(3) * 10, 0, now);
    if (draw(5) == 0) {
      in(draw(120_000), () -> takeBack(row));
    }
  }

  private void takeBack(SimStore.Row row) {
    if (!store.isAway()) {
      store.withdraw(row, anyNode().now());
    }
  }

  private void fault() {
    var node = nodes.get(draw(nodes.size()));
    int length = draw(500, draw(3) == 0 ? 150_000 : 20_000);
    switch (draw(7)) {
      case 0, 1 -> {
        node.crash();
        in(length, node::restart);
      }
      case 2 -> node.freeze(length);
      case 3 -> {
        store.downUntil = ms + length;
        note(What.STORE_DOWN, -1, length, 0);
      }
      case 4 -> {
        carrier.downUntil = ms + length;
        note(What.CARRIER_DOWN, -1, length, 0);
      }
      case 5 -> jump(node);
      default -> halt();
    }
  }

  private void halt() {
    store.halted = true;
    note(What.HALT, -1, 1, 0);
    in(draw(1_000, 20_000), this::release);
  }

  private void release() {
    store.halted = false;
    note(What.HALT, -1, 0, 0);
    changed();
  }

  // The machine's clock: corrected from outside, or measured against the store's, within a minute.
  private void jump(SimNode node) {
    node.jump = jumpMs();
    note(What.JUMP, node.id, node.jump, 0);
    in(draw(60_000), () -> node.jump = 0);
  }

  private long jumpMs() {
    return new long[] {3_600_000, -3_600_000, -300_000}[draw(3)];
  }

  private void moveStoreClock() {
    store.shift = jumpMs();
    note(What.STORE_CLOCK, -1, store.shift, 0);
    nodes.forEach(node -> in(draw(60_000), () -> node.knownShift = store.shift));
  }

  private void endFaults() {
    calm = true;
    calmMs = ms;
    store.downUntil = 0;
    store.halted = false;
    carrier.downUntil = 0;
    note(What.CALM, -1, 0, 0);
    for (var node : nodes) {
      node.frozenUntil = 0;
      node.jump = 0;
      node.restart();
    }
    in(300_000, this::probe);
    in(400_000, () -> store.raiseCap(nodes.getFirst().now()));
  }

  private void probe() {
    nodes.forEach(node -> node.knownShift = store.shift);
    var now = nodes.getFirst().now();
    for (var sender : senders) {
      var phone = new Phone("+9665000001" + probes.size() + "0");
      var until = now.plusSeconds(300);
      var text =
          SimTexts.text(
              store.nextText(),
              phone,
              MessageClass.LIFE_SAFETY,
              Occasion.ALARM,
              sender.name(),
              1,
              null,
              now,
              until);
      probes.add(store.add(text, false, 50, 0, now).id());
    }
  }
}
