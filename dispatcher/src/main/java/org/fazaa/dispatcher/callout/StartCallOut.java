package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.people.Flaw;
import org.fazaa.notifier.Budget;

/** A coordinator presses Call out: approves an envelope, and the rounds begin. */
public final class StartCallOut {

  /** What the coordinator chose; what is empty is taken from the proposal. */
  public record Request(
      Optional<Area> area,
      Optional<Integer> maxTexts,
      Optional<Integer> costCap,
      Optional<Instant> expiresAt,
      Optional<Integer> typedCount) {

    public static final Request AS_PROPOSED =
        new Request(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  public sealed interface Outcome extends News {

    record Started(Need need, long envelope) implements Outcome {
      @Override
      public List<Fact> facts() {
        return List.of(new Fact.NeedChanged(need.crisis().value(), need.id().value()));
      }
    }

    /** So many texts that somebody else must confirm: {@link ConfirmCallOut}. */
    record NeedsSecondPerson(Need need, long envelope) implements Outcome {
      @Override
      public List<Fact> facts() {
        return List.of(new Fact.NeedChanged(need.crisis().value(), need.id().value()));
      }
    }

    record NoSuchNeed() implements Outcome {}

    record NeedOver() implements Outcome {}

    /** A drill may only call people whom no text can reach. */
    record DrillOnRealCarrier() implements Outcome {}

    record AlreadyCalling(long envelope) implements Outcome {}

    record AlreadyFull() implements Outcome {}

    record Incomplete(List<Flaw> flaws) implements Outcome {}

    /** So many texts that the number must be typed. */
    record TypeTheCount(int maxTexts) implements Outcome {}
  }

  private final ProposeEnvelope propose;
  private final Channel channel;
  private final Policy policy;

  /**
   * @param policy who will be asked by, for what is said of its call-outs
   */
  public StartCallOut(ProposeEnvelope propose, Channel channel, Policy policy) {
    this.propose = propose;
    this.channel = channel;
    this.policy = policy;
  }

  public Outcome run(SqlConnection tx, Staff by, NeedId id, Request request, Instant now) {
    var found = Need.lock(tx, id);
    if (found.isEmpty()) return new Outcome.NoSuchNeed();
    var need = found.get();
    var refusal = refusal(need, request, channel.simulated(), now);
    if (refusal.isPresent()) return refusal.get();
    var proposal = propose.propose(tx, need, request.area, request.maxTexts, now);
    if (proposal.typeCount() && !request.typedCount.equals(Optional.of(proposal.maxTexts()))) {
      return new Outcome.TypeTheCount(proposal.maxTexts());
    }
    var envelope = insert(tx, by, need, proposal, request, now);
    RecordForecasts.atPress(
        tx, need, envelope, proposal.forecast(), policy, channel.simulated(), now);
    Budget.open(tx, Channel.budget(need.crisis()), channel.crisisCap(), now);
    if (proposal.secondPerson()) return new Outcome.NeedsSecondPerson(need, envelope);
    begin(tx, id, envelope, now);
    return new Outcome.Started(need, envelope);
  }

  static Optional<Outcome> refusal(Need need, Request request, boolean simulated, Instant now) {
    if (TakeOffer.isOver(need, now)) return Optional.of(new Outcome.NeedOver());
    if (need.mode() == Mode.DRILL && !simulated) {
      return Optional.of(new Outcome.DrillOnRealCarrier());
    }
    if (need.state() == Need.State.CALLING) {
      return Optional.of(new Outcome.AlreadyCalling(need.envelope().orElseThrow()));
    }
    if (need.isFull()) return Optional.of(new Outcome.AlreadyFull());
    var flaws = flaws(request, now);
    return flaws.isEmpty() ? Optional.empty() : Optional.of(new Outcome.Incomplete(flaws));
  }

  private static List<Flaw> flaws(Request request, Instant now) {
    var flaws = new ArrayList<Flaw>();
    if (request.maxTexts.filter(n -> n < 1 || n > Envelope.MOST_TEXTS).isPresent()) {
      flaws.add(new Flaw("max_texts", "between 1 and 20000", "بين 1 و20000"));
    }
    if (request.costCap.filter(cap -> cap < 0).isPresent()) {
      flaws.add(new Flaw("cost_cap", "not below zero", "لا يقل عن صفر"));
    }
    if (request.expiresAt.filter(at -> !at.isAfter(now)).isPresent()) {
      flaws.add(new Flaw("expires_at", "it lies in the past", "هذا الوقت مضى"));
    }
    return flaws;
  }

  private static long insert(
      SqlConnection tx,
      Staff by,
      Need need,
      ProposeEnvelope.Proposal proposal,
      Request request,
      Instant now) {
    var row =
        Tuple.of(need.id().value(), proposal.area().json(), proposal.rules())
            .addValue(proposal.candidates())
            .addValue(proposal.maxTexts())
            .addValue(request.costCap.orElse(proposal.costCap()))
            .addValue(proposal.currency())
            .addValue(Database.utc(request.expiresAt.orElse(proposal.expiresAt())))
            .addValue(request.typedCount.orElse(null))
            .addValue(by.account())
            .addValue(Database.utc(now))
            .addValue(!proposal.secondPerson())
            .addValue(need.version());
    return tx.preparedQuery(INSERT).execute(row).await().iterator().next().getLong("id");
  }

  static void begin(SqlConnection tx, NeedId need, long envelope, Instant now) {
    tx.preparedQuery(BEGIN).execute(Tuple.of(need.value(), envelope, Database.utc(now))).await();
  }

  private static final String INSERT =
      """
      INSERT INTO dispatch.envelope
        (need, area, rules, candidates, max_texts, cost_cap, currency, expires_at, typed_count,
         approved_by, approved_at, in_force, need_version)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      RETURNING id
      """;

  private static final String BEGIN =
      """
      UPDATE dispatch.need
      SET state = 'calling', paused_why = NULL, envelope = $2, needs_human_at = NULL,
          called_at = coalesce(called_at, $3), next_round_at = $3
      WHERE id = $1
      """;
}
