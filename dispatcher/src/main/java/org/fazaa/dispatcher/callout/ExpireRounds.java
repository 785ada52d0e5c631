package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import org.fazaa.config.Database;
import org.fazaa.config.Loop;

/**
 * Lets go of what policies saw long ago, or long enough ago when there is too much of it. The
 * decisions and why each person was asked stay.
 */
public final class ExpireRounds implements Loop.Work {
  /** A year's questions are asked soon after its end: by donors, by an audit, by a court. */
  private static final Duration KEPT = Duration.ofDays(400);

  /** A month of a large crisis; no database shall fill up with what is hardly ever looked at. */
  private static final long BYTES_MAX = 8L << 30;

  private final Pool pool;
  private final long most;

  public ExpireRounds(Pool pool) {
    this(pool, BYTES_MAX);
  }

  ExpireRounds(Pool pool, long most) {
    this.pool = pool;
    this.most = most;
  }

  @Override
  public String name() {
    return "expire rounds";
  }

  @Override
  public Duration poll() {
    return Duration.ofHours(1);
  }

  @Override
  public boolean run(Instant now) {
    var limits = Tuple.of(Database.utc(now.minus(KEPT)), most);
    return pool.preparedQuery(EXPIRE).execute(limits).await().rowCount() > 0;
  }

  // A few hundred at a time, so that nobody waits for it.
  private static final String EXPIRE =
      """
      UPDATE dispatch.round SET board = NULL WHERE id IN (
        SELECT id FROM (
          SELECT id, at, sum(bytes) OVER (ORDER BY id DESC) AS newer
          FROM dispatch.round WHERE board IS NOT NULL) kept
        WHERE at < $1 OR newer > $2
        ORDER BY id LIMIT 500)
      """;
}
