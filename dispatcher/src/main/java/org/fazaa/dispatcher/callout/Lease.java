package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.fazaa.config.Database;

/**
 * One decider at a time. The lease says who may try; the fence, checked in the decider's own
 * transaction, is what keeps a decider that slept through the end of its lease from writing
 * anything.
 */
final class Lease {
  private static final int SECONDS = 10;

  /** Within this part of its time it need not be asked for again: the fence is still checked. */
  private static final long RENEWED_NANOS = 1_000_000_000L * SECONDS / 3;

  private final String name;
  private final String holder;
  private Optional<Long> held = Optional.empty();
  private long heldSince;

  /**
   * @param holder unique among all nodes
   */
  Lease(String name, String holder) {
    this.name = name;
    this.holder = holder;
  }

  /** The fence to write under; empty while somebody else decides. */
  Optional<Long> hold(Pool pool) {
    var now = System.nanoTime();
    if (held.isPresent() && now - heldSince < RENEWED_NANOS) return held;
    heldSince = now;
    held =
        Database.inTransaction(
            pool,
            tx -> {
              var rows = tx.preparedQuery(HOLD).execute(Tuple.of(name, holder, SECONDS)).await();
              for (var row : rows) return Optional.of(row.getLong("fence"));
              return Optional.empty();
            });
    return held;
  }

  /** True while nobody else has taken the lease; and nobody can until this transaction ends. */
  boolean isCurrent(SqlConnection tx, long fence) {
    var current = tx.preparedQuery(CHECK).execute(Tuple.of(name, fence)).await().rowCount() == 1;
    if (!current) held = Optional.empty();
    return current;
  }

  private static final String HOLD =
      """
      INSERT INTO dispatch.lease AS l (name, holder, fence, until)
      VALUES ($1, $2, 1, clock_timestamp() + make_interval(secs => $3))
      ON CONFLICT (name) DO UPDATE
      SET holder = excluded.holder, until = excluded.until,
          fence = l.fence + CASE WHEN l.holder = excluded.holder THEN 0 ELSE 1 END
      WHERE l.holder = excluded.holder OR l.until < clock_timestamp()
      RETURNING fence
      """;

  private static final String CHECK =
      "SELECT 1 FROM dispatch.lease WHERE name = $1 AND fence = $2 FOR SHARE";
}
