package org.fazaa.dispatcher.callout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Decides as another policy would that sees people otherwise: better than anybody can, to show what
 * more knowledge could bring, or worse, to show what each part of what is known does bring.
 *
 * @param eye what it sees in place of a person; null where it looks past them
 */
record Seeing(String name, Policy inner, Eye eye) implements Policy {

  interface Eye {
    Line.Option sees(Board board, Line line, Line.Option person);
  }

  @Override
  public Plan decide(Board board) {
    var lines = board.lines().stream().map(line -> line.withOptions(seen(board, line))).toList();
    var plan = inner.decide(new Board(board.now(), board.budget(), board.seed(), lines));
    var people = new HashMap<VolunteerId, Map<NeedId, Line.Option>>();
    for (var line : board.lines()) {
      for (var one : line.options()) {
        people.computeIfAbsent(one.volunteer(), v -> new HashMap<>()).put(line.need(), one);
      }
    }
    // What is written down of a person is true but for the rate that was believed.
    var asks =
        plan.asks().stream()
            .map(
                ask -> {
                  var person = people.get(ask.option().volunteer()).get(ask.need());
                  var believed = person.withRate(ask.option().rate());
                  return new Ask(ask.need(), believed, ask.factors());
                })
            .toList();
    return new Plan(asks, plan.verdicts());
  }

  private List<Line.Option> seen(Board board, Line line) {
    return line.options().stream()
        .map(person -> eye.sees(board, line, person))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Somebody who has this much of recent texts and so many skills that others need. */
  private static Line.Option priced(Line.Option one, double recent, int rarer) {
    return new Line.Option(
        one.volunteer(),
        one.km(),
        one.rate(),
        one.ease(),
        rarer,
        recent,
        one.yes(),
        one.no(),
        one.asked(),
        one.holding());
  }

  /** So rested that the price of a text is next to nothing, and alike for all. */
  private static final double COSTS_NOTHING = -60;

  private static final double TEXTS_A_WEEK = 3;
  private static final int NOON = 12;

  private static double byDistance(Line.Option person) {
    return Rates.FIRST.ease(person.km(), NOON, 0);
  }

  /** Only how likely, how near and how wanted people are counts, not what they have put up with. */
  static final Policy NO_PRICE =
      new Seeing(
          "priced-no-price",
          Round.PRICED,
          (board, line, person) -> priced(person, COSTS_NOTHING, 0));

  /** Everybody is believed to answer as was guessed before anybody had. */
  static final Policy NO_LEARNING =
      new Seeing(
          "priced-no-learning",
          Round.PRICED,
          (board, line, person) -> person.withRate(Rates.FIRST_GUESS * byDistance(person)));

  /** People differ in nothing but their distance. */
  static final Policy DISTANCE =
      new Seeing(
          "priced-distance",
          Round.PRICED,
          (board, line, person) -> person.withRate(line.usual() * byDistance(person)));

  /**
   * In place of a price that rises, a wall: whoever has had their texts of the week is left out.
   */
  static final Policy HARD_CAPS =
      new Seeing(
          "hard-caps",
          Round.PRICED,
          (board, line, person) ->
              person.recent() > TEXTS_A_WEEK - 1 ? null : priced(person, 0, 0));

  /** To tell a willing person that they are too many is believed to cost nothing. */
  static final Policy NO_OVER_COST =
      new Round("priced-no-over-cost", Tuning.BEST.withoutOverCost());

  static List<Policy> ablations() {
    return List.of(NO_PRICE, NO_LEARNING, NO_OVER_COST, DISTANCE, HARD_CAPS);
  }

  /** Told the truth about everybody. */
  static Policy oracle(String name, Chances chances) {
    return new Seeing(
        name,
        Round.PRICED,
        (board, line, person) ->
            person.withRate(chances.of(line.need(), person.volunteer(), board.now())));
  }
}
