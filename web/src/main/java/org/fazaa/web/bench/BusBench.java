package org.fazaa.web.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.fazaa.config.Bus;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.config.Node;
import org.fazaa.config.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa bench bus}: questions and facts, inside one node and between two. */
@Command(
    name = "bus",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Questions and facts on the bus, inside one node and between two JVMs joined by Hazelcast,"
          + " beside a bare request on the same event bus; and what it costs when every message is"
          + " lost: from a press of Call out to the carrier's first text, with the bus and"
          + " without.",
      "الأسئلة والأخبار على الناقل داخل عقدة واحدة وبين عقدتين بجانب طلب مجرد على الناقل نفسه،"
          + " وما يكلفه ضياع كل رسالة: من ضغط النداء حتى أول رسالة، بالناقل ومن دونه."
    })
final class BusBench implements Callable<Integer> {
  private static final int SECONDS_MAX = 60;
  private static final List<Integer> IN_FLIGHT = List.of(1, 64);

  /** The longest poll between a press and its text. */
  private static final int POLL_MS = 1_000;

  private static final int KEPT_MAX = 2_000_000;

  /** For a cluster to form and its addresses to be known on both sides. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final long ECHO_MAX_S = 5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      defaultValue = "2",
      paramLabel = "S",
      description = "for each kind of message in each round (${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      paramLabel = "R",
      description = "rounds, in turns; the round of the median rate is shown (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--presses",
      defaultValue = "20",
      paramLabel = "P",
      description = "presses with the bus, and as many with every message lost (${DEFAULT-VALUE})")
  private int presses;

  @Option(names = "--json", description = "the figures as JSON on standard output, nothing else")
  private boolean json;

  private final InstantSource clock = InstantSource.system();

  /** What one kind of message reached in one round. */
  private record Turn(double perSecond, Latencies latencies) {}

  /** Where it goes, what it is, and how many are under way at once. */
  private record Case(int nodes, String what, int inFlight) {}

  private final Map<Case, List<Turn>> turns = new LinkedHashMap<>();
  private Latencies on = Latencies.of(List.of());
  private Latencies off = Latencies.of(List.of());
  private long repairedOn;
  private long repairedOff;

  @Override
  public Integer call() {
    Limits.within(spec, "--seconds", seconds, 1, SECONDS_MAX);
    Limits.within(spec, "--rounds", rounds, 1, 20);
    Limits.within(spec, "--presses", presses, 0, 500);
    try (var sink = Sink.start(Duration.ZERO);
        var bed = TestBed.open(sink, Map.of())) {
      var machine = Machine.of(spec, bed.pool());
      withoutAndWith(sink, bed);
      oneNode();
      twoNodes();
      spec.commandLine().getOut().println(json ? json(machine).encodePrettily() : text(machine));
      return 0;
    }
  }

  // --- every message lost

  private void withoutAndWith(Sink sink, TestBed bed) {
    var bus = bed.fazaa().node().vertx().eventBus();
    var repaired = new ArrayList<Long>(); // before each press, and at the end
    var micros =
        Presses.run(
            sink,
            bed,
            2 * presses,
            POLL_MS,
            press -> {
              repaired.add(repaired(bed));
              // An interceptor that passes nothing on.
              if (press % 2 == 1) bus.addOutboundInterceptor(LOSE);
              else bus.removeOutboundInterceptor(LOSE);
            });
    bus.removeOutboundInterceptor(LOSE);
    repaired.add(repaired(bed));
    var heard = new ArrayList<Long>();
    var polled = new ArrayList<Long>();
    for (var press = 0; press < micros.size(); press++) {
      (press % 2 == 1 ? polled : heard).add(micros.get(press));
      var more = repaired.get(press + 1) - repaired.get(press);
      if (press % 2 == 1) repairedOff += more;
      else repairedOn += more;
    }
    on = Latencies.of(heard);
    off = Latencies.of(polled);
  }

  private static final io.vertx.core.Handler<io.vertx.core.eventbus.DeliveryContext<Object>> LOSE =
      message -> {};

  private static long repaired(TestBed bed) {
    return bed.fazaa().node().loops().stream().mapToLong(Loop::repaired).sum();
  }

  // --- one node

  private void oneNode() {
    try (var node = Node.start(BusNodes.alone())) {
      BusNodes.answer(node);
      var heard = new ConcurrentLinkedQueue<Long>();
      var way = new Semaphore(0);
      node.bus()
          .hear(
              Fact.TextChanged.class,
              fact -> {
                heard.add(Clock.micros(clock) - fact.text());
                way.release();
              });
      measure(1, node, way, () -> drained(heard));
    }
  }

  private static Latencies drained(ConcurrentLinkedQueue<Long> heard) {
    var latencies = Latencies.of(heard);
    heard.clear();
    return latencies;
  }

  // --- two nodes

  private void twoNodes() {
    var own = BusNodes.freePort();
    var other = BusNodes.freePort();
    var cluster = "bench-" + own;
    try (var child =
            Child.start("member", "--own=" + other, "--other=" + own, "--cluster=" + cluster);
        var node = Node.start(BusNodes.member(cluster, own, other))) {
      var way = new Semaphore(0);
      node.bus().hear(Fact.ReplyKept.class, echo -> way.release());
      awaitAnswer(node);
      awaitEcho(node, way);
      child.ask("heard");
      measure(2, node, way, () -> Latencies.of(child.ask("heard").getJsonArray("micros")));
    }
  }

  private static void awaitAnswer(Node node) {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        node.bus().ask(new Question.Health(), BusNodes.Well.class);
        return;
      } catch (Bus.NoAnswer e) {
        if (System.nanoTime() > end) throw e;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }

  private void awaitEcho(Node node, Semaphore way) {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (!echoed(way, () -> node.bus().publish(new Fact.TextChanged(Clock.micros(clock))))) {
      if (System.nanoTime() > end) throw new IllegalStateException("no fact comes back");
    }
    way.drainPermits();
  }

  private static boolean echoed(Semaphore way, Runnable publish) {
    try {
      publish.run();
      return way.tryAcquire(ECHO_MAX_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // --- the same for both

  private interface Heard {
    Latencies drain();
  }

  private void measure(int nodes, Node node, Semaphore way, Heard heard) {
    for (var round = -1; round < rounds; round++) { // the first only warms up
      for (var inFlight : IN_FLIGHT) {
        var asked = asked(inFlight, () -> bare(node));
        var questions = asked(inFlight, () -> ask(node));
        var facts = facts(node, way, heard, inFlight);
        if (round < 0) continue;
        add(new Case(nodes, "bare request", inFlight), asked);
        add(new Case(nodes, "question", inFlight), questions);
        add(new Case(nodes, "fact", inFlight), facts);
      }
    }
  }

  private void add(Case one, Turn turn) {
    turns.computeIfAbsent(one, none -> new ArrayList<>()).add(turn);
  }

  private static void ask(Node node) {
    node.bus().ask(new Question.Health(), BusNodes.Well.class);
  }

  private static void bare(Node node) {
    node.vertx().eventBus().<Buffer>request(BusNodes.BARE, BusNodes.BODY).await();
  }

  /** So many threads, each asking again as soon as it was answered. */
  private Turn asked(int inFlight, Runnable ask) {
    var start = System.nanoTime();
    var end = start + TimeUnit.SECONDS.toNanos(seconds);
    var all = new ConcurrentLinkedQueue<List<Long>>();
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < inFlight; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    var micros = new ArrayList<Long>();
                    for (var now = System.nanoTime(); now < end; now = System.nanoTime()) {
                      ask.run();
                      micros.add((System.nanoTime() - now) / 1_000);
                    }
                    all.add(micros);
                  }));
    }
    threads.forEach(BusBench::join);
    if (all.size() < inFlight) throw new IllegalStateException("a question was not answered");
    var micros = all.stream().flatMap(List::stream).toList();
    return new Turn(micros.size() / ((System.nanoTime() - start) / 1e9), Latencies.of(micros));
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** So many facts on their way; the next is told when one has been heard. */
  private Turn facts(Node node, Semaphore way, Heard heard, int inFlight) {
    var start = System.nanoTime();
    var end = start + TimeUnit.SECONDS.toNanos(seconds);
    var told = 0;
    try {
      for (; told < inFlight; told++) tell(node);
      for (; System.nanoTime() < end && told < KEPT_MAX; told++) {
        if (!way.tryAcquire(ECHO_MAX_S, TimeUnit.SECONDS)) throw new IllegalStateException(LOST);
        tell(node);
      }
      if (!way.tryAcquire(inFlight, ECHO_MAX_S, TimeUnit.SECONDS)) {
        throw new IllegalStateException(LOST);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new Turn(told / ((System.nanoTime() - start) / 1e9), heard.drain());
  }

  private static final String LOST = "a fact was lost, though nobody stopped it";

  /** A fact that says when it was told. */
  private void tell(Node node) {
    node.bus().publish(new Fact.TextChanged(Clock.micros(clock)));
  }

  // --- what it comes to

  /** The round in the middle, so that a rate and its latencies belong together. */
  private static Turn median(List<Turn> turns) {
    return turns.stream()
        .sorted(java.util.Comparator.comparingDouble(Turn::perSecond))
        .toList()
        .get(turns.size() / 2);
  }

  private JsonObject json(Machine machine) {
    var figures = new io.vertx.core.json.JsonArray();
    turns.forEach(
        (one, all) ->
            figures.add(
                new JsonObject()
                    .put("nodes", one.nodes)
                    .put("what", one.what.replace(' ', '_'))
                    .put("in_flight", one.inFlight)
                    .put("per_s", Math.round(median(all).perSecond))
                    .put("latency", median(all).latencies.json())));
    return new JsonObject()
        .put("bench", "bus")
        .put("command", machine.command())
        .put("machine", machine.json())
        .put("messages", figures)
        .put(
            "press_to_first_text",
            new JsonObject()
                .put("bus_on", on.json().put("turns_repaired_by_polls", repairedOn))
                .put("bus_off", off.json().put("turns_repaired_by_polls", repairedOff)));
  }

  private String text(Machine machine) {
    var page = new StringBuilder(machine.text());
    page.append(String.format("%n%-5s %-14s %9s %10s%n", "nodes", "", "in flight", "a second"));
    turns.forEach(
        (one, all) ->
            page.append(
                String.format(
                    Locale.ROOT,
                    "%-5d %-14s %9d %,10.0f  %s%n",
                    one.nodes,
                    one.what,
                    one.inFlight,
                    median(all).perSecond,
                    median(all).latencies.text())));
    page.append("(a question and a bare request there and back, a fact until it is heard)\n");
    if (presses > 0) {
      page.append("\npress to first text, ").append(presses).append(" each\n");
      page.append("  bus on:  ").append(on.text());
      page.append(", turns repaired by a poll: ").append(repairedOn);
      page.append("\n  bus off: ").append(off.text());
      page.append(", turns repaired by a poll: ").append(repairedOff);
    }
    return page.toString();
  }
}
