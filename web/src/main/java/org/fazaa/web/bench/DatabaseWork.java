package org.fazaa.web.bench;

import io.vertx.sqlclient.Pool;
import java.time.Duration;

/**
 * What a database has done since it was made, by its own counters.
 *
 * @param active time that its sessions spent in statements
 * @param walBytes written to its log
 */
record DatabaseWork(Duration active, long commits, long walBytes) {

  /** Sessions hand in their counts when they have been idle for this long. */
  private static final Duration HANDED_IN = Duration.ofMillis(1_500);

  /** Waits until all sessions have handed in what they did. */
  static DatabaseWork read(io.vertx.core.Vertx vertx, Pool pool) {
    vertx.timer(HANDED_IN.toMillis()).await();
    var row = pool.query(READ).execute().await().iterator().next();
    return new DatabaseWork(
        Duration.ofNanos((long) (row.getDouble("active_ms") * 1e6)),
        row.getLong("commits"),
        row.getLong("wal_bytes"));
  }

  DatabaseWork since(DatabaseWork before) {
    return new DatabaseWork(
        active.minus(before.active), commits - before.commits, walBytes - before.walBytes);
  }

  private static final String READ =
      """
      SELECT active_time AS active_ms, xact_commit AS commits,
             pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint AS wal_bytes
      FROM pg_stat_database
      WHERE datname = current_database()\
      """;
}
