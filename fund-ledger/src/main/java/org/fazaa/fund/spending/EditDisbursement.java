package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * Writes the next version of a request. Approvals belong to the version they were given for, so all
 * of them are void, and money set aside goes back.
 */
public final class EditDisbursement {

  /**
   * @param version the one that the editor saw
   * @param by the account that made the request
   */
  public record Draft(
      DisbursementId id,
      int version,
      PayeeId payee,
      Money amount,
      String purpose,
      String evidence,
      long by) {}

  public sealed interface Outcome {
    record Edited(int version, int approvalsVoided) implements Outcome {}

    record NoSuchRequest(DisbursementId id) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchRequest(id);
      }
    }

    record NotYours() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا يعدّل الطلب إلا من كتبه: قدّم طلبًا جديدًا",
            "Only its author edits a request: make a new one");
      }
    }

    record Withdrawn() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.WITHDRAWN;
      }
    }

    record AlreadyPaid(Payment payment) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.paid(payment);
      }
    }

    record VersionMoved(int current) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.versionMoved(current);
      }
    }

    record NoSuchPayee(PayeeId payee) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا جهة برقم " + payee.value() + ": أضفها أولًا",
            "There is no payee " + payee.value() + ": add it first");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private EditDisbursement() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var standing = Standing.lock(tx, draft.id(), now);
    if (standing.isEmpty()) {
      return new Outcome.NoSuchRequest(draft.id());
    }
    var payee = Payees.find(tx, draft.payee());
    if (payee.isEmpty()) {
      return new Outcome.NoSuchPayee(draft.payee());
    }
    var fund = Funds.find(tx, standing.get().fund()).orElseThrow();
    var flaws =
        RequestDisbursement.flaws(fund, draft.amount(), draft.purpose(), draft.evidence()).found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var outcome = decide(standing.get(), draft);
    if (outcome instanceof Outcome.Edited(var version, var voided)) {
      edit(tx, draft, version, payee.get(), now);
    }
    return outcome;
  }

  static Outcome decide(Standing standing, Draft draft) {
    if (standing.creator() != draft.by()) {
      return new Outcome.NotYours();
    }
    if (standing.payment().isPresent()) {
      return new Outcome.AlreadyPaid(standing.payment().get());
    }
    if (standing.withdrawn()) {
      return new Outcome.Withdrawn();
    }
    if (standing.version() != draft.version()) {
      return new Outcome.VersionMoved(standing.version());
    }
    return new Outcome.Edited(standing.version() + 1, standing.approvers().size());
  }

  private static void edit(SqlConnection tx, Draft draft, int version, Payee payee, Instant now) {
    var fields =
        Tuple.tuple()
            .addLong(draft.id().value())
            .addInteger(version)
            .addLong(payee.id().value())
            .addInteger(payee.ibanVersion())
            .addLong(draft.amount().minor())
            .addString(draft.purpose())
            .addString(draft.evidence())
            .addLong(draft.by())
            .addOffsetDateTime(Database.utc(now));
    tx.preparedQuery(EDIT).execute(fields).await();
  }

  private static final String EDIT =
      "SELECT fund.edit_disbursement($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}
