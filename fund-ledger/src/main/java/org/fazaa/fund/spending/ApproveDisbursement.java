package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * An approver approves the version of a request that they saw. The last approval it takes sets the
 * money aside, if the fund has it; if not, paying tries again.
 */
public final class ApproveDisbursement {

  public record Draft(DisbursementId id, int version, long by) {}

  public sealed interface Outcome {
    record Approved(int version, int have, int needed, boolean reserved) implements Outcome {}

    record AlreadyApproved(int version, int have, int needed, boolean reserved)
        implements Outcome {}

    record NoSuchRequest(DisbursementId id) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchRequest(id);
      }
    }

    record NotApprover() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "الاعتماد لمن عُيّن معتمِدًا: اطلب من معتمِد مراجعة الطلب",
            "Only approvers approve: ask one to look at the request");
      }
    }

    record OwnRequest() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا يعتمد أحد طلبه: اطلب من معتمِدَين آخرين اعتماده",
            "Nobody approves their own request: ask two other approvers");
      }
    }

    record BelongsToPayee() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أنت من الجهة المستفيدة فلا تعتمد الصرف لها: اطلب ذلك من معتمِد آخر",
            "You belong to the payee and cannot approve its money: ask another approver");
      }
    }

    record HandlesItsPeople() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "سجّلتَ أو تحققتَ ممن يُدفع لهم فلا تعتمد صرفهم: اطلب ذلك من معتمِد آخر",
            "You enrolled or verified people whom this pays: ask another approver");
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
  }

  private ApproveDisbursement() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var standing = Standing.lock(tx, draft.id(), now);
    if (standing.isEmpty()) {
      return new Outcome.NoSuchRequest(draft.id());
    }
    var since = Officer.since(tx, draft.by(), Office.APPROVER, now);
    var outcome = decide(standing.get(), draft, since.isPresent());
    return outcome instanceof Outcome.Approved
        ? approve(tx, standing.get(), draft, since, now)
        : outcome;
  }

  /** A repeated approval comes first: whoever approved is told so, even after the payment. */
  static Outcome decide(Standing standing, Draft draft, boolean inOffice) {
    int have = standing.approvers().size();
    if (standing.version() == draft.version() && standing.approvers().contains(draft.by())) {
      return new Outcome.AlreadyApproved(
          standing.version(), have, standing.needed(), standing.reserved());
    }
    if (!inOffice) {
      return new Outcome.NotApprover();
    }
    if (standing.creator() == draft.by()) {
      return new Outcome.OwnRequest();
    }
    if (standing.payeeMembers().contains(draft.by())) {
      return new Outcome.BelongsToPayee();
    }
    if (standing.peopleHands().contains(draft.by())) {
      return new Outcome.HandlesItsPeople();
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
    return new Outcome.Approved(draft.version(), have + 1, standing.needed(), false);
  }

  private static Outcome approve(
      SqlConnection tx, Standing standing, Draft draft, Optional<Instant> since, Instant now) {
    var fields =
        Tuple.of(
            draft.id().value(),
            draft.version(),
            standing.creator(),
            draft.by(),
            Database.utc(since.orElseThrow()),
            Database.utc(now));
    tx.preparedQuery(APPROVE).execute(fields).await();
    int have = standing.approvers().size() + 1;
    boolean reserved =
        standing.reserved()
            || have >= standing.needed()
                && standing.reserve(tx, draft.by(), now) == Standing.Reserved.RESERVED;
    return new Outcome.Approved(draft.version(), have, standing.needed(), reserved);
  }

  private static final String APPROVE =
      """
      INSERT INTO fund.approval (disbursement, version, creator, approver, since, approved_at)
      VALUES ($1, $2, $3, $4, $5, $6)\
      """;
}
