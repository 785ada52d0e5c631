package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;

/**
 * Stops a fund whose books were found wrong: money still arrives, and none leaves until an auditor
 * has looked. The database refuses what would leave, whoever asks.
 */
public final class FreezeFund {
  /**
   * @param invariant that does not hold, by its number
   * @param details where it does not, with ids and no names
   */
  public record Draft(FundId fund, String invariant, String details) {}

  private FreezeFund() {}

  /** Whether it is frozen for this only now; a fund that is not there is left alone. */
  public static boolean run(SqlConnection tx, Draft draft, Instant now) {
    var fields =
        Tuple.of(draft.fund().value(), draft.invariant(), draft.details(), Database.utc(now));
    return tx.preparedQuery(FREEZE).execute(fields).await().iterator().next().getBoolean(0);
  }

  private static final String FREEZE = "SELECT fund.freeze_fund($1, $2, $3, $4)";
}
