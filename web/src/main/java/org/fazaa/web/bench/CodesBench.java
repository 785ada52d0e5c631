package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa bench codes}: whether the time of an answer tells who is registered. */
@Command(
    name = "codes",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Asks for a code to a number that we know and to one that we do not, in pairs, in an order"
          + " drawn by lot: the difference of the medians is what a stranger could learn.",
      "يطلب رمزًا لرقم نعرفه ورقم لا نعرفه، زوجًا زوجًا بترتيب عشوائي: فرق الوسيطين هو ما قد يعرفه"
          + " غريب."
    })
final class CodesBench implements Callable<Integer> {
  private static final int PAIRS_MAX = 2_000;
  private static final int WARM_UP = 100;
  private static final int KNOWN_FROM = 50_000_000;
  private static final int UNKNOWN_FROM = 10_000_000;

  /** Numbers that begin alike are counted together: no two of these do. */
  private static final int APART = 10_000;

  private static final long SEED = 1448;

  @Spec private CommandSpec spec;

  @Option(
      names = "--pairs",
      defaultValue = "1000",
      paramLabel = "N",
      description = "how many pairs (${DEFAULT-VALUE})")
  private int pairs;

  @Option(names = "--json", description = "the figures as JSON on standard output, nothing else")
  private boolean json;

  private final HttpClient http = HttpClient.newHttpClient();
  private int asked;

  @Override
  public Integer call() {
    Limits.within(spec, "--pairs", pairs, 1, PAIRS_MAX);
    var settings = Map.of("FAZAA_PROXIES", "127.0.0.1");
    try (var sink = Sink.start(Duration.ZERO);
        var bed = TestBed.open(sink, settings)) {
      var machine = Machine.of(spec, bed.pool());
      var address = bed.fazaa().localAddress();
      new Script(address).importVolunteers(Script.Site.of(0), phones(KNOWN_FROM));
      var known = new ArrayList<Long>();
      var unknown = new ArrayList<Long>();
      var random = new Random(SEED);
      for (var i = 0; i < WARM_UP + pairs; i++) {
        var knownFirst = random.nextBoolean();
        var first = ask(address, phone(knownFirst ? KNOWN_FROM : UNKNOWN_FROM, i));
        var second = ask(address, phone(knownFirst ? UNKNOWN_FROM : KNOWN_FROM, i));
        if (i < WARM_UP) continue;
        known.add(knownFirst ? first : second);
        unknown.add(knownFirst ? second : first);
      }
      show(machine, Latencies.of(known), Latencies.of(unknown));
      return 0;
    }
  }

  private List<String> phones(int from) {
    return IntStream.range(0, WARM_UP + pairs).mapToObj(i -> phone(from, i)).toList();
  }

  private static String phone(int from, int number) {
    return Forms.phone(from + number * APART);
  }

  /** In microseconds. Each comes from an address of its own, as a stranger would take care to. */
  private long ask(URI address, String number) {
    var phone = URLEncoder.encode(number, StandardCharsets.UTF_8);
    asked++;
    var from = "10.%d.%d.%d".formatted(asked >> 16, asked >> 8 & 255, asked & 255);
    var request =
        HttpRequest.newBuilder(address.resolve("/me/code"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("X-Forwarded-For", from)
            .POST(BodyPublishers.ofString("phone=" + phone))
            .build();
    try {
      var start = System.nanoTime();
      var status = http.send(request, BodyHandlers.discarding()).statusCode();
      var micros = (System.nanoTime() - start) / 1_000;
      if (status != 303) throw new IllegalStateException("answered " + status);
      return micros;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void show(Machine machine, Latencies known, Latencies unknown) {
    var out = spec.commandLine().getOut();
    var apart = Math.abs(known.ms(50) - unknown.ms(50));
    if (json) {
      var figures =
          new JsonObject()
              .put("bench", "codes")
              .put("command", machine.command())
              .put("machine", machine.json())
              .put("known", known.json())
              .put("unknown", unknown.json())
              .put("medians_apart_ms", Math.round(apart * 1000) / 1000.0);
      out.println(figures.encodePrettily());
      return;
    }
    out.print(machine.text());
    out.printf(
        Locale.ROOT,
        """

        %,d pairs, one after the other
          a number that we know     %s
          a number that we do not   %s
          their medians are %.3f ms apart
        """,
        pairs,
        known.text(),
        unknown.text(),
        apart);
    out.flush();
  }
}
