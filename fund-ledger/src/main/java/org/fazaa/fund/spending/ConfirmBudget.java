package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A second officer confirms a budget, which must cover what is reserved and paid of it. */
public final class ConfirmBudget {

  /**
   * @param n the one that the officer saw
   */
  public record Draft(long initiative, int n, long by) {}

  public sealed interface Outcome {
    record Confirmed(Money budget) implements Outcome {}

    record AlreadyConfirmed(Money budget) implements Outcome {}

    record NoSuchInitiative(long initiative) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchInitiative(initiative);
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

    record VersionMoved(int current) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.moved(current);
      }
    }

    record BelowUsed(Money used) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "حُجز ودُفع من المبادرة " + used + ": لا تقلّ ميزانيتها عن ذلك",
            used + " of the initiative is reserved or paid: its budget cannot be less");
      }
    }
  }

  private ConfirmBudget() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    Initiatives.lock(tx, draft.initiative());
    var found = Initiatives.find(tx, draft.initiative());
    if (found.isEmpty()) {
      return new Outcome.NoSuchInitiative(draft.initiative());
    }
    var officer = Officer.in(tx, draft.by(), ConfirmAccreditation.OFFICES, now);
    var outcome = decide(found.get(), draft, officer.isPresent());
    if (outcome instanceof Outcome.Confirmed) {
      var fields =
          Tuple.of(
              draft.initiative(),
              draft.n(),
              found.get().budgets().getLast().proposedBy(),
              draft.by(),
              officer.orElseThrow().office().tag(),
              Database.utc(officer.orElseThrow().since()),
              Database.utc(now));
      tx.preparedQuery(CONFIRM).execute(fields).await();
    }
    return outcome;
  }

  static Outcome decide(Initiative initiative, Draft draft, boolean inOffice) {
    if (!inOffice) {
      return new Outcome.NotAllowed();
    }
    var latest = initiative.budgets().getLast();
    if (latest.n() != draft.n()) {
      return new Outcome.VersionMoved(latest.n());
    }
    if (latest.confirmedBy().isPresent()) {
      return new Outcome.AlreadyConfirmed(latest.amount());
    }
    if (latest.proposedBy() == draft.by()) {
      return new Outcome.OwnProposal();
    }
    return latest.amount().minor() < initiative.used().minor()
        ? new Outcome.BelowUsed(initiative.used())
        : new Outcome.Confirmed(latest.amount());
  }

  private static final String CONFIRM =
      """
      INSERT INTO fund.budget_confirmation
        (initiative, n, proposed_by, confirmed_by, office, since, confirmed_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)\
      """;
}
