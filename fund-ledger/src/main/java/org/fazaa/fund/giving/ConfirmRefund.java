package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * An approver who did not ask for it confirms a refund. Its money is booked at once: out of the
 * gift's own, or out of what is kept for this, and never out of what others gave for a purpose.
 */
public final class ConfirmRefund {
  /**
   * @param by the approver's account
   */
  public record Draft(long refund, long by) {}

  public sealed interface Outcome {
    record Confirmed(Refund refund) implements Outcome {}

    record AlreadyConfirmed(Refund refund) implements Outcome {}

    record NoSuchRefund(long refund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا طلب إعادة برقم " + refund + ": راجع الرقم",
            "There is no refund " + refund + ": check the number");
      }
    }

    record OwnRefund() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا يؤكد أحد ما طلبه بنفسه: اطلب التأكيد من شخص آخر",
            "Nobody confirms what they asked for: ask another person");
      }
    }

    record NotApprover() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "تأكيد الإعادة للمعتمِد وحده: اطلب منه ذلك",
            "Only an approver confirms refunds: ask one to do it");
      }
    }

    record FundFrozen() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "الصندوق مجمّد ولا يخرج منه مال: اطلب من المدقق النظر فيه",
            "The fund is frozen and no money leaves it: ask an auditor to look");
      }
    }

    record MoreThanGiven() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "عاد من هذا التبرع شيء منذ الطلب ولم يبق فيه هذا المبلغ: اطلب إعادة الباقي",
            "Some of the gift has gone back since; so much is not left: ask for the rest");
      }
    }

    record ReserveShort() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "صُرف هذا التبرع ولا يكفي احتياطي الإعادة: زِد الاحتياطي من صندوق غير مقيد أولًا",
            "The gift is spent and the refund reserve is short: top it up from an unrestricted"
                + " fund first");
      }
    }
  }

  private ConfirmRefund() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var fields = Tuple.of(draft.refund(), draft.by(), Database.utc(now));
    var said = tx.preparedQuery(CONFIRM).execute(fields).await().iterator().next().getString(0);
    return switch (said) {
      case "confirmed" -> new Outcome.Confirmed(found(tx, draft));
      case "already" -> new Outcome.AlreadyConfirmed(found(tx, draft));
      case "no_such" -> new Outcome.NoSuchRefund(draft.refund());
      case "same_person" -> new Outcome.OwnRefund();
      case "not_approver" -> new Outcome.NotApprover();
      case "frozen" -> new Outcome.FundFrozen();
      case "too_much" -> new Outcome.MoreThanGiven();
      case "reserve_short" -> new Outcome.ReserveShort();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static Refund found(SqlConnection tx, Draft draft) {
    return Refund.find(tx, draft.refund()).orElseThrow();
  }

  private static final String CONFIRM = "SELECT fund.confirm_refund($1, $2, $3)";
}
