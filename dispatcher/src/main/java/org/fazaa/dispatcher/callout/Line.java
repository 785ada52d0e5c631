package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * A need as the policy sees it: the places still open, who has been asked and is silent, who could
 * be asked next.
 *
 * @param yes how many have said yes since the call-out began, for judging the pace
 * @param due how many were to be expected to by now, of all who were asked
 * @param delay how late those who could be asked would answer
 * @param lag how far the district of this need is behind the others in filled places: 0 to 1
 * @param usual what people around here answer who have no history, next door and rested
 * @param shows the share of those with a place who come
 * @param trust how far earlier forecasts of such a need came true
 */
public record Line(
    NeedId need,
    Priority priority,
    int open,
    int yes,
    double due,
    Instant since,
    Instant fillBy,
    Instant lastWave,
    Delay delay,
    double lag,
    double usual,
    double shows,
    Trust trust,
    List<Waiting> waiting,
    List<Option> options) {

  private static final double NEARLY_LOST = 0.2;
  private static final double MAY_STAY_OPEN = 0.7;
  private static final double HALF = 0.5;

  /** A little before half of the time, so that a round falls between. */
  private static final double DECIDED_BY = 0.55;

  /**
   * Somebody who was asked and has not answered.
   *
   * @param delay how late answers come by the way in which they were asked
   */
  public record Waiting(double rate, Instant askedAt, Delay delay) {}

  /**
   * Somebody who could be asked: a row of figures, each of which can be shown to them.
   *
   * @param rate the chance of a yes now
   * @param ease how much distance, hour and recent texts leave of the person's own rate
   * @param asked how often they have been asked for anything, fading
   */
  public record Option(
      VolunteerId volunteer,
      double km,
      double rate,
      double ease,
      int rarer,
      double recent,
      double yes,
      double no,
      double asked,
      Holding holding) {

    /**
     * @param history as it has faded by now
     * @param hour on the clocks there
     */
    public static Option of(
        VolunteerId volunteer,
        CallKind kind,
        History history,
        double km,
        int hour,
        int rarer,
        Holding holding,
        Rates rates) {
      var ease = rates.ease(km, hour, history.fatigue());
      var tally = history.of(kind);
      return new Option(
          volunteer,
          km,
          Rates.chance(rates.own(kind, history), ease),
          ease,
          rarer,
          history.fatigue(),
          tally.yes(),
          tally.no(),
          history.asked(),
          holding);
    }

    Option withRate(double other) {
      return new Option(volunteer, km, other, ease, rarer, recent, yes, no, asked, holding);
    }
  }

  /** What a person is already being asked. */
  public enum Holding {
    NOTHING,
    ORDINARY,
    LIFE
  }

  /** The same if nobody but these could be asked. */
  Line withOptions(List<Option> others) {
    return with(open, waiting, others);
  }

  /** The same with so many places open. */
  Line open(int places) {
    return with(places, waiting, options);
  }

  /** The same if those who are silent had been asked at this moment. */
  Line askedAgain(Instant now) {
    var again = waiting.stream().map(one -> new Waiting(one.rate(), now, one.delay())).toList();
    return with(open, again, options);
  }

  private Line with(int places, List<Waiting> silent, List<Option> others) {
    return new Line(
        need, priority, places, yes, due, since, fillBy, lastWave, delay, lag, usual, shows, trust,
        silent, others);
  }

  /** One open offer per person; a matter of life may come on top of an ordinary one. */
  boolean mayAsk(Option option) {
    return switch (option.holding()) {
      case NOTHING -> true;
      case ORDINARY -> priority == Priority.LIFE;
      case LIFE -> false;
    };
  }

  /** Time left over time allowed: 1 at the start, 0 from the deadline on. */
  public double slack(Instant now) {
    return slack(since, fillBy, now);
  }

  public static double slack(Instant since, Instant fillBy, Instant now) {
    var allowed = Duration.between(since, fillBy).toMillis();
    if (allowed <= 0) return 0;
    return Math.clamp((double) Duration.between(now, fillBy).toMillis() / allowed, 0, 1);
  }

  /** How far a district with so many places filled of all its places is behind the whole. */
  public static double lag(double filled, double people, double filledOfAll, double all) {
    return people == 0 || all == 0 ? 0 : Math.max(0, filledOfAll / all - filled / people);
  }

  /**
   * Whether a person should look. While there is time answers may make that needless: early only
   * what is nearly lost is told. By half of the time all is told that may well stay open, and later
   * what has less chance than that in the time that is left.
   *
   * @param chance as calculated: what came of forecasts in quiet hours must not hush it in a storm
   */
  boolean needsHuman(double chance, Instant now) {
    if (open <= 0) return false;
    var slack = slack(now);
    if (slack > DECIDED_BY) return chance < NEARLY_LOST;
    return chance < MAY_STAY_OPEN * Math.min(1, slack / HALF);
  }

  /** How many of the silent will still say yes, in expectation. */
  double expected(Instant now) {
    var sum = 0.0;
    for (var one : waiting) {
      sum += one.delay().stillMayAnswer(one.rate(), Duration.between(one.askedAt(), now));
    }
    return sum;
  }
}
