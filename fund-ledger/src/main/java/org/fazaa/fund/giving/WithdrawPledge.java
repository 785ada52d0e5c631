package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;

/** Ends a pledge because its giver wants so, at any time and without a reason. */
public final class WithdrawPledge {
  private WithdrawPledge() {}

  /** The pledge as it is then; one that had ended before stays as it is. */
  public static Pledge run(SqlConnection tx, Pledge pledge, Instant now) {
    tx.preparedQuery(END).execute(Tuple.of(pledge.id(), Database.utc(now))).await();
    return Pledges.find(tx, pledge.id()).orElseThrow();
  }

  private static final String END = "SELECT fund.end_pledge($1, 'stopped', $2)";
}
