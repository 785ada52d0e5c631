package org.fazaa.dispatcher.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.callout.AnswerReplies;
import org.fazaa.dispatcher.callout.AskNext;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.ExpireOffers;
import org.fazaa.dispatcher.callout.LearnAnswers;
import org.fazaa.dispatcher.callout.MakeOffers;
import org.fazaa.dispatcher.callout.Policy;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.callout.RecordForecasts;
import org.fazaa.dispatcher.callout.ScoreForecasts;
import org.fazaa.dispatcher.callout.SendRound;
import org.fazaa.dispatcher.callout.StartCallOut;
import org.fazaa.dispatcher.callout.TakeOffer;
import org.fazaa.dispatcher.people.ImportVolunteers;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.dispatcher.roster.RosterFeed;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.SendDue;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.carrier.simulated.SimulatedCarrier;
import org.fazaa.notifier.carrier.simulated.SimulatedPeople;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.ReadReplies;

/**
 * Replays incidents that once happened as needs of a drill: the whole program except its pages runs
 * on a clock of its own, with people who are only simulated and no way to reach a real phone.
 */
public final class Rehearsal {
  public static final int VOLUNTEERS_MAX = 1_000_000;
  private static final String COUNTRY = "SA";
  private static final int SEGMENT_COST = 20;
  private static final long NO_CAP = Long.MAX_VALUE / 2;
  private static final String CURRENCY = "SAR";
  static final String ORACLE = "oracle";

  /**
   * What is rehearsed.
   *
   * @param columns which column says what; what it leaves out is guessed
   * @param kinds a file or the name of a shipped table; by the columns of the incidents when empty
   * @param volunteers how many, or a file of them
   * @param policy by its name, one of {@link #policies()}
   */
  public record Input(
      Path incidents,
      String columns,
      Optional<String> kinds,
      Optional<String> zone,
      Optional<String> from,
      Optional<Double> hours,
      String volunteers,
      long seed,
      Regime regime,
      String policy) {

    /** The same with other chance and another policy. */
    public Input with(long seed, String policy) {
      return new Input(
          incidents, columns, kinds, zone, from, hours, volunteers, seed, regime, policy);
    }
  }

  /** How far it is: needs that came in of all, and what time it is there. */
  public record Progress(int needs, int of, Instant now) {}

  private final Input input;
  private final Script script;
  private final VirtualClock clock;
  private final Townspeople people;
  private final Coordinator coordinator;
  private final Stopwatch rounds;
  private final Turns turns;

  private Rehearsal(Input input, Script script, Stage stage) {
    this.input = input;
    this.script = script;
    var pool = stage.pool();
    var bus = stage.bus();
    var random = Draws.of(input.seed, Draws.About.CODES);
    var links = Database.inTransaction(pool, tx -> AnswerLink.open(tx, random));
    var channel =
        new Channel(
            true, Optional.empty(), links, SEGMENT_COST, CURRENCY, NO_CAP, Ways.simulated());
    var roster = new Roster();
    var make = new MakeOffers(channel, random);
    var propose = new ProposeEnvelope(roster, make);
    clock = new VirtualClock(script.begins());
    people = new Townspeople(pool, Truth.of(input.seed, input.regime, script.zone()));
    var policy = policy(input, people::chance);
    var callOut = new StartCallOut(propose, channel, policy);
    coordinator = new Coordinator(pool, bus, people, propose, callOut);
    var feed = new RosterFeed(roster, stage.database());
    feed.run(clock.instant()); // everybody, before the first need
    rounds =
        new Stopwatch(new SendRound(pool, bus, roster, policy, make, seeds(input), "rehearsal"));
    turns =
        new Turns(
            stage.vertx(),
            List.of(
                feed,
                new SimulatedPeople(pool, bus),
                new ReadReplies(pool, bus),
                coordinator,
                new AnswerReplies(pool, bus, new TakeOffer(new AskNext(make)), Rehearsal::area),
                new ExpireOffers(pool, bus),
                new LearnAnswers(pool, bus),
                rounds,
                new RecordForecasts(pool, roster, policy, channel.simulated()),
                new ScoreForecasts(pool),
                new SendDue(pool, bus, new SimulatedCarrier(pool, people, SEGMENT_COST))));
  }

  /** A stream of its own, so that a sketch draws the same. */
  static RandomGenerator seeds(Input input) {
    return Draws.of(input.seed, Draws.About.ROUNDS);
  }

  /** Those that can be rehearsed, by name. */
  public static List<String> policies() {
    return Stream.concat(Policy.all().stream().map(Policy::name), Stream.of(ORACLE)).toList();
  }

  /**
   * @param chances that the hidden truth gives
   */
  static Policy policy(Input input, Policy.Chances chances) {
    return input.policy.equals(ORACLE)
        ? Policy.informed(ORACLE, chances)
        : Policy.named(input.policy).orElseThrow();
  }

  /**
   * @throws Refused when the input cannot be rehearsed
   */
  public static Report run(Input input, Consumer<Progress> progress) {
    return run(input, progress, stage -> {});
  }

  /**
   * @param curtain sees the stage when all is over and before it is struck
   */
  static Report run(Input input, Consumer<Progress> progress, Consumer<Stage> curtain) {
    var script = Script.read(input);
    var started = System.nanoTime();
    try (var stage = Stage.set()) {
      settle(input, script, stage);
      var rehearsal = new Rehearsal(input, script, stage);
      rehearsal.play(progress);
      curtain.accept(stage);
      var happened = rehearsal.remember(stage);
      return Report.of(input, script, happened, Duration.ofNanos(System.nanoTime() - started));
    }
  }

  /**
   * The same in memory, without the database and without words: much faster, and with the same
   * decisions on the same answers.
   *
   * @throws Refused when the input cannot be rehearsed
   */
  public static Report sketch(Input input) {
    var script = Script.read(input);
    var count = invented(input);
    if (count.isEmpty()) {
      var mistakes = Refused.Mistakes.in("--volunteers " + input.volunteers);
      mistakes.add(
          "--fast invents its volunteers: say how many", "مع ‎--fast يُخترع المتطوعون: اكتب عددهم");
      throw mistakes.refused();
    }
    var started = System.nanoTime();
    var happened = Sketch.of(input, script, count.getAsInt()).play();
    return Report.of(input, script, happened, Duration.ofNanos(System.nanoTime() - started));
  }

  /** Volunteers come in as a file, whether somebody brought one or it was made up here. */
  private static void settle(Input input, Script script, Stage stage) {
    var file = volunteers(input, script, stage);
    try (var csv = Files.newInputStream(file)) {
      var bulk = stage.database().bulk();
      checkImported(
          file, ImportVolunteers.run(bulk, csv, COUNTRY, Coordinator.ACCOUNT, script.begins()));
    } catch (IOException e) {
      var mistakes = Refused.Mistakes.in(file);
      mistakes.add("cannot be read: " + e.getMessage(), "تعذرت قراءة ملف المتطوعين");
      throw mistakes.refused();
    }
  }

  private static Path volunteers(Input input, Script script, Stage stage) {
    var count = invented(input);
    if (count.isEmpty()) return Path.of(input.volunteers);
    var file = stage.folder().resolve("volunteers.csv");
    SyntheticVolunteers.write(file, count.getAsInt(), script.incidents(), input.seed);
    return file;
  }

  /** How many volunteers are to be invented; empty when a file of them is named. */
  private static OptionalInt invented(Input input) {
    if (!input.volunteers.matches("-?[0-9]{1,9}")) return OptionalInt.empty();
    var count = Integer.parseInt(input.volunteers);
    if (count < 1 || count > VOLUNTEERS_MAX) {
      var mistakes = Refused.Mistakes.in("--volunteers " + input.volunteers);
      mistakes.add("must be 1 to " + VOLUNTEERS_MAX, "يجب أن يكون من 1 إلى " + VOLUNTEERS_MAX);
      throw mistakes.refused();
    }
    return OptionalInt.of(count);
  }

  private static void checkImported(Path file, ImportVolunteers.Outcome outcome) {
    var mistakes = Refused.Mistakes.in(file);
    switch (outcome) {
      case ImportVolunteers.Outcome.Imported(var counts, var refused) -> {
        refused.forEach(one -> mistakes.add(one.line(), one.flaw()));
        if (counts.lines() == 0) {
          mistakes.add("holds no volunteers", "لا متطوعين فيه");
        }
      }
      case ImportVolunteers.Outcome.BrokenOff(var counts, var refused, var at) ->
          mistakes.add(at.line(), at.flaw());
      case ImportVolunteers.Outcome.BadHeader(var flaws) ->
          flaws.forEach(flaw -> mistakes.add(1, flaw));
    }
    mistakes.refuseIfAny();
  }

  private void play(Consumer<Progress> progress) {
    var scenes = script.scenes();
    coordinator.openCrisis(script, COUNTRY, clock.instant());
    var next = 0;
    for (var due = Optional.of(script.begins()); due.isPresent(); due = nextDue(next)) {
      clock.moveTo(due.get());
      var now = clock.instant();
      while (next < scenes.size() && !scenes.get(next).incident().at().isAfter(now)) {
        coordinator.open(scenes.get(next++), now);
      }
      turns.settle(now);
      progress.accept(new Progress(next, scenes.size(), now));
    }
  }

  private Optional<Instant> nextDue(int next) {
    var due = turns.nextDue();
    if (next == script.scenes().size()) {
      return due;
    }
    var at = script.scenes().get(next).incident().at();
    return due.filter(at::isAfter).or(() -> Optional.of(at));
  }

  private Happened remember(Stage stage) {
    return Memory.read(stage.pool(), people, coordinator, rounds.times());
  }

  /** The part of the map that a place is in, to ten kilometres. */
  private static String area(Point place, Language language) {
    return String.format(Locale.ROOT, "%.1f %.1f", place.lat(), place.lon());
  }
}
