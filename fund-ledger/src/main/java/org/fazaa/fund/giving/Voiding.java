package org.fazaa.fund.giving;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.fund.ledger.Words;

/**
 * A request that a receipt be void: one officer asks, another confirms.
 *
 * @param receipt its number, which is never given to another
 * @param reissue whether another receipt takes its place
 * @param reissuedAs the number of that receipt, once it is written
 */
public record Voiding(
    long id,
    String receipt,
    String why,
    boolean reissue,
    long askedBy,
    Instant askedAt,
    State state,
    Optional<String> reissuedAs) {

  private static final int LIST_MAX = 200;

  /** How far the request has come. */
  public enum State {
    WAITING("ينتظر تأكيد مسؤول آخر", "Waits for another officer"),
    CONFIRMED("أُكّد: الإيصال ملغى", "Confirmed: the receipt is void"),
    WITHDRAWN("سُحب الطلب", "Withdrawn");

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

    private static State of(OffsetDateTime confirmedAt, OffsetDateTime withdrawnAt) {
      if (confirmedAt != null) {
        return CONFIRMED;
      }
      return withdrawnAt == null ? WAITING : WITHDRAWN;
    }
  }

  public static Optional<Voiding> find(SqlClient conn, long id) {
    return conn.preparedQuery(FIND).execute(Tuple.of(id)).await().stream()
        .map(Voiding::voiding)
        .findFirst();
  }

  /** Those that wait for another officer first, then the latest. */
  public static List<Voiding> list(SqlClient conn) {
    return conn.preparedQuery(LIST).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(Voiding::voiding)
        .toList();
  }

  private static Voiding voiding(Row row) {
    var number =
        new ReceiptNumber(row.getString("series"), row.getInteger("year"), row.getLong("number"));
    var next = Optional.ofNullable(row.getLong("next_number"));
    return new Voiding(
        row.getLong("id"),
        number.toString(),
        row.getString("why"),
        row.getBoolean("reissue"),
        row.getLong("asked_by"),
        row.getOffsetDateTime("asked_at").toInstant(),
        State.of(row.getOffsetDateTime("confirmed_at"), row.getOffsetDateTime("withdrawn_at")),
        next.map(n -> new ReceiptNumber(number.series(), row.getInteger("next_year"), n))
            .map(ReceiptNumber::toString));
  }

  private static final String VOIDING =
      """
      SELECT q.id, r.series, r.year, r.number, q.why, q.reissue, q.asked_by, q.asked_at,
             v.confirmed_at, w.withdrawn_at, n.year AS next_year, n.number AS next_number
      FROM fund.voiding q
      JOIN fund.receipt r ON (r.gift, r.version) = (q.gift, q.version)
      LEFT JOIN fund.receipt_void v ON v.voiding = q.id
      LEFT JOIN fund.voiding_withdrawal w ON w.voiding = q.id
      LEFT JOIN fund.receipt n
        ON (n.gift, n.version) = (v.gift, v.version + 1) AND q.reissue
      """;

  private static final String FIND = VOIDING + "WHERE q.id = $1";

  private static final String LIST =
      VOIDING
          + """
          ORDER BY v.confirmed_at IS NULL AND w.withdrawn_at IS NULL DESC, q.id DESC LIMIT $1\
          """;
}
