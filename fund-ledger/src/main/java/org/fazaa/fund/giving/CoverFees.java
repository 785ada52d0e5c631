package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * What card providers kept of a fund's gifts is borne, as the fee policy says, by the fund or by
 * the operator's unrestricted fund.
 */
public final class CoverFees {
  /**
   * @param by the treasurer's account
   */
  public record Draft(FundId fund, long by) {}

  public sealed interface Outcome {
    record Covered(long minor) implements Outcome {}

    record NothingToCover() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words("لا رسوم تنتظر التغطية", "No fees wait to be covered");
      }
    }

    record TooLittle() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا يكفي المتاح لتغطية الرسوم: أعد المحاولة حين يصل ما يكفي",
            "There is too little to cover the fees: try again when more has come");
      }
    }

    record FundFrozen() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "الصندوق مجمّد: اطلب من المدقق النظر فيه",
            "The fund is frozen: ask an auditor to look");
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "تغطية الرسوم لأمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer covers fees: ask one to do it");
      }
    }
  }

  private CoverFees() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var fields = Tuple.of(draft.fund().value(), draft.by(), Database.utc(now));
    var row = tx.preparedQuery(COVER).execute(fields).await().iterator().next();
    return switch (row.getString("outcome")) {
      case "covered" -> new Outcome.Covered(row.getLong("minor"));
      case "nothing" -> new Outcome.NothingToCover();
      case "too_little" -> new Outcome.TooLittle();
      case "frozen" -> new Outcome.FundFrozen();
      case "not_treasurer" -> new Outcome.NotTreasurer();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static final String COVER = "SELECT outcome, minor FROM fund.cover_fees($1, $2, $3)";
}
