package org.fazaa.fund.ledger;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;

/** The funds, and what is in them. */
public final class Funds {
  private static final int LIST_MAX = 500;

  private Funds() {}

  public static Optional<Fund> find(SqlClient conn, FundId fund) {
    var rows = conn.preparedQuery(FIND_FUND).execute(Tuple.of(fund.value())).await();
    return rows.stream().map(Funds::fund).findFirst();
  }

  /** Open ones first, newest first. */
  public static List<Fund> list(SqlClient conn) {
    var rows = conn.preparedQuery(LIST_FUNDS).execute(Tuple.of(LIST_MAX)).await();
    return rows.stream().map(Funds::fund).toList();
  }

  public static Optional<Figures> figures(SqlClient conn, FundId fund) {
    var rows = conn.preparedQuery(FIND_FIGURES).execute(Tuple.of(fund.value())).await();
    return rows.stream().map(Funds::figures).findFirst();
  }

  /** What a fund got of other funds' surplus, and what of its own went to others. */
  public record Moved(Money in, Money out) {}

  public static Moved moved(SqlClient conn, FundId fund) {
    var row = conn.preparedQuery(FIND_MOVED).execute(Tuple.of(fund.value())).await();
    return row.stream()
        .map(
            one ->
                new Moved(
                    Money.of(one.getLong("moved_in"), one.getString("currency")),
                    Money.of(one.getLong("moved_out"), one.getString("currency"))))
        .findFirst()
        .orElseThrow();
  }

  /** Funds that have reached their target since. */
  public static List<Fund> listReached(SqlClient conn, Instant since) {
    var rows = conn.preparedQuery(LIST_REACHED).execute(Tuple.of(Database.utc(since))).await();
    return rows.stream().map(Funds::fund).toList();
  }

  private static Fund fund(Row row) {
    var currency = Currency.getInstance(row.getString("currency"));
    return new Fund(
        new FundId(row.getLong("id")),
        new Words(row.getString("name_ar"), row.getString("name_en")),
        currency,
        Restriction.of(row.getString("restriction")),
        new Words(row.getString("purpose_ar"), row.getString("purpose_en")),
        Optional.ofNullable(row.getLong("target")).map(minor -> new Money(minor, currency)),
        Optional.ofNullable(row.getString("licence")),
        Optional.ofNullable(row.getString("campaign")),
        row.getBoolean("demonstration"),
        row.getOffsetDateTime("opened_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("closed_at")).map(at -> at.toInstant()));
  }

  private static Figures figures(Row row) {
    var currency = row.getString("currency");
    return new Figures(
        Money.of(row.getLong("received"), currency),
        Money.of(row.getLong("settling"), currency),
        Money.of(row.getLong("banked"), currency),
        Money.of(row.getLong("available"), currency),
        Money.of(row.getLong("reserved"), currency),
        Money.of(row.getLong("paid"), currency),
        Money.of(row.getLong("confirmed"), currency),
        Money.of(row.getLong("delivered"), currency),
        Money.of(row.getLong("pledged"), currency));
  }

  private static final String FIND_FUND =
      """
      SELECT f.id, f.name_ar, f.name_en, f.currency, f.restriction, f.purpose_ar, f.purpose_en,
             f.target, f.licence, f.campaign, f.demonstration, f.opened_at, c.closed_at
      FROM fund.fund f LEFT JOIN fund.closure c ON c.fund = f.id
      WHERE f.id = $1\
      """;

  private static final String LIST_FUNDS =
      """
      SELECT f.id, f.name_ar, f.name_en, f.currency, f.restriction, f.purpose_ar, f.purpose_en,
             f.target, f.licence, f.campaign, f.demonstration, f.opened_at, c.closed_at
      FROM fund.fund f LEFT JOIN fund.closure c ON c.fund = f.id
      ORDER BY c.closed_at IS NOT NULL, f.id DESC LIMIT $1\
      """;

  private static final String LIST_REACHED =
      """
      SELECT f.id, f.name_ar, f.name_en, f.currency, f.restriction, f.purpose_ar, f.purpose_en,
             f.target, f.licence, f.campaign, f.demonstration, f.opened_at, c.closed_at
      FROM fund.target_reached r JOIN fund.fund f ON f.id = r.fund
      LEFT JOIN fund.closure c ON c.fund = f.id
      WHERE r.reached_at >= $1 ORDER BY r.reached_at DESC\
      """;

  private static final String FIND_MOVED =
      "SELECT currency, moved_in, moved_out FROM fund.moved WHERE fund = $1";

  private static final String FIND_FIGURES =
      """
      SELECT currency, received, settling, banked, available, reserved, paid, confirmed, delivered,
             pledged
      FROM fund.figures WHERE fund = $1\
      """;
}
