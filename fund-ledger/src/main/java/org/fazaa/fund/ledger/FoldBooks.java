package org.fazaa.fund.ledger;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;

/**
 * Takes what was posted into the balances of its hour, behind the journal, so that what an account
 * came to at any moment is the sum of few rows. What is not taken in yet is counted from the
 * journal: a late turn makes figures slower and never wrong.
 */
public final class FoldBooks implements Loop.Work {
  private final Pool pool;

  public FoldBooks(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "fold-books";
  }

  @Override
  public boolean run(Instant now) {
    Database.inTransaction(pool, FoldBooks::fold);
    return false;
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of();
  }

  /** Whether there was anything to take in. */
  public static boolean fold(SqlConnection tx) {
    return tx.preparedQuery(FOLD).execute().await().iterator().next().getBoolean(0);
  }

  private static final String FOLD = "SELECT fund.fold()";
}
