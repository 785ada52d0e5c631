package org.fazaa.web;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.fazaa.dispatcher.rehearsal.Refused;
import org.fazaa.dispatcher.rehearsal.Regime;
import org.fazaa.dispatcher.rehearsal.Rehearsal;
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
      names = "--policy",
      defaultValue = "priced",
      paramLabel = "NAME",
      description =
          "who is asked when: priced (what Fazaa does), or to compare fixed (5 for a place every"
              + " 2 min), nearest (10 every 10 min), all (everybody in 5 km)")
  private String policy;

  @Option(names = "--json", description = "the report as JSON on standard output, nothing else")
  private boolean json;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    var err = spec.commandLine().getErr();
    if (!Rehearsal.policies().contains(policy)) {
      err.printf("--policy %s: write one of %s", policy, String.join(", ", Rehearsal.policies()));
      err.println(" · اكتب واحدة منها");
      return UNUSABLE;
    }
    if (hours.filter(h -> !(h > 0 && h <= HOURS_MAX)).isPresent()) {
      err.printf("--hours must be more than 0 and at most %d", HOURS_MAX);
      err.printf(" · يجب أن تكون أكبر من 0 ولا تزيد على %d%n", HOURS_MAX);
      return UNUSABLE;
    }
    try {
      var report = Rehearsal.run(input(), new Bar(err));
      err.println();
      out.println(json ? report.json().encodePrettily() : report.text());
      return 0;
    } catch (Refused e) {
      err.println(e.getMessage());
      return UNUSABLE;
    }
  }

  private Rehearsal.Input input() {
    return new Rehearsal.Input(
        incidents, columns, kinds, zone, from, hours, volunteers, seed, Regime.BASE, policy);
  }

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
