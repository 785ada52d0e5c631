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
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * Enrols a person in a programme for one period: once, whichever partner they come to. The number
 * of their paper becomes a token and is not kept.
 */
public final class EnrolPerson {

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param contact by which the person themselves is asked whether it came
   * @param by an account of the payee, or a requester's
   */
  public record Draft(
      String key,
      long programme,
      int period,
      IdKind kind,
      String number,
      PayeeId payee,
      Optional<Payee.Contact> contact,
      long by) {}

  public sealed interface Outcome {
    record Enrolled(long entitlement) implements Outcome {}

    record AlreadyEnrolled(long entitlement) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.KEY_USED;
      }
    }

    record NoSuchProgramme(long programme) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا برنامج برقم " + programme + ": راجع الرقم",
            "There is no programme " + programme + ": check the number");
      }
    }

    record NoSuchPayee(PayeeId payee) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchPayee(payee);
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "يسجل الناس أعضاء الجهة أو طالب صرف: اطلب ذلك من أحدهم",
            "The payee's people or a requester enrol: ask one of them");
      }
    }

    /** By this partner or another: which one is nobody's business. */
    record EntitledAlready(int period) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "هذا الشخص مسجل في هذا البرنامج للفترة " + period + ": لا يُسجل مرتين",
            "This person is enrolled for period " + period + " already, and is not twice");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private final PersonTokens tokens;

  public EnrolPerson(PersonTokens tokens) {
    this.tokens = tokens;
  }

  public Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var programme = Entitlements.findProgramme(tx, draft.programme());
    if (programme.isEmpty()) {
      return new Outcome.NoSuchProgramme(draft.programme());
    }
    var plain = draft.kind().plain(draft.number());
    var flaws = flaws(draft, programme.get(), plain);
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    if (Payees.find(tx, draft.payee()).isEmpty()) {
      return new Outcome.NoSuchPayee(draft.payee());
    }
    return mayEnrol(tx, draft, now)
        ? enrol(tx, draft, programme.get(), tokens.token(draft.kind(), plain.get()), now)
        : new Outcome.NotAllowed();
  }

  static List<Flaw> flaws(Draft draft, Programme programme, Optional<String> plain) {
    var form = draft.kind().words();
    return new Flaws()
        .key(draft.key())
        .unless(plain.isPresent(), "number", form.ar(), form.en())
        .unless(
            draft.period() >= 1 && draft.period() <= programme.periods(),
            "period",
            "لهذا البرنامج فترات من 1 إلى " + programme.periods(),
            "This programme has periods 1 to " + programme.periods())
        .found();
  }

  private static boolean mayEnrol(SqlConnection tx, Draft draft, Instant now) {
    var member = Tuple.of(draft.payee().value(), draft.by());
    return Officer.holds(tx, draft.by(), Office.REQUESTER, now)
        || tx.preparedQuery(FIND_MEMBER).execute(member).await().size() == 1;
  }

  private Outcome enrol(
      SqlConnection tx, Draft draft, Programme programme, Buffer token, Instant now) {
    var contact = draft.contact().map(one -> tokens.veiled(one.phone().e164()));
    var hash =
        Content.hash(
            draft.programme(),
            draft.period(),
            token,
            draft.payee().value(),
            contact,
            draft.contact().map(Payee.Contact::language),
            draft.by());
    var fields =
        Tuple.of(
            draft.programme(),
            token,
            draft.period(),
            draft.payee().value(),
            programme.benefit().minor(),
            draft.by(),
            Database.utc(now),
            draft.key(),
            hash);
    var enrolled = tx.preparedQuery(ENROL).execute(fields).await();
    if (enrolled.size() == 0) {
      return repeated(tx, draft, hash);
    }
    long id = enrolled.iterator().next().getLong(0);
    draft.contact().ifPresent(one -> reach(tx, id, one));
    return new Outcome.Enrolled(id);
  }

  private static Outcome repeated(SqlConnection tx, Draft draft, Buffer hash) {
    for (var row : tx.preparedQuery(FIND_FIRST).execute(Tuple.of(draft.key())).await()) {
      return row.getBuffer("request_hash").equals(hash)
          ? new Outcome.AlreadyEnrolled(row.getLong("id"))
          : new Outcome.DiffersFromFirst();
    }
    return new Outcome.EntitledAlready(draft.period());
  }

  private static void reach(SqlConnection tx, long id, Payee.Contact contact) {
    var fields = Tuple.of(id, contact.phone().e164(), contact.language().tag());
    tx.preparedQuery(ADD_CONTACT).execute(fields).await();
  }

  private static final String FIND_MEMBER =
      "SELECT FROM fund.payee_member WHERE payee = $1 AND account = $2";

  private static final String ENROL =
      """
      INSERT INTO fund.entitlement
        (programme, token, period, payee, minor, enrolled_by, enrolled_at, idem_key, request_hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT DO NOTHING RETURNING id\
      """;

  private static final String FIND_FIRST =
      "SELECT id, request_hash FROM fund.entitlement WHERE idem_key = $1";

  private static final String ADD_CONTACT =
      "INSERT INTO fund.entitled_contact (entitlement, phone, language) VALUES ($1, $2, $3)";
}
