package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;

/** Closes a fund to further gifts. What is in it may still be spent. */
public final class CloseFund {
  private static final int WHY_MAX = 1_000;

  public record Draft(FundId fund, String why, long by) {}

  public sealed interface Outcome {
    record Closed() implements Outcome {}

    record AlreadyClosed() implements Outcome {}

    record NoSuchFund(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا صندوق برقم " + fund.value() + ": راجع الرقم",
            "There is no fund " + fund.value() + ": check the number");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private CloseFund() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = new Flaws().text("why", draft.why(), WHY_MAX).found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    if (Funds.find(tx, draft.fund()).isEmpty()) {
      return new Outcome.NoSuchFund(draft.fund());
    }
    var fields = Tuple.of(draft.fund().value(), draft.by(), draft.why(), Database.utc(now));
    var row = tx.preparedQuery(CLOSE_FUND).execute(fields).await().iterator().next();
    return row.getBoolean(0) ? new Outcome.Closed() : new Outcome.AlreadyClosed();
  }

  private static final String CLOSE_FUND = "SELECT fund.close_fund($1, $2, $3, $4)";
}
