package org.fazaa.dispatcher.people;

import java.time.Duration;
import java.time.Instant;

/**
 * What somebody has answered so far and how much they have been disturbed, as it stood at {@code
 * at}. Old answers count half after sixty days; what is left of a text's disturbance after a week
 * is 1/e.
 *
 * @param fatigue recent texts, fading; a yes that was used takes one off, an "already filled" adds
 *     one
 */
public record History(Tally life, Tally urgent, Tally planned, double fatigue, Instant at) {

  /**
   * Answers, fading: so they are not whole numbers. Silence counts as a no, as far as there was
   * time to answer; a no from far away or at night counts less.
   */
  public record Tally(double yes, double no) {
    public static final Tally NONE = new Tally(0, 0);

    public double all() {
      return yes + no;
    }

    Tally times(double factor) {
      return new Tally(yes * factor, no * factor);
    }
  }

  public static final Duration ANSWERS_HALVE_IN = Duration.ofDays(60);
  public static final Duration FATIGUE_FADES_IN = Duration.ofDays(7);

  public static History none(Instant at) {
    return new History(Tally.NONE, Tally.NONE, Tally.NONE, 0, at);
  }

  public Tally of(CallKind kind) {
    return switch (kind) {
      case LIFE -> life;
      case URGENT -> urgent;
      case PLANNED -> planned;
    };
  }

  /** How often they were asked for anything and we know what came of it, fading. */
  public double asked() {
    return life.all() + urgent.all() + planned.all();
  }

  /** What is left of it by then. */
  public History at(Instant then) {
    var left = Math.pow(0.5, periods(then, ANSWERS_HALVE_IN));
    var tired = Math.exp(-periods(then, FATIGUE_FADES_IN));
    return new History(
        life.times(left), urgent.times(left), planned.times(left), fatigue * tired, then);
  }

  private double periods(Instant then, Duration period) {
    var age = Math.max(0, Duration.between(at, then).toMillis());
    return (double) age / period.toMillis();
  }
}
