package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A treasurer found on the bank's statement what the card provider paid out to a fund. */
public final class RecordPayout {
  private static final int LINE_MAX = 100;

  /**
   * @param bankLine the bank's own reference of the line on its statement
   * @param by the treasurer's account
   */
  public record Draft(FundId fund, Money amount, String bankLine, long by) {}

  public sealed interface Outcome {
    record Recorded() implements Outcome {}

    record AlreadyRecorded() implements Outcome {}

    record LineUsed(String bankLine) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "سطر الكشف " + bankLine + " قُيد لشيء آخر: كل سطر يقيد مرة واحدة",
            "Statement line " + bankLine + " was booked for something else: each is booked once");
      }
    }

    record NoSuchFund(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا صندوق برقم " + fund.value() + ": راجع الرقم",
            "There is no fund " + fund.value() + ": check the number");
      }
    }

    record MoreThanCleared() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لم يكن لدى مزود الدفع لهذا الصندوق كل هذا: راجع المبلغ والصندوق",
            "The provider never had so much for this fund: check the amount and the fund");
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "تقييد دفعات المزود لأمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer books the provider's payouts: ask one to do it");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private RecordPayout() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws =
        new Flaws()
            .text("bank_line", draft.bankLine(), LINE_MAX)
            .money("amount", draft.amount())
            .found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var fields =
        Tuple.of(
            draft.fund().value(),
            draft.amount().minor(),
            draft.bankLine(),
            draft.by(),
            Database.utc(now));
    var said = tx.preparedQuery(RECORD).execute(fields).await().iterator().next().getString(0);
    return switch (said) {
      case "recorded" -> new Outcome.Recorded();
      case "repeated" -> new Outcome.AlreadyRecorded();
      case "differs" -> new Outcome.LineUsed(draft.bankLine());
      case "no_fund" -> new Outcome.NoSuchFund(draft.fund());
      case "too_much" -> new Outcome.MoreThanCleared();
      case "not_treasurer" -> new Outcome.NotTreasurer();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static final String RECORD = "SELECT fund.record_payout($1, $2, $3, $4, $5)";
}
