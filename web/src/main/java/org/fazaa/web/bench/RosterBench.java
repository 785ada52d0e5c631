package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa bench roster}: who can come, found among a million. */
@Command(
    name = "roster",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "The best 50 who have these skills, speak this language, are free at that hour, rested and"
          + " within 25 km: by the roster in memory, by SQL on the same people with the best"
          + " indexes we know, and by a loop over all of them; and how fast people's hours and"
          + " places are changed, in memory and on the disk.",
      "أفضل 50 ممن لديهم المهارات واللغة وهم متاحون في تلك الساعة ومرتاحون وعلى بعد 25 كم: من"
          + " السجل في الذاكرة، ومن SQL على الأشخاص أنفسهم بأفضل فهارس نعرفها، وبالمرور عليهم"
          + " جميعًا؛ وسرعة تغيير الأوقات والأماكن في الذاكرة وعلى القرص."
    })
final class RosterBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--volunteers",
      defaultValue = "1000000",
      paramLabel = "N",
      description = "how many people there are (${DEFAULT-VALUE})")
  private int volunteers;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "R",
      description = "rounds of each, in turns; the median counts (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "2",
      paramLabel = "S",
      description = "how long each is measured in a round (${DEFAULT-VALUE})")
  private double seconds;

  @Option(
      names = "--searches",
      defaultValue = "1000",
      paramLabel = "Q",
      description =
          "random searches that are held against a full scan, at rest and again while people"
              + " change; a fifth of them against SQL as well (${DEFAULT-VALUE})")
  private int searches;

  @Option(names = "--json", description = "the figures as JSON on standard output, nothing else")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Limits.within(spec, "--volunteers", volunteers, 1_000, 5_000_000);
    Limits.within(spec, "--rounds", rounds, 1, 20);
    Limits.within(spec, "--seconds", (int) Math.ceil(seconds), 1, 60);
    Limits.within(spec, "--searches", searches, 50, 100_000);
    var time = Duration.ofMillis(Math.round(seconds * 1_000));
    try (var bed = BareBed.open()) {
      var machine = Machine.of(spec, bed.database().people());
      var figures = RosterTrial.run(bed, volunteers, searches, rounds, time);
      var out = spec.commandLine().getOut();
      if (json) out.println(json(machine, figures).encodePrettily());
      else out.print(text(machine, figures));
      out.flush();
      return figures.agree() ? 0 : 1;
    }
  }

  private JsonObject json(Machine machine, RosterFigures figures) {
    var all = figures.json();
    return new JsonObject()
        .put("bench", "roster")
        .put("command", machine.command())
        .put("machine", machine.json())
        .put("volunteers", volunteers)
        .mergeIn(all);
  }

  private String text(Machine machine, RosterFigures figures) {
    return machine.text()
        + String.format(
            Locale.ROOT,
            "%n%,d volunteers, the best %d within %.0f km; median of %d rounds of %s s%n",
            volunteers,
            Search.BEST,
            Search.REACH_KM,
            rounds,
            seconds)
        + figures.text();
  }
}
