package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.fazaa.dispatcher.callout.Line.Holding;
import org.fazaa.dispatcher.callout.Line.Option;
import org.fazaa.dispatcher.callout.Line.Waiting;
import org.fazaa.dispatcher.callout.Policy.Board;
import org.fazaa.dispatcher.callout.Policy.Plan;
import org.fazaa.dispatcher.callout.Policy.Why;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.VolunteerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTest {
  static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @Test
  void onePlaceAsksUntilOneMoreYesWouldRatherBeTooMany() {
    var plan = decide(line(1, Priority.LIFE, 1, people(1, 50, 1, 0.2)));

    assertThat(plan.asks()).hasSizeBetween(5, 20);
    assertThat(verdict(plan).expected()).isBetween(1.0, 4.0);
    assertThat(verdict(plan).why()).isEqualTo(Why.WAITING);
  }

  @Test
  void morePlacesAskMorePeople() {
    var one = decide(line(1, Priority.URGENT, 1, people(1, 200, 1, 0.2))).asks().size();
    var ten = decide(line(1, Priority.URGENT, 10, people(1, 200, 1, 0.2))).asks().size();

    assertThat(ten).isGreaterThan(4 * one);
  }

  @Test
  void aFullNeedAsksNobody() {
    assertThat(decide(line(1, Priority.LIFE, 0, people(1, 50, 1, 0.2))).asks()).isEmpty();
  }

  @Test
  void silenceAsksTheNextOnes() {
    var justAsked = waiting(6, 0.2, Duration.ZERO);
    var silent = waiting(6, 0.2, Duration.ofMinutes(10));
    var options = people(1, 50, 1, 0.2);

    assertThat(decide(line(1, Priority.LIFE, 1, justAsked, options)).asks().size())
        .isLessThan(decide(line(1, Priority.LIFE, 1, silent, options)).asks().size());
  }

  @Test
  void nearRestedPeopleWhoSayYesComeFirst() {
    var options =
        List.of(
            option(1, 8, 0.05, 0, 0),
            option(2, 1, 0.3, 0, 0),
            option(3, 1, 0.3, 12, 0),
            option(4, 1, 0.3, 0, 3));

    var asked = decide(line(1, Priority.URGENT, 1, options)).asks();

    assertThat(asked.getFirst().option().volunteer().value()).isEqualTo(2);
  }

  @Test
  void thePriceStopsTextsThatRareAnswersWouldSpiral() {
    var fresh = people(1, 3_000, 3, 0.004);
    var few = people(1, 3_000, 3, 0.02);
    var tired = IntStream.range(0, 3_000).mapToObj(i -> option(i + 1, 3, 0.02, 30, 0)).toList();

    var first = decide(line(1, Priority.PLANNED, 3, fresh));
    var later = decide(line(1, Priority.PLANNED, 3, tired));

    assertThat(first.asks()).isEmpty();
    assertThat(later.asks()).isEmpty();
    assertThat(decide(line(1, Priority.LIFE, 3, tired)).asks().size())
        .isLessThan(decide(line(1, Priority.LIFE, 3, few)).asks().size());
  }

  @Test
  void theScarceSkillIsServedBeforeAnybodyElseTakesItsPeople() {
    var doctors = people(1, 3, 5, 0.3);
    var everybody = new ArrayList<>(people(1, 3, 1, 0.3));
    everybody.addAll(people(10, 100, 2, 0.2));

    var plan = decide(line(1, Priority.URGENT, 2, everybody), line(2, Priority.URGENT, 2, doctors));

    assertThat(plan.asks().stream().filter(ask -> ask.need().value() == 2))
        .extracting(ask -> ask.option().volunteer().value())
        .containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(plan.asks().stream().filter(ask -> ask.need().value() == 1)).isNotEmpty();
  }

  @Test
  void aPartOfTheTextsIsKeptForLife() {
    var planned = line(1, Priority.URGENT, 100, people(1, 1_000, 1, 0.2));
    var life = line(2, Priority.LIFE, 5, people(2_000, 200, 1, 0.2));

    var plan = Round.PRICED.decide(new Board(NOW, 30, 1, List.of(planned, life)));

    assertThat(plan.asks()).hasSize(30);
    assertThat(plan.asks().stream().filter(ask -> ask.need().value() == 2).count())
        .isGreaterThanOrEqualTo(9);
    assertThat(plan.verdicts()).anyMatch(verdict -> verdict.why() == Why.RATE_LIMIT);
  }

  @Test
  void nobodyLeftSaysThatItNeedsAPerson() {
    var plan = decide(line(1, Priority.LIFE, 3, people(1, 2, 1, 0.2)));

    assertThat(plan.asks()).hasSize(2);
    assertThat(verdict(plan).why()).isEqualTo(Why.NOBODY_LEFT);
    assertThat(verdict(plan).needsHuman()).isTrue();
  }

  @Test
  void aSlowPaceSaysItBeforeHalfTheTimeIsGone() {
    var options = people(1, 60, 3, 0.02);
    var since = NOW.minus(Duration.ofMinutes(14));
    var slow =
        new Line(
            new NeedId(1),
            Priority.LIFE,
            2,
            0,
            0,
            since,
            since.plus(Duration.ofMinutes(30)),
            null,
            Delay.FIRST,
            0,
            Rates.FIRST_GUESS,
            1,
            Trust.NONE,
            List.of(),
            options);

    assertThat(verdict(decide(slow)).needsHuman()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"priced", "fixed", "nearest", "all"})
  void noPolicyEverGivesAnybodyTwoOffersAndEachIsDeterministic(String name) {
    var policy = Policy.named(name).orElseThrow();
    for (var seed = 0; seed < 200; seed++) {
      var board = randomBoard(new Random(seed));
      var plan = policy.decide(board);

      var asked = new HashSet<VolunteerId>();
      for (var ask : plan.asks()) {
        assertThat(asked.add(ask.option().volunteer())).isTrue();
        var life = lineOf(board, ask.need()).priority() == Priority.LIFE;
        assertThat(ask.option().holding())
            .isIn(life ? List.of(Holding.NOTHING, Holding.ORDINARY) : List.of(Holding.NOTHING));
        assertThat(lineOf(board, ask.need()).options()).contains(ask.option());
      }
      assertThat(plan.verdicts()).hasSize(board.lines().size());
      assertThat(plan.asks().size()).isLessThanOrEqualTo(board.budget());
      assertThat(policy.decide(board)).isEqualTo(plan);
    }
  }

  @Test
  void fixedWavesAskFivePerPlaceEveryTwoMinutes() {
    var options = people(1, 100, 1, 0.2);
    assertThat(Waves.FIXED.decide(board(line(1, Priority.LIFE, 3, options))).asks()).hasSize(15);

    var waited = waved(line(1, Priority.LIFE, 3, options), NOW.minusSeconds(119));
    assertThat(Waves.FIXED.decide(board(waited)).asks()).isEmpty();
    var due = waved(line(1, Priority.LIFE, 3, options), NOW.minusSeconds(120));
    assertThat(Waves.FIXED.decide(board(due)).asks()).hasSize(15);
  }

  @Test
  void nearestAsksTheTenNearestAndAllAsksEverybodyWithinFiveKilometres() {
    var options = IntStream.range(0, 30).mapToObj(i -> option(i + 1, i, 0.2, 0, 0)).toList();

    assertThat(Waves.NEAREST.decide(board(line(1, Priority.LIFE, 1, options))).asks())
        .extracting(ask -> ask.option().km())
        .hasSize(10)
        .allMatch(km -> km < 10);
    assertThat(Waves.ALL.decide(board(line(1, Priority.LIFE, 1, options))).asks())
        .extracting(ask -> ask.option().km())
        .hasSize(6)
        .allMatch(km -> km <= 5);
  }

  static Line lineOf(Board board, NeedId need) {
    return board.lines().stream().filter(l -> l.need().equals(need)).findFirst().orElseThrow();
  }

  static Plan decide(Line... lines) {
    return Round.PRICED.decide(board(lines));
  }

  static Board board(Line... lines) {
    return new Board(NOW, 2_000, 1, List.of(lines));
  }

  static Policy.Verdict verdict(Plan plan) {
    return plan.verdicts().getFirst();
  }

  static Line line(int need, Priority priority, int open, List<Option> options) {
    return line(need, priority, open, List.of(), options);
  }

  static Line line(
      int need, Priority priority, int open, List<Waiting> waiting, List<Option> options) {
    var fillBy = NOW.plus(priority.fillWithin());
    return new Line(
        new NeedId(need),
        priority,
        open,
        0,
        0,
        NOW,
        fillBy,
        null,
        Delay.FIRST,
        0,
        Rates.FIRST_GUESS,
        1,
        Trust.NONE,
        waiting,
        options);
  }

  static Line waved(Line line, Instant at) {
    return new Line(
        line.need(),
        line.priority(),
        line.open(),
        line.yes(),
        line.due(),
        line.since(),
        line.fillBy(),
        at,
        line.delay(),
        line.lag(),
        line.usual(),
        line.shows(),
        line.trust(),
        line.waiting(),
        line.options());
  }

  /** The same, called out for then and to be full by then. */
  static Line since(Line line, Instant since, Instant fillBy) {
    return new Line(
        line.need(),
        line.priority(),
        line.open(),
        line.yes(),
        line.due(),
        since,
        fillBy,
        line.lastWave(),
        line.delay(),
        line.lag(),
        line.usual(),
        line.shows(),
        line.trust(),
        line.waiting(),
        line.options());
  }

  static List<Option> people(int first, int many, double km, double rate) {
    return IntStream.range(first, first + many).mapToObj(id -> option(id, km, rate, 0, 0)).toList();
  }

  static Option option(long id, double km, double rate, double recent, int rarer) {
    return option(id, km, rate, recent, rarer, Holding.NOTHING);
  }

  private static Option option(
      long id, double km, double rate, double recent, int rarer, Holding holding) {
    return new Option(new VolunteerId(id), km, rate, 1, rarer, recent, 0, 0, 0, holding);
  }

  static List<Waiting> waiting(int many, double rate, Duration silent) {
    return java.util.Collections.nCopies(many, new Waiting(rate, NOW.minus(silent), Delay.FIRST));
  }

  private static Board randomBoard(Random random) {
    var lines = new ArrayList<Line>();
    for (var need = 1; need <= 1 + random.nextInt(6); need++) {
      var options = new ArrayList<Option>();
      for (var id = 1; id <= random.nextInt(80); id++) {
        if (random.nextInt(3) == 0) continue;
        options.add(
            option(
                id,
                random.nextDouble() * 20,
                random.nextDouble() * 0.6,
                random.nextDouble() * 10,
                random.nextInt(4),
                Holding.values()[id % 3]));
      }
      lines.add(
          line(
              need,
              Priority.values()[random.nextInt(3)],
              random.nextInt(6),
              waiting(random.nextInt(5), random.nextDouble() / 2, Duration.ofSeconds(90)),
              options));
    }
    return new Board(NOW, 1 + random.nextInt(60), random.nextLong(), lines);
  }
}
