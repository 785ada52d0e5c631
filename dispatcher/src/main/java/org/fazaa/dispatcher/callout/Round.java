package org.fazaa.dispatcher.callout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Priced call-out waves: the next text goes out only while its gain (chance of a yes, worth of the
 * place now, chance that the place is still open) exceeds its price (that person's fatigue and rare
 * skills, and the cost of telling a willing person that we are full). Silence lowers what
 * outstanding texts are worth, so waiting asks the next ones.
 */
record Round(String name, Tuning tuning) implements Policy {
  static final Round PRICED = new Round("priced", Tuning.BEST);

  private static final double RESERVED_FOR_LIFE = 0.3;
  private static final double SCARCE = 3;

  /** Somebody who was asked less often than this is hardly known. */
  private static final double HARDLY_KNOWN = 1;

  /** Nobody is explored who is further down the queue than this. */
  private static final int EXPLORED_AHEAD = 30;

  /** So many needs are made ready by all processors together. */
  private static final int MANY = 16;

  @Override
  public Plan decide(Board board) {
    var taken = new HashSet<VolunteerId>();
    var asks = new ArrayList<Ask>();
    var heap = new PriorityQueue<>(Wave.FIRST);
    var lines = board.lines().stream();
    var apart = board.lines().size() < MANY ? lines : lines.parallel();
    var waves = apart.map(line -> new Wave(line, board, tuning)).toList();
    for (var wave : waves) wave.push(heap, taken);
    var budget = new Budget(board.budget());
    while (!heap.isEmpty()) {
      var wave = heap.poll();
      if (wave.headTaken(taken)) wave.push(heap, taken);
      else if (!wave.pays()) continue;
      else if (!budget.take(wave.line.priority())) wave.why = Why.RATE_LIMIT;
      else {
        wave.ask(taken, asks);
        wave.push(heap, taken);
      }
    }
    return new Plan(asks, waves.stream().map(wave -> wave.verdict(board)).toList());
  }

  /** Texts left for this round; a part is kept for matters of life. */
  private static final class Budget {
    private int all;
    private int ordinary;

    Budget(int texts) {
      all = texts;
      ordinary = (int) (texts * (1 - RESERVED_FOR_LIFE));
    }

    boolean take(Priority priority) {
      if (all == 0 || (priority != Priority.LIFE && ordinary == 0)) return false;
      all--;
      if (priority != Priority.LIFE) ordinary--;
      return true;
    }
  }

  /** One need's queue of people in this round, best gain for its price first. */
  private static final class Wave {
    // A need that can hardly be filled goes before one that has people to spare, life before all.
    static final Comparator<Wave> FIRST =
        Comparator.<Wave>comparingInt(wave -> wave.line.priority() == Priority.LIFE ? 0 : 1)
            .thenComparingInt(wave -> wave.scarce ? 0 : 1)
            .thenComparing(Comparator.<Wave>comparingDouble(wave -> wave.key).reversed())
            .thenComparingLong(wave -> wave.line.need().value());

    final Line line;
    final Tuning tuning;
    final double worth;
    final double over;
    final boolean scarce;
    final SplittableRandom random;
    final List<Priced> queue;
    double expected;
    double key;
    int next;
    int asked;
    Why why = Why.WAITING;

    Wave(Line line, Board board, Tuning tuning) {
      this.line = line;
      this.tuning = tuning;
      this.random = new SplittableRandom(board.seed() ^ line.need().value() << 20);
      worth = tuning.worth(line, board.now());
      over = tuning.over(line, board.now());
      expected = line.expected(board.now());
      queue = Priced.queue(line, tuning);
      var supply = 0.0;
      for (var one : queue) {
        if (one.isWithinReach(line, tuning)) supply += one.person().rate();
      }
      scarce = supply < SCARCE * line.open();
    }

    void push(PriorityQueue<Wave> heap, Set<VolunteerId> taken) {
      while (next < queue.size() && taken.contains(queue.get(next).person().volunteer())) next++;
      if (line.open() <= 0) return;
      if (next == queue.size()) {
        why = Why.NOBODY_LEFT;
        return;
      }
      key = worth * useful() * queue.get(next).ratio();
      heap.add(this);
    }

    double useful() {
      return Rates.poissonBelow(expected, line.open());
    }

    boolean headTaken(Set<VolunteerId> taken) {
      return taken.contains(queue.get(next).person().volunteer());
    }

    // Once the next text costs more than it brings, this need waits for answers.
    boolean pays() {
      return gain() > cost();
    }

    void ask(Set<VolunteerId> taken, List<Ask> asks) {
      explore(taken);
      var person = queue.get(next).person();
      asks.add(new Ask(line.need(), person, new Factors(person.rate(), useful(), gain(), cost())));
      taken.add(person.volunteer());
      expected += person.rate();
      asked++;
    }

    // Now and then somebody we hardly know comes first: else we would only ever ask those who once
    // said yes, and they would bear it all.
    private void explore(Set<VolunteerId> taken) {
      if (line.priority() == Priority.LIFE || random.nextDouble() >= tuning.explored()) return;
      var last = Math.min(queue.size(), next + EXPLORED_AHEAD);
      for (var i = next; i < last; i++) {
        var one = queue.get(i).person();
        if (one.asked() >= HARDLY_KNOWN || taken.contains(one.volunteer())) continue;
        queue.add(next, queue.remove(i));
        return;
      }
    }

    private double gain() {
      return worth * queue.get(next).reward() * useful();
    }

    private double cost() {
      var option = queue.get(next);
      return option.price() + over * worth * option.person().rate() * (1 - useful());
    }

    Verdict verdict(Board board) {
      var again =
          why == Why.RATE_LIMIT
              ? board.now().plusSeconds(1)
              : Policy.lookAgain(line.priority(), asked > 0, board.now());
      var chance = Forecast.calculated(line, queue, board.now());
      var human = line.needsHuman(chance, board.now());
      return new Verdict(
          line.need(), why, asked, line.open(), expected, queue.size(), human, again);
    }
  }
}
