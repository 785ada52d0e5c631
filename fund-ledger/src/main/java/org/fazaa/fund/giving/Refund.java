package org.fazaa.fund.giving;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * Money of a gift that is to go back to its donor: one officer asks, another confirms, and the
 * provider is told.
 *
 * @param source the account of the fund that it came from, once it is confirmed
 */
public record Refund(
    long id,
    FundId fund,
    Words fundName,
    String giftCode,
    Money amount,
    String why,
    State state,
    long askedBy,
    Instant askedAt,
    Optional<Long> confirmedBy,
    Optional<String> source) {

  public enum State {
    ASKED("بانتظار تأكيد شخص آخر", "Waits for another person to confirm it"),
    CONFIRMED("أُكّد ويُرسل إلى مزود الدفع", "Confirmed; the provider is being told"),
    SENT("أخذه مزود الدفع ليعيده", "The provider has taken it to give it back");

    private final Words words;

    State(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a provider said that the books cannot follow; a person must look.
   *
   * @param details as the provider said it
   */
  public record Doubt(Words fundName, String giftCode, Why why, String details, Instant foundAt) {
    public enum Why {
      AMOUNT(
          "المبلغ المدفوع غير المطلوب: لم يُقيد شيء",
          "What was paid is not what was asked for: nothing is booked"),
      REFUND_REFUSED("رفض المزود الإعادة", "The provider refused the refund"),
      CHARGEBACK_BEYOND_GIFT(
          "استرداد يزيد على ما بقي من التبرع", "A chargeback of more than is left of the gift");

      private final Words words;

      Why(String ar, String en) {
        words = new Words(ar, en);
      }

      public Words words() {
        return words;
      }
    }
  }

  private static final int LIST_MAX = 200;

  public static Optional<Refund> find(SqlClient conn, long id) {
    return conn.preparedQuery(FIND_REFUND).execute(Tuple.of(id)).await().stream()
        .map(Refund::refund)
        .findFirst();
  }

  /** Those that wait first, newest first. */
  public static List<Refund> list(SqlClient conn) {
    return conn.preparedQuery(LIST_REFUNDS).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(Refund::refund)
        .toList();
  }

  /** Newest first. */
  public static List<Doubt> doubts(SqlClient conn) {
    return conn.preparedQuery(LIST_DOUBTS).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(
            row ->
                new Doubt(
                    new Words(row.getString("name_ar"), row.getString("name_en")),
                    row.getString("code"),
                    Doubt.Why.valueOf(row.getString("why").toUpperCase(Locale.ROOT)),
                    row.getString("details"),
                    row.getOffsetDateTime("found_at").toInstant()))
        .toList();
  }

  private static Refund refund(Row row) {
    return new Refund(
        row.getLong("id"),
        new FundId(row.getLong("fund")),
        new Words(row.getString("name_ar"), row.getString("name_en")),
        row.getString("code"),
        Money.of(row.getLong("minor"), row.getString("currency")),
        row.getString("why"),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getLong("asked_by"),
        row.getOffsetDateTime("asked_at").toInstant(),
        Optional.ofNullable(row.getLong("confirmed_by")),
        Optional.ofNullable(row.getString("source")));
  }

  private static final String REFUND =
      """
      SELECT r.id, g.fund, f.name_ar, f.name_en, g.code, r.minor, g.currency, r.why, r.asked_by,
             r.asked_at, c.confirmed_by, b.source,
             CASE WHEN s.refund IS NOT NULL THEN 'sent'
                  WHEN c.refund IS NOT NULL THEN 'confirmed' ELSE 'asked' END AS state
      FROM fund.refund r
      JOIN fund.gift g ON g.id = r.gift
      JOIN fund.fund f ON f.id = g.fund
      LEFT JOIN fund.refund_confirmation c ON c.refund = r.id
      LEFT JOIN fund.given_back b ON b.entry = c.entry
      LEFT JOIN fund.refund_sent s ON s.refund = r.id
      """;

  private static final String FIND_REFUND = REFUND + "WHERE r.id = $1";

  private static final String LIST_REFUNDS =
      REFUND + "ORDER BY c.refund IS NOT NULL, r.id DESC LIMIT $1";

  private static final String LIST_DOUBTS =
      """
      SELECT f.name_ar, f.name_en, g.code, d.why, d.details, d.found_at
      FROM fund.card_doubt d
      JOIN fund.gift g ON g.id = d.gift
      JOIN fund.fund f ON f.id = g.fund
      ORDER BY d.id DESC LIMIT $1\
      """;
}
