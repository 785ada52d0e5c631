package org.fazaa.web;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.fazaa.config.DatabaseUrl;
import org.fazaa.config.EmbeddedServer;
import org.fazaa.config.TestDatabase;
import org.fazaa.config.TestNodes;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;

/**
 * Signed replies at a steady rate, over HTTP, to the program in a JVM of its own, on a PostgreSQL
 * that keeps what it commits. Arguments: replies each second, seconds, nodes.
 */
final class RepliesBench {
  private static final int PLACES = 500;
  private static final int AT_ONCE_MAX = 4_000;
  private static final String TOKEN = "token";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
  private final Map<String, Long> doneAt = new ConcurrentHashMap<>();
  private final List<Integer> ports;
  private final Pool pool;

  private RepliesBench(List<Integer> ports, Pool pool) {
    this.ports = ports;
    this.pool = pool;
  }

  public static void main(String[] arguments) throws Exception {
    int rate = Integer.parseInt(arguments[0]);
    int seconds = Integer.parseInt(arguments[1]);
    int nodes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    var folder = Files.createTempDirectory("fazaa-bench");
    var vertx = Vertx.vertx();
    var programs = new ArrayList<RunningFazaa>();
    try (var server = EmbeddedServer.start(folder, EmbeddedServer.Durability.FULL);
        var carrier = TwilioStandIn.start(new StandInOptions())) {
      var ports = new ArrayList<Integer>();
      for (int i = 0; i < nodes; i++) ports.add(TestNodes.freePort());
      var settings = new HashMap<>(carrier.settings());
      settings.put("DATABASE_URL", Program.written(server.application()));
      settings.put("DATABASE_OWNER_URL", Program.written(server.owner()));
      for (int port : ports) programs.add(RunningFazaa.start(port, settings));
      var pool = pool(vertx, server.superuser().database("fazaa"));
      new RepliesBench(ports, pool).run(rate, seconds);
    } finally {
      programs.forEach(program -> program.said().stream().limit(40).forEach(System.out::println));
      programs.forEach(RunningFazaa::close);
      vertx.close().await();
    }
    System.exit(0);
  }

  private static Pool pool(Vertx vertx, DatabaseUrl url) {
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(3))
        .connectingTo(TestDatabase.connect(url))
        .using(vertx)
        .build();
  }

  private void run(int rate, int seconds) throws Exception {
    int many = rate * seconds;
    var asked = PlantedOffers.plant(pool, many, PLACES);
    // Warm: the first tenth is not counted.
    var watcher = Thread.ofVirtual().start(this::watch);
    var latencies = post(asked, rate);
    long deadline = System.nanoTime() + 120_000_000_000L;
    while (doneAt.size() < many && System.nanoTime() < deadline) LockSupport.parkNanos(50_000_000);
    watcher.interrupt();
    var effects = new ArrayList<Long>();
    for (int i = many / 10; i < many; i++) {
      var done = doneAt.get("SM" + i);
      if (done != null) effects.add(done - sentAt.get("SM" + i));
    }
    System.out.printf("%d replies/s for %d s on %d nodes%n", rate, seconds, ports.size());
    print("webhook answer", latencies);
    print("reply to effect", effects);
    System.out.printf("kept %d of %d, done %d%n", count("notify.reply"), many, doneAt.size());
    System.out.printf(
        "places %d, texts %d%n",
        count("dispatch.offer WHERE state = 'assigned'"),
        count("notify.text WHERE NOT answerable"));
  }

  private List<Long> post(List<PlantedOffers.Asked> asked, int rate) throws InterruptedException {
    var waiting = new Semaphore(AT_ONCE_MAX);
    var refused = new AtomicInteger();
    var latencies = new Long[asked.size()];
    long begin = System.nanoTime();
    for (int i = 0; i < asked.size(); i++) {
      long due = begin + i * 1_000_000_000L / rate;
      while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
      int at = i;
      var request = request("SM" + i, asked.get(i), ports.get(i % ports.size()));
      waiting.acquire();
      sentAt.put("SM" + i, due);
      http.sendAsync(request, BodyHandlers.discarding())
          .whenComplete(
              (answer, fault) -> {
                latencies[at] = System.nanoTime() - due;
                if (fault != null || answer.statusCode() != 200) {
                  if (refused.incrementAndGet() == 1) System.out.println(fault + " " + answer);
                }
                waiting.release();
              });
    }
    waiting.acquire(AT_ONCE_MAX);
    System.out.println("not answered with 200: " + refused);
    return Arrays.asList(latencies).subList(asked.size() / 10, asked.size());
  }

  private static HttpRequest request(String sid, PlantedOffers.Asked asked, int port) {
    var address = "http://127.0.0.1:" + port;
    var fields = new TreeMap<String, String>();
    fields.put("MessageSid", sid);
    fields.put("From", asked.phone());
    fields.put("To", "+15005550006");
    fields.put("Body", "1 " + asked.code());
    return HttpRequest.newBuilder(URI.create(address + "/twilio/replies"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header(
            "X-Twilio-Signature",
            PlantedOffers.signature(TOKEN, address + "/twilio/replies", fields))
        .POST(BodyPublishers.ofString(Caller.form(fields)))
        .build();
  }

  // Looks again and again at what is done: a reply counts from the first look that finds it.
  private void watch() {
    long below = 0;
    while (!Thread.currentThread().isInterrupted()) {
      var rows = pool.preparedQuery(DONE).execute(Tuple.of(below)).await();
      long now = System.nanoTime();
      long first = Long.MAX_VALUE;
      for (var row : rows) {
        if (row.getBoolean("done")) doneAt.putIfAbsent(row.getString("provider_id"), now);
        else first = Math.min(first, row.getLong("id"));
      }
      if (first != Long.MAX_VALUE) below = first - 1;
      LockSupport.parkNanos(20_000_000);
    }
  }

  private long count(String from) {
    return pool.query("SELECT count(*) FROM " + from)
        .execute()
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  private static void print(String what, List<Long> nanos) {
    var sorted = nanos.stream().sorted().toList();
    if (sorted.isEmpty()) return;
    System.out.printf(
        "%s: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max %.1f ms (%d)%n",
        what, at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99), at(sorted, 1), sorted.size());
  }

  private static double at(List<Long> sorted, double share) {
    return sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size())) / 1e6;
  }

  private static final String DONE =
      """
      SELECT id, provider_id, state IN ('done', 'person', 'muted') AS done
      FROM notify.reply WHERE id > $1
      """;
}
