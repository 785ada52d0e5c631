package org.fazaa.web;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.fazaa.dispatcher.rehearsal.Refused;
import org.fazaa.dispatcher.rehearsal.Regime;
import org.fazaa.dispatcher.rehearsal.Rehearsal;
import org.fazaa.dispatcher.rehearsal.Report;
import org.fazaa.dispatcher.rehearsal.Reports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa rehearse}: real incidents replayed as needs, with simulated people. */
@Command(
    name = "rehearse",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Replays incidents from a CSV file as needs, through the whole program, on a clock of its own"
          + " with simulated people. It has its own database and can reach no real phone.",
      "يعيد تشغيل حوادث من ملف CSV كاحتياجات عبر البرنامج كله، بساعة خاصة وأشخاص محاكين،"
          + " دون أن يمس قاعدة البيانات الحية أو يصل إلى هاتف حقيقي."
    },
    footer = {
      "",
      "A kinds table is a CSV file:"
          + " kind,class,skills,people,within_min,lasts_min,title_en,title_ar",
      "  kind      a pattern for the whole kind with * and ?, or a regular expression in"
          + " /slashes/;",
      "            the first line that fits decides, and a kind that none fits is skipped",
      "  class     life, urgent, planned or ignore",
      "  skills    codes of GET /api/skills with ; between them; none: anybody",
      "  people    how many; nothing: as many as the incident says",
      "  within_min, lasts_min   minutes until it must be full, and how long it lasts after that",
      "  Only kind and class are required; lines that begin with # are comments.",
      "",
      "Exit codes: 0 done, 1 it broke, 2 the input cannot be used (what is wrong is named by line"
          + " and column)."
    })
final class RehearseCommand implements Callable<Integer> {
  private static final int UNUSABLE = 2;
  private static final int BAR = 40;

  @Spec private CommandSpec spec;

  @Option(
      names = "--incidents",
      required = true,
      paramLabel = "FILE",
      description = "incidents, a CSV file with a header")
  private Path incidents;

  @Option(
      names = "--columns",
      defaultValue = "",
      paramLabel = "MAP",
      description = "which column says what: time=…,kind=…,people=…,lat=…,lon=… (else guessed)")
  private String columns;

  @Option(
      names = "--kinds",
      paramLabel = "FILE",
      description =
          "what each kind of incident asks for: a table of your own, or houston-911,"
              + " houston-311-flooding, chp, haiti-2010, generic (else chosen by the columns)")
  private Optional<String> kinds;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "where times without a zone were written, for example Asia/Riyadh")
  private Optional<String> zone;

  @Option(names = "--from", paramLabel = "TIME", description = "begin at this time")
  private Optional<String> from;

  @Option(names = "--hours", paramLabel = "H", description = "take this many hours of incidents")
  private Optional<Double> hours;

  @Option(
      names = "--volunteers",
      defaultValue = "20000",
      paramLabel = "N|FILE",
      description = "how many volunteers to invent, or a CSV file of them (${DEFAULT-VALUE})")
  private String volunteers;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "the same seed gives the same rehearsal (${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--seeds",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "rehearse so often, with the seeds from --seed on: means and 95 %% intervals"
              + " (${DEFAULT-VALUE})")
  private int seeds;

  @Option(
      names = "--regime",
      defaultValue = "base",
      paramLabel = "NAME",
      description =
          "what the people are like: base, rare (hardly anybody answers), keen (many do), tired"
              + " (each text wears them down five times as much)")
  private String regime;

  @Option(
      names = {"--policy", "--policies"},
      defaultValue = "priced",
      split = ",",
      paramLabel = "NAME",
      description = {
        "who is asked when; several with commas between them are compared:",
        "priced (what Fazaa does), oracle (the same, told how likely everybody says yes), fixed"
            + " (5 for a place every 2 min), fixed-fast (10 every minute), nearest (10 every 10"
            + " min), all (everybody in 5 km), confidence (until it will fill with a chance of"
            + " 80, 50 or 30 %% by class), largest-weighted-demand (5 for a place every 2 min in"
            + " all, to the largest need first)",
        "and priced without one of its parts: priced-no-price, priced-no-learning,"
            + " priced-no-over-cost, priced-distance (by distance alone), hard-caps (at most 3"
            + " texts a week)"
      })
  private List<String> policies;

  @Option(
      names = "--fast",
      description =
          "in memory, without the database and without words: for many seeds. On the same answers"
              + " it decides the same")
  private boolean fast;

  @Option(
      names = "--calibration-svg",
      paramLabel = "FILE",
      description = "draw how far the forecasts at the press came true, as a picture")
  private Optional<Path> picture;

  @Option(names = "--json", description = "the report as JSON on standard output, nothing else")
  private boolean json;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    var err = spec.commandLine().getErr();
    var mistakes = mistakes();
    if (!mistakes.isEmpty()) {
      mistakes.forEach(err::println);
      return UNUSABLE;
    }
    try {
      var reports = rehearse(err);
      err.println();
      if (picture.isPresent()) {
        Files.writeString(picture.get(), DrawCalibration.svg(reports.forecasts(), Wording.EN));
      }
      out.println(json ? reports.json().encodePrettily() : reports.text());
      return 0;
    } catch (Refused e) {
      err.println(e.getMessage());
      return UNUSABLE;
    } catch (IOException e) {
      err.printf("--calibration-svg %s: cannot be written", picture.orElseThrow());
      err.println(" · تعذرت الكتابة: " + e.getMessage());
      return UNUSABLE;
    }
  }

  private List<String> mistakes() {
    var mistakes = new ArrayList<String>();
    for (var name : policies) {
      if (!Rehearsal.policies().contains(name)) {
        var known = String.join(", ", Rehearsal.policies());
        mistakes.add("--policy %s: write one of %s · اكتب واحدة منها".formatted(name, known));
      }
    }
    if (policies.stream().distinct().count() < policies.size()) {
      mistakes.add("--policies names one twice · وردت سياسة مرتين");
    }
    if (Regime.named(regime).isEmpty()) {
      mistakes.add(
          "--regime %s: write one of %s · اكتب واحدة منها".formatted(regime, Regime.words()));
    }
    if (seeds < 1 || seeds > SEEDS_MAX) {
      mistakes.add(
          "--seeds %d must be 1 to %d · يجب أن يكون من 1 إلى %d"
              .formatted(seeds, SEEDS_MAX, SEEDS_MAX));
    }
    if (hours.filter(h -> !(h > 0 && h <= HOURS_MAX)).isPresent()) {
      mistakes.add(
          "--hours must be more than 0 and at most %d · يجب أن تكون أكبر من 0 ولا تزيد على %d"
              .formatted(HOURS_MAX, HOURS_MAX));
    }
    return mistakes;
  }

  // Seeds one after another, so that each meets every policy.
  private Reports rehearse(PrintWriter err) {
    if (fast) return sketch();
    var reports = new ArrayList<Report>();
    for (var n = seed; n < seed + seeds; n++) {
      for (var policy : policies) {
        reports.add(Rehearsal.run(input().with(n, policy), new Bar(err)));
      }
    }
    return Reports.of(reports);
  }

  // Each is on its own, so all cores may work at once.
  private Reports sketch() {
    var inputs = new ArrayList<Rehearsal.Input>();
    for (var n = seed; n < seed + seeds; n++) {
      for (var policy : policies) inputs.add(input().with(n, policy));
    }
    return Reports.of(inputs.parallelStream().map(Rehearsal::sketch).toList());
  }

  private Rehearsal.Input input() {
    var people = Regime.named(regime).orElseThrow();
    return new Rehearsal.Input(
        incidents,
        columns,
        kinds,
        zone,
        from,
        hours,
        volunteers,
        seed,
        people,
        policies.getFirst());
  }

  private static final int SEEDS_MAX = 1_000;
  private static final int HOURS_MAX = 24 * 366;

  /** A line on the terminal that is drawn over itself, a few times a second at most. */
  private static final class Bar implements Consumer<Rehearsal.Progress> {
    private static final long EVERY_NANOS = 200_000_000;

    private final PrintWriter err;
    private long drawn;

    Bar(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void accept(Rehearsal.Progress progress) {
      var now = System.nanoTime();
      if (now - drawn < EVERY_NANOS) {
        return;
      }
      drawn = now;
      int full = BAR * progress.needs() / progress.of();
      err.print(
          "\r[%s%s] %d of %d needs, %s "
              .formatted(
                  "#".repeat(full),
                  ".".repeat(BAR - full),
                  progress.needs(),
                  progress.of(),
                  progress.now()));
      err.flush();
    }
  }
}
