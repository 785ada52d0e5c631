package org.fazaa.fund.giving;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.fund.ledger.Codes;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * What a donor gets for money or goods that have come: what was true on that day, in both
 * languages, as it was stored.
 *
 * @param number without gaps in its series and year, such as {@code M-2026-000123}
 * @param version which receipt of its gift it is; another takes the place of one that is void
 * @param amount of money that has come; for goods the donor's own estimate, which is no money
 * @param voidedAt since when it is not good any more
 * @param reissuedAs the number of the receipt in its place
 * @param checkCode beside the number, what proves that somebody has seen this receipt; the code of
 *     the gift cannot be told from it
 */
public record Receipt(
    String number,
    int version,
    Instant issuedAt,
    FundId fund,
    Words fundName,
    Optional<String> licence,
    Optional<String> campaign,
    Channel channel,
    boolean demonstration,
    Optional<Money> amount,
    Optional<String> goods,
    Optional<String> donorName,
    Instant givenAt,
    Optional<Instant> voidedAt,
    Optional<String> reissuedAs,
    String checkCode) {

  private static final int CHECK_CODE = 12;

  /** Whether a receipt is good today. */
  public enum Standing {
    LIVE("ساري", "Valid"),
    VOID("ملغى", "Void"),
    REISSUED("ملغى وصدر إيصال بدلًا منه", "Void, and another was issued in its place");

    private final Words words;

    Standing(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Standing standing() {
    if (voidedAt.isEmpty()) {
      return Standing.LIVE;
    }
    return reissuedAs.isPresent() ? Standing.REISSUED : Standing.VOID;
  }

  /** Goods are acknowledged by what they are; an estimate of theirs is never money received. */
  public boolean ofGoods() {
    return channel == Channel.IN_KIND;
  }

  /** The latest receipt of the gift with this code. */
  public static Optional<Receipt> find(SqlClient conn, String code) {
    return rows(conn, FIND_LATEST, Tuple.of(code)).findFirst();
  }

  /** A receipt for its officers, who need no code. */
  public static Optional<Receipt> findByNumber(SqlClient conn, ReceiptNumber number) {
    var fields = Tuple.of(number.series(), number.year(), number.number());
    return rows(conn, FIND_BY_NUMBER, fields).findFirst();
  }

  /** A receipt for whoever shows its number and its check code; of another code nothing is told. */
  public static Optional<Receipt> check(SqlClient conn, ReceiptNumber number, String checkCode) {
    var shown = checkCode.strip().toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    return findByNumber(conn, number)
        .filter(
            one -> MessageDigest.isEqual(one.checkCode.getBytes(StandardCharsets.UTF_8), shown));
  }

  static String number(Row row, long number) {
    return new ReceiptNumber(row.getString("series"), row.getInteger("year"), number).toString();
  }

  static Stream<Receipt> rows(SqlClient conn, String sql, Tuple fields) {
    return conn.preparedQuery(sql).execute(fields).await().stream().map(Receipt::receipt);
  }

  // It follows from the gift's own code, which nobody may guess, so that it need not be kept.
  private static String checkCode(String code, int version) {
    return Codes.of(Content.hash("receipt", code, version).getBytes(), CHECK_CODE);
  }

  private static Receipt receipt(Row row) {
    var version = row.getInteger("version");
    return new Receipt(
        number(row, row.getLong("number")),
        version,
        row.getOffsetDateTime("issued_at").toInstant(),
        new FundId(row.getLong("fund")),
        new Words(row.getString("fund_name_ar"), row.getString("fund_name_en")),
        Optional.ofNullable(row.getString("licence")),
        Optional.ofNullable(row.getString("campaign")),
        Channel.of(row.getString("channel")),
        row.getBoolean("demonstration"),
        Optional.ofNullable(row.getLong("minor"))
            .map(minor -> Money.of(minor, row.getString("currency"))),
        Optional.ofNullable(row.getString("goods")),
        Optional.ofNullable(row.getString("name")),
        row.getOffsetDateTime("given_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("voided_at")).map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getLong("next_number"))
            .map(n -> new ReceiptNumber(row.getString("series"), row.getInteger("next_year"), n))
            .map(ReceiptNumber::toString),
        checkCode(row.getString("code"), version));
  }

  static final String RECEIPT =
      """
      SELECT r.series, r.year, r.number, r.version, r.issued_at, f.id AS fund,
             f.name_ar AS fund_name_ar, f.name_en AS fund_name_en, f.licence, f.campaign, g.code,
             g.channel, g.demonstration, r.minor, g.currency, g.goods, g.given_at, d.name,
             v.confirmed_at AS voided_at, n.year AS next_year, n.number AS next_number
      FROM fund.receipt r
      JOIN fund.gift g ON g.id = r.gift
      JOIN fund.fund f ON f.id = g.fund
      LEFT JOIN fund.donor d ON d.gift = g.id
      LEFT JOIN fund.receipt_void v ON (v.gift, v.version) = (r.gift, r.version)
      LEFT JOIN fund.receipt n ON (n.gift, n.version) = (r.gift, r.version + 1)
      """;

  private static final String FIND_LATEST =
      RECEIPT + "WHERE r.gift = fund.gift_of($1) ORDER BY r.version DESC LIMIT 1";

  private static final String FIND_BY_NUMBER =
      RECEIPT + "WHERE (r.series, r.year, r.number) = ($1, $2::smallint, $3)";
}
