package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/** The initiatives of the funds, each with what is used of its budget. */
public final class Initiatives {
  private static final int LIST_MAX = 500;

  private Initiatives() {}

  public static Optional<Initiative> find(SqlClient conn, long id) {
    return conn.preparedQuery(FIND).execute(Tuple.of(id)).await().stream()
        .map(row -> initiative(conn, row))
        .findFirst();
  }

  /** Those of all funds, newest first. */
  public static List<Initiative> list(SqlClient conn) {
    var found = new ArrayList<Initiative>();
    for (var row : conn.preparedQuery(LIST).execute(Tuple.of(LIST_MAX)).await()) {
      found.add(initiative(conn, row));
    }
    return found;
  }

  /** Whether there is such an initiative of this fund. */
  static boolean in(SqlClient conn, long id, FundId fund) {
    return conn.preparedQuery(FIND_IN).execute(Tuple.of(id, fund.value())).await().size() == 1;
  }

  /** One at a time proposes or confirms budgets, until its transaction ends. */
  static void lock(SqlConnection tx, long id) {
    tx.preparedQuery(LOCK).execute(Tuple.of("fund.budget " + id)).await();
  }

  private static Initiative initiative(SqlClient conn, Row row) {
    var currency = row.getString("currency");
    var budgets = new ArrayList<Initiative.Budget>();
    for (var one : conn.preparedQuery(BUDGETS).execute(Tuple.of(row.getLong("id"))).await()) {
      budgets.add(budget(one, currency));
    }
    return new Initiative(
        row.getLong("id"),
        new FundId(row.getLong("fund")),
        new Words(row.getString("fund_ar"), row.getString("fund_en")),
        new Words(row.getString("name_ar"), row.getString("name_en")),
        row.getOffsetDateTime("opened_at").toInstant(),
        Money.of(row.getLong("budget"), currency),
        Money.of(row.getLong("used"), currency),
        List.copyOf(budgets));
  }

  private static Initiative.Budget budget(Row row, String currency) {
    Optional<Instant> confirmedAt =
        Optional.ofNullable(row.getOffsetDateTime("confirmed_at")).map(OffsetDateTime::toInstant);
    return new Initiative.Budget(
        row.getInteger("n"),
        Money.of(row.getLong("minor"), currency),
        row.getString("why"),
        row.getLong("proposed_by"),
        row.getOffsetDateTime("proposed_at").toInstant(),
        Optional.ofNullable(row.getLong("confirmed_by")),
        confirmedAt);
  }

  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

  private static final String FIND_IN = "SELECT FROM fund.initiative WHERE id = $1 AND fund = $2";

  private static final String INITIATIVE =
      """
      SELECT i.id, i.fund, f.name_ar AS fund_ar, f.name_en AS fund_en, f.currency, i.name_ar,
             i.name_en, i.opened_at, fund.budget_in_force(i.id) AS budget,
             fund.budget_used(i.id) AS used
      FROM fund.initiative i JOIN fund.fund f ON f.id = i.fund
      """;

  private static final String FIND = INITIATIVE + "WHERE i.id = $1";

  private static final String LIST = INITIATIVE + "ORDER BY i.id DESC LIMIT $1";

  private static final String BUDGETS =
      """
      SELECT b.n, b.minor, b.why, b.proposed_by, b.proposed_at, c.confirmed_by, c.confirmed_at
      FROM fund.initiative_budget b LEFT JOIN fund.budget_confirmation c USING (initiative, n)
      WHERE b.initiative = $1 ORDER BY b.n\
      """;
}
