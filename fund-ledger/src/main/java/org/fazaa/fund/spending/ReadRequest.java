package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;

/**
 * An officer looks at a request. What they saw is remembered, so that they can be shown what is
 * different from it when they come back.
 */
public final class ReadRequest {

  /**
   * @param before the latest version that the officer saw or approved before this one; 0 if none
   */
  public record Seen(int before) {}

  private ReadRequest() {}

  public static Seen run(SqlConnection tx, DisbursementId id, int version, long by, Instant now) {
    tx.preparedQuery(NOTE).execute(Tuple.of(id.value(), by, version, Database.utc(now))).await();
    var fields = Tuple.of(id.value(), by, version);
    var row = tx.preparedQuery(FIND_BEFORE).execute(fields).await().iterator().next();
    return new Seen(row.getInteger(0));
  }

  private static final String NOTE =
      """
      INSERT INTO fund.request_seen (disbursement, account, version, seen_at)
      VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING\
      """;

  private static final String FIND_BEFORE =
      """
      SELECT coalesce(max(s.version), 0)::int FROM (
        SELECT version FROM fund.request_seen WHERE disbursement = $1 AND account = $2
        UNION ALL
        SELECT version FROM fund.approval WHERE disbursement = $1 AND approver = $2) s
      WHERE s.version < $3\
      """;
}
