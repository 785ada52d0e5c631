package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Texts;

/**
 * Adds a partner organisation, or gives one a new IBAN. Somebody else must verify the IBAN before
 * money goes there.
 */
public final class AddPayee {
  private static final int NAME_MAX = 200;
  private static final int MEMBERS_MAX = 200;

  /**
   * @param iban as written, spaces allowed
   * @param members accounts of the organisation's own people, who may not approve its money
   * @param contact who is told there when its IBAN changes
   * @param by a requester's or treasurer's account
   */
  public record Draft(
      Words name, String iban, Set<Long> members, Optional<Payee.Contact> contact, long by) {

    /** Of whom nobody is told. */
    public Draft(Words name, String iban, Set<Long> members, long by) {
      this(name, iban, members, Optional.empty(), by);
    }
  }

  public sealed interface Outcome {
    record Added(PayeeId payee) implements Outcome {}

    /** The IBAN is its payee's own mark: who adds it again is told whose it is. */
    record IbanTaken(PayeeId payee) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "هذا الآيبان مسجل للجهة رقم " + payee.value() + ": اخترها، أو اكتب آيبانًا آخر",
            "This IBAN belongs to payee " + payee.value() + ": choose it, or write another IBAN");
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "إضافة الجهات لطالب الصرف وأمين الصندوق: اطلب ذلك من أحدهما",
            "Requesters and treasurers add payees: ask one of them");
      }
    }

    record NoSuchPayee(PayeeId payee) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا جهة برقم " + payee.value() + ": راجع الرقم",
            "There is no payee " + payee.value() + ": check the number");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private AddPayee() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws =
        flaws(draft.iban())
            .words("name", draft.name(), NAME_MAX)
            .unless(
                draft.members().size() <= MEMBERS_MAX,
                "members",
                "لا تزد على " + MEMBERS_MAX + " عضو",
                "Name at most " + MEMBERS_MAX + " members");
    var refusal = refusal(tx, flaws, draft.iban(), draft.by(), now);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var fields = Tuple.of(draft.name().ar(), draft.name().en(), draft.by(), Database.utc(now));
    var row = tx.preparedQuery(ADD_PAYEE).execute(fields).await().iterator().next();
    var payee = new PayeeId(row.getLong(0));
    var members = draft.members().toArray(Long[]::new);
    tx.preparedQuery(ADD_MEMBERS)
        .execute(Tuple.of(payee.value(), members, Database.utc(now)))
        .await();
    draft
        .contact()
        .ifPresent(
            contact ->
                tx.preparedQuery(ADD_CONTACT)
                    .execute(
                        Tuple.of(
                            payee.value(),
                            contact.phone().e164(),
                            contact.language().tag(),
                            draft.by(),
                            Database.utc(now)))
                    .await());
    return writeIban(tx, payee, draft.iban(), draft.by(), now);
  }

  /**
   * A new IBAN for a payee. Requests that name the old one must be edited to be paid. The contact
   * that was known before is told, by a text that waits in the outbox.
   */
  public static Outcome changeIban(
      SqlConnection tx, PayeeId payee, String iban, long by, Instant now) {
    var refusal = refusal(tx, flaws(iban), iban, by, now);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    var found = Payees.find(tx, payee);
    if (found.isEmpty()) {
      return new Outcome.NoSuchPayee(payee);
    }
    found.get().contact().ifPresent(contact -> tell(tx, found.get(), contact, iban, now));
    return writeIban(tx, payee, iban, by, now);
  }

  private static void tell(
      SqlConnection tx, Payee payee, Payee.Contact contact, String iban, Instant now) {
    var plain = Ibans.plain(iban);
    var name = contact.language() == Language.AR ? payee.name().ar() : payee.name().en();
    var values = Map.of("payee", name, "digits", plain.substring(plain.length() - 4));
    Outbox.add(
        tx,
        new org.fazaa.notifier.Draft(
            contact.phone(),
            contact.language(),
            MessageClass.SERVICE,
            AskDelivery.PURPOSE,
            "payee " + payee.id().value(),
            null,
            Texts.render("iban-changed", contact.language(), values),
            false,
            Occasion.NEWS,
            null,
            Outbox.ANSWERS_FIRST,
            now.plus(VerifyPayee.COOLING_OFF)),
        now);
  }

  static Flaws flaws(String iban) {
    return new Flaws()
        .unless(
            Ibans.valid(iban),
            "iban",
            "الآيبان غير صحيح: انسخه من خطاب البنك، وللسعودي 24 خانة تبدأ بـ SA",
            "This is not a valid IBAN: copy it from the bank's letter (a Saudi one has 24"
                + " characters and begins with SA)");
  }

  private static Optional<Outcome> refusal(
      SqlConnection tx, Flaws flaws, String iban, long by, Instant now) {
    if (!flaws.found().isEmpty()) {
      return Optional.of(new Outcome.Invalid(flaws.found()));
    }
    if (!Officer.holds(tx, by, Office.REQUESTER, now)
        && !Officer.holds(tx, by, Office.TREASURER, now)) {
      return Optional.of(new Outcome.NotAllowed());
    }
    Payees.lock(tx);
    var taken = tx.preparedQuery(FIND_IBAN).execute(Tuple.of(Ibans.plain(iban))).await();
    return taken.stream()
        .findFirst()
        .map(row -> new Outcome.IbanTaken(new PayeeId(row.getLong("payee"))));
  }

  private static Outcome writeIban(
      SqlConnection tx, PayeeId payee, String iban, long by, Instant now) {
    var fields = Tuple.of(payee.value(), Ibans.plain(iban), by, Database.utc(now));
    tx.preparedQuery(WRITE_IBAN).execute(fields).await();
    return new Outcome.Added(payee);
  }

  private static final String ADD_PAYEE =
      """
      INSERT INTO fund.payee (name_ar, name_en, added_by, added_at) VALUES ($1, $2, $3, $4)
      RETURNING id\
      """;

  private static final String ADD_MEMBERS =
      "INSERT INTO fund.payee_member (payee, account, since) SELECT $1, unnest($2::bigint[]), $3";

  private static final String ADD_CONTACT =
      """
      INSERT INTO fund.payee_contact (payee, n, phone, language, written_by, written_at)
      VALUES ($1, 1, $2, $3, $4, $5)\
      """;

  private static final String FIND_IBAN = "SELECT payee FROM fund.payee_iban WHERE iban = $1";

  private static final String WRITE_IBAN =
      """
      INSERT INTO fund.payee_iban (payee, n, iban, written_by, written_at)
      SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4 FROM fund.payee_iban WHERE payee = $1\
      """;
}
