package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A receipt is right after all: the request to void it is taken back, or turned down. */
public final class WithdrawVoid {

  /**
   * @param voiding the request
   * @param by a treasurer's or approver's account
   */
  public record Draft(long voiding, long by) {}

  public sealed interface Outcome {
    record Withdrawn(Voiding voiding) implements Outcome {}

    record AlreadyWithdrawn(Voiding voiding) implements Outcome {}

    record NoSuchRequest(long voiding) implements Outcome, Refusal {
      @Override
      public Words words() {
        return ConfirmVoid.noSuchRequest(voiding);
      }
    }

    record TooLate(Voiding voiding) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أُكّد هذا الطلب والإيصال " + voiding.receipt() + " ملغى: لا يعود ساريًا",
            "This was confirmed and receipt "
                + voiding.receipt()
                + " is void: it does not become valid again");
      }
    }

    record NotOfficer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return ConfirmVoid.NOT_OFFICER;
      }
    }
  }

  private WithdrawVoid() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var fields = Tuple.of(draft.voiding(), draft.by(), Database.utc(now));
    var said = tx.preparedQuery(WITHDRAW).execute(fields).await().iterator().next().getString(0);
    return switch (said) {
      case "withdrawn" -> new Outcome.Withdrawn(after(tx, draft));
      case "already" -> new Outcome.AlreadyWithdrawn(after(tx, draft));
      case "confirmed" -> new Outcome.TooLate(after(tx, draft));
      case "no_request" -> new Outcome.NoSuchRequest(draft.voiding());
      case "not_officer" -> new Outcome.NotOfficer();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static Voiding after(SqlConnection tx, Draft draft) {
    return Voiding.find(tx, draft.voiding()).orElseThrow();
  }

  private static final String WITHDRAW = "SELECT fund.withdraw_void($1, $2, $3)";
}
