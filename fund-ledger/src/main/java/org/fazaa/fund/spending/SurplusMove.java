package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * What is left of a closed fund on its way to another.
 *
 * @param approvers who approved it, the first one first
 * @param movedAt when it was moved, by the last approval it took
 */
public record SurplusMove(
    long id,
    FundId fund,
    FundId to,
    Words toName,
    Money amount,
    String why,
    long proposedBy,
    Instant proposedAt,
    List<Long> approvers,
    int needed,
    Optional<Instant> movedAt) {

  public static Optional<SurplusMove> find(SqlClient conn, long id) {
    return conn.preparedQuery(FIND).execute(Tuple.of(id)).await().stream()
        .map(SurplusMove::move)
        .findFirst();
  }

  /** Those out of a fund, newest first. */
  public static List<SurplusMove> list(SqlClient conn, FundId fund) {
    return conn.preparedQuery(LIST).execute(Tuple.of(fund.value())).await().stream()
        .map(SurplusMove::move)
        .toList();
  }

  private static SurplusMove move(Row row) {
    return new SurplusMove(
        row.getLong("id"),
        new FundId(row.getLong("fund")),
        new FundId(row.getLong("to_fund")),
        new Words(row.getString("name_ar"), row.getString("name_en")),
        Money.of(row.getLong("minor"), row.getString("currency")),
        row.getString("why"),
        row.getLong("proposed_by"),
        row.getOffsetDateTime("proposed_at").toInstant(),
        List.of(row.getArrayOfLongs("approvers")),
        row.getInteger("needed"),
        Optional.ofNullable(row.getOffsetDateTime("moved_at")).map(at -> at.toInstant()));
  }

  private static final String MOVE =
      """
      SELECT m.id, m.fund, m.to_fund, g.name_ar, g.name_en, m.minor, g.currency, m.why,
             m.proposed_by, m.proposed_at, t.moved_at,
             ARRAY(SELECT a.approver FROM fund.surplus_approval a WHERE a.move = m.id
                   ORDER BY a.approved_at, a.approver) AS approvers,
             fund.approvals_needed(g.currency, m.minor, coalesce(t.moved_at, 'infinity'))
               AS needed
      FROM fund.surplus_move m
      JOIN fund.fund g ON g.id = m.to_fund
      LEFT JOIN fund.surplus_transfer t ON t.move = m.id
      """;

  private static final String FIND = MOVE + "WHERE m.id = $1";

  private static final String LIST = MOVE + "WHERE m.fund = $1 ORDER BY m.id DESC LIMIT 200";
}
