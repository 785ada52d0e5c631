package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * A treasurer says what became of a payment order: sent, not known, seen on the bank's statement,
 * refused by the bank, or returned after it had left. Only a line of the statement confirms it and
 * takes the money off the bank account. What came back is available again at once.
 */
public final class FollowPayment {
  private static final int LINE_MAX = 100;
  private static final int WHY_MAX = 1_000;

  /**
   * @param state anything but prepared, which is how a payment begins
   * @param bankLine the bank's own reference of the line on which it was seen to leave or return
   * @param why what the bank said of an order that came back
   */
  public record Draft(
      DisbursementId id,
      PaymentState state,
      Optional<String> bankLine,
      Optional<String> why,
      long by) {

    /** Of an order that did not come back. */
    public Draft(DisbursementId id, PaymentState state, Optional<String> bankLine, long by) {
      this(id, state, bankLine, Optional.empty(), by);
    }
  }

  public sealed interface Outcome {
    record Followed(PaymentState state) implements Outcome {}

    record AlreadySaid(PaymentState state) implements Outcome {}

    record NotPaid(DisbursementId id) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لم يُدفع الطلب " + id.value() + " بعد: ادفعه أولًا",
            "Request " + id.value() + " has not been paid: pay it first");
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

    record NotFrom(PaymentState state) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "حال هذه الدفعة الآن: " + state.words().ar() + "، ولا تصير إلى ما ذكرت",
            "This payment is now: " + state.words().en() + "; it cannot become what you say");
      }
    }

    record AlreadyConfirmed(String bankLine) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "تأكدت هذه الدفعة بسطر الكشف " + bankLine + " ولا تتغير بعده إلا بإعادة المبلغ",
            "Statement line " + bankLine + " confirmed this payment; only a return follows that");
      }
    }

    record LineUsed(String bankLine) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "سطر الكشف " + bankLine + " أكّد دفعة أخرى: كل سطر لدفعة واحدة",
            "Statement line " + bankLine + " confirmed another payment: one line, one payment");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  /** The last step of a payment. */
  record Last(long payment, PaymentState state, Optional<String> bankLine) {}

  private FollowPayment() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = flaws(draft);
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var standing = Standing.lock(tx, draft.id(), now);
    if (standing.isEmpty() || standing.get().payment().isEmpty()) {
      return new Outcome.NotPaid(draft.id());
    }
    var last = last(tx, standing.get().payment().get().id());
    boolean treasurer = Officer.holds(tx, draft.by(), Office.TREASURER, now);
    boolean lineUsed = draft.bankLine().filter(line -> used(tx, line)).isPresent();
    var outcome = decide(last, draft, treasurer, lineUsed);
    if (outcome instanceof Outcome.Followed) {
      follow(tx, last, draft, now);
    }
    return outcome;
  }

  static List<Flaw> flaws(Draft draft) {
    return new Flaws()
        .text("bank_line", draft.bankLine(), LINE_MAX)
        .text("why", draft.why(), WHY_MAX)
        .unless(
            draft.state() != PaymentState.PREPARED,
            "state",
            "تبدأ الدفعة معدّة: اختر ما صارت إليه",
            "A payment begins as prepared: choose what became of it")
        .unless(
            draft.bankLine().isPresent() == onStatement(draft.state()),
            "bank_line",
            "مرجع سطر الكشف للتأكيد والإعادة وحدهما، ولا يتمّان بدونه",
            "The statement line's reference goes with confirmed and returned, which need it")
        .unless(
            draft.why().isPresent() == draft.state().cameBack(),
            "why",
            "اكتب ما قاله البنك إذا رفض الأمر أو أعاد المبلغ، وعندها فقط",
            "Write what the bank said when it refused or returned the money, and only then")
        .found();
  }

  private static boolean onStatement(PaymentState state) {
    return state == PaymentState.CONFIRMED || state == PaymentState.RETURNED;
  }

  static Outcome decide(Last last, Draft draft, boolean treasurer, boolean lineUsed) {
    if (!treasurer) {
      return new Outcome.NotTreasurer();
    }
    if (last.state() == draft.state() && last.bankLine().equals(draft.bankLine())) {
      return new Outcome.AlreadySaid(last.state());
    }
    if (last.state() == PaymentState.CONFIRMED && draft.state() != PaymentState.RETURNED) {
      return new Outcome.AlreadyConfirmed(last.bankLine().orElseThrow());
    }
    if (!last.state().next().contains(draft.state())) {
      return new Outcome.NotFrom(last.state());
    }
    if (lineUsed) {
      return new Outcome.LineUsed(draft.bankLine().orElseThrow());
    }
    return new Outcome.Followed(draft.state());
  }

  private static Last last(SqlConnection tx, long payment) {
    Row row = tx.preparedQuery(FIND_LAST).execute(Tuple.of(payment)).await().iterator().next();
    return new Last(
        payment,
        PaymentState.of(row.getString("state")),
        Optional.ofNullable(row.getString("bank_line")));
  }

  private static boolean used(SqlConnection tx, String line) {
    return tx.preparedQuery(FIND_LINE).execute(Tuple.of(line)).await().size() > 0;
  }

  private static void follow(SqlConnection tx, Last last, Draft draft, Instant now) {
    var fields =
        Tuple.of(
            last.payment(),
            draft.state().tag(),
            draft.bankLine().orElse(null),
            draft.why().orElse(null),
            draft.by(),
            Database.utc(now));
    tx.preparedQuery(FOLLOW).execute(fields).await();
  }

  private static final String FIND_LAST =
      "SELECT state, bank_line FROM fund.payment_step WHERE payment = $1 ORDER BY n DESC LIMIT 1";

  private static final String FIND_LINE = "SELECT FROM fund.payment_step WHERE bank_line = $1";

  private static final String FOLLOW = "SELECT fund.step_payment($1, $2, $3, $4, $5, $6)";
}
