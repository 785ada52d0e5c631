package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Words;

/** Disbursement requests as officers read them. */
public final class Disbursements {
  private static final int LIST_MAX = 200;

  private Disbursements() {}

  public static Optional<Disbursement> find(SqlClient conn, DisbursementId id) {
    return conn.preparedQuery(FIND_ONE).execute(Tuple.of(id.value())).await().stream()
        .map(Disbursements::disbursement)
        .findFirst();
  }

  /** Those of a fund, newest first. */
  public static List<Disbursement> list(SqlClient conn, FundId fund) {
    var fields = Tuple.of(fund.value(), LIST_MAX);
    return conn.preparedQuery(LIST_OF_FUND).execute(fields).await().stream()
        .map(Disbursements::disbursement)
        .toList();
  }

  /** Those of all funds, newest first. */
  public static List<Disbursement> list(SqlClient conn) {
    return conn.preparedQuery(LIST_ALL).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(Disbursements::disbursement)
        .toList();
  }

  /** Every version of a request, oldest first. */
  public static List<Disbursement.Version> versions(SqlClient conn, DisbursementId id) {
    return conn.preparedQuery(LIST_VERSIONS).execute(Tuple.of(id.value())).await().stream()
        .map(Disbursements::version)
        .toList();
  }

  /** What is different in the latest version from the one that somebody saw. */
  public static List<Disbursement.Change> changesSince(
      SqlClient conn, DisbursementId id, int seen) {
    var versions = versions(conn, id);
    if (seen < 1 || seen >= versions.size()) {
      return List.of();
    }
    return changes(versions.get(seen - 1), versions.getLast());
  }

  static List<Disbursement.Change> changes(
      Disbursement.Version before, Disbursement.Version after) {
    var changes = new ArrayList<Disbursement.Change>();
    change(changes, "amount", before.amount().toString(), after.amount().toString());
    change(changes, "payee.ar", before.payeeName().ar(), after.payeeName().ar());
    change(changes, "payee.en", before.payeeName().en(), after.payeeName().en());
    change(changes, "iban", before.iban(), after.iban());
    change(changes, "purpose", before.purpose(), after.purpose());
    change(changes, "evidence", before.evidence(), after.evidence());
    change(changes, "initiative", cited(before), cited(after));
    change(changes, "entitlements", listed(before), listed(after));
    change(changes, "use.ar", before.use().words().ar(), after.use().words().ar());
    change(changes, "use.en", before.use().words().en(), after.use().words().en());
    return List.copyOf(changes);
  }

  private static String cited(Disbursement.Version version) {
    return version.initiative().map(cited -> "#" + cited.initiative()).orElse("");
  }

  private static String listed(Disbursement.Version version) {
    return version.entitlements().stream().map(id -> "#" + id).collect(Collectors.joining(" "));
  }

  private static void change(
      List<Disbursement.Change> changes, String field, String before, String after) {
    if (!before.equals(after)) {
      changes.add(new Disbursement.Change(field, before, after));
    }
  }

  private static Disbursement disbursement(Row row) {
    var currency = row.getString("currency");
    var approvers = row.getArrayOfLongs("approvers");
    var approvedAt = row.getArrayOfOffsetDateTimes("approved_at");
    var approvals =
        IntStream.range(0, approvers.length)
            .mapToObj(i -> new Disbursement.Approval(approvers[i], approvedAt[i].toInstant()))
            .toList();
    var withdrawal =
        Optional.ofNullable(row.getLong("withdrawn_by"))
            .map(
                by ->
                    new Disbursement.Withdrawal(
                        by, at(row, "withdrawn_at").toInstant(), row.getString("why")));
    var payment =
        Optional.ofNullable(row.getLong("payment"))
            .map(
                id ->
                    new Payment(
                        id,
                        row.getString("end_to_end"),
                        PaymentState.of(row.getString("payment_state")),
                        at(row, "paid_at").toInstant()));
    return new Disbursement(
        new DisbursementId(row.getLong("id")),
        new FundId(row.getLong("fund")),
        new Words(row.getString("fund_ar"), row.getString("fund_en")),
        row.getLong("creator"),
        at(row, "requested_at").toInstant(),
        version(row),
        approvals,
        row.getInteger("needed"),
        row.getBoolean("reserved"),
        withdrawal,
        payment,
        Money.of(row.getLong("delivered"), currency));
  }

  private static Disbursement.Version version(Row row) {
    return new Disbursement.Version(
        row.getInteger("version"),
        new PayeeId(row.getLong("payee")),
        new Words(row.getString("payee_ar"), row.getString("payee_en")),
        row.getString("iban"),
        Money.of(row.getLong("minor"), row.getString("currency")),
        row.getString("purpose"),
        row.getString("evidence"),
        Optional.ofNullable(row.getLong("initiative"))
            .map(id -> new Disbursement.Cited(id, words(row, "initiative"))),
        List.of(row.getArrayOfLongs("entitlements")),
        Use.of(row.getString("category"), row.getString("region"), row.getString("target_group")),
        at(row, "written_at").toInstant());
  }

  private static Words words(Row row, String what) {
    return new Words(row.getString(what + "_ar"), row.getString(what + "_en"));
  }

  private static OffsetDateTime at(Row row, String column) {
    return row.getOffsetDateTime(column);
  }

  private static final String VERSION =
      """
      v.version, v.payee, y.name_ar AS payee_ar, y.name_en AS payee_en, i.iban, v.minor,
      d.currency, v.purpose, v.evidence, v.written_at, v.initiative, n.name_ar AS initiative_ar,
      n.name_en AS initiative_en, v.category, v.region, v.target_group,
      ARRAY(SELECT l.entitlement FROM fund.disbursement_entitlement l
            WHERE (l.disbursement, l.version) = (d.id, v.version) ORDER BY 1) AS entitlements
      """;

  private static final String DISBURSEMENT =
      "SELECT "
          + VERSION
          + """
          , d.id, d.fund, f.name_ar AS fund_ar, f.name_en AS fund_en, d.creator, d.requested_at,
            ARRAY(SELECT a.approver FROM fund.approval a
                  WHERE a.disbursement = d.id AND a.version = v.version
                  ORDER BY a.approved_at, a.approver) AS approvers,
            ARRAY(SELECT a.approved_at FROM fund.approval a
                  WHERE a.disbursement = d.id AND a.version = v.version
                  ORDER BY a.approved_at, a.approver) AS approved_at,
            fund.approvals_needed(d.currency, v.minor, coalesce(p.paid_at, 'infinity')) AS needed,
            EXISTS (SELECT FROM fund.reservation r
                    WHERE r.disbursement = d.id AND r.version = v.version
                      AND NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry))
              AS reserved,
            w.withdrawn_by, w.withdrawn_at, w.why,
            p.id AS payment, p.end_to_end, p.paid_at, step.state AS payment_state,
            CASE WHEN EXISTS (SELECT FROM fund.entitlement_payment e WHERE e.payment = p.id)
              THEN (SELECT coalesce(sum(t.minor), 0) FROM fund.entitlement_payment e
                    JOIN fund.entitlement t ON t.id = e.entitlement
                    WHERE e.payment = p.id AND fund.has_reached(e.entitlement, p.id))
              ELSE (SELECT coalesce(sum(t.minor), 0) FROM fund.delivery t WHERE t.payment = p.id)
            END::bigint AS delivered
          FROM fund.disbursement d
          JOIN fund.fund f ON f.id = d.fund
          JOIN LATERAL (SELECT v.* FROM fund.disbursement_version v
                        WHERE v.disbursement = d.id ORDER BY v.version DESC LIMIT 1) v ON true
          JOIN fund.payee y ON y.id = v.payee
          JOIN fund.payee_iban i ON i.payee = v.payee AND i.n = v.iban_n
          LEFT JOIN fund.initiative n ON n.id = v.initiative
          LEFT JOIN fund.withdrawal w ON w.disbursement = d.id
          LEFT JOIN fund.payment p ON (p.disbursement, p.version) = (d.id, v.version)
          LEFT JOIN LATERAL (SELECT k.state FROM fund.payment_step k WHERE k.payment = p.id
                             ORDER BY k.n DESC LIMIT 1) step ON true
          """;

  private static final String FIND_ONE = DISBURSEMENT + "WHERE d.id = $1";

  private static final String LIST_OF_FUND =
      DISBURSEMENT + "WHERE d.fund = $1 ORDER BY d.id DESC LIMIT $2";

  private static final String LIST_ALL = DISBURSEMENT + "ORDER BY d.id DESC LIMIT $1";

  private static final String LIST_VERSIONS =
      "SELECT "
          + VERSION
          + """
          FROM fund.disbursement d
          JOIN fund.disbursement_version v ON v.disbursement = d.id
          JOIN fund.payee y ON y.id = v.payee
          JOIN fund.payee_iban i ON i.payee = v.payee AND i.n = v.iban_n
          LEFT JOIN fund.initiative n ON n.id = v.initiative
          WHERE d.id = $1 ORDER BY v.version\
          """;
}
