package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.TextState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa bench sms}: from the press to the carrier, through the real outbox. */
@Command(
    name = "sms",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Texts per second from the press to the carrier: written to the outbox as a call-out writes"
          + " them, claimed, sent by the Twilio SDK to a sink on this machine, and marked; beside a"
          + " bare HTTP client and Twilio's SDK as it comes, to the same sink in the same run.",
      "رسائل في الثانية من الضغط حتى شركة الاتصالات عبر صندوق الصادر الحقيقي، بجانب عميل HTTP مجرد"
          + " ومكتبة Twilio كما تأتي، إلى المستقبِل نفسه في التشغيل نفسه."
    })
final class SmsBench implements Callable<Integer> {
  private static final int AT_ONCE_MAX = 1_000_000;
  private static final int WARM_UP = 5_000;

  /** As many as a round of a call-out writes in one transaction. */
  private static final int PER_TRANSACTION = 2_000;

  private static final Duration STOCK_LIMIT = Duration.ofSeconds(10);

  /** When nothing has arrived for so long, what is missing is lost. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  private static final int LOOK_AGAIN_MS = 25;
  private static final int STATES_AT_ONCE = 5_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--texts",
      defaultValue = "100000",
      paramLabel = "N",
      description = "texts in each round (${DEFAULT-VALUE})")
  private int texts;

  @Option(
      names = "--latency",
      defaultValue = "0ms",
      converter = Millis.class,
      paramLabel = "MS",
      description = "how long the sink takes for an answer, such as 50ms (${DEFAULT-VALUE})")
  private Duration latency;

  @Option(
      names = "--connections",
      defaultValue = "64",
      paramLabel = "C",
      description = "connections to the sink, ours and the bare client's (${DEFAULT-VALUE})")
  private int connections;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "R",
      description = "rounds of each, in turns; the median counts (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--presses",
      defaultValue = "200",
      paramLabel = "P",
      description = "needs called out one by one for press-to-first-text (${DEFAULT-VALUE})")
  private int presses;

  @Option(names = "--json", description = "the figures as JSON on standard output, nothing else")
  private boolean json;

  private final List<Run> bare = new ArrayList<>();
  private final List<Run> ours = new ArrayList<>();
  private final List<Run> stock = new ArrayList<>();
  private final List<ServerShare> server = new ArrayList<>();
  private int lost;
  private int doubled;
  private int written;

  /** What one round cost the database. */
  private record ServerShare(int texts, Duration cpu, DatabaseWork work) {}

  @Override
  public Integer call() {
    Limits.within(spec, "--texts", texts, 1, AT_ONCE_MAX);
    Limits.within(spec, "--connections", connections, 1, 500);
    Limits.within(spec, "--rounds", rounds, 1, 20);
    Limits.within(spec, "--presses", presses, 0, 2_000);
    try (var sink = Sink.start(latency);
        var bed = TestBed.open(sink, settings());
        var client = new BareClient(bed.fazaa().node().vertx(), sink.url(), connections);
        var sdk = new StockSdk(sink.url())) {
      var machine = Machine.of(spec, bed.pool());
      warmUp(sink, bed, client, sdk);
      for (var round = 0; round < rounds; round++) {
        bare.add(bare(sink, client, texts));
        ours.add(ours(sink, bed, texts));
        stock.add(stock(sink, sdk, texts));
      }
      bare.add(bare(sink, client, texts));
      var firsts = Presses.run(sink, bed, presses);
      spec.commandLine()
          .getOut()
          .println(json ? json(machine, firsts).encodePrettily() : text(machine, firsts));
      return lost + doubled == 0 ? 0 : 1;
    }
  }

  private Map<String, String> settings() {
    return Map.of("TWILIO_CONNECTIONS", Integer.toString(connections));
  }

  private void warmUp(Sink sink, TestBed bed, BareClient client, StockSdk sdk) {
    var few = Math.min(WARM_UP, texts);
    bare(sink, client, few);
    ours(sink, bed, few);
    stock(sink, sdk, few);
    server.clear();
  }

  private static Run bare(Sink sink, BareClient client, int texts) {
    return timed(
        sink,
        texts,
        () -> {
          client.run(texts, Forms::form);
          return texts;
        });
  }

  private static Run stock(Sink sink, StockSdk sdk, int texts) {
    return timed(sink, texts, () -> sdk.run(texts, STOCK_LIMIT));
  }

  private static Run timed(Sink sink, int texts, Callable<Integer> sending) {
    sink.reset();
    var sinkBefore = sink.cpu();
    var before = Cpu.own();
    var start = System.nanoTime();
    try {
      var sent = sending.call();
      var took = Duration.ofNanos(System.nanoTime() - start);
      return new Run(sent, took, Cpu.own().minus(before), sink.cpu().minus(sinkBefore));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  // --- ours: press to carrier

  private Run ours(Sink sink, TestBed bed, int texts) {
    sink.reset();
    var vertx = bed.fazaa().node().vertx();
    var workBefore = DatabaseWork.read(vertx, bed.pool());
    var sinkBefore = sink.cpu();
    var serverBefore = bed.serverCpu();
    var before = Cpu.own();
    var pressed = Clock.micros(bed.clock());
    var ids = write(bed, texts);
    awaitArrivals(sink, bed, texts);
    awaitMarked(bed);
    var client = Cpu.own().minus(before);
    var serverCpu = bed.serverCpu().minus(serverBefore);
    var took = Duration.ofNanos((sink.counts().last() - pressed) * 1_000);
    var run = new Run(texts, took, client, sink.cpu().minus(sinkBefore));
    var work = DatabaseWork.read(vertx, bed.pool()).since(workBefore);
    server.add(new ServerShare(texts, serverCpu, work));
    check(sink, bed, ids);
    return run;
  }

  private List<Long> write(TestBed bed, int texts) {
    var ids = new ArrayList<Long>();
    var from = written;
    written += texts;
    for (var at = from; at < written; at += PER_TRANSACTION) {
      var first = at;
      var now = bed.clock().instant();
      ids.addAll(
          Database.inTransaction(bed.pool(), tx -> Outbox.addAll(tx, drafts(first, now), now)));
      bed.bus().publish(new Fact.OutboxFilled());
    }
    return ids;
  }

  private List<org.fazaa.notifier.Draft> drafts(int first, Instant now) {
    var end = Math.min(written, first + PER_TRANSACTION);
    return IntStream.range(first, end).mapToObj(number -> Forms.draft(number, now)).toList();
  }

  private static void awaitArrivals(Sink sink, TestBed bed, int texts) {
    var counts = sink.counts();
    var moved = System.nanoTime();
    while (counts.texts() < texts && System.nanoTime() - moved < SILENCE_MAX.toNanos()) {
      bed.fazaa().node().vertx().timer(LOOK_AGAIN_MS).await();
      var now = sink.counts();
      if (now.texts() > counts.texts()) moved = System.nanoTime();
      counts = now;
    }
  }

  /** The last ones to arrive are marked a moment later; the others have been. */
  private void awaitMarked(TestBed bed) {
    var end = System.nanoTime() + SILENCE_MAX.toNanos();
    var last = Math.max(0, written - PER_TRANSACTION);
    while (unmarked(bed, last, written) > 0 && System.nanoTime() < end) {
      bed.fazaa().node().vertx().timer(LOOK_AGAIN_MS).await();
    }
  }

  private static long unmarked(TestBed bed, int from, int to) {
    var abouts = IntStream.range(from, to).mapToObj(Forms::about).toList();
    return Outbox.states(bed.pool(), Forms.PURPOSE, abouts).values().stream()
        .filter(state -> state == TextState.QUEUED || state == TextState.SUBMITTING)
        .count();
  }

  /** The sink saw each text once, and the table knows of each that it was taken. */
  private void check(Sink sink, TestBed bed, List<Long> ids) {
    var arrivals = sink.arrivals();
    for (var id : ids) {
      var arrival = arrivals.get(id);
      if (arrival == null) lost++;
      else if (arrival.times() > 1) doubled++;
    }
    var from = written - ids.size();
    for (var at = from; at < written; at += STATES_AT_ONCE) {
      var end = Math.min(written, at + STATES_AT_ONCE);
      var abouts = IntStream.range(at, end).mapToObj(Forms::about).toList();
      var states = Outbox.states(bed.pool(), Forms.PURPOSE, abouts);
      lost += (int) abouts.stream().filter(one -> states.get(one) != TextState.ACCEPTED).count();
    }
  }

  // --- what it comes to

  private double cpuOfServer() {
    return median(share -> Run.micros(share.cpu, share.texts));
  }

  private double median(java.util.function.ToDoubleFunction<ServerShare> figure) {
    var sorted = server.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private double share() {
    return Run.rate(ours) / Run.rate(bare);
  }

  /** What so many connections can carry when each answer takes this long. */
  private double ceiling() {
    return latency.isZero() ? Double.NaN : connections / (latency.toMillis() / 1e3);
  }

  private JsonObject json(Machine machine, Latencies firsts) {
    var fazaa =
        Run.json(ours)
            .put("postgres_cpu_us", Run.tenths(cpuOfServer()))
            .put("database_time_us", Run.tenths(median(s -> Run.micros(s.work.active(), s.texts))))
            .put("commits_per_text", median(s -> (double) s.work.commits() / s.texts))
            .put(
                "wal_bytes_per_text", Math.round(median(s -> (double) s.work.walBytes() / s.texts)))
            .put("lost", lost)
            .put("doubled", doubled);
    var figures =
        new JsonObject()
            .put("bench", "sms")
            .put("command", machine.command())
            .put("machine", machine.json())
            .put("texts", texts)
            .put("connections", connections)
            .put("latency_ms", latency.toMillis())
            .put("fazaa", fazaa)
            .put("bare_http", Run.json(bare))
            .put("stock_sdk", Run.json(stock).put("threads", StockSdk.THREADS))
            .put("share_of_bare_http", thousandths(share()))
            .put("times_stock_sdk", thousandths(Run.rate(ours) / Run.rate(stock)))
            .put("press_to_first_text", firsts.json());
    if (!latency.isZero()) {
      figures.put("share_of_connections_over_latency", thousandths(Run.rate(ours) / ceiling()));
    }
    return figures;
  }

  private String text(Machine machine, Latencies firsts) {
    var page = new StringBuilder(machine.text());
    page.append(
        String.format(
            Locale.ROOT,
            "%n%,d texts a round, %d connections, the sink answers after %d ms; median of %d"
                + " rounds%n",
            texts,
            connections,
            latency.toMillis(),
            rounds));
    page.append(String.format(HEAD, "", "texts/s", "of bare", "CPU µs", "PG CPU µs", "sink µs"));
    page.append(line("bare HTTP client", bare, ""));
    page.append(line("Fazaa, durable", ours, "%.1f".formatted(cpuOfServer())));
    page.append(line("Twilio SDK as it comes", stock, ""));
    page.append(
        String.format(
            Locale.ROOT,
            "%nFazaa: %.1f µs of database time, %.3f commits and %,.0f bytes of log a text;"
                + " %d lost, %d doubled%n",
            median(s -> Run.micros(s.work.active(), s.texts)),
            median(s -> (double) s.work.commits() / s.texts),
            median(s -> (double) s.work.walBytes() / s.texts),
            lost,
            doubled));
    if (!latency.isZero()) {
      page.append(
          String.format(
              Locale.ROOT,
              "connections ÷ latency is %,.0f/s: Fazaa reaches %.3f of it%n",
              ceiling(),
              Run.rate(ours) / ceiling()));
    }
    if (presses > 0) page.append("press to first text: ").append(firsts.text());
    return page.toString();
  }

  private String line(String name, List<Run> runs, String serverCpu) {
    return String.format(
        Locale.ROOT,
        LINE,
        name,
        Run.rate(runs),
        Run.rate(runs) / Run.rate(bare),
        Run.median(runs, run -> Run.micros(run.client(), run.texts())),
        serverCpu,
        Run.median(runs, run -> Run.micros(run.sink(), run.texts())));
  }

  private static double thousandths(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }

  private static final String HEAD = "%-24s %10s %8s %8s %10s %8s%n";
  private static final String LINE = "%-24s %,10.0f %8.3f %8.1f %10s %8.1f%n";
}
