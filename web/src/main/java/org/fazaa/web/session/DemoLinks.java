package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A way in for whoever started the program on a laptop to look at it: each link opens one session,
 * once. Only made, and only taken, while nothing outside is connected.
 */
public final class DemoLinks {

  private static final Duration LIFE = Duration.ofHours(12);

  private final RandomGenerator random;
  private final Sessions sessions;
  private final boolean allowed;

  public DemoLinks(RandomGenerator random, Sessions sessions, boolean allowed) {
    this.random = random;
    this.sessions = sessions;
    this.allowed = allowed;
  }

  /** The path of a link for this account. */
  public String make(SqlConnection tx, long account, Instant now) {
    if (!allowed) throw new IllegalStateException("demo links while something real is connected");
    var secret = Unguessable.fresh(random);
    tx.preparedQuery(MAKE)
        .execute(Tuple.of(Unguessable.hash(secret), account, utc(now.plus(LIFE))))
        .await();
    return "/demo/" + secret;
  }

  /** The secret of a new session, unless the link was used, is old, or was never ours. */
  public Optional<String> take(SqlConnection tx, String secret, Instant now) {
    if (!allowed) return Optional.empty();
    var rows = tx.preparedQuery(TAKE).execute(Tuple.of(Unguessable.hash(secret), utc(now))).await();
    for (var row : rows) return Optional.of(sessions.open(tx, row.getLong("account"), now));
    return Optional.empty();
  }

  private static final String MAKE =
      """
      INSERT INTO web.demo_link (hash, account, expires_at) VALUES ($1, $2, $3)\
      """;

  private static final String TAKE =
      """
      DELETE FROM web.demo_link WHERE hash = $1 AND expires_at > $2 RETURNING account\
      """;
}
