package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * A treasurer found a promised transfer on the bank's statement. What came is what is posted and
 * receipted, whatever was promised.
 */
public final class ConfirmTransfer {
  private static final int LINE_MAX = 100;

  /**
   * @param reference what the donor wrote into the transfer
   * @param bankLine the bank's own reference of the line on its statement
   * @param by the treasurer's account
   */
  public record Draft(String reference, Money arrived, String bankLine, long by) {}

  public sealed interface Outcome {
    record Confirmed(Donation donation) implements Outcome {}

    record AlreadyConfirmed(Donation donation) implements Outcome {}

    record DiffersFromFirst(Donation donation) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "سبق تأكيد هذه الحوالة بمبلغ أو سطر كشف آخر: راجع الإيصال "
                + donation.receiptNumber().orElseThrow(),
            "This transfer was confirmed with another amount or statement line: see receipt "
                + donation.receiptNumber().orElseThrow());
      }
    }

    record NoSuchTransfer(String reference) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا حوالة موعودة بالمرجع " + reference + ": راجع المرجع في كشف البنك",
            "No promised transfer has the reference "
                + reference
                + ": check it on the bank's statement");
      }
    }

    record LineUsed(String bankLine) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "سطر الكشف " + bankLine + " أكّد تبرعًا آخر: كل سطر لتبرع واحد",
            "Statement line " + bankLine + " confirmed another gift: one line pays for one gift");
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "تأكيد الحوالات لأمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer confirms transfers: ask one to do it");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private ConfirmTransfer() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var reference = draft.reference().replace(" ", "").toUpperCase(Locale.ROOT);
    var promised = Donations.findByReference(tx, reference);
    if (promised.isEmpty()) {
      return new Outcome.NoSuchTransfer(reference);
    }
    var gift = promised.get();
    var flaws = flaws(draft, gift);
    return flaws.isEmpty() ? confirm(tx, draft, gift, now) : new Outcome.Invalid(flaws);
  }

  private static List<Flaw> flaws(Draft draft, Donation gift) {
    return new Flaws()
        .text("bank_line", draft.bankLine(), LINE_MAX)
        .money("arrived", draft.arrived())
        .unless(
            draft.arrived().currency().equals(gift.amount().orElseThrow().currency()),
            "arrived.currency",
            "هذا الصندوق بعملة أخرى: اكتب المبلغ كما دخل حسابه",
            "The fund is kept in another currency: write the amount as it entered its account")
        .found();
  }

  private static Outcome confirm(SqlConnection tx, Draft draft, Donation gift, Instant now) {
    var fields =
        Tuple.of(
            gift.gift(), draft.arrived().minor(), draft.bankLine(), draft.by(), Database.utc(now));
    var said = tx.preparedQuery(CONFIRM).execute(fields).await().iterator().next().getString(0);
    return switch (said) {
      case "confirmed" -> new Outcome.Confirmed(after(tx, gift));
      case "already" -> new Outcome.AlreadyConfirmed(after(tx, gift));
      case "differs" -> new Outcome.DiffersFromFirst(after(tx, gift));
      case "line_used" -> new Outcome.LineUsed(draft.bankLine());
      case "not_treasurer" -> new Outcome.NotTreasurer();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static Donation after(SqlConnection tx, Donation gift) {
    return Donations.find(tx, gift.code()).orElseThrow();
  }

  private static final String CONFIRM = "SELECT fund.confirm_transfer($1, $2, $3, $4, $5)";
}
