package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.config.Database;

/**
 * A person comes in with login and password. A try is counted before the password is looked at, so
 * that many tries at once are many tries.
 */
public final class SignIn {

  static final int TRIES_MAX = 5;
  static final Duration TRIES_WINDOW = Duration.ofMinutes(15);

  public sealed interface Outcome {
    record SignedIn(String secret) implements Outcome {}

    record Wrong() implements Outcome {}

    record TooMany(Duration left) implements Outcome {}
  }

  private final Sessions sessions;
  private final Passwords passwords;

  public SignIn(Sessions sessions, Passwords passwords) {
    this.sessions = sessions;
    this.passwords = passwords;
  }

  /** Opens its own transactions: the hash takes half a second, and none may be open meanwhile. */
  public Outcome run(Pool pool, String login, String password, String address, Instant now) {
    var name = login.strip().toLowerCase(Locale.ROOT);
    var subject = name + " " + address;
    var left = countTry(pool, subject, now);
    if (left.isPresent()) return new Outcome.TooMany(left.get());
    var account = find(pool, name);
    if (!passwords.matches(password, account.map(Account::password).orElse(null))) {
      return new Outcome.Wrong();
    }
    return Database.inTransaction(
        pool,
        tx -> {
          tx.preparedQuery(FORGET_TRIES).execute(Tuple.of(subject)).await();
          return new Outcome.SignedIn(sessions.open(tx, account.orElseThrow().id(), now));
        });
  }

  private static Optional<Duration> countTry(Pool pool, String subject, Instant now) {
    var row =
        pool.preparedQuery(COUNT_TRY)
            .execute(Tuple.of(subject, utc(now), utc(now.minus(TRIES_WINDOW))))
            .await()
            .iterator()
            .next();
    if (row.getInteger("tries") <= TRIES_MAX) return Optional.empty();
    var over = row.getOffsetDateTime("since").toInstant().plus(TRIES_WINDOW);
    return Optional.of(Duration.between(now, over));
  }

  private record Account(long id, String password) {}

  private static Optional<Account> find(SqlClient client, String login) {
    for (var row : client.preparedQuery(FIND).execute(Tuple.of(login)).await()) {
      return Optional.of(new Account(row.getLong("id"), row.getString("password")));
    }
    return Optional.empty();
  }

  private static final String COUNT_TRY =
      """
      INSERT INTO web.sign_in_try AS t (subject, tries, since) VALUES ($1, 1, $2)
      ON CONFLICT (subject) DO UPDATE
      SET tries = CASE WHEN t.since <= $3 THEN 1 ELSE t.tries + 1 END,
          since = CASE WHEN t.since <= $3 THEN $2 ELSE t.since END
      RETURNING tries, since\
      """;

  private static final String FIND =
      """
      SELECT id, password FROM web.account
      WHERE login = $1 AND closed_at IS NULL AND password IS NOT NULL\
      """;

  private static final String FORGET_TRIES = "DELETE FROM web.sign_in_try WHERE subject = $1";
}
