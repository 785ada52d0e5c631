package org.fazaa.fund.ledger;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;
import org.fazaa.config.Database;

/**
 * The journal of a fund in the format of plain-text accounting, for programs of others to check: <a
 * href="https://hledger.org/hledger.html">hledger</a> and its kin. The first date is the day on
 * which a thing happened, the second the day on which it was known.
 */
public final class PlainJournal {
  private static final int PAGE = 1_000;

  private PlainJournal() {}

  /**
   * Writes whole entries, in their order, a page at a time.
   *
   * @param known only what was known before this moment; empty for all
   * @param zone where days begin
   */
  public static void write(
      SqlClient conn, FundId fund, Optional<Instant> known, ZoneId zone, Consumer<String> to) {
    var limit = known.map(Database::utc).orElse(null);
    long last = 0;
    for (var more = true; more; ) {
      var text = new StringBuilder();
      var before = last;
      var fields = Tuple.of(fund.value(), last, limit, PAGE);
      for (var row : conn.preparedQuery(LIST).execute(fields).await()) {
        if (row.getLong("entry") != last) text.append(head(row, zone));
        last = row.getLong("entry");
        text.append(line(row));
      }
      more = last != before;
      if (more) to.accept(text.toString());
    }
  }

  private static String head(Row row, ZoneId zone) {
    return "%n%s=%s (%d) %s%n"
        .formatted(
            day(row.getOffsetDateTime("event_at"), zone),
            day(row.getOffsetDateTime("recorded_at"), zone),
            row.getLong("entry"),
            row.getString("kind"));
  }

  private static LocalDate day(OffsetDateTime at, ZoneId zone) {
    return at.atZoneSameInstant(zone).toLocalDate();
  }

  private static String line(Row row) {
    var money = Money.of(row.getLong("amount"), row.getString("currency"));
    return "    fund-%d:%s  %s%n".formatted(row.getLong("fund"), row.getString("role"), money);
  }

  private static final String LIST =
      """
      SELECT e.id AS entry, e.kind, e.event_at, e.recorded_at, p.fund, a.role, p.amount, p.currency
      FROM (
        SELECT DISTINCT next.entry
        FROM fund.account f CROSS JOIN LATERAL (
          SELECT p.entry FROM fund.posting p JOIN fund.entry e ON e.id = p.entry
          WHERE p.account = f.id AND p.entry > $2
            AND e.recorded_at < coalesce($3::timestamptz, 'infinity')
          ORDER BY p.entry LIMIT $4) next
        WHERE f.fund = $1 ORDER BY next.entry LIMIT $4
      ) page
      JOIN fund.entry e ON e.id = page.entry
      JOIN fund.posting p ON p.entry = e.id
      JOIN fund.account a ON a.id = p.account
      ORDER BY e.id, p.line\
      """;
}
