package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A second officer puts a proposed fee policy in force, for fees that are covered from then on. */
public final class ConfirmFees {

  public record Draft(long policy, long by) {}

  public sealed interface Outcome {
    record Confirmed(long policy) implements Outcome {}

    record AlreadyConfirmed(long policy) implements Outcome {}

    record NoSuchPolicy(long policy) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا سياسة رسوم برقم " + policy + ": راجع الرقم",
            "There is no fee policy " + policy + ": check the number");
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

    record Overtaken() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "اقتُرح غيرها بعدها: اقرأ الأخيرة ثم قرر",
            "Another was proposed after it: read the latest, then decide");
      }
    }
  }

  private ConfirmFees() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    FeePolicy.lock(tx);
    var found = FeePolicy.find(tx, draft.policy());
    if (found.isEmpty()) return new Outcome.NoSuchPolicy(draft.policy());
    var officer = Officer.in(tx, draft.by(), ConfirmAccreditation.OFFICES, now);
    var latest = FeePolicy.list(tx).getFirst().id();
    var outcome = decide(found.get(), draft, officer.isPresent(), latest);
    if (outcome instanceof Outcome.Confirmed) confirm(tx, found.get(), draft, officer, now);
    return outcome;
  }

  static Outcome decide(FeePolicy policy, Draft draft, boolean inOffice, long latest) {
    if (!inOffice) return new Outcome.NotAllowed();
    if (policy.confirmation().isPresent()) return new Outcome.AlreadyConfirmed(policy.id());
    if (policy.proposal().orElseThrow().by() == draft.by()) return new Outcome.OwnProposal();
    return latest > policy.id() ? new Outcome.Overtaken() : new Outcome.Confirmed(policy.id());
  }

  private static void confirm(
      SqlConnection tx, FeePolicy policy, Draft draft, Optional<Officer> officer, Instant now) {
    var fields =
        Tuple.of(
            policy.id(),
            policy.proposal().orElseThrow().by(),
            draft.by(),
            officer.orElseThrow().office().tag(),
            Database.utc(officer.orElseThrow().since()),
            Database.utc(now));
    tx.preparedQuery(CONFIRM).execute(fields).await();
  }

  private static final String CONFIRM =
      """
      INSERT INTO fund.fee_confirmation
        (proposal, proposed_by, confirmed_by, office, since, confirmed_at)
      VALUES ($1, $2, $3, $4, $5, $6)\
      """;
}
