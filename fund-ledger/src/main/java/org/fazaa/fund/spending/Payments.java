package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/** Payment orders and the files that carry them to the bank, as a treasurer reads them. */
public final class Payments {
  private static final int LIST_MAX = 500;

  /** The bank account that a fund pays from. */
  public record Account(String holder, String iban, Optional<String> bic) {}

  /**
   * @param file the file it is in
   */
  public record Line(
      Payment payment,
      DisbursementId disbursement,
      int version,
      FundId fund,
      Words fundName,
      Words payeeName,
      Money amount,
      String purpose,
      Optional<Long> file) {}

  private Payments() {}

  /** All orders, newest first. */
  public static List<Line> list(SqlClient conn) {
    return conn.preparedQuery(LIST).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(Payments::line)
        .toList();
  }

  /** All files, newest first. */
  public static List<PaymentFile> files(SqlClient conn) {
    return conn.preparedQuery(FILES).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(Payments::file)
        .toList();
  }

  public static Optional<PaymentFile> findFile(SqlClient conn, long file) {
    return conn.preparedQuery(FIND_FILE).execute(Tuple.of(file)).await().stream()
        .map(Payments::file)
        .findFirst();
  }

  /** A file as it was made, to the byte. */
  public static Optional<String> content(SqlClient conn, long file) {
    return conn.preparedQuery(CONTENT).execute(Tuple.of(file)).await().stream()
        .map(row -> row.getString(0))
        .findFirst();
  }

  public static Optional<Account> account(SqlClient conn, FundId fund) {
    return conn.preparedQuery(ACCOUNT).execute(Tuple.of(fund.value())).await().stream()
        .map(
            row ->
                new Account(
                    row.getString("holder"),
                    row.getString("iban"),
                    Optional.ofNullable(row.getString("bic"))))
        .findFirst();
  }

  private static Line line(Row row) {
    return new Line(
        new Payment(
            row.getLong("id"),
            row.getString("end_to_end"),
            PaymentState.of(row.getString("state")),
            row.getOffsetDateTime("paid_at").toInstant()),
        new DisbursementId(row.getLong("disbursement")),
        row.getInteger("version"),
        new FundId(row.getLong("fund")),
        new Words(row.getString("fund_ar"), row.getString("fund_en")),
        new Words(row.getString("payee_ar"), row.getString("payee_en")),
        Money.of(row.getLong("minor"), row.getString("currency")),
        row.getString("purpose"),
        Optional.ofNullable(row.getLong("file")));
  }

  private static PaymentFile file(Row row) {
    return new PaymentFile(
        row.getLong("id"),
        new FundId(row.getLong("fund")),
        new Words(row.getString("fund_ar"), row.getString("fund_en")),
        row.getString("message"),
        row.getInteger("payments"),
        Money.of(row.getLong("minor"), row.getString("currency")),
        row.getOffsetDateTime("made_at").toInstant(),
        row.getInteger("unsent"));
  }

  private static final String LIST =
      """
      SELECT p.id, p.end_to_end, fund.payment_state(p.id) AS state, p.paid_at, p.disbursement,
             p.version, p.fund, f.name_ar AS fund_ar, f.name_en AS fund_en,
             y.name_ar AS payee_ar, y.name_en AS payee_en, p.minor, f.currency, v.purpose, i.file
      FROM fund.payment p
      JOIN fund.fund f ON f.id = p.fund
      JOIN fund.disbursement_version v USING (disbursement, version)
      JOIN fund.payee y ON y.id = v.payee
      LEFT JOIN fund.payment_in_file i ON i.payment = p.id
      ORDER BY p.id DESC LIMIT $1\
      """;

  private static final String FILE =
      """
      SELECT l.id, l.fund, f.name_ar AS fund_ar, f.name_en AS fund_en, l.message, l.payments,
             l.minor, f.currency, l.made_at,
             (SELECT count(*) FROM fund.payment_in_file i
              WHERE i.file = l.id AND fund.payment_state(i.payment) = 'prepared')::int AS unsent
      FROM fund.payment_file l JOIN fund.fund f ON f.id = l.fund
      """;

  private static final String FILES = FILE + "ORDER BY l.id DESC LIMIT $1";

  private static final String FIND_FILE = FILE + "WHERE l.id = $1";

  private static final String CONTENT = "SELECT content FROM fund.payment_file WHERE id = $1";

  private static final String ACCOUNT =
      """
      SELECT holder, iban, bic FROM fund.paying_account WHERE fund = $1
      ORDER BY n DESC LIMIT 1\
      """;
}
