package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.Words;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;

/** The partner organisations. */
public final class Payees {
  private static final int LIST_MAX = 1_000;

  private Payees() {}

  public static Optional<Payee> find(SqlClient conn, PayeeId payee) {
    return conn.preparedQuery(FIND_PAYEE).execute(Tuple.of(payee.value())).await().stream()
        .map(Payees::payee)
        .findFirst();
  }

  public static List<Payee> list(SqlClient conn) {
    return conn.preparedQuery(LIST_PAYEES).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(Payees::payee)
        .toList();
  }

  /** Payees are few and seldom written: one writer at a time, until its transaction ends. */
  static void lock(SqlConnection tx) {
    tx.query(LOCK_PAYEES).execute().await();
  }

  private static Payee payee(Row row) {
    return new Payee(
        new PayeeId(row.getLong("id")),
        new Words(row.getString("name_ar"), row.getString("name_en")),
        row.getString("iban"),
        row.getInteger("n"),
        row.getLong("written_by"),
        Optional.ofNullable(row.getOffsetDateTime("verified_at")).map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getOffsetDateTime("usable_from")).map(OffsetDateTime::toInstant),
        accreditation(row, "entered", row.getBoolean("entered_confirmed")),
        accreditation(row, "force", true),
        Optional.ofNullable(row.getString("phone"))
            .map(
                phone ->
                    new Payee.Contact(new Phone(phone), Language.of(row.getString("language")))));
  }

  private static Optional<Accreditation> accreditation(Row row, String which, Boolean confirmed) {
    return Optional.ofNullable(row.getInteger(which + "_n"))
        .map(
            n ->
                new Accreditation(
                    n,
                    row.getString(which + "_authority"),
                    row.getString(which + "_licence"),
                    row.getLocalDate(which + "_from"),
                    row.getLocalDate(which + "_until"),
                    row.getLong(which + "_by"),
                    confirmed));
  }

  private static final String LOCK_PAYEES =
      "SELECT pg_advisory_xact_lock(hashtextextended('fund.payee', 0))";

  private static final String PAYEE =
      """
      SELECT p.id, p.name_ar, p.name_en, i.iban, i.n, i.written_by, k.verified_at, k.usable_from,
             a.n AS entered_n, a.authority AS entered_authority, a.licence AS entered_licence,
             a.valid_from AS entered_from, a.valid_until AS entered_until,
             a.entered_by AS entered_by, a.confirmed AS entered_confirmed,
             c.n AS force_n, c.authority AS force_authority, c.licence AS force_licence,
             c.valid_from AS force_from, c.valid_until AS force_until, c.entered_by AS force_by,
             t.phone, t.language
      FROM fund.payee p
      JOIN LATERAL (SELECT i.iban, i.n, i.written_by FROM fund.payee_iban i
                    WHERE i.payee = p.id ORDER BY i.n DESC LIMIT 1) i ON true
      LEFT JOIN fund.payee_verification k ON k.payee = p.id AND k.n = i.n
      LEFT JOIN LATERAL (
        SELECT a.*, EXISTS (SELECT FROM fund.accreditation_confirmation f
                            WHERE (f.payee, f.n) = (a.payee, a.n)) AS confirmed
        FROM fund.accreditation a WHERE a.payee = p.id ORDER BY a.n DESC LIMIT 1) a ON true
      LEFT JOIN LATERAL (
        SELECT a.* FROM fund.accreditation a
        JOIN fund.accreditation_confirmation f USING (payee, n)
        WHERE a.payee = p.id ORDER BY a.n DESC LIMIT 1) c ON true
      LEFT JOIN LATERAL (SELECT t.phone, t.language FROM fund.payee_contact t
                         WHERE t.payee = p.id ORDER BY t.n DESC LIMIT 1) t ON true
      """;

  private static final String FIND_PAYEE = PAYEE + "WHERE p.id = $1";

  private static final String LIST_PAYEES = PAYEE + "ORDER BY p.name_en, p.id LIMIT $1";
}
