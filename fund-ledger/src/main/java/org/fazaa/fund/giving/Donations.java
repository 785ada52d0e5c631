package org.fazaa.fund.giving;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/** Gifts as they are read: by their code, by their transfer reference, by their fund. */
public final class Donations {
  private static final int LIST_MAX = 200;

  /**
   * What the fund paid for after a gift was free to spend. The gift is part of what paid for these,
   * together with others; which part of which is not told apart.
   */
  public record PaidFor(Words payee, String purpose, Money amount, Instant paidAt, String state) {}

  /** Said beside every list of {@link PaidFor}. */
  public static final Words PAID_FOR_MEANS =
      new Words(
          "صرف الصندوق هذه المبالغ بعد أن صار تبرعك متاحًا للصرف. التبرعات في الصندوق مجموعة،"
              + " ولا يُعرف هنا أي جزء منها دفعه تبرعك وحده",
          "The fund paid these after your gift became available. Gifts in a fund are pooled;"
              + " which part of these your gift alone paid is not told apart here");

  private Donations() {}

  public static Optional<Donation> find(SqlClient conn, String code) {
    return conn.preparedQuery(FIND_BY_CODE).execute(Tuple.of(code)).await().stream()
        .map(Donations::donation)
        .findFirst();
  }

  static Optional<Donation> findByReference(SqlClient conn, String reference) {
    return conn.preparedQuery(FIND_BY_REFERENCE).execute(Tuple.of(reference)).await().stream()
        .map(Donations::donation)
        .findFirst();
  }

  static Map<Long, Donation> list(SqlClient conn, Collection<Long> gifts) {
    var ids = gifts.toArray(Long[]::new);
    return conn.preparedQuery(LIST_BY_ID).execute(Tuple.of(ids)).await().stream()
        .map(Donations::donation)
        .collect(Collectors.toMap(Donation::gift, Function.identity()));
  }

  /** Transfers that were promised to a fund and have not come, oldest first. */
  public static List<Donation> awaiting(SqlClient conn, FundId fund) {
    var fields = Tuple.of(fund.value(), LIST_MAX);
    return conn.preparedQuery(LIST_AWAITING).execute(fields).await().stream()
        .map(Donations::donation)
        .toList();
  }

  /** What the fund paid since a gift could be spent; say {@link #PAID_FOR_MEANS} beside it. */
  public static List<PaidFor> paidFor(SqlClient conn, Donation donation) {
    var fields = Tuple.of(donation.gift(), LIST_MAX);
    return conn.preparedQuery(LIST_PAID_FOR).execute(fields).await().stream()
        .map(
            row ->
                new PaidFor(
                    new Words(row.getString("name_ar"), row.getString("name_en")),
                    row.getString("purpose"),
                    Money.of(row.getLong("minor"), row.getString("currency")),
                    row.getOffsetDateTime("paid_at").toInstant(),
                    row.getString("state")))
        .toList();
  }

  private static Donation donation(Row row) {
    var channel = Channel.of(row.getString("channel"));
    var arrivedAt = Optional.ofNullable(row.getOffsetDateTime("arrived_at"));
    return new Donation(
        row.getLong("id"),
        row.getString("code"),
        new FundId(row.getLong("fund")),
        channel,
        state(row, channel, arrivedAt.isPresent()),
        Optional.ofNullable(row.getLong("minor"))
            .map(minor -> Money.of(minor, row.getString("currency"))),
        Optional.ofNullable(row.getString("goods")),
        Optional.ofNullable(row.getString("transfer_reference")),
        row.getBoolean("anonymous"),
        row.getOffsetDateTime("given_at").toInstant(),
        arrivedAt.map(at -> at.toInstant()),
        Optional.ofNullable(row.getLong("number")).map(n -> Receipt.number(row, n)));
  }

  private static GiftState state(Row row, Channel channel, boolean arrived) {
    return row.getBoolean("by_provider")
        ? GiftState.ofCard(
            arrived, row.getBoolean("lapsed"), row.getLong("minor"), row.getLong("back"))
        : GiftState.of(channel, arrived);
  }

  private static final String DONATION =
      """
      SELECT g.id, g.code, g.fund, g.channel, g.currency, g.goods,
             coalesce(a.minor, g.minor) AS minor, g.transfer_reference, g.anonymous, g.given_at,
             a.issued_at AS arrived_at, r.series, r.year, r.number,
             i.gift IS NOT NULL AS by_provider,
             EXISTS (SELECT FROM fund.card_lapse x WHERE x.gift = i.gift) AS lapsed,
             (SELECT coalesce(sum(b.minor), 0)::bigint FROM fund.given_back b
              WHERE b.gift = i.gift) AS back
      FROM fund.gift g
      LEFT JOIN fund.card_intent i ON i.gift = g.id
      LEFT JOIN fund.receipt a ON a.gift = g.id AND a.version = 1 AND a.series = 'M'
      LEFT JOIN LATERAL (SELECT r.series, r.year, r.number FROM fund.receipt r
                         WHERE r.gift = g.id ORDER BY r.version DESC LIMIT 1) r ON true
      """;

  private static final String FIND_BY_CODE = DONATION + "WHERE g.id = fund.gift_of($1)";

  private static final String FIND_BY_REFERENCE = DONATION + "WHERE g.transfer_reference = $1";

  private static final String LIST_BY_ID = DONATION + "WHERE g.id = ANY ($1)";

  private static final String LIST_AWAITING =
      DONATION
          + """
          JOIN fund.awaited w ON w.gift = g.id
          WHERE w.fund = $1 ORDER BY w.gift LIMIT $2\
          """;

  private static final String LIST_PAID_FOR =
      """
      SELECT y.name_ar, y.name_en, v.purpose, p.minor, f.currency, p.paid_at, step.state
      FROM fund.receipt r
      JOIN fund.gift g ON g.id = r.gift
      JOIN fund.span s ON s.fund = g.fund AND s.source = r.entry
      JOIN fund.entry swept ON swept.id = s.entry
      JOIN fund.fund f ON f.id = g.fund
      JOIN fund.payment p ON p.fund = g.fund AND p.paid_at >= swept.event_at
      JOIN fund.disbursement_version v
        ON v.disbursement = p.disbursement AND v.version = p.version
      JOIN fund.payee y ON y.id = v.payee
      CROSS JOIN LATERAL (SELECT k.state FROM fund.payment_step k WHERE k.payment = p.id
                          ORDER BY k.n DESC LIMIT 1) step
      WHERE r.gift = $1 AND r.version = 1 ORDER BY p.id LIMIT $2\
      """;
}
