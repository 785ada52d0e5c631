package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How many a wave asks, and when the next one may follow. */
sealed interface Pace {

  /** When this need may have its next wave. */
  Instant due(Line line, Instant now);

  /** When to look again after a wave that was due. */
  Instant again(Line line, boolean asked, Instant now);

  /**
   * How many are to be asked.
   *
   * @param expected the yes to be expected of those who are silent
   * @param reach those who could be asked, in the order in which they would be
   */
  int wanted(Line line, double expected, List<Line.Option> reach);

  /** So many for each open place at a fixed gap, whatever is still to be expected. */
  record Fixed(int perPlace, Duration gap) implements Pace {

    @Override
    public Instant due(Line line, Instant now) {
      return line.lastWave() == null ? now : line.lastWave().plus(gap);
    }

    @Override
    public Instant again(Line line, boolean asked, Instant now) {
      return now.plus(gap);
    }

    @Override
    public int wanted(Line line, double expected, List<Line.Option> reach) {
      if (line.open() <= 0) return 0;
      return (int) Math.min(reach.size(), (long) perPlace * line.open());
    }
  }

  /** As many as it takes to keep up the chance that the need fills, whatever it costs. */
  record Sure(double life, double urgent, double planned) implements Pace {

    @Override
    public Instant due(Line line, Instant now) {
      return now;
    }

    @Override
    public Instant again(Line line, boolean asked, Instant now) {
      return Policy.lookAgain(line.priority(), asked, now);
    }

    @Override
    public int wanted(Line line, double expected, List<Line.Option> reach) {
      if (line.open() <= 0) return 0;
      var sum = expected;
      var count = 0;
      while (count < reach.size() && 1 - Rates.poissonBelow(sum, line.open()) < chance(line)) {
        sum += reach.get(count++).rate();
      }
      return count;
    }

    private double chance(Line line) {
      return switch (line.priority()) {
        case LIFE -> life;
        case URGENT -> urgent;
        case PLANNED -> planned;
      };
    }
  }
}
