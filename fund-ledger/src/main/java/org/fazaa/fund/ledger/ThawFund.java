package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;

/** An auditor has looked at a frozen fund, and says why its money may leave again. */
public final class ThawFund {
  private static final int WHY_MAX = 1_000;

  public record Draft(FundId fund, String why, long by) {}

  public sealed interface Outcome {
    record Thawed() implements Outcome {}

    record NotFrozen() implements Outcome {}

    record NotAuditor() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا يرفع تجميد صندوق إلا مدقق: اطلب منه أن ينظر في دفاتره",
            "Only an auditor lets a frozen fund go on: ask one to look at its books");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private ThawFund() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = new Flaws().text("why", draft.why(), WHY_MAX).found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var fields = Tuple.of(draft.fund().value(), draft.by(), draft.why(), Database.utc(now));
    var said = tx.preparedQuery(THAW).execute(fields).await().iterator().next().getString(0);
    return switch (said) {
      case "thawed" -> new Outcome.Thawed();
      case "not_frozen" -> new Outcome.NotFrozen();
      case "not_auditor" -> new Outcome.NotAuditor();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static final String THAW = "SELECT fund.thaw_fund($1, $2, $3, $4)";
}
