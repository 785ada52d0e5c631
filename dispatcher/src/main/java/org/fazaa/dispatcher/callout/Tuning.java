package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import org.fazaa.dispatcher.crisis.Priority;

/** The figures of {@link Round} that engineers own, so that a rehearsal can try others. */
public record Tuning(
    double life, double urgent, double planned,
    double urgentBase, double plannedBase,
    double soon, double power,
    double over, double overLife,
    double price, double usual, double weary, double rarer,
    double fair, double lifeRamp, double near, double fade, double usualLife, double nearOrd, double ordinary) {

  static final Tuning FIRST =
      new Tuning(3, 0.7, 0.4, 0.1, 0.1, 8, 1.5, 1, 0.3, 0.012, 2.2, 6, 0.3, 0.5, 0.8, 0.05, 12, 1, 0.4, 1.7);

  double worth(Priority priority) {
    return switch (priority) {
      case LIFE -> life;
      case URGENT -> urgent;
      case PLANNED -> planned;
    };
  }

  double base(Priority priority) {
    return switch (priority) {
      case LIFE -> 1;
      case URGENT -> urgentBase;
      case PLANNED -> plannedBase;
    };
  }

  double over(Priority priority) {
    return priority == Priority.LIFE ? overLife : over;
  }

  /** What it costs to disturb somebody: more after recent texts, and for skills kept for others. */
  double price(double recent, int rarer) {
    return price * Math.exp(recent / weary) * (1 + this.rarer * rarer);
  }

  double worth(Line line, Instant now) {
    var base = base(line.priority());
    var left = Math.max(1, Duration.between(now, line.fillBy()).toSeconds());
    var times = left / line.delay().mostSeconds();
    var hurry = base + (1 - base) * Math.min(1, Math.pow(soon / times, power));
    return worth(line.priority()) * hurry * (1 + fair * line.lag());
  }

  double price(Line line, Line.Option option) {
    var life = line.priority() == Priority.LIFE;
    return price(option.recent(), option.rarer())
        * (life ? 1 : ordinary)
        * Math.pow(line.usual() / Rates.FIRST_GUESS, life ? usualLife : usual);
  }

  double reward(Line line, Line.Option option) {
    var least = line.priority() == Priority.LIFE ? near : nearOrd;
    var soon = Rates.arrivesInTime(line.priority(), option.km());
    return option.rate() * (least + (1 - least) * soon);
  }

  double ratio(Line line, Line.Option option) {
    return reward(line, option) / price(line, option);
  }
}
