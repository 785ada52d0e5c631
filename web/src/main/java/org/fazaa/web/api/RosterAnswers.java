package org.fazaa.web.api;

import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fazaa.config.Bus;
import org.fazaa.config.Question;
import org.fazaa.dispatcher.callout.Forecast;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.roster.Candidate;
import org.fazaa.dispatcher.roster.Reason;

/** A node that holds the roster answers what needs it; what it answers travels as these records. */
public final class RosterAnswers {

  /** Somebody who may be asked, and what the rules say about them. */
  public record Found(long volunteer, double km, long travelSeconds, List<Reason> reasons) {}

  /** Empty when there is no such need. */
  public record Candidates(Optional<List<Found>> found) {}

  /** Empty when there is no such need, and without reasons when there is no such volunteer. */
  public record Suitability(Optional<List<Reason>> reasons) {}

  /** Empty when there is no such need. */
  public record Chances(
      Optional<Forecast> forecast, List<ProposeEnvelope.Reach> reach, String currency) {}

  private final Pool pool;
  private final ProposeEnvelope propose;
  private final InstantSource clock;

  public RosterAnswers(Pool pool, ProposeEnvelope propose, InstantSource clock) {
    this.pool = pool;
    this.propose = propose;
    this.clock = clock;
  }

  public void answerOn(Bus bus) {
    bus.answer(Question.Candidates.class, this::candidates);
    bus.answer(Question.Suitability.class, this::suitability);
    bus.answer(Question.Forecast.class, this::forecast);
  }

  private Candidates candidates(Question.Candidates asked) {
    return new Candidates(about(asked.need(), need -> candidates(need, asked.limit())));
  }

  private List<Found> candidates(Need need, int limit) {
    var now = clock.instant();
    return propose.candidates(pool, need, limit, now).stream()
        .map(one -> found(one, propose.reasons(pool, need, one.volunteer(), now)))
        .toList();
  }

  private static Found found(Candidate one, List<Reason> reasons) {
    return new Found(one.volunteer().value(), one.km(), one.travel().toSeconds(), reasons);
  }

  private Suitability suitability(Question.Suitability asked) {
    var volunteer = new VolunteerId(asked.volunteer());
    var now = clock.instant();
    return new Suitability(
        about(asked.need(), need -> propose.reasons(pool, need, volunteer, now)));
  }

  private Chances forecast(Question.Forecast asked) {
    var need = new NeedId(asked.need());
    var now = clock.instant();
    return new Chances(
        propose.forecast(pool, need, asked.texts(), now),
        propose.reach(pool, need, now),
        propose.currency());
  }

  private <T> Optional<T> about(long need, Function<Need, T> answer) {
    return Need.find(pool, new NeedId(need)).map(answer);
  }
}
