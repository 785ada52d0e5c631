package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.FundId;

/**
 * Who bears what card providers keep of gifts: each fund for itself, or the operator out of an
 * unrestricted fund, for funds of the same currency.
 *
 * @param id 0 is what came with the program
 * @param operatorFund absent where each fund bears its own
 * @param proposal who proposed it and why; absent for what came with the program
 * @param confirmation who confirmed it, and since when it is in force
 */
public record FeePolicy(
    long id,
    Optional<FundId> operatorFund,
    Optional<Policy.Proposal> proposal,
    Optional<Policy.Confirmation> confirmation) {
  private static final int LIST_MAX = 100;

  public boolean waits() {
    return proposal.isPresent() && confirmation.isEmpty();
  }

  public static FeePolicy inForce(SqlClient conn, Instant now) {
    var row = conn.preparedQuery(FIND_IN_FORCE).execute(Tuple.of(Database.utc(now))).await();
    return policy(row.iterator().next());
  }

  public static Optional<FeePolicy> find(SqlClient conn, long id) {
    return conn.preparedQuery(FIND).execute(Tuple.of(id)).await().stream()
        .map(FeePolicy::policy)
        .findFirst();
  }

  /** All proposals, newest first. */
  public static List<FeePolicy> list(SqlClient conn) {
    return conn.preparedQuery(LIST).execute(Tuple.of(LIST_MAX)).await().stream()
        .map(FeePolicy::policy)
        .toList();
  }

  static void lock(SqlConnection tx) {
    tx.query(LOCK).execute().await();
  }

  private static FeePolicy policy(Row row) {
    var by = Optional.ofNullable(row.getLong("proposed_by"));
    var confirmedBy = Optional.ofNullable(row.getLong("confirmed_by"));
    return new FeePolicy(
        row.getLong("id"),
        Optional.ofNullable(row.getLong("operator_fund")).map(FundId::new),
        by.map(
            one ->
                new Policy.Proposal(
                    one, row.getOffsetDateTime("proposed_at").toInstant(), row.getString("why"))),
        confirmedBy.map(
            one ->
                new Policy.Confirmation(one, row.getOffsetDateTime("confirmed_at").toInstant())));
  }

  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('fund.fee_policy', 0))";

  private static final String PROPOSAL =
      """
      SELECT p.id, p.operator_fund, p.proposed_by, p.proposed_at, p.why, c.confirmed_by,
             c.confirmed_at
      FROM fund.fee_proposal p LEFT JOIN fund.fee_confirmation c ON c.proposal = p.id
      """;

  private static final String FIND = PROPOSAL + "WHERE p.id = $1";

  private static final String LIST = PROPOSAL + "ORDER BY p.id DESC LIMIT $1";

  private static final String FIND_IN_FORCE =
      """
      SELECT coalesce(p.id, 0) AS id, y.operator_fund, p.proposed_by, p.proposed_at, p.why,
             c.confirmed_by, c.confirmed_at
      FROM fund.fee_policy y
      LEFT JOIN fund.fee_proposal p ON p.id = y.proposal
      LEFT JOIN fund.fee_confirmation c ON c.proposal = p.id
      WHERE y.since <= $1 ORDER BY y.since DESC LIMIT 1\
      """;
}
