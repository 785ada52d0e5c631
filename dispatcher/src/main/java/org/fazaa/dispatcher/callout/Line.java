package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * A need as the policy sees it: the places still open, who has been asked and is silent, who could
 * be asked next.
 *
 * @param yes how many have said yes since the call-out began, for judging the pace
 */
public record Line(
    NeedId need,
    Priority priority,
    int open,
    int yes,
    Instant since,
    Instant fillBy,
    Instant lastWave,
    Delay delay,
    List<Waiting> waiting,
    List<Option> options) {

  /** Somebody who was asked and has not answered. */
  public record Waiting(double rate, Instant askedAt) {}

  /** Somebody who could be asked: a row of figures, each of which can be shown to them. */
  public record Option(
      VolunteerId volunteer,
      double km,
      double rate,
      int rarer,
      double recent,
      double yes,
      double no,
      Holding holding) {}

  /** What a person is already being asked. */
  public enum Holding {
    NOTHING,
    ORDINARY,
    LIFE
  }

  /** The same if nobody but these could be asked. */
  Line asking(List<Option> others) {
    return new Line(need, priority, open, yes, since, fillBy, lastWave, delay, waiting, others);
  }

  /** The same with so many places open. */
  Line open(int places) {
    return new Line(need, priority, places, yes, since, fillBy, lastWave, delay, waiting, options);
  }

  /** The same if those who are silent had been asked at this moment. */
  Line askedAgain(Instant now) {
    var again = waiting.stream().map(one -> new Waiting(one.rate(), now)).toList();
    return new Line(need, priority, open, yes, since, fillBy, lastWave, delay, again, options);
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
  double slack(Instant now) {
    var allowed = Duration.between(since, fillBy).toMillis();
    if (allowed <= 0) return 0;
    return Math.clamp((double) Duration.between(now, fillBy).toMillis() / allowed, 0, 1);
  }

  /** How many of the silent will still say yes, in expectation. */
  double expected(Instant now) {
    var sum = 0.0;
    for (var one : waiting) {
      sum += delay.stillMayAnswer(one.rate(), Duration.between(one.askedAt(), now));
    }
    return sum;
  }

  /**
   * Whether the policy cannot see this need filling: nobody is left to ask and too few will come,
   * or nearly half of the time is gone and at the pace so far the rest will not be enough.
   */
  boolean needsHuman(double expected, boolean nobodyLeft, Instant now) {
    if (open <= 0) return false;
    if (nobodyLeft && Rates.poissonBelow(expected, open) > 0.5) return true;
    var slack = slack(now);
    if (slack > 0.6) return false;
    var pace = (yes + 0.5) * slack / (1 - slack);
    return Rates.poissonBelow(pace, open) > 0.5;
  }
}
