package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;

/** A second person confirms a large call-out, and the rounds begin. */
public final class ConfirmCallOut {

  public sealed interface Outcome extends News {
    record Started(Need need) implements Outcome {
      @Override
      public List<Fact> facts() {
        return List.of(new Fact.NeedChanged(need.crisis().value(), need.id().value()));
      }
    }

    record NoSuchEnvelope() implements Outcome {}

    record AlreadyInForce() implements Outcome {}

    /** Whoever approved it cannot confirm it. */
    record SamePerson() implements Outcome {}

    record Expired() implements Outcome {}

    record NeedOver() implements Outcome {}

    /** Meanwhile the need is called out under another envelope. */
    record AlreadyCalling(long envelope) implements Outcome {}

    record AlreadyFull() implements Outcome {}

    /** The need was edited, or called out anew, since this was asked for. */
    record ChangedMeanwhile() implements Outcome {}
  }

  private ConfirmCallOut() {}

  public static Outcome run(SqlConnection tx, Staff second, long envelopeId, Instant now) {
    var known = Envelope.find(tx, envelopeId);
    if (known.isEmpty()) return new Outcome.NoSuchEnvelope();
    var need = Need.lock(tx, known.get().need()).orElseThrow();
    var envelope = Envelope.lock(tx, envelopeId).orElseThrow();
    var refusal = refusal(need, envelope, second.account(), now);
    if (refusal.isPresent()) return refusal.get();
    var confirmed = Tuple.of(envelopeId, second.account(), Database.utc(now));
    tx.preparedQuery(CONFIRM).execute(confirmed).await();
    StartCallOut.begin(tx, need.id(), envelopeId, now);
    return new Outcome.Started(need);
  }

  static Optional<Outcome> refusal(Need need, Envelope envelope, long second, Instant now) {
    if (envelope.inForce()) return Optional.of(new Outcome.AlreadyInForce());
    if (envelope.approvedBy() == second) return Optional.of(new Outcome.SamePerson());
    if (!now.isBefore(envelope.expiresAt())) return Optional.of(new Outcome.Expired());
    if (TakeOffer.isOver(need, now)) return Optional.of(new Outcome.NeedOver());
    if (need.state() == Need.State.CALLING) {
      return Optional.of(new Outcome.AlreadyCalling(need.envelope().orElseThrow()));
    }
    if (need.isFull()) return Optional.of(new Outcome.AlreadyFull());
    var calledOutSince = need.envelope().filter(last -> last > envelope.id()).isPresent();
    return calledOutSince || need.version() != envelope.needVersion()
        ? Optional.of(new Outcome.ChangedMeanwhile())
        : Optional.empty();
  }

  private static final String CONFIRM =
      """
      UPDATE dispatch.envelope SET second_by = $2, second_at = $3, in_force = true WHERE id = $1
      """;
}
