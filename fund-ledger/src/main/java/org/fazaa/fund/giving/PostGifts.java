package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;

/**
 * Writes the entries and the receipts of gifts that came with their money or goods. Givers do not
 * wait for it: the more came in the meantime, the fewer entries there are.
 */
final class PostGifts {
  private static final int BATCH = 5_000;

  private PostGifts() {}

  /** Whether there may be more to post. Afterwards no gift of before lacks its receipt. */
  static boolean post(SqlClient tx, Instant now) {
    var posted = tx.preparedQuery(POST).execute(Tuple.of(BATCH, Database.utc(now))).await();
    return posted.iterator().next().getLong(0) == BATCH;
  }

  private static final String POST = "SELECT fund.post_gifts($1, $2)";
}
