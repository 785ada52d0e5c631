package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.fazaa.config.Database;

/** The versions of the approval policy. */
public final class Policies {
  private static final int LIST_MAX = 100;

  private Policies() {}

  public static Optional<Policy> find(SqlClient conn, int version) {
    return conn.preparedQuery(FIND).execute(Tuple.of(version)).await().stream()
        .map(Policies::policy)
        .findFirst();
  }

  /** What an amount of this currency is held to at a time. */
  public static Policy inForce(SqlClient conn, Currency currency, Instant now) {
    var fields = Tuple.of(currency.getCurrencyCode(), Database.utc(now));
    return policy(conn.preparedQuery(IN_FORCE).execute(fields).await().iterator().next());
  }

  /** All versions that somebody proposed, newest first. */
  public static List<Policy> list(SqlClient conn) {
    return conn.preparedQuery(LIST).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(Policies::policy)
        .toList();
  }

  /** One at a time proposes or confirms, until its transaction ends. */
  static void lock(SqlConnection tx) {
    tx.query(LOCK).execute().await();
  }

  private static Policy policy(Row row) {
    var from = row.getArrayOfLongs("from_minors");
    var needed = row.getArrayOfIntegers("needed");
    return new Policy(
        row.getInteger("version"),
        Currency.getInstance(row.getString("currency")),
        IntStream.range(0, from.length).mapToObj(i -> new Policy.Step(from[i], needed[i])).toList(),
        Optional.ofNullable(row.getLong("proposed_by"))
            .map(by -> new Policy.Proposal(by, at(row, "proposed_at"), row.getString("why"))),
        Optional.ofNullable(row.getLong("confirmed_by"))
            .map(by -> new Policy.Confirmation(by, at(row, "confirmed_at"))));
  }

  private static Instant at(Row row, String column) {
    OffsetDateTime at = row.getOffsetDateTime(column);
    return at.toInstant();
  }

  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('fund.policy', 0))";

  private static final String POLICY =
      """
      SELECT v.version, s.currency, v.proposed_by, v.proposed_at, v.why, c.confirmed_by,
             c.confirmed_at, array_agg(s.from_minor ORDER BY s.from_minor) AS from_minors,
             array_agg(s.needed::int ORDER BY s.from_minor) AS needed
      FROM fund.policy_version v
      JOIN fund.approval_policy s USING (version)
      LEFT JOIN fund.policy_confirmation c USING (version)
      """;

  private static final String GROUPED =
      " GROUP BY v.version, s.currency, c.confirmed_by, c.confirmed_at";

  private static final String FIND = POLICY + "WHERE v.version = $1 AND $1 > 0" + GROUPED;

  private static final String IN_FORCE =
      POLICY + "WHERE v.version = fund.policy_in_force($1, $2) AND s.currency = $1" + GROUPED;

  private static final String LIST =
      POLICY + "WHERE v.version > 0" + GROUPED + " ORDER BY v.version DESC LIMIT $1";
}
