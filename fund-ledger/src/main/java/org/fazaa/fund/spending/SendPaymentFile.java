package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A treasurer gave a file to the bank: all its payments that nobody followed yet are sent. */
public final class SendPaymentFile {

  public record Draft(long file, long by) {}

  public sealed interface Outcome {
    record Sent(List<DisbursementId> requests) implements Outcome {}

    record NoSuchFile(long file) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا ملف دفع برقم " + file + ": راجع الرقم",
            "There is no payment file " + file + ": check the number");
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "متابعة الدفعات لأمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer follows payments: ask one to do it");
      }
    }
  }

  private SendPaymentFile() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    if (Payments.findFile(tx, draft.file()).isEmpty()) {
      return new Outcome.NoSuchFile(draft.file());
    }
    if (!Officer.holds(tx, draft.by(), Office.TREASURER, now)) {
      return new Outcome.NotTreasurer();
    }
    var sent = new ArrayList<DisbursementId>();
    for (var row : tx.preparedQuery(FIND_UNSENT).execute(Tuple.of(draft.file())).await()) {
      var id = new DisbursementId(row.getLong("disbursement"));
      var step = new FollowPayment.Draft(id, PaymentState.SENT, Optional.empty(), draft.by());
      if (FollowPayment.run(tx, step, now) instanceof FollowPayment.Outcome.Followed) {
        sent.add(id);
      }
    }
    return new Outcome.Sent(List.copyOf(sent));
  }

  private static final String FIND_UNSENT =
      """
      SELECT p.disbursement FROM fund.payment_in_file i JOIN fund.payment p ON p.id = i.payment
      WHERE i.file = $1 AND fund.payment_state(p.id) = 'prepared' ORDER BY p.disbursement\
      """;
}
