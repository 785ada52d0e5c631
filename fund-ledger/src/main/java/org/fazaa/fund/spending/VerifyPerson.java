package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * Somebody other than the enroller, and not of the partner, made sure that a person is real and in
 * need. Whoever did neither approves nor pays what the person gets.
 */
public final class VerifyPerson {
  private static final int EVIDENCE_MAX = 1_000;

  /** How it was made sure of. */
  public enum Method {
    VISIT("زيارة", "A visit"),
    CALL("مكالمة", "A call"),
    DOCUMENT("وثيقة", "A document"),
    REGISTRY("سجل رسمي", "An official registry");

    private final Words words;

    Method(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Method of(String tag) {
      return valueOf(tag.toUpperCase(Locale.ROOT));
    }
  }

  public record Draft(long entitlement, Method method, String evidence, long by) {}

  public sealed interface Outcome {
    record Verified() implements Outcome {}

    record AlreadyVerified(long by) implements Outcome {}

    record NoSuchEntitlement(long entitlement) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا مستحق برقم " + entitlement + ": راجع الرقم",
            "There is no entitlement " + entitlement + ": check the number");
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "التحقق من الناس لطالب الصرف والمعتمِد: اطلب ذلك من أحدهما",
            "Requesters and approvers verify people: ask one of them");
      }
    }

    record OwnEnrolment() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "سجّلتَ هذا الشخص بنفسك: يجب أن يتحقق منه شخص آخر",
            "You enrolled this person yourself: somebody else must verify them");
      }
    }

    record BelongsToPayee() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أنت من الجهة التي تدفع له: يتحقق منه من ليس منها",
            "You belong to the partner that pays them: somebody outside it must verify");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private static final List<Office> OFFICES = List.of(Office.APPROVER, Office.REQUESTER);

  private VerifyPerson() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = new Flaws().text("evidence", draft.evidence(), EVIDENCE_MAX).found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    tx.preparedQuery(LOCK).execute(Tuple.of("fund.verification " + draft.entitlement())).await();
    var found = Entitlements.find(tx, draft.entitlement());
    if (found.isEmpty()) {
      return new Outcome.NoSuchEntitlement(draft.entitlement());
    }
    var officer = Officer.in(tx, draft.by(), OFFICES, now);
    var member = Tuple.of(found.get().payee().value(), draft.by());
    boolean ofPayee = tx.preparedQuery(FIND_MEMBER).execute(member).await().size() == 1;
    var outcome = decide(found.get(), draft, officer.isPresent(), ofPayee);
    if (outcome instanceof Outcome.Verified) {
      verify(tx, draft, found.get(), officer.orElseThrow(), now);
    }
    return outcome;
  }

  static Outcome decide(Entitlement one, Draft draft, boolean inOffice, boolean ofPayee) {
    if (!inOffice) {
      return new Outcome.NotAllowed();
    }
    if (one.verifiedBy().isPresent()) {
      return new Outcome.AlreadyVerified(one.verifiedBy().get());
    }
    if (one.enrolledBy() == draft.by()) {
      return new Outcome.OwnEnrolment();
    }
    return ofPayee ? new Outcome.BelongsToPayee() : new Outcome.Verified();
  }

  private static void verify(
      SqlConnection tx, Draft draft, Entitlement one, Officer officer, Instant now) {
    var fields =
        Tuple.of(
            one.id(),
            one.enrolledBy(),
            draft.by(),
            officer.office().tag(),
            Database.utc(officer.since()),
            Database.utc(now),
            draft.method().tag(),
            draft.evidence());
    tx.preparedQuery(VERIFY).execute(fields).await();
  }

  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

  private static final String FIND_MEMBER =
      "SELECT FROM fund.payee_member WHERE payee = $1 AND account = $2";

  private static final String VERIFY =
      """
      INSERT INTO fund.verification
        (entitlement, enrolled_by, verified_by, office, since, verified_at, method, evidence)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)\
      """;
}
