package org.fazaa.web;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlClient;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.fazaa.config.Database;
import org.fazaa.config.EmbeddedServer;
import org.fazaa.config.Settings;
import org.fazaa.dispatcher.callout.Decisions.Decision;
import org.fazaa.dispatcher.callout.ReplayRound;
import org.fazaa.dispatcher.callout.ReplayRound.Outcome;
import org.fazaa.dispatcher.crisis.Title;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa replay}: stored decisions made once more, and held against what was stored. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Decides stored rounds once more from what their policy saw then, and says for each person"
          + " why they were asked. It reads the database of the settings and changes nothing in"
          + " it.",
      "يعيد اتخاذ القرارات المخزّنة مما رأته السياسة وقتها، ويقول لماذا سُئل كل شخص. يقرأ قاعدة"
          + " البيانات المضبوطة ولا يغيّر فيها شيئًا."
    },
    footer = {
      "",
      "An embedded database is read while no other Fazaa uses its folder (FAZAA_DATA); one of your"
          + " own (DATABASE_URL) at any time.",
      "Exit codes: 0 all came to the same, 1 something differs, 2 the input cannot be used."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int DIFFERS = 1;
  private static final int UNUSABLE = 2;
  private static final int BATCH = 500;

  private final Supplier<Settings> settings;

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Which which;

  /** One decision or all. */
  private static final class Which {
    @Option(names = "--decision", paramLabel = "N", description = "the round of this decision")
    private Optional<Long> decision;

    @Option(names = "--all", description = "every stored round")
    private boolean all;
  }

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "with --all: from then on, such as 2026-11-22 or 2026-11-22T08:00:00+03:00")
  private Optional<String> since;

  ReplayCommand() {
    this(Settings::load);
  }

  /**
   * @param settings where the database is
   */
  ReplayCommand(Supplier<Settings> settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() {
    Instant from;
    try {
      from = since.map(ReplayCommand::time).orElse(Instant.EPOCH);
    } catch (DateTimeParseException e) {
      return refuse(
          "--since is such as 2026-11-22 or 2026-11-22T08:00:00+03:00"
              + " · ‎--since مثل 2026-11-22 أو 2026-11-22T08:00:00+03:00");
    }
    var vertx = Vertx.vertx();
    try (var database = Database.open(vertx, settings.get().data(), Fazaa.SCHEMAS)) {
      return which.all ? all(database.bulk(), from) : one(database.bulk(), which.decision.get());
    } catch (Settings.Invalid | EmbeddedServer.Unusable | Database.Refused e) {
      return refuse(e.getMessage());
    } finally {
      vertx.close().await();
    }
  }

  private int refuse(String why) {
    spec.commandLine().getErr().println(why);
    return UNUSABLE;
  }

  private static Instant time(String written) {
    return written.contains("T")
        ? OffsetDateTime.parse(written).toInstant()
        : LocalDate.parse(written).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private int one(SqlClient conn, long decision) {
    var out = spec.commandLine().getOut();
    return switch (ReplayRound.run(conn, decision)) {
      case Outcome.Same same -> {
        same.decisions().forEach(each -> explain(each, out));
        said(
            out,
            "the same again: %d chosen, in the same order and for the same reasons",
            "كما كان: اختير %d بالترتيب نفسه وللأسباب نفسها",
            same.chosen());
        yield 0;
      }
      case Outcome.Differs differs -> {
        differs.decisions().forEach(each -> explain(each, out));
        differs(differs, out);
        yield DIFFERS;
      }
      case Outcome.Forgotten forgotten -> {
        forgotten.decisions().forEach(each -> explain(each, out));
        said(
            out,
            "what round %d saw is no longer kept",
            "ما رأته الجولة %d لم يعد محفوظًا",
            forgotten.round());
        yield 0;
      }
      case Outcome.NoRound(var alone) -> {
        explain(alone, out);
        said(out, "no round decided this", "لم تقرر هذا جولة");
        yield 0;
      }
      case Outcome.NoSuchDecision() ->
          refuse("there is no decision %d · لا يوجد قرار %1$d".formatted(decision));
    };
  }

  private int all(SqlClient conn, Instant from) {
    var out = spec.commandLine().getOut();
    int same = 0;
    int different = 0;
    int forgotten = 0;
    var ids = ReplayRound.rounds(conn, from, 0, BATCH);
    while (!ids.isEmpty()) {
      for (var id : ids) {
        var outcome = ReplayRound.replay(conn, id);
        if (outcome instanceof Outcome.Same) same++;
        else if (outcome instanceof Outcome.Forgotten) forgotten++;
        else different++;
        if (outcome instanceof Outcome.Differs differs) differs(differs, out);
      }
      ids = ReplayRound.rounds(conn, from, ids.getLast(), BATCH);
    }
    said(
        out,
        "%d rounds came to the same, %d differ, %d are no longer kept",
        "%d جولة كما كانت، %d مختلفة، %d لم تعد محفوظة",
        same,
        different,
        forgotten);
    return different == 0 ? 0 : DIFFERS;
  }

  private static void explain(Decision decision, PrintWriter out) {
    out.printf(
        "decision %d · need %d · %s · %s%n",
        decision.id(), decision.need().value(), decision.at(), decision.policy());
    both(decision.says(), "  ", out);
    for (var person : decision.people()) {
      out.printf("  - %s%n", person.name());
      both(person.why(), "    ", out);
    }
  }

  private static void both(Title says, String indent, PrintWriter out) {
    for (var words : List.of(says.en(), says.ar())) out.println(indent + words);
  }

  private static void differs(Outcome.Differs differs, PrintWriter out) {
    said(out, "round %d differs:", "الجولة %d مختلفة:", differs.round());
    for (var difference : differs.differences()) both(difference, "  ", out);
    if (!differs.otherRules()) return;
    said(
        out,
        "  it was decided by another version of this program's policy, which may be why",
        "  قررتها نسخة أخرى من سياسة هذا البرنامج، وقد يكون هذا هو السبب");
  }

  private static void said(PrintWriter out, String en, String ar, Object... values) {
    out.println(en.formatted(values) + " · " + ar.strip().formatted(values));
  }
}
