package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * Ends a request that shall not be paid: its author takes it back, or an approver turns it down.
 * Money set aside goes back.
 */
public final class WithdrawDisbursement {
  private static final int WHY_MAX = 1_000;

  public record Draft(DisbursementId id, String why, long by) {}

  public sealed interface Outcome {
    record Withdrawn() implements Outcome {}

    record AlreadyWithdrawn() implements Outcome {}

    record NoSuchRequest(DisbursementId id) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchRequest(id);
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "يسحب الطلب من كتبه أو معتمِد: اطلب ذلك من أحدهما",
            "A request is ended by its author or an approver: ask one of them");
      }
    }

    record AlreadyPaid(Payment payment) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.paid(payment);
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private WithdrawDisbursement() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = new Flaws().text("why", draft.why(), WHY_MAX).found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var standing = Standing.lock(tx, draft.id(), now);
    if (standing.isEmpty()) {
      return new Outcome.NoSuchRequest(draft.id());
    }
    boolean approver = Officer.holds(tx, draft.by(), Office.APPROVER, now);
    var outcome = decide(standing.get(), draft.by(), approver);
    if (outcome instanceof Outcome.Withdrawn) {
      var fields = Tuple.of(draft.id().value(), draft.by(), draft.why(), Database.utc(now));
      tx.preparedQuery(WITHDRAW).execute(fields).await();
    }
    return outcome;
  }

  static Outcome decide(Standing standing, long by, boolean approver) {
    if (standing.creator() != by && !approver) {
      return new Outcome.NotAllowed();
    }
    if (standing.payment().filter(payment -> !payment.state().cameBack()).isPresent()) {
      return new Outcome.AlreadyPaid(standing.payment().get());
    }
    return standing.withdrawn() ? new Outcome.AlreadyWithdrawn() : new Outcome.Withdrawn();
  }

  private static final String WITHDRAW = "SELECT fund.withdraw_disbursement($1, $2, $3, $4)";
}
