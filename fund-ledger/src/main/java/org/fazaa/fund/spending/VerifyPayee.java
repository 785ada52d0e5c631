package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A second officer compared a payee's latest IBAN with the bank's own letter. */
public final class VerifyPayee {
  private static final int EVIDENCE_MAX = 1_000;

  /** How long a changed IBAN waits, so that the old contact can protest. */
  static final Duration COOLING_OFF = Duration.ofHours(24);

  /**
   * @param ibanVersion the version of the IBAN that was compared
   * @param evidence what it was compared with
   * @param by an approver's or treasurer's account, not the one that wrote the IBAN
   */
  public record Draft(PayeeId payee, int ibanVersion, String evidence, long by) {}

  public sealed interface Outcome {
    record Verified(Instant usableFrom) implements Outcome {}

    record AlreadyVerified(Instant usableFrom) implements Outcome {}

    record NoSuchPayee(PayeeId payee) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا جهة برقم " + payee.value() + ": راجع الرقم",
            "There is no payee " + payee.value() + ": check the number");
      }
    }

    record IbanChanged(int current) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "تغيّر آيبان الجهة: افتح صفحتها وقارن الآيبان الجديد",
            "The payee's IBAN has changed: open its page and compare the new one");
      }
    }

    record OwnIban() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "كتبتَ هذا الآيبان بنفسك: يجب أن يتحقق منه شخص آخر",
            "You wrote this IBAN yourself: somebody else must verify it");
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "التحقق من الآيبان للمعتمِد وأمين الصندوق: اطلب ذلك من أحدهما",
            "Approvers and treasurers verify IBANs: ask one of them");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private VerifyPayee() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = new Flaws().text("evidence", draft.evidence(), EVIDENCE_MAX).found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    Payees.lock(tx);
    var found = Payees.find(tx, draft.payee());
    if (found.isEmpty()) {
      return new Outcome.NoSuchPayee(draft.payee());
    }
    boolean inOffice =
        Officer.holds(tx, draft.by(), Office.APPROVER, now)
            || Officer.holds(tx, draft.by(), Office.TREASURER, now);
    var outcome = decide(found.get(), draft, inOffice, now);
    if (outcome instanceof Outcome.Verified(var usableFrom)) {
      verify(tx, draft, usableFrom, now);
    }
    return outcome;
  }

  static Outcome decide(Payee payee, Draft draft, boolean inOffice, Instant now) {
    if (!inOffice) {
      return new Outcome.NotAllowed();
    }
    if (payee.ibanVersion() != draft.ibanVersion()) {
      return new Outcome.IbanChanged(payee.ibanVersion());
    }
    if (payee.usableFrom().isPresent()) {
      return new Outcome.AlreadyVerified(payee.usableFrom().get());
    }
    if (payee.ibanWrittenBy() == draft.by()) {
      return new Outcome.OwnIban();
    }
    return new Outcome.Verified(payee.ibanVersion() == 1 ? now : now.plus(COOLING_OFF));
  }

  private static void verify(SqlConnection tx, Draft draft, Instant usableFrom, Instant now) {
    var fields =
        Tuple.of(
            draft.payee().value(),
            draft.ibanVersion(),
            draft.by(),
            Database.utc(now),
            Database.utc(usableFrom),
            draft.evidence());
    tx.preparedQuery(VERIFY).execute(fields).await();
  }

  private static final String VERIFY =
      """
      INSERT INTO fund.payee_verification
        (payee, n, written_by, verified_by, verified_at, usable_from, evidence)
      SELECT i.payee, i.n, i.written_by, $3, $4, $5, $6 FROM fund.payee_iban i
      WHERE i.payee = $1 AND i.n = $2\
      """;
}
