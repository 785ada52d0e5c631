package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Codes;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * A treasurer orders an approved request to be paid. It is paid once, or the answer says why not.
 */
public final class PayDisbursement {
  private static final int END_TO_END_LENGTH = 12;

  public record Draft(DisbursementId id, long by) {}

  public sealed interface Outcome {
    record Paid(Payment payment, Money amount) implements Outcome {}

    record AlreadyPaid(Payment payment, Money amount) implements Outcome {}

    record CameBack(Payment payment) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.paid(payment);
      }
    }

    record NoSuchRequest(DisbursementId id) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchRequest(id);
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أمر الدفع لأمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer orders payments: ask one to do it");
      }
    }

    record Withdrawn() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.WITHDRAWN;
      }
    }

    record PayerApproved() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "من اعتمد الطلب أو كان من الجهة المستفيدة لا يدفعه: اطلب ذلك من أمين صندوق آخر",
            "Whoever approved it or belongs to the payee does not pay it: ask another treasurer");
      }
    }

    record NotApproved(int have, int needed) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "للطلب %d من %d اعتمادات: اطلب ما بقي من المعتمِدين".formatted(have, needed),
            "The request has %d of %d approvals: ask approvers for the rest"
                .formatted(have, needed));
      }
    }

    record HandlesItsPeople() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "سجّلتَ أو تحققتَ ممن يُدفع لهم فلا تدفع لهم: اطلب ذلك من أمين صندوق آخر",
            "You enrolled or verified people whom this pays: ask another treasurer");
      }
    }

    record NotAccredited() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "الجهة غير معتمدة رسميًا اليوم: سجّل ترخيصها وليؤكده شخص آخر",
            "The payee is not accredited today: enter its accreditation and have it confirmed");
      }
    }

    /** Its fund has ended the rule that allowed it, or the fund's days are over. */
    record UseNotAllowed(String refused) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لم يعد الصندوق يسمح بوجه الصرف هذا: عدّل الطلب إلى وجه يسمح به",
            "The fund does not allow this use any more: edit the request to one that it allows");
      }
    }

    record Unverified(long entitlement) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لم يتحقق أحد من المستحق رقم " + entitlement + ": ليتحقق منه شخص آخر أولًا",
            "Nobody has verified entitlement " + entitlement + ": have it verified first");
      }
    }

    record PaidElsewhere(long entitlement) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "دُفع المستحق رقم " + entitlement + " في طلب آخر: عدّل الطلب بدونه",
            "Entitlement " + entitlement + " is paid by another request: edit this one without it");
      }
    }

    record OverBudget(Money left, Money asked) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "بقي من ميزانية المبادرة " + left + " والمطلوب " + asked + ": عدّل الطلب أو الميزانية",
            left + " is left of the initiative's budget and " + asked + " is asked: edit either");
      }
    }

    record PayeeNotReady() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "آيبان الجهة لم يُتحقق منه، أو تغيّر ولم تنتهِ مهلته: تحقق منه ثم عدّل الطلب إن تغيّر",
            "The payee's IBAN is not verified, or has changed and must wait: verify it, and edit"
                + " the request if it changed");
      }
    }

    record NotEnough(FundId fund, Money available, Money asked) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "المتاح في الصندوق "
                + available
                + " والمطلوب "
                + asked
                + ": انتظر تبرعات أو عدّل المبلغ",
            "The fund has "
                + available
                + " available and "
                + asked
                + " is asked: wait for gifts or edit the amount");
      }
    }
  }

  private final RandomGenerator random;

  /** With the source of payment ids. */
  public PayDisbursement(RandomGenerator random) {
    this.random = random;
  }

  public Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var found = Standing.lock(tx, draft.id(), now);
    if (found.isEmpty()) {
      return new Outcome.NoSuchRequest(draft.id());
    }
    var standing = found.get();
    boolean treasurer = Officer.holds(tx, draft.by(), Office.TREASURER, now);
    var answered = decide(standing, draft, treasurer);
    if (answered.isPresent()) {
      return answered.get();
    }
    var reserved =
        standing.reserved() ? Standing.Reserved.RESERVED : standing.reserve(tx, draft.by(), now);
    return switch (reserved) {
      case RESERVED -> new Outcome.Paid(pay(tx, standing, draft, now), standing.amount());
      case NOT_ENOUGH -> {
        var available = Funds.figures(tx, standing.fund()).orElseThrow().available();
        yield new Outcome.NotEnough(standing.fund(), available, standing.amount());
      }
      case OVER_BUDGET ->
          new Outcome.OverBudget(standing.initiative().orElseThrow().left(), standing.amount());
    };
  }

  /** Why nothing is to be paid now; empty when only the money can still be missing. */
  static Optional<Outcome> decide(Standing standing, Draft draft, boolean treasurer) {
    if (!treasurer) {
      return Optional.of(new Outcome.NotTreasurer());
    }
    if (standing.payment().isPresent()) {
      var payment = standing.payment().get();
      return Optional.of(
          payment.state().cameBack()
              ? new Outcome.CameBack(payment)
              : new Outcome.AlreadyPaid(payment, standing.amount()));
    }
    if (standing.withdrawn()) {
      return Optional.of(new Outcome.Withdrawn());
    }
    if (standing.approvers().contains(draft.by()) || standing.payeeMembers().contains(draft.by())) {
      return Optional.of(new Outcome.PayerApproved());
    }
    if (standing.peopleHands().contains(draft.by())) {
      return Optional.of(new Outcome.HandlesItsPeople());
    }
    if (!standing.approved()) {
      return Optional.of(new Outcome.NotApproved(standing.approvers().size(), standing.needed()));
    }
    if (!standing.payeeReady()) {
      return Optional.of(new Outcome.PayeeNotReady());
    }
    if (!standing.accredited()) {
      return Optional.of(new Outcome.NotAccredited());
    }
    if (standing.useRefused().isPresent()) {
      return Optional.of(new Outcome.UseNotAllowed(standing.useRefused().get()));
    }
    if (standing.unverified().isPresent()) {
      return Optional.of(new Outcome.Unverified(standing.unverified().get()));
    }
    if (standing.paidElsewhere().isPresent()) {
      return Optional.of(new Outcome.PaidElsewhere(standing.paidElsewhere().get()));
    }
    return Optional.empty();
  }

  private Payment pay(SqlConnection tx, Standing standing, Draft draft, Instant now) {
    var endToEnd = "FZ-" + draft.id().value() + "-" + Codes.draw(random, END_TO_END_LENGTH);
    var fields =
        Tuple.of(draft.id().value(), standing.version(), draft.by(), endToEnd, Database.utc(now));
    var row = tx.preparedQuery(PAY).execute(fields).await().iterator().next();
    return new Payment(row.getLong(0), endToEnd, PaymentState.PREPARED, now);
  }

  private static final String PAY = "SELECT fund.pay($1, $2, $3, $4, $5)";
}
