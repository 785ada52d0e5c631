package org.fazaa.dispatcher.callout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * The next person goes to the need with the largest weighted demand, a rule for spontaneous
 * volunteers by Mayorga, Lodree and Wolczynski (2017). On every beat so many are asked in all for
 * each open place, wherever most is left that nobody can be expected to fill, by its worth.
 */
record LargestDemand(String name, int perPlace, long beatSeconds) implements Policy {
  static final LargestDemand EVERY_TWO_MINUTES =
      new LargestDemand("largest-weighted-demand", 5, 120);

  /** A need on this beat. */
  private static final class Demand {
    static final Comparator<Demand> LARGEST_FIRST =
        Comparator.<Demand>comparingDouble(demand -> demand.weighted)
            .reversed()
            .thenComparingLong(demand -> demand.line.need().value());

    final Line line;
    final double worth;
    final List<Line.Option> reach;
    final boolean due;
    double expected;
    double weighted;
    int next;
    int asked;

    Demand(Line line, Instant now, boolean due) {
      this.line = line;
      this.due = due;
      worth = Tuning.BEST.worth(line, now);
      expected = line.expected(now);
      reach =
          line.options().stream()
              .filter(line::mayAsk)
              .sorted(
                  Comparator.comparingDouble(Line.Option::rate)
                      .reversed()
                      .thenComparingLong(one -> one.volunteer().value()))
              .toList();
      weigh();
    }

    void weigh() {
      weighted = worth * (line.open() - expected);
    }

    boolean wants(Set<VolunteerId> taken) {
      while (next < reach.size() && taken.contains(reach.get(next).volunteer())) next++;
      return line.open() > 0 && weighted > 0 && next < reach.size();
    }

    Ask ask(Set<VolunteerId> taken) {
      var one = reach.get(next);
      var price = Tuning.BEST.price(one.recent(), one.rarer());
      taken.add(one.volunteer());
      expected += one.rate();
      asked++;
      weigh();
      return new Ask(line.need(), one, new Factors(one.rate(), 1, one.rate(), price));
    }

    Verdict verdict(Instant now, Instant again) {
      var dry = line.open() > 0 && due && next == reach.size();
      var why = dry ? Why.NOBODY_LEFT : Why.WAITING;
      var supply = reach.stream().skip(next).mapToDouble(Line.Option::rate).sum();
      var human = line.needsHuman(Forecast.calculated(line, supply, now), now);
      return new Verdict(
          line.need(), why, asked, line.open(), expected, reach.size(), human, again);
    }
  }

  @Override
  public Plan decide(Board board) {
    var beat = beat(board.now());
    var demands =
        board.lines().stream()
            .map(line -> new Demand(line, board.now(), beat > beat(line.lastWave())))
            .toList();
    var heap = new PriorityQueue<>(Demand.LARGEST_FIRST);
    demands.stream().filter(demand -> demand.due).forEach(heap::add);
    var open = heap.stream().mapToInt(demand -> Math.max(0, demand.line.open())).sum();
    var left = Math.min(perPlace * open, board.budget());
    var taken = new HashSet<VolunteerId>();
    var asks = new ArrayList<Ask>();
    while (asks.size() < left && !heap.isEmpty()) {
      var demand = heap.poll();
      if (!demand.wants(taken)) continue;
      asks.add(demand.ask(taken));
      heap.add(demand);
    }
    var again = Instant.ofEpochSecond((beat + 1) * beatSeconds);
    return new Plan(
        asks, demands.stream().map(demand -> demand.verdict(board.now(), again)).toList());
  }

  private long beat(Instant at) {
    return at == null ? Long.MIN_VALUE : Math.floorDiv(at.getEpochSecond(), beatSeconds);
  }
}
