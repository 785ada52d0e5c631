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
    if (!standing.reserved() && !standing.reserve(tx, draft.by(), now)) {
      var available = Funds.figures(tx, standing.fund()).orElseThrow().available();
      return new Outcome.NotEnough(standing.fund(), available, standing.amount());
    }
    return new Outcome.Paid(pay(tx, standing, draft, now), standing.amount());
  }

  /** Why nothing is to be paid now; empty when only the money can still be missing. */
  static Optional<Outcome> decide(Standing standing, Draft draft, boolean treasurer) {
    if (!treasurer) {
      return Optional.of(new Outcome.NotTreasurer());
    }
    if (standing.payment().isPresent()) {
      return Optional.of(new Outcome.AlreadyPaid(standing.payment().get(), standing.amount()));
    }
    if (standing.withdrawn()) {
      return Optional.of(new Outcome.Withdrawn());
    }
    if (standing.approvers().contains(draft.by()) || standing.payeeMembers().contains(draft.by())) {
      return Optional.of(new Outcome.PayerApproved());
    }
    if (!standing.approved()) {
      return Optional.of(new Outcome.NotApproved(standing.approvers().size(), standing.needed()));
    }
    if (!standing.payeeReady()) {
      return Optional.of(new Outcome.PayeeNotReady());
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
