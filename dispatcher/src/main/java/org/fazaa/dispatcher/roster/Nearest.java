package org.fazaa.dispatcher.roster;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The nearest of all that were offered, up to a number of them. */
final class Nearest {
  private record Found(double km, Cell cell, int i) {}

  private static final Comparator<Found> BY_DISTANCE =
      Comparator.comparingDouble(Found::km).thenComparingLong(found -> found.cell.id[found.i]);

  private final int limit;
  private final PriorityQueue<Found> farthestFirst = new PriorityQueue<>(BY_DISTANCE.reversed());

  Nearest(int limit) {
    this.limit = limit;
  }

  void offer(Sight sight) {
    if (sight.km() > worst()) return;
    farthestFirst.add(new Found(sight.km(), sight.cell, sight.i));
    if (farthestFirst.size() > limit) farthestFirst.remove();
  }

  /** Who is farther than this need not be offered. */
  double worst() {
    return farthestFirst.size() < limit ? Double.POSITIVE_INFINITY : farthestFirst.peek().km;
  }

  List<Candidate> sorted(Sight sight) {
    return farthestFirst.stream()
        .sorted(BY_DISTANCE)
        .map(
            found -> {
              sight.look(found.cell, found.i);
              return sight.candidate();
            })
        .toList();
  }
}
