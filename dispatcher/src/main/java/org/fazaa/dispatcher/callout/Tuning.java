package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import org.fazaa.dispatcher.crisis.Priority;

/**
 * The figures by which {@link Round} weighs, apart for matters of life and all others. Engineers
 * own them; a rehearsal can try others.
 *
 * @param price of one text to a rested person in the usual crowd, in the coin of {@code Of.worth}
 * @param weary so many recent texts make the next one e times as dear
 * @param rarer what each skill that is kept for others adds to the price
 * @param lag what a need gains that lies in a district with no place filled while all others are
 * @param explored the share of texts, but for matters of life, that goes to people we hardly know
 */
record Tuning(
    double price, double weary, double rarer, double lag, double explored, Of life, Of ordinary) {

  /**
   * @param urgent what an urgent place is worth; of a life {@code planned} says the same
   * @param patient the part of it that counts while there is all the time of the world
   * @param times so often we must still be able to ask and wait for most answers, or all counts
   * @param power how fast it grows towards that
   * @param over what it costs to tell a willing person that all places are taken, beside the worth
   * @param burst the part of that which is waived at the start, to be fast
   * @param fades how fast that ends: the power of the share of time left
   * @param far what is left of somebody's worth however far away they are
   * @param dear how much dearer a text is
   * @param rare how far the price falls where people hardly answer: the power of their usual rate
   */
  record Of(
      double urgent,
      double planned,
      double patient,
      double times,
      double power,
      double over,
      double burst,
      double fades,
      double far,
      double dear,
      double rare) {
    private Of withoutOverCost() {
      return new Of(urgent, planned, patient, times, power, 0, burst, fades, far, dear, rare);
    }
  }

  /** Chosen in rehearsals of three cities in four regimes; docs/call-outs.md shows how. */
  static final Tuning BEST =
      new Tuning(
          0.008,
          3.6,
          0.3,
          0.5,
          0.05,
          new Of(3, 3, 1, 1, 1, 0.3, 0.75, 12, 0.15, 0.6, 0.5),
          new Of(1, 1, 0.2, 4, 1.5, 2, 0, 1, 0.4, 2.8, 2.5));

  /** The same, but one too many costs nothing. */
  Tuning withoutOverCost() {
    return new Tuning(
        price, weary, rarer, lag, explored, life.withoutOverCost(), ordinary.withoutOverCost());
  }

  private Of of(Priority priority) {
    return priority == Priority.LIFE ? life : ordinary;
  }

  /** What one more filled place is worth now: more as the time runs out, and where others lead. */
  double worth(Line line, Instant now) {
    var of = of(line.priority());
    var left = Math.max(1, Duration.between(now, line.fillBy()).toSeconds());
    var hurry = Math.min(1, Math.pow(of.times * line.delay().mostSeconds() / left, of.power));
    return worthInTheEnd(line) * (of.patient + (1 - of.patient) * hurry);
  }

  /** The same at the deadline. */
  double worthInTheEnd(Line line) {
    var of = of(line.priority());
    var whole = line.priority() == Priority.PLANNED ? of.planned : of.urgent;
    return whole * (1 + lag * line.lag());
  }

  /** What it costs to have one too many, beside what a place is worth. */
  double over(Line line, Instant now) {
    var of = of(line.priority());
    return of.over * (1 - of.burst * Math.pow(line.slack(now), of.fades));
  }

  /** What it costs to disturb somebody: more after recent texts, and for skills kept for others. */
  double price(double recent, int rarerSkills) {
    return price * Math.exp(recent / weary) * (1 + rarer * rarerSkills);
  }

  double price(Line line, Line.Option option) {
    return price(line, option, crowd(line));
  }

  double price(Line line, Line.Option option, double crowd) {
    return price(option.recent(), option.rarer()) * of(line.priority()).dear * crowd;
  }

  /** What a text costs where people answer as around here, beside the usual crowd. */
  double crowd(Line line) {
    return Math.pow(line.usual() / Rates.FIRST_GUESS, of(line.priority()).rare);
  }

  /** How likely a place is filled by asking this person, less for those who come from afar. */
  double reward(Line line, Line.Option option) {
    var far = of(line.priority()).far;
    var soon = Rates.arrivesInTime(line.priority(), option.km());
    return option.rate() * (far + (1 - far) * soon);
  }
}
