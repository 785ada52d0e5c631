package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A second officer puts a proposed policy in force. Requests that wait are held to it at once. */
public final class ConfirmPolicy {

  public record Draft(int version, long by) {}

  public sealed interface Outcome {
    record Confirmed(int version) implements Outcome {}

    record AlreadyConfirmed(int version) implements Outcome {}

    record NoSuchPolicy(int version) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا سياسة اعتماد برقم " + version + ": راجع الرقم",
            "There is no policy " + version + ": check the number");
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.OFFICERS_CONFIRM;
      }
    }

    record OwnProposal() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.ANOTHER_CONFIRMS;
      }
    }

    record Overtaken(int current) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.moved(current);
      }
    }
  }

  private ConfirmPolicy() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    Policies.lock(tx);
    var found = Policies.find(tx, draft.version());
    if (found.isEmpty()) {
      return new Outcome.NoSuchPolicy(draft.version());
    }
    var officer = Officer.in(tx, draft.by(), ConfirmAccreditation.OFFICES, now);
    var outcome = decide(found.get(), draft, officer.isPresent(), latest(tx, found.get()));
    if (outcome instanceof Outcome.Confirmed) {
      confirm(tx, found.get(), draft, officer, now);
    }
    return outcome;
  }

  static Outcome decide(Policy policy, Draft draft, boolean inOffice, int latest) {
    if (!inOffice) {
      return new Outcome.NotAllowed();
    }
    if (policy.confirmation().isPresent()) {
      return new Outcome.AlreadyConfirmed(policy.version());
    }
    if (policy.proposal().orElseThrow().by() == draft.by()) {
      return new Outcome.OwnProposal();
    }
    return latest > policy.version()
        ? new Outcome.Overtaken(latest)
        : new Outcome.Confirmed(policy.version());
  }

  private static int latest(SqlConnection tx, Policy policy) {
    var currency = Tuple.of(policy.currency().getCurrencyCode());
    return tx.preparedQuery(FIND_LATEST).execute(currency).await().iterator().next().getInteger(0);
  }

  private static void confirm(
      SqlConnection tx, Policy policy, Draft draft, Optional<Officer> officer, Instant now) {
    var fields =
        Tuple.of(
            draft.version(),
            policy.proposal().orElseThrow().by(),
            draft.by(),
            officer.orElseThrow().office().tag(),
            Database.utc(officer.orElseThrow().since()),
            Database.utc(now));
    tx.preparedQuery(CONFIRM).execute(fields).await();
  }

  private static final String FIND_LATEST =
      "SELECT max(version) FROM fund.policy_version WHERE currency = $1";

  private static final String CONFIRM =
      """
      INSERT INTO fund.policy_confirmation
        (version, proposed_by, confirmed_by, office, since, confirmed_at)
      VALUES ($1, $2, $3, $4, $5, $6)\
      """;
}
