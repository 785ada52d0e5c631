package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa bench fund}: how fast gifts are recorded with every constraint on. */
@Command(
    name = "fund",
    description = {
      "Gifts on a PostgreSQL of its own that acknowledges nothing before it is on the disk: single"
          + " INSERTs, a transaction for each gift on a hot account, and Fazaa one by one and"
          + " together; then 2,000 gifts a second, payouts, bytes of a gift, and balances of the"
          + " past over a journal of a year.",
      "تبرعات على PostgreSQL خاص: إدراج منفرد، ومعاملة لكل تبرع على حساب واحد مزدحم، وفزعة منفردة"
          + " ومجتمعة، ثم ٢٠٠٠ تبرع في الثانية والصرف وحجم التبرع وأرصدة الماضي."
    })
final class FundBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      paramLabel = "S",
      description = "how long each is measured in a round (${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "R",
      description = "rounds of each, in turns; the median counts (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--rate",
      defaultValue = "2000",
      paramLabel = "N",
      description = "gifts a second for the latencies (${DEFAULT-VALUE})")
  private int rate;

  @Option(
      names = "--entries",
      defaultValue = "1000000",
      paramLabel = "N",
      description = "entries of the journal for balances of the past (${DEFAULT-VALUE})")
  private int entries;

  @Option(
      names = "--minutes",
      defaultValue = "0",
      paramLabel = "M",
      description =
          "as many gifts as can be for so long: the last minute against the first"
              + " (${DEFAULT-VALUE}: not measured)")
  private int minutes;

  @Option(names = "--json", description = "the figures as JSON on standard output, nothing else")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Limits.within(spec, "--seconds", seconds, 1, 60);
    Limits.within(spec, "--rounds", rounds, 1, 20);
    Limits.within(spec, "--rate", rate, 10, 20_000);
    Limits.within(spec, "--entries", entries, 1_000, 5_000_000);
    Limits.within(spec, "--minutes", minutes, 0, 60);
    try (var bed = BareBed.open()) {
      var machine = Machine.of(spec, bed.database().people());
      var trial = new FundTrial(bed, Duration.ofSeconds(seconds), rounds, rate);
      var figures = trial.run(entries, Duration.ofMinutes(minutes));
      var out = spec.commandLine().getOut();
      if (json) out.println(json(machine, figures).encodePrettily());
      else out.print(machine.text() + String.format(Locale.ROOT, "%n") + figures.text());
      out.flush();
      return 0;
    }
  }

  private static JsonObject json(Machine machine, FundFigures figures) {
    return new JsonObject()
        .put("bench", "fund")
        .put("command", machine.command())
        .put("machine", machine.json())
        .mergeIn(figures.json());
  }
}
