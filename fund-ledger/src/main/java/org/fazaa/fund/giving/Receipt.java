package org.fazaa.fund.giving;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * What a donor gets for money or goods that have come: what was true on that day, in both
 * languages, as it was stored.
 *
 * @param number without gaps in its series and year, such as {@code M-2026-000123}
 */
public record Receipt(
    String number,
    Instant issuedAt,
    Words fundName,
    Optional<String> licence,
    Optional<String> campaign,
    Channel channel,
    boolean demonstration,
    Optional<Money> amount,
    Optional<String> goods,
    Optional<String> donorName,
    Instant givenAt) {

  /** The latest receipt of the gift with this code. */
  public static Optional<Receipt> find(SqlClient conn, String code) {
    return conn.preparedQuery(FIND_RECEIPT).execute(Tuple.of(code)).await().stream()
        .map(Receipt::receipt)
        .findFirst();
  }

  static String number(String series, int year, long number) {
    return String.format(Locale.ROOT, "%s-%d-%06d", series, year, number);
  }

  private static Receipt receipt(Row row) {
    return new Receipt(
        number(row.getString("series"), row.getInteger("year"), row.getLong("number")),
        row.getOffsetDateTime("issued_at").toInstant(),
        new Words(row.getString("fund_name_ar"), row.getString("fund_name_en")),
        Optional.ofNullable(row.getString("licence")),
        Optional.ofNullable(row.getString("campaign")),
        Channel.of(row.getString("channel")),
        row.getBoolean("demonstration"),
        Optional.ofNullable(row.getLong("minor"))
            .map(minor -> Money.of(minor, row.getString("currency"))),
        Optional.ofNullable(row.getString("goods")),
        Optional.ofNullable(row.getString("name")),
        row.getOffsetDateTime("given_at").toInstant());
  }

  private static final String FIND_RECEIPT =
      """
      SELECT r.series, r.year, r.number, r.issued_at, f.name_ar AS fund_name_ar,
             f.name_en AS fund_name_en, f.licence, f.campaign, g.channel, g.demonstration, r.minor,
             g.currency, g.goods, g.given_at, d.name
      FROM fund.gift g
      JOIN fund.fund f ON f.id = g.fund
      JOIN fund.receipt r ON r.gift = g.id
      LEFT JOIN fund.donor d ON d.gift = g.id
      WHERE g.code = $1 ORDER BY r.version DESC LIMIT 1\
      """;
}
