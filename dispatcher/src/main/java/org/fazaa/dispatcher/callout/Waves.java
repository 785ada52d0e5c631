package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Waves of a fixed size at a fixed gap, as most call-out systems send them. They stand beside
 * {@link Round} so that a rehearsal can show what the price brings.
 */
public record Waves(
    String name, int perPlace, Duration gap, double reachKm, Comparator<Line.Option> order)
    implements Policy {

  private static final Comparator<Line.Option> NEAREST_FIRST =
      Comparator.comparingDouble(Line.Option::km);
  private static final Comparator<Line.Option> LIKELIEST_FIRST =
      Comparator.comparingDouble(Line.Option::rate).reversed();

  static final Waves FIXED =
      new Waves("fixed", 5, Duration.ofMinutes(2), Double.MAX_VALUE, LIKELIEST_FIRST);
  static final Waves NEAREST =
      new Waves("nearest", 10, Duration.ofMinutes(10), Double.MAX_VALUE, NEAREST_FIRST);
  static final Waves ALL =
      new Waves("all", Integer.MAX_VALUE, Duration.ofMinutes(2), 5, NEAREST_FIRST);

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
    var due = line.lastWave() == null ? now : line.lastWave().plus(gap);
    var size = due.isAfter(now) ? 0 : Math.min(board.budget() - asks.size(), wanted(line));
    var reach =
        line.options().stream()
            .filter(one -> line.mayAsk(one) && one.km() <= reachKm)
            .filter(one -> !taken.contains(one.volunteer()))
            .sorted(order.thenComparingLong(one -> one.volunteer().value()))
            .toList();
    var wave = reach.subList(0, Math.min(size, reach.size()));
    var expected = line.expected(now);
    for (var one : wave) {
      var price = Round.PRICED.tuning().price(one.recent(), one.rarer());
      asks.add(new Ask(line.need(), one, new Factors(one.rate(), 1, one.rate(), price)));
      taken.add(one.volunteer());
      expected += one.rate();
    }
    var dry = line.open() > 0 && wave.size() == reach.size();
    var supply = reach.stream().mapToDouble(Line.Option::rate).sum();
    var human = line.open() > 0 && Forecast.chance(line, supply, now) < 0.4;
    var again = due.isAfter(now) ? due : now.plus(gap);
    var why = dry ? Why.NOBODY_LEFT : Why.WAITING;
    return new Verdict(
        line.need(), why, wave.size(), line.open(), expected, reach.size(), human, again);
  }

  private int wanted(Line line) {
    return line.open() <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, (long) perPlace * line.open());
  }
}
