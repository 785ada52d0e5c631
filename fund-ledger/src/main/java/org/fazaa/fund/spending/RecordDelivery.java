package org.fazaa.fund.spending;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** What a payment has become for people, as its partner says with evidence. */
public final class RecordDelivery {
  private static final int EVIDENCE_MAX = 2_000;
  private static final int PEOPLE_MAX = 10_000_000;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param people how many it reached
   * @param by an account of the payee, or the requester's
   */
  public record Draft(
      String key, DisbursementId id, Money amount, int people, String evidence, long by) {}

  public sealed interface Outcome {
    record Delivered(Money inAll) implements Outcome {}

    record AlreadyRecorded(Money inAll) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "استُعمل مفتاح التكرار هذا لتسليم آخر: استعمل مفتاحًا جديدًا",
            "This idempotency key recorded another delivery: use a new key");
      }
    }

    record NotPaid(DisbursementId id) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لم يُدفع الطلب " + id.value() + " بعد: لا تسليم قبل الدفع",
            "Request " + id.value() + " has not been paid: nothing can be delivered of it yet");
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "يسجل التسليم أحد أعضاء الجهة أو طالب صرف: اطلب ذلك من أحدهم",
            "Deliveries are recorded by the payee's people or a requester: ask one of them");
      }
    }

    record MoreThanPaid(Money left) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "بقي من هذه الدفعة " + left + " فقط: صحح المبلغ",
            "Only " + left + " of this payment is left: correct the amount");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private RecordDelivery() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = flaws(draft);
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var found = Standing.lock(tx, draft.id(), now);
    if (found.flatMap(Standing::payment).filter(paid -> !paid.state().cameBack()).isEmpty()) {
      return new Outcome.NotPaid(draft.id());
    }
    var standing = found.get();
    boolean allowed =
        standing.payeeMembers().contains(draft.by())
            || Officer.holds(tx, draft.by(), Office.REQUESTER, now);
    long payment = standing.payment().get().id();
    var outcome =
        decide(standing, draft, allowed, firstWith(tx, draft.key()), delivered(tx, payment));
    if (outcome instanceof Outcome.Delivered) {
      record(tx, payment, standing, draft, now);
    }
    return outcome;
  }

  static List<Flaw> flaws(Draft draft) {
    return new Flaws()
        .key(draft.key())
        .money("amount", draft.amount())
        .unless(
            draft.people() > 0 && draft.people() <= PEOPLE_MAX,
            "people",
            "اكتب عدد من وصل إليهم، واحدًا فأكثر",
            "Say how many people it reached, one or more")
        .text("evidence", draft.evidence(), EVIDENCE_MAX)
        .found();
  }

  static Outcome decide(
      Standing standing, Draft draft, boolean allowed, Optional<Buffer> first, long before) {
    var currency = standing.amount().currency();
    if (!allowed) {
      return new Outcome.NotAllowed();
    }
    if (first.isPresent()) {
      return first.get().equals(hash(draft))
          ? new Outcome.AlreadyRecorded(new Money(before, currency))
          : new Outcome.DiffersFromFirst();
    }
    long left = standing.amount().minor() - before;
    if (!draft.amount().currency().equals(currency) || draft.amount().minor() > left) {
      return new Outcome.MoreThanPaid(new Money(left, currency));
    }
    return new Outcome.Delivered(new Money(before + draft.amount().minor(), currency));
  }

  private static Optional<Buffer> firstWith(SqlConnection tx, String key) {
    return tx.preparedQuery(FIND_FIRST).execute(Tuple.of(key)).await().stream()
        .findFirst()
        .map(row -> row.getBuffer(0));
  }

  private static long delivered(SqlConnection tx, long payment) {
    var row = tx.preparedQuery(SUM_DELIVERED).execute(Tuple.of(payment)).await();
    return row.iterator().next().getLong(0);
  }

  private static void record(
      SqlConnection tx, long payment, Standing standing, Draft draft, Instant now) {
    var fields =
        Tuple.tuple()
            .addLong(payment)
            .addLong(standing.fund().value())
            .addLong(draft.amount().minor())
            .addInteger(draft.people())
            .addString(draft.evidence())
            .addLong(draft.by())
            .addOffsetDateTime(Database.utc(now))
            .addString(draft.key())
            .addBuffer(hash(draft));
    tx.preparedQuery(RECORD).execute(fields).await();
  }

  private static Buffer hash(Draft draft) {
    return Content.hash(
        draft.id().value(), draft.amount(), draft.people(), draft.evidence(), draft.by());
  }

  private static final String FIND_FIRST =
      "SELECT request_hash FROM fund.delivery WHERE idem_key = $1";

  private static final String SUM_DELIVERED =
      "SELECT coalesce(sum(minor), 0)::bigint FROM fund.delivery WHERE payment = $1";

  private static final String RECORD =
      """
      INSERT INTO fund.delivery
        (payment, fund, minor, people, evidence, told_by, told_at, idem_key, request_hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)\
      """;
}
