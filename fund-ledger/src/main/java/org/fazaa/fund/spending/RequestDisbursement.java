package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Words;

/** Asks for money of a fund to be paid to a payee. Nothing moves before others approve it. */
public final class RequestDisbursement {
  static final int TEXT_MAX = 2_000;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param evidence why it is right to pay: offer, invoice, list; a reference or a few words
   * @param initiative whose budget it is to be paid from
   * @param entitlements of people whom it pays, each once; then the amount is what they come to
   * @param use what the money is for, where and for whom, as the fund must allow
   * @param by a requester's account
   */
  public record Draft(
      String key,
      FundId fund,
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
        String key,
        FundId fund,
        PayeeId payee,
        Money amount,
        String purpose,
        String evidence,
        Use use,
        long by) {
      this(key, fund, payee, amount, purpose, evidence, Optional.empty(), List.of(), use, by);
    }
  }

  public sealed interface Outcome {
    record Requested(DisbursementId id, int version) implements Outcome {}

    record AlreadyRequested(DisbursementId id, int version) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "استُعمل مفتاح التكرار هذا لطلب آخر: استعمل مفتاحًا جديدًا",
            "This idempotency key made a different request: use a new key");
      }
    }

    record NotRequester() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "طلب الصرف لمن عُيّن طالبًا للصرف: اطلب من المدير تعيينك",
            "Only requesters ask for disbursements: have an administrator appoint you");
      }
    }

    record NoSuchFund(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا صندوق برقم " + fund.value() + ": راجع الرقم",
            "There is no fund " + fund.value() + ": check the number");
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

  private RequestDisbursement() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    if (!Officer.holds(tx, draft.by(), Office.REQUESTER, now)) {
      return new Outcome.NotRequester();
    }
    var fund = Funds.find(tx, draft.fund());
    if (fund.isEmpty()) {
      return new Outcome.NoSuchFund(draft.fund());
    }
    var payee = Payees.find(tx, draft.payee());
    if (payee.isEmpty()) {
      return new Outcome.NoSuchPayee(draft.payee());
    }
    var flaws =
        flaws(fund.get(), draft.amount(), draft.purpose(), draft.evidence())
            .key(draft.key())
            .found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    if (draft.initiative().filter(i -> !Initiatives.in(tx, i, draft.fund())).isPresent()) {
      return new Outcome.NoSuchInitiative(draft.initiative().get());
    }
    return request(tx, draft, payee.get(), now);
  }

  static Flaws flaws(Fund fund, Money amount, String purpose, String evidence) {
    return inCurrency(new Flaws(), fund, amount)
        .text("purpose", purpose, TEXT_MAX)
        .text("evidence", evidence, TEXT_MAX);
  }

  static Flaws inCurrency(Flaws flaws, Fund fund, Money amount) {
    return flaws
        .money("amount", amount)
        .unless(
            amount.currency().equals(fund.currency()),
            "amount.currency",
            "هذا الصندوق بعملة " + fund.currency() + ": اكتب المبلغ بها",
            "This fund is kept in " + fund.currency() + ": give the amount in it");
  }

  private static Outcome request(SqlConnection tx, Draft draft, Payee payee, Instant now) {
    var first = first(tx, draft.key());
    if (first.isEmpty()) {
      var whole =
          new Entitlements.Whole(
              draft.fund(), draft.payee(), draft.amount().minor(), draft.initiative());
      var unpayable = Entitlements.unpayable(tx, draft.entitlements(), whole, Optional.empty());
      if (unpayable.isPresent()) {
        return new Outcome.NotPayable(unpayable.get());
      }
      var refused = Terms.refusal(tx, draft.fund(), draft.use(), now);
      if (refused.isPresent()) {
        return new Outcome.UseNotAllowed(refused.get());
      }
    }
    var hash =
        Content.hash(
            draft.fund().value(),
            draft.payee().value(),
            draft.amount(),
            draft.purpose(),
            draft.evidence(),
            draft.initiative(),
            draft.entitlements(),
            draft.use(),
            draft.by());
    var fields =
        Tuple.tuple()
            .addString(draft.key())
            .addBuffer(hash)
            .addLong(draft.fund().value())
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
    var row = tx.preparedQuery(REQUEST).execute(fields).await().iterator().next();
    if (!row.getBoolean("same")) {
      return new Outcome.DiffersFromFirst();
    }
    var id = new DisbursementId(row.getLong("id"));
    if (row.getBoolean("is_new")) {
      return new Outcome.Requested(id, 1);
    }
    var standing = Standing.lock(tx, id, now).orElseThrow();
    return new Outcome.AlreadyRequested(id, standing.version());
  }

  private static Optional<Long> first(SqlConnection tx, String key) {
    return tx.preparedQuery(FIND_FIRST).execute(Tuple.of(key)).await().stream()
        .map(row -> row.getLong(0))
        .findFirst();
  }

  private static final String FIND_FIRST = "SELECT id FROM fund.disbursement WHERE idem_key = $1";

  private static final String REQUEST =
      """
      SELECT id, is_new, same
      FROM fund.request_disbursement($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                                     $15)\
      """;
}
