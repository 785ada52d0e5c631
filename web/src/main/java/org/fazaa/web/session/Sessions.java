package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Open doors: sessions of people and tokens of machines, in PostgreSQL and only as hashes. */
public final class Sessions {

  static final Duration IDLE_MAX = Duration.ofMinutes(30);
  static final Duration LIFE_MAX = Duration.ofHours(12);

  // A page with twenty fragments must not write twenty rows.
  private static final Duration SEEN_STEP = Duration.ofMinutes(1);

  private final RandomGenerator random;

  public Sessions(RandomGenerator random) {
    this.random = random;
  }

  /** A new session, always under a new secret; the answer is the cookie's value. */
  public String open(SqlConnection tx, long account, Instant now) {
    var secret = Unguessable.fresh(random);
    tx.preparedQuery(OPEN).execute(Tuple.of(Unguessable.hash(secret), account, utc(now))).await();
    return secret;
  }

  Optional<Who> find(SqlClient client, String secret, Instant now) {
    var hash = Unguessable.hash(secret);
    var rows =
        client
            .preparedQuery(FIND)
            .execute(Tuple.of(hash, utc(now.minus(IDLE_MAX)), utc(now.minus(LIFE_MAX))))
            .await();
    for (var row : rows) {
      if (row.getOffsetDateTime("seen_at").toInstant().isBefore(now.minus(SEEN_STEP))) {
        client.preparedQuery(SEEN).execute(Tuple.of(hash, utc(now))).await();
      }
      var roles = roles(row.getArrayOfStrings("roles"));
      return Optional.of(who(row, roles, Optional.of(Unguessable.csrf(secret))));
    }
    return Optional.empty();
  }

  /** A machine acts with the one role of its token, and only while its account still has it. */
  static Optional<Who> findMachine(SqlClient client, String secret, Instant now) {
    var rows =
        client
            .preparedQuery(FIND_TOKEN)
            .execute(Tuple.of(Unguessable.hash(secret), utc(now)))
            .await();
    for (var row : rows) {
      return Optional.of(who(row, roles(row.getString("role")), Optional.empty()));
    }
    return Optional.empty();
  }

  public static void end(SqlClient client, String secret) {
    client.preparedQuery(END).execute(Tuple.of(Unguessable.hash(secret))).await();
  }

  private static Who who(Row row, Set<Role> roles, Optional<String> csrf) {
    return new Who(
        row.getLong("id"), row.getString("name"), row.getString("language"), roles, csrf);
  }

  private static Set<Role> roles(String... codes) {
    var roles = EnumSet.noneOf(Role.class);
    Stream.of(codes).map(Role::of).forEach(roles::add);
    return roles;
  }

  private static final String OPEN =
      """
      INSERT INTO web.session (hash, account, created_at, seen_at) VALUES ($1, $2, $3, $3)\
      """;

  private static final String FIND =
      """
      SELECT a.id, a.name, a.language, a.roles, s.seen_at
      FROM web.session s JOIN web.account a ON a.id = s.account
      WHERE s.hash = $1 AND s.seen_at > $2 AND s.created_at > $3 AND a.closed_at IS NULL\
      """;

  private static final String SEEN =
      """
      UPDATE web.session SET seen_at = $2 WHERE hash = $1 AND seen_at < $2\
      """;

  private static final String FIND_TOKEN =
      """
      SELECT a.id, a.name, a.language, t.role
      FROM web.token t JOIN web.account a ON a.id = t.account
      WHERE t.hash = $1 AND t.expires_at > $2 AND a.closed_at IS NULL AND t.role = ANY (a.roles)\
      """;

  private static final String END = "DELETE FROM web.session WHERE hash = $1";
}
