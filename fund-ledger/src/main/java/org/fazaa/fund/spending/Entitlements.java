package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** Programmes and what people are entitled to. */
public final class Entitlements {
  private static final int LIST_MAX = 500;

  /** What a request says that its entitlements must come to. */
  record Whole(FundId fund, PayeeId payee, long minor, Optional<Long> initiative) {}

  /** Why entitlements cannot be paid by a request. */
  public sealed interface Unpayable extends Refusal {
    record Unknown(long entitlement) implements Unpayable {
      @Override
      public Words words() {
        return new Words(
            "لا مستحق برقم " + entitlement + "، أو ذُكر مرتين: راجع الأرقام",
            "There is no entitlement " + entitlement + ", or it is named twice: check the numbers");
      }
    }

    record OfAnother(long entitlement) implements Unpayable {
      @Override
      public Words words() {
        return new Words(
            "المستحق " + entitlement + " لجهة أو صندوق أو مبادرة أخرى: احذفه من الطلب",
            "Entitlement " + entitlement + " is another payee's, fund's or initiative's: leave it");
      }
    }

    record Unverified(long entitlement) implements Unpayable {
      @Override
      public Words words() {
        return new Words(
            "لم يتحقق أحد من المستحق رقم " + entitlement + ": ليتحقق منه شخص آخر أولًا",
            "Nobody has verified entitlement " + entitlement + ": have it verified first");
      }
    }

    record Paid(long entitlement) implements Unpayable {
      @Override
      public Words words() {
        return new Words(
            "دُفع المستحق رقم " + entitlement + " في طلب آخر: احذفه من الطلب",
            "Entitlement " + entitlement + " is paid by another request: leave it out");
      }
    }

    record OtherSum(Money sum) implements Unpayable {
      @Override
      public Words words() {
        return new Words(
            "مجموع المستحقات المذكورة " + sum + ": اكتب هذا المبلغ",
            "The entitlements named come to " + sum + ": ask for that amount");
      }
    }
  }

  private Entitlements() {}

  public static Optional<Programme> findProgramme(SqlClient conn, long id) {
    return conn.preparedQuery(FIND_PROGRAMME).execute(Tuple.of(id)).await().stream()
        .map(Entitlements::programme)
        .findFirst();
  }

  /** Those of all funds, newest first. */
  public static List<Programme> programmes(SqlClient conn) {
    return conn.preparedQuery(LIST_PROGRAMMES).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(Entitlements::programme)
        .toList();
  }

  public static Optional<Entitlement> find(SqlClient conn, long id) {
    return conn.preparedQuery(FIND).execute(Tuple.of(id)).await().stream()
        .map(Entitlements::entitlement)
        .findFirst();
  }

  /** Those of a programme, newest first. */
  public static List<Entitlement> list(SqlClient conn, long programme) {
    return conn.preparedQuery(LIST).execute(Tuple.of(programme, LIST_MAX)).await().stream()
        .map(Entitlements::entitlement)
        .toList();
  }

  /** The first reason why these cannot be paid by such a request; none where there are none. */
  static Optional<Unpayable> unpayable(
      SqlClient conn, List<Long> ids, Whole whole, Optional<DisbursementId> request) {
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    var seen = new HashSet<Long>();
    long minor = 0;
    String currency = null;
    for (long id : ids) {
      var rows = conn.preparedQuery(FIND_PAYABLE).execute(Tuple.of(id)).await();
      if (rows.size() == 0 || !seen.add(id)) {
        return Optional.of(new Unpayable.Unknown(id));
      }
      var row = rows.iterator().next();
      var reason = unpayable(row, id, whole, request);
      if (reason.isPresent()) {
        return reason;
      }
      minor += row.getLong("minor");
      currency = row.getString("currency");
    }
    return minor == whole.minor()
        ? Optional.empty()
        : Optional.of(new Unpayable.OtherSum(Money.of(minor, currency)));
  }

  private static Optional<Unpayable> unpayable(
      Row row, long id, Whole whole, Optional<DisbursementId> request) {
    var initiative = row.getLong("initiative");
    if (row.getLong("fund") != whole.fund().value()
        || row.getLong("payee") != whole.payee().value()
        || initiative != null && !whole.initiative().equals(Optional.of(initiative))) {
      return Optional.of(new Unpayable.OfAnother(id));
    }
    if (!row.getBoolean("verified")) {
      return Optional.of(new Unpayable.Unverified(id));
    }
    var paidBy = Optional.ofNullable(row.getLong("request")).map(DisbursementId::new);
    return paidBy.isPresent() && !paidBy.equals(request)
        ? Optional.of(new Unpayable.Paid(id))
        : Optional.empty();
  }

  private static Programme programme(Row row) {
    return new Programme(
        row.getLong("id"),
        new FundId(row.getLong("fund")),
        new Words(row.getString("fund_ar"), row.getString("fund_en")),
        Optional.ofNullable(row.getLong("initiative")),
        new Words(row.getString("name_ar"), row.getString("name_en")),
        Money.of(row.getLong("minor"), row.getString("currency")),
        row.getLocalDate("starts_on"),
        Programme.Every.of(row.getString("every")),
        row.getInteger("periods"));
  }

  private static Entitlement entitlement(Row row) {
    return new Entitlement(
        row.getLong("id"),
        row.getLong("programme"),
        new Words(row.getString("programme_ar"), row.getString("programme_en")),
        row.getInteger("period"),
        new PayeeId(row.getLong("payee")),
        new Words(row.getString("payee_ar"), row.getString("payee_en")),
        row.getString("mark"),
        Money.of(row.getLong("minor"), row.getString("currency")),
        row.getLong("enrolled_by"),
        row.getOffsetDateTime("enrolled_at").toInstant(),
        Optional.ofNullable(row.getLong("verified_by")),
        Optional.ofNullable(row.getLong("request")).map(DisbursementId::new),
        Entitlement.State.of(row.getString("state")));
  }

  private static final String PROGRAMME =
      """
      SELECT g.id, g.fund, f.name_ar AS fund_ar, f.name_en AS fund_en, f.currency, g.initiative,
             g.name_ar, g.name_en, g.minor, g.starts_on, g.every, g.periods
      FROM fund.programme g JOIN fund.fund f ON f.id = g.fund
      """;

  private static final String FIND_PROGRAMME = PROGRAMME + "WHERE g.id = $1";

  private static final String LIST_PROGRAMMES = PROGRAMME + "ORDER BY g.id DESC LIMIT $1";

  private static final String PAID_BY =
      """
      LEFT JOIN LATERAL (
        SELECT e.payment, p.disbursement AS request, fund.payment_state(p.id) AS paid,
               q.id AS question
        FROM fund.entitlement_payment e JOIN fund.payment p ON p.id = e.payment
        LEFT JOIN fund.delivery_question q
          ON (q.entitlement, q.payment) = (e.entitlement, e.payment)
        WHERE e.entitlement = t.id AND fund.payment_stands(p.id) LIMIT 1) o ON true
      """;

  private static final String ENTITLEMENT =
      """
      SELECT t.id, t.programme, g.name_ar AS programme_ar, g.name_en AS programme_en, t.period,
             t.payee, y.name_ar AS payee_ar, y.name_en AS payee_en, f.currency,
             encode(substr(t.token, 1, 4), 'hex') AS mark, t.minor, t.enrolled_by, t.enrolled_at,
             k.verified_by, o.request,
             CASE WHEN a.received THEN 'received'
                  WHEN a.received IS FALSE THEN 'missed'
                  WHEN o.question IS NOT NULL THEN 'asked'
                  WHEN o.paid = 'confirmed' THEN 'confirmed'
                  WHEN o.request IS NOT NULL THEN 'ordered'
                  WHEN k.verified_by IS NOT NULL THEN 'verified'
                  ELSE 'enrolled' END AS state
      FROM fund.entitlement t
      JOIN fund.programme g ON g.id = t.programme
      JOIN fund.fund f ON f.id = g.fund
      JOIN fund.payee y ON y.id = t.payee
      LEFT JOIN fund.verification k ON k.entitlement = t.id
      """
          + PAID_BY
          + """
          LEFT JOIN LATERAL (SELECT a.received FROM fund.delivery_answer a
                             WHERE a.question = o.question ORDER BY a.n DESC LIMIT 1) a ON true
          """;

  private static final String FIND = ENTITLEMENT + "WHERE t.id = $1";

  private static final String LIST =
      ENTITLEMENT + "WHERE t.programme = $1 ORDER BY t.id DESC LIMIT $2";

  private static final String FIND_PAYABLE =
      """
      SELECT t.minor, t.payee, g.fund, g.initiative, f.currency, o.request,
             EXISTS (SELECT FROM fund.verification k WHERE k.entitlement = t.id) AS verified
      FROM fund.entitlement t
      JOIN fund.programme g ON g.id = t.programme
      JOIN fund.fund f ON f.id = g.fund
      """
          + PAID_BY
          + "WHERE t.id = $1";
}
