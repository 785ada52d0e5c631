package org.fazaa.web.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.Offer;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.reply.Inbox;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa bench replies}: from a signed webhook to the place that it takes. */
@Command(
    name = "replies",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Signed webhooks with a yes, to a program just started, at a steady rate and then in a burst,"
          + " until each has its place and the text that says so is with the carrier. Replies"
          + " come when their time has come,"
          + " however slow the answers are, and are timed from then.",
      "ردود موقعة بالقبول إلى برنامج بدأ لتوه ثم بمعدل ثابت ثم دفعة واحدة، حتى يأخذ كل رد مكانه"
          + " وتصل رسالة تأكيده إلى شركة الاتصالات. يصل كل رد في موعده مهما تأخر الجواب، ويحسب"
          + " الوقت من ذلك الموعد."
    })
final class RepliesBench implements Callable<Integer> {
  private static final int RATE_MAX = 5_000;
  private static final int SECONDS_MAX = 600;
  private static final int REPLIES_MAX = 100_000;
  private static final int PLACES = 100;

  /** Asked for each place; those who stay silent are stood down when the need fills. */
  private static final int ASKED_PER_PLACE = 2;

  private static final int ABOUTS_AT_ONCE = 100;
  private static final int IDS_AT_ONCE = 5_000;
  private static final int LOOK_AGAIN_MS = 500;
  private static final long SEED = 1448;

  /** When nothing more has happened for so long, what is missing is lost. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;

  @Option(
      names = "--rate",
      defaultValue = "200",
      paramLabel = "R",
      description = "replies a second, steadily (${DEFAULT-VALUE})")
  private int rate;

  @Option(
      names = "--burst",
      defaultValue = "1000",
      paramLabel = "B",
      description =
          "replies a second in the burst that follows; 0 leaves it out (${DEFAULT-VALUE})")
  private int burst;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      paramLabel = "S",
      description = "how long each lasts (${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--cold",
      defaultValue = "10",
      paramLabel = "C",
      description =
          "how long before that the program, just started, is measured apart; 0 leaves it out"
              + " (${DEFAULT-VALUE})")
  private int cold;

  @Option(names = "--json", description = "the figures as JSON on standard output, nothing else")
  private boolean json;

  private final Map<Long, Long> effects = new ConcurrentHashMap<>();
  private int sites;
  private int ids;

  /** Somebody who was asked by this text and will say yes. */
  private record Asked(long offer, long text, String phone, String code) {}

  /** What came of so many replies a second. */
  private record Phase(
      String name,
      int rate,
      int replies,
      Latencies lag,
      Latencies webhook,
      Latencies effect,
      Latencies confirmation,
      int refused,
      int lost,
      Duration program,
      Duration server,
      Duration callers) {

    double micros(Duration cpu) {
      return Run.micros(cpu, replies);
    }

    JsonObject json() {
      return new JsonObject()
          .put("rate", rate)
          .put("replies", replies)
          .put("generator_lag", lag.json())
          .put("webhook_answer", webhook.json())
          .put("reply_to_effect", effect.json())
          .put("reply_to_confirmation_at_carrier", confirmation.json())
          .put("refused", refused)
          .put("lost", lost)
          .put("program_cpu_us", Run.tenths(micros(program)))
          .put("postgres_cpu_us", Run.tenths(micros(server)))
          .put("generator_cpu_us", Run.tenths(micros(callers)));
    }

    String text() {
      return String.format(
          Locale.ROOT,
          """

          %s: %,d replies a second, %,d in all
            webhook answer            %s
            reply to effect           %s
            confirmation at carrier   %s
            refused %d, lost %d; CPU a reply: program %.0f µs, PostgreSQL %.0f µs, generator %.0f µs
            the generator was late by %s
          """,
          name,
          rate,
          replies,
          webhook.text(),
          effect.text(),
          confirmation.text(),
          refused,
          lost,
          micros(program),
          micros(server),
          micros(callers),
          lag.text());
    }
  }

  @Override
  public Integer call() {
    Limits.within(spec, "--rate", rate, 1, RATE_MAX);
    Limits.within(spec, "--burst", burst, 0, RATE_MAX);
    Limits.within(spec, "--seconds", seconds, 1, SECONDS_MAX);
    Limits.within(spec, "--cold", cold, 0, SECONDS_MAX);
    Limits.within(spec, "--rate × --cold", rate * cold, 0, REPLIES_MAX);
    Limits.within(spec, "--rate × --seconds", rate * seconds, 1, REPLIES_MAX);
    Limits.within(spec, "--burst × --seconds", burst * seconds, 0, REPLIES_MAX);
    try (var sink = Sink.start(Duration.ZERO);
        var bed = TestBed.open(sink, Map.of());
        var callers =
            Child.start(
                "callers",
                "--port=" + bed.fazaa().localAddress().getPort(),
                "--public-url=" + TestBed.PUBLIC_URL,
                "--token=" + TestBed.AUTH_TOKEN)) {
      var machine = Machine.of(spec, bed.pool());
      bed.bus()
          .hear(
              Fact.OfferChanged.class,
              fact -> effects.putIfAbsent(fact.offer(), Clock.micros(bed.clock())));
      var script = new Script(bed.fazaa().localAddress());
      var crisis = script.launchCrisis();
      var phases = new ArrayList<Phase>();
      if (cold > 0) phases.add(phase("cold", sink, bed, callers, script, crisis, rate, cold));
      phases.add(phase("steady", sink, bed, callers, script, crisis, rate, seconds));
      if (burst > 0) {
        phases.add(phase("burst", sink, bed, callers, script, crisis, burst, seconds));
      }
      show(machine, phases);
      return phases.stream().allMatch(phase -> phase.lost == 0) ? 0 : 1;
    }
  }

  private void show(Machine machine, List<Phase> phases) {
    var out = spec.commandLine().getOut();
    if (!json) {
      out.print(machine.text());
      phases.forEach(phase -> out.print(phase.text()));
      out.flush();
      return;
    }
    var figures =
        new JsonObject()
            .put("bench", "replies")
            .put("command", machine.command())
            .put("machine", machine.json())
            .put("seconds", seconds);
    phases.forEach(phase -> figures.put(phase.name, phase.json()));
    out.println(figures.encodePrettily());
  }

  // --- before: people are asked

  private Phase phase(
      String name,
      Sink sink,
      TestBed bed,
      Child callers,
      Script script,
      long crisis,
      int perSecond,
      int lasting) {
    var asked = ask(sink, bed, script, crisis, perSecond * lasting);
    return answer(name, sink, bed, callers, asked, perSecond);
  }

  private List<Asked> ask(Sink sink, TestBed bed, Script script, long crisis, int replies) {
    var places = Math.min(PLACES, replies);
    var many = Math.ceilDiv(replies, places);
    var here = IntStream.range(sites, sites += many).mapToObj(Script.Site::of).toList();
    var texts = places * ASKED_PER_PLACE;
    script.importVolunteers(here, texts);
    var needs = new ArrayList<Long>();
    for (var site : here) {
      needs.add(script.openNeed(crisis, site, places, bed.clock().instant()));
    }
    needs.forEach(script::awaitCandidates);
    sink.reset();
    needs.forEach(need -> script.callOut(need, texts));
    awaitQuiet(bed, () -> sink.counts().texts(), many * texts);
    var asked = new ArrayList<Asked>();
    needs.forEach(need -> asked.addAll(some(bed, need, places)));
    Collections.shuffle(asked, new Random(SEED));
    if (asked.size() < replies) {
      throw new IllegalStateException("only " + asked.size() + " people were asked");
    }
    return asked.subList(0, replies);
  }

  private static List<Asked> some(TestBed bed, long need, int places) {
    var offers =
        Needs.offers(bed.pool(), new NeedId(need)).stream()
            .filter(offer -> offer.state() == Offer.State.OPEN)
            .limit(places)
            .toList();
    var texts = new HashMap<String, Long>();
    var abouts = offers.stream().map(offer -> offer.id().about()).toList();
    Outbox.list(bed.pool(), Channel.PURPOSE, abouts)
        .forEach(line -> texts.put(line.about(), line.id()));
    return offers.stream()
        .map(
            offer ->
                new Asked(
                    offer.id().value(),
                    texts.get(offer.id().about()),
                    offer.phone().e164(),
                    offer.code()))
        .toList();
  }

  // --- now they answer

  private Phase answer(
      String name, Sink sink, TestBed bed, Child callers, List<Asked> asked, int perSecond) {
    var first = ids;
    ids += asked.size();
    var file = written(bed, asked, first);
    var callersBefore = callers.cpu();
    var serverBefore = bed.serverCpu();
    var before = Cpu.own();
    var said = callers.ask(perSecond + " " + file);
    awaitQuiet(
        bed,
        () -> asked.stream().filter(one -> effects.containsKey(one.offer)).count(),
        asked.size());
    var program = Cpu.own().minus(before);
    var server = bed.serverCpu().minus(serverBefore);
    var spent = callers.cpu().minus(callersBefore);
    var texts = confirmations(sink, bed, asked);
    var start = said.getLong("start");
    var effect = new ArrayList<Long>();
    var confirmed = new ArrayList<Long>();
    for (var i = 0; i < asked.size(); i++) {
      var due = start + i * 1_000_000L / perSecond;
      var took = effects.get(asked.get(i).offer);
      if (took != null) effect.add(took - due);
      var text = texts.get(asked.get(i).offer);
      if (text != null && text.arrived > 0) confirmed.add(text.arrived - due);
    }
    var answers = answered(said.getJsonArray("answers"));
    return new Phase(
        name,
        perSecond,
        asked.size(),
        Latencies.of(said.getJsonArray("lags")),
        Latencies.of(answers),
        Latencies.of(effect),
        Latencies.of(confirmed),
        asked.size() - answered(said.getJsonArray("accepted")).size(),
        lost(bed, asked, said.getJsonArray("accepted"), texts, first),
        program,
        server,
        spent);
  }

  private static List<Long> answered(JsonArray micros) {
    return micros.stream().map(one -> ((Number) one).longValue()).filter(one -> one >= 0).toList();
  }

  private static Path written(TestBed bed, List<Asked> asked, int first) {
    var lines = new ArrayList<String>();
    for (var one : asked) {
      lines.add(id(first + lines.size()) + "\t" + one.phone + "\t1 " + one.code);
    }
    try {
      return Files.write(bed.folder().resolve("replies-" + first + ".tsv"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String id(int number) {
    return "SM%032d".formatted(number);
  }

  // --- what came of them

  /** The text that tells somebody of the place; {@code arrived} is 0 until the carrier has it. */
  private record Confirmation(long text, long arrived) {}

  private static Map<Long, Confirmation> confirmations(Sink sink, TestBed bed, List<Asked> asked) {
    var questions = asked.stream().map(Asked::text).collect(Collectors.toSet());
    var found = new HashMap<Long, Long>();
    for (var at = 0; at < asked.size(); at += ABOUTS_AT_ONCE) {
      var part = asked.subList(at, Math.min(asked.size(), at + ABOUTS_AT_ONCE));
      var abouts = part.stream().map(one -> Long.toString(one.offer)).toList();
      for (var line : Outbox.list(bed.pool(), Channel.PURPOSE, abouts)) {
        if (!questions.contains(line.id())) found.put(Long.valueOf(line.about()), line.id());
      }
    }
    awaitQuiet(bed, () -> arrived(sink.arrivals(), found), found.size());
    var arrivals = sink.arrivals();
    var texts = new HashMap<Long, Confirmation>();
    found.forEach(
        (offer, text) -> {
          var arrival = arrivals.get(text);
          texts.put(offer, new Confirmation(text, arrival == null ? 0 : arrival.first()));
        });
    return texts;
  }

  private static long arrived(Map<Long, Sink.Arrival> arrivals, Map<Long, Long> texts) {
    return texts.values().stream().filter(arrivals::containsKey).count();
  }

  /**
   * Whoever was answered with 200 is kept under the provider's id, has a place, and the text about
   * it is written: all three, or the reply is lost. A refused one comes again.
   */
  private static int lost(
      TestBed bed,
      List<Asked> asked,
      JsonArray accepted,
      Map<Long, Confirmation> texts,
      int first) {
    var lost = 0;
    for (var at = 0; at < asked.size(); at += IDS_AT_ONCE) {
      var end = Math.min(asked.size(), at + IDS_AT_ONCE);
      var provided = IntStream.range(at, end).mapToObj(i -> id(first + i)).toList();
      var outcomes = Inbox.outcomes(bed.pool(), "twilio", provided);
      for (var i = at; i < end; i++) {
        var placed = "assigned".equals(outcomes.get(id(first + i)));
        var told = texts.containsKey(asked.get(i).offer);
        if (accepted.getLong(i) > 0 && !(placed && told)) lost++;
      }
    }
    return lost;
  }

  /** Until so many are there, or nothing more happens. */
  private static void awaitQuiet(TestBed bed, Callable<Long> counted, long wanted) {
    try {
      var count = counted.call();
      var moved = System.nanoTime();
      while (count < wanted && System.nanoTime() - moved < SILENCE_MAX.toNanos()) {
        bed.fazaa().node().vertx().timer(LOOK_AGAIN_MS).await();
        var now = counted.call();
        if (now > count) moved = System.nanoTime();
        count = now;
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
