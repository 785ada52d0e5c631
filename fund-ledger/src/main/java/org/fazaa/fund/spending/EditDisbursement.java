package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Words;

/**
 * Writes the next version of a request. Approvals belong to the version they were given for, so all
 * of them are void, and money set aside goes back. A request whose order came back is paid anew by
 * its next version only.
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
      Optional<Long> initiative,
      List<Long> entitlements,
      Use use,
      long by) {

    /** Of no initiative, and for no people by name. */
    public Draft(
        DisbursementId id,
        int version,
        PayeeId payee,
        Money amount,
        String purpose,
        String evidence,
        Use use,
        long by) {
      this(id, version, payee, amount, purpose, evidence, Optional.empty(), List.of(), use, by);
    }
  }

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

    record NoSuchInitiative(long initiative) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchInitiative(initiative);
      }
    }

    record UseNotAllowed(Words words) implements Outcome, Refusal {}

    record NotPayable(Entitlements.Unpayable why) implements Outcome, Refusal {
      @Override
      public Words words() {
        return why.words();
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
    if (decide(standing.get(), draft) instanceof Outcome.Edited edited) {
      return edit(tx, draft, standing.get(), edited, payee.get(), now);
    }
    return decide(standing.get(), draft);
  }

  static Outcome decide(Standing standing, Draft draft) {
    if (standing.creator() != draft.by()) {
      return new Outcome.NotYours();
    }
    if (standing.payment().filter(payment -> !payment.state().cameBack()).isPresent()) {
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

  private static Outcome edit(
      SqlConnection tx,
      Draft draft,
      Standing standing,
      Outcome.Edited edited,
      Payee payee,
      Instant now) {
    if (draft.initiative().filter(i -> !Initiatives.in(tx, i, standing.fund())).isPresent()) {
      return new Outcome.NoSuchInitiative(draft.initiative().get());
    }
    var whole =
        new Entitlements.Whole(
            standing.fund(), draft.payee(), draft.amount().minor(), draft.initiative());
    var unpayable =
        Entitlements.unpayable(tx, draft.entitlements(), whole, Optional.of(draft.id()));
    if (unpayable.isPresent()) {
      return new Outcome.NotPayable(unpayable.get());
    }
    var refused = Terms.refusal(tx, standing.fund(), draft.use(), now);
    if (refused.isPresent()) {
      return new Outcome.UseNotAllowed(refused.get());
    }
    var fields =
        Tuple.tuple()
            .addLong(draft.id().value())
            .addInteger(edited.version())
            .addLong(payee.id().value())
            .addInteger(payee.ibanVersion())
            .addLong(draft.amount().minor())
            .addString(draft.purpose())
            .addString(draft.evidence())
            .addLong(draft.initiative().orElse(null))
            .addArrayOfLong(draft.entitlements().toArray(Long[]::new))
            .addString(draft.use().category().tag())
            .addString(draft.use().region().tag())
            .addString(draft.use().targetGroup().tag())
            .addLong(draft.by())
            .addOffsetDateTime(Database.utc(now));
    tx.preparedQuery(EDIT).execute(fields).await();
    return edited;
  }

  private static final String EDIT =
      "SELECT fund.edit_disbursement($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
}
