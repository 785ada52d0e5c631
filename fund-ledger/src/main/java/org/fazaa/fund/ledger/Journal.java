package org.fazaa.fund.ledger;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Database;

/** The journal as an auditor reads it. */
public final class Journal {
  private static final int PAGE_MAX = 500;

  /**
   * One posting with its entry: above zero says where money is, below zero what it is for.
   *
   * @param reverses the entry that this one takes back
   */
  public record Line(
      long entry,
      String kind,
      Instant eventAt,
      Instant recordedAt,
      String actor,
      Optional<Long> reverses,
      int line,
      FundId fund,
      String account,
      Money amount) {}

  /** What the postings of one account come to. */
  public record AccountTotal(FundId fund, String account, Money total, long postings) {}

  private Journal() {}

  /** A page of whole entries, newest first, older than {@code before}. */
  public static List<Line> list(SqlClient conn, FundId fund, Optional<Long> before, int entries) {
    var fields = Tuple.of(fund.value(), before.orElse(Long.MAX_VALUE), Math.min(entries, PAGE_MAX));
    return conn.preparedQuery(LIST_LINES).execute(fields).await().stream()
        .map(Journal::line)
        .toList();
  }

  /** Every account with its total; over a fund and currency they come to zero. */
  public static List<AccountTotal> trialBalance(SqlClient conn) {
    var totals = new ArrayList<AccountTotal>();
    for (var row : conn.preparedQuery(TRIAL_BALANCE).execute().await()) {
      totals.add(
          new AccountTotal(
              new FundId(row.getLong("fund")),
              row.getString("role"),
              Money.of(row.getLong("total"), row.getString("currency")),
              row.getLong("postings")));
    }
    return totals;
  }

  /**
   * What each account of a fund came to: of all that happened before one moment, as far as it was
   * known before another; an empty moment is no limit. Accounts with nothing are left out.
   */
  public static Map<String, Money> asOf(
      SqlClient conn, FundId fund, Optional<Instant> happened, Optional<Instant> known) {
    var fields =
        Tuple.of(
            fund.value(),
            happened.map(Database::utc).orElse(null),
            known.map(Database::utc).orElse(null));
    var balances = new LinkedHashMap<String, Money>();
    for (var row : conn.preparedQuery(AS_OF).execute(fields).await()) {
      var money = Money.of(row.getLong("amount"), row.getString("currency"));
      balances.put(row.getString("role"), money);
    }
    return balances;
  }

  private static Line line(Row row) {
    return new Line(
        row.getLong("entry"),
        row.getString("kind"),
        row.getOffsetDateTime("event_at").toInstant(),
        row.getOffsetDateTime("recorded_at").toInstant(),
        row.getString("actor"),
        Optional.ofNullable(row.getLong("reverses")),
        row.getInteger("line"),
        new FundId(row.getLong("fund")),
        row.getString("role"),
        Money.of(row.getLong("amount"), row.getString("currency")));
  }

  private static final String LIST_LINES =
      """
      WITH page AS (
        SELECT DISTINCT latest.entry
        FROM fund.account a CROSS JOIN LATERAL (
          SELECT p.entry FROM fund.posting p WHERE p.account = a.id AND p.entry < $2
          ORDER BY p.entry DESC LIMIT $3) latest
        WHERE a.fund = $1 ORDER BY latest.entry DESC LIMIT $3
      )
      SELECT e.id AS entry, e.kind, e.event_at, e.recorded_at, e.actor, e.reverses,
             p.line, p.fund, a.role, p.amount, p.currency
      FROM page
      JOIN fund.entry e ON e.id = page.entry
      JOIN fund.posting p ON p.entry = e.id
      JOIN fund.account a ON a.id = p.account
      ORDER BY e.id DESC, p.line\
      """;

  private static final String AS_OF =
      """
      SELECT s.role, sum(s.amount)::bigint AS amount, f.currency
      FROM fund.fund f CROSS JOIN LATERAL fund.sums_as_of(f.id, $2, $3) s
      WHERE f.id = $1 GROUP BY s.role, f.currency ORDER BY s.role\
      """;

  private static final String TRIAL_BALANCE =
      """
      SELECT a.fund, a.role, a.currency, coalesce(sum(p.amount), 0)::bigint AS total,
             count(p.entry) AS postings
      FROM fund.account a LEFT JOIN fund.posting p ON p.account = a.id
      GROUP BY a.fund, a.id ORDER BY a.fund, a.id\
      """;
}
