package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Waves at a pace of their own, without a price, as most call-out systems send them. They stand
 * beside {@link Round} so that a rehearsal can show what the price brings.
 */
record Waves(String name, Pace pace, double reachKm, Comparator<Line.Option> order)
    implements Policy {

  private static final Comparator<Line.Option> NEAREST_FIRST =
      Comparator.comparingDouble(Line.Option::km);
  private static final Comparator<Line.Option> LIKELIEST_FIRST =
      Comparator.comparingDouble(Line.Option::rate).reversed();

  static final Waves FIXED = everywhere("fixed", 5, Duration.ofMinutes(2), LIKELIEST_FIRST);
  static final Waves FIXED_FAST =
      everywhere("fixed-fast", 10, Duration.ofMinutes(1), LIKELIEST_FIRST);
  static final Waves NEAREST = everywhere("nearest", 10, Duration.ofMinutes(10), NEAREST_FIRST);
  static final Waves ALL =
      new Waves("all", new Pace.Fixed(Integer.MAX_VALUE, Duration.ofMinutes(2)), 5, NEAREST_FIRST);
  static final Waves CONFIDENCE =
      new Waves("confidence", new Pace.Sure(0.8, 0.5, 0.3), Double.MAX_VALUE, LIKELIEST_FIRST);

  private static Waves everywhere(
      String name, int perPlace, Duration gap, Comparator<Line.Option> order) {
    return new Waves(name, new Pace.Fixed(perPlace, gap), Double.MAX_VALUE, order);
  }

  @Override
  public Plan decide(Board board) {
    var taken = new HashSet<VolunteerId>();
    var asks = new ArrayList<Ask>();
    var verdicts = new ArrayList<Verdict>();
    var byUrgency =
        board.lines().stream()
            .sorted(Comparator.comparing(Line::priority).thenComparingLong(l -> l.need().value()))
            .toList();
    for (var line : byUrgency) {
      verdicts.add(wave(board, line, taken, asks));
    }
    return new Plan(asks, verdicts);
  }

  private Verdict wave(Board board, Line line, Set<VolunteerId> taken, ArrayList<Ask> asks) {
    var now = board.now();
    var due = pace.due(line, now);
    var reach =
        line.options().stream()
            .filter(one -> line.mayAsk(one) && one.km() <= reachKm)
            .filter(one -> !taken.contains(one.volunteer()))
            .sorted(order.thenComparingLong(one -> one.volunteer().value()))
            .toList();
    var expected = line.expected(now);
    var wanted = due.isAfter(now) ? 0 : pace.wanted(line, expected, reach);
    var wave = reach.subList(0, Math.min(wanted, board.budget() - asks.size()));
    for (var one : wave) {
      var price = Tuning.BEST.price(one.recent(), one.rarer());
      asks.add(new Ask(line.need(), one, new Factors(one.rate(), 1, one.rate(), price)));
      taken.add(one.volunteer());
      expected += one.rate();
    }
    var dry = line.open() > 0 && wave.size() == reach.size();
    var supply = reach.stream().mapToDouble(Line.Option::rate).sum();
    var human = line.needsHuman(Forecast.calculated(line, supply, now), now);
    var again = due.isAfter(now) ? due : pace.again(line, !wave.isEmpty(), now);
    var why = dry ? Why.NOBODY_LEFT : Why.WAITING;
    return new Verdict(
        line.need(), why, wave.size(), line.open(), expected, reach.size(), human, again);
  }
}
