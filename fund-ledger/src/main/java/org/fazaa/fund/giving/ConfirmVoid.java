package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * Another officer looked at a receipt that is said to be wrong, and agrees: it is void from now on.
 * Where it was asked for, the receipt in its place is written with the next number of the series.
 */
public final class ConfirmVoid {

  /**
   * @param voiding the request
   * @param by a treasurer's or approver's account, not the one that asked
   */
  public record Draft(long voiding, long by) {}

  public sealed interface Outcome {
    record Confirmed(Voiding voiding) implements Outcome {}

    record AlreadyConfirmed(Voiding voiding) implements Outcome {}

    record NoSuchRequest(long voiding) implements Outcome, Refusal {
      @Override
      public Words words() {
        return noSuchRequest(voiding);
      }
    }

    record OwnRequest() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "طلبتَ هذا الإلغاء بنفسك: يجب أن يؤكده مسؤول آخر",
            "You asked for this yourself: another officer must confirm it");
      }
    }

    record Withdrawn() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "سُحب هذا الطلب: إن كان الإيصال خاطئًا فليُطلب إلغاؤه من جديد",
            "This request was withdrawn: if the receipt is wrong, ask again");
      }
    }

    record NotOfficer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return NOT_OFFICER;
      }
    }
  }

  private ConfirmVoid() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var fields = Tuple.of(draft.voiding(), draft.by(), Database.utc(now));
    var said = tx.preparedQuery(CONFIRM).execute(fields).await().iterator().next().getString(0);
    return switch (said) {
      case "confirmed" -> new Outcome.Confirmed(after(tx, draft));
      case "already" -> new Outcome.AlreadyConfirmed(after(tx, draft));
      case "no_request" -> new Outcome.NoSuchRequest(draft.voiding());
      case "own_request" -> new Outcome.OwnRequest();
      case "withdrawn" -> new Outcome.Withdrawn();
      case "not_officer" -> new Outcome.NotOfficer();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static Voiding after(SqlConnection tx, Draft draft) {
    return Voiding.find(tx, draft.voiding()).orElseThrow();
  }

  static Words noSuchRequest(long voiding) {
    return new Words(
        "لا طلب إلغاء برقم " + voiding + ": راجع الرقم",
        "There is no request to void " + voiding + ": check the number");
  }

  static final Words NOT_OFFICER =
      new Words(
          "إلغاء الإيصالات لأمين الصندوق والمعتمِد: اطلب ذلك من أحدهما",
          "Treasurers and approvers settle whether a receipt is void: ask one of them");

  private static final String CONFIRM = "SELECT fund.confirm_void($1, $2, $3)";
}
