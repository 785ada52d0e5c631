package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa bench tick}: how long a decision takes, for all needs together. */
@Command(
    name = "tick",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Whole decision ticks of the call-out engine: from the needs that are due to the decisions,"
          + " offers and texts that are committed, while replies come in and take effect.",
      "دورات قرار كاملة لمحرك النداء: من الاحتياجات المستحقة إلى القرارات والعروض والرسائل المثبتة،"
          + " والردود تصل وتُنفذ في أثناء ذلك."
    })
final class TickBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--volunteers",
      defaultValue = "1000000",
      paramLabel = "N",
      description = "how many people there are (${DEFAULT-VALUE})")
  private int volunteers;

  @Option(
      names = "--needs",
      defaultValue = "200",
      paramLabel = "N",
      description = "needs that are called out at once (${DEFAULT-VALUE})")
  private int needs;

  @Option(
      names = "--replies",
      defaultValue = "50",
      paramLabel = "R",
      description = "replies a second (${DEFAULT-VALUE})")
  private int replies;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      paramLabel = "S",
      description = {
        "for how long each: to warm up, then as needs fall due, then all at once",
        "(${DEFAULT-VALUE})"
      })
  private int seconds;

  @Option(names = "--json", description = "the figures as JSON on standard output, nothing else")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Limits.within(spec, "--volunteers", volunteers, 1_000, 5_000_000);
    Limits.within(spec, "--needs", needs, 1, 2_000);
    Limits.within(spec, "--replies", replies, 0, 1_000);
    Limits.within(spec, "--seconds", seconds, 3, 3_600);
    try (var bed = BareBed.open()) {
      var machine = Machine.of(spec, bed.database().people());
      var trial = new TickTrial(bed, volunteers);
      var figures = trial.run(needs, replies, Duration.ofSeconds(seconds));
      var out = spec.commandLine().getOut();
      if (json) out.println(json(machine, figures).encodePrettily());
      else out.print(machine.text() + text(figures));
      out.flush();
      return figures.answered() == figures.replies() ? 0 : 1;
    }
  }

  private JsonObject json(Machine machine, TickTrial.Figures figures) {
    return new JsonObject()
        .put("bench", "tick")
        .put("command", machine.command())
        .put("machine", machine.json())
        .put("volunteers", volunteers)
        .put("needs", needs)
        .put("replies_per_s", replies)
        .put("tick", figures.ticks().json())
        .put("tick_with_all_due", figures.allDue().json())
        .put("all_decided", figures.whole().json())
        .put("tick_just_started", figures.starting().json())
        .put("reply_lag", figures.lag().json())
        .put("replies_per_s_reached", hundredths(figures.perSecond()))
        .put("replies", figures.replies())
        .put("replies_answered", figures.answered())
        .put("texts", figures.texts())
        .put("cpu_share", hundredths(figures.cpu()))
        .put("postgres_cpu_share", hundredths(figures.serverCpu()));
  }

  private String text(TickTrial.Figures figures) {
    return String.format(
        Locale.ROOT,
        """

        %,d volunteers, %,d needs called out, %d replies a second wanted
          needs as they fall due, %d s   %s (%,d ticks)
          every need due at once         %s (%,d ticks)
            until all are decided for    %s (%,d times)
          the same just after a start    %s (%,d ticks)
          a reply until it has effect    %s
        %.1f replies a second came; in all %,d, of which %,d took effect; %,d texts written;
        %.2f cores of ours and %.2f of PostgreSQL's were busy
        """,
        volunteers,
        needs,
        replies,
        seconds,
        figures.ticks().text(),
        figures.ticks().count(),
        figures.allDue().text(),
        figures.allDue().count(),
        figures.whole().text(),
        figures.whole().count(),
        figures.starting().text(),
        figures.starting().count(),
        figures.lag().text(),
        figures.perSecond(),
        figures.replies(),
        figures.answered(),
        figures.texts(),
        figures.cpu(),
        figures.serverCpu());
  }

  private static double hundredths(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
