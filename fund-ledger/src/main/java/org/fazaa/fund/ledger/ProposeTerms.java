package org.fazaa.fund.ledger;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Terms.What;

/**
 * An officer proposes to change what a fund says of its money: one more rule of its use, the end of
 * a rule, another closing day. Nothing changes before another officer confirms it.
 */
public final class ProposeTerms {
  static final List<Office> OFFICES = List.of(Office.REQUESTER, Office.APPROVER, Office.TREASURER);
  private static final int WHY_MAX = 1_000;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   */
  public record Draft(String key, FundId fund, What what, String why, long by) {}

  public sealed interface Outcome {
    record Proposed(long change) implements Outcome {}

    record AlreadyProposed(long change) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "استُعمل مفتاح التكرار هذا لأمر آخر: استعمل مفتاحًا جديدًا",
            "This idempotency key was used for something else: use a new key");
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

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "هذا لطالب الصرف والمعتمِد وأمين الصندوق: اطلب ذلك من أحدهم",
            "Requesters, approvers and treasurers do this: ask one of them");
      }
    }

    record FundClosed(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أُغلق هذا الصندوق فلا يتغير يوم إغلاقه: افتح صندوقًا جديدًا",
            "This fund is closed and its day does not change: open another fund");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private ProposeTerms() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var fund = Funds.find(tx, draft.fund());
    if (fund.isEmpty()) {
      return new Outcome.NoSuchFund(draft.fund());
    }
    var terms = Terms.find(tx, draft.fund()).orElseThrow();
    var hash = Content.hash(draft.fund().value(), draft.what(), draft.why(), draft.by());
    var first = first(tx, draft.key(), hash);
    if (first.isPresent()) {
      return first.get();
    }
    var flaws = flaws(draft, fund.get(), terms, LocalDate.ofInstant(now, Terms.ZONE));
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var officer = Officer.in(tx, draft.by(), OFFICES, now);
    if (officer.isEmpty()) {
      return new Outcome.NotAllowed();
    }
    if (draft.what() instanceof What.ClosingDay && !fund.get().open()) {
      return new Outcome.FundClosed(draft.fund());
    }
    return new Outcome.Proposed(propose(tx, draft, hash, officer.get(), now));
  }

  static List<Flaw> flaws(Draft draft, Fund fund, Terms terms, LocalDate today) {
    var flaws = new Flaws().key(draft.key()).text("why", draft.why(), WHY_MAX);
    switch (draft.what()) {
      case What.AddRule(var use) -> {
        OpenFund.use(flaws, "use", use, fund.restriction());
        flaws.unless(
            terms.inForce().stream().noneMatch(rule -> rule.use().equals(use)),
            "use",
            "هذا الضابط قائم: اختر غيره",
            "There is such a rule already: choose another");
      }
      case What.EndRule(var rule) ->
          flaws.unless(
              terms.inForce().stream().anyMatch(one -> one.id() == rule),
              "rule",
              "لا ضابط قائمًا بهذا الرقم في الصندوق: راجع الرقم",
              "The fund has no such rule in force: check the number");
      case What.ClosingDay(var day) ->
          flaws.unless(
              !day.isBefore(today),
              "closes_on",
              "هذا اليوم مضى: اختر اليوم أو يومًا بعده",
              "This day is over: choose today or a later day");
    }
    return flaws.found();
  }

  private static Optional<Outcome> first(SqlConnection tx, String key, Buffer hash) {
    return tx.preparedQuery(FIND_FIRST).execute(Tuple.of(key)).await().stream()
        .map(
            row ->
                row.getBuffer("request_hash").equals(hash)
                    ? new Outcome.AlreadyProposed(row.getLong("id"))
                    : (Outcome) new Outcome.DiffersFromFirst())
        .findFirst();
  }

  private static long propose(
      SqlConnection tx, Draft draft, Buffer hash, Officer officer, Instant now) {
    var use = draft.what() instanceof What.AddRule add ? Optional.of(add.use()) : NO_USE;
    var fields =
        Tuple.tuple()
            .addLong(draft.fund().value())
            .addString(kind(draft.what()))
            .addString(use.map(one -> one.category().tag()).orElse(null))
            .addString(use.map(one -> one.region().tag()).orElse(null))
            .addString(use.map(one -> one.targetGroup().tag()).orElse(null))
            .addLong(draft.what() instanceof What.EndRule end ? (Long) end.rule() : null)
            .addLocalDate(draft.what() instanceof What.ClosingDay day ? day.closesOn() : null)
            .addString(draft.why())
            .addLong(draft.by())
            .addString(officer.office().tag())
            .addOffsetDateTime(Database.utc(officer.since()))
            .addOffsetDateTime(Database.utc(now))
            .addString(draft.key())
            .addBuffer(hash);
    return tx.preparedQuery(PROPOSE).execute(fields).await().iterator().next().getLong(0);
  }

  private static String kind(What what) {
    return switch (what) {
      case What.AddRule add -> "rule";
      case What.EndRule end -> "end_rule";
      case What.ClosingDay day -> "closing_day";
    };
  }

  private static final Optional<Use> NO_USE = Optional.empty();

  private static final String FIND_FIRST =
      "SELECT id, request_hash FROM fund.terms_change WHERE idem_key = $1";

  private static final String PROPOSE =
      """
      INSERT INTO fund.terms_change
        (fund, kind, category, region, target_group, rule, closes_on, why, proposed_by, office,
         since, proposed_at, idem_key, request_hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id\
      """;
}
