package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The doors of volunteers to their own page, opened by a phone that they have proven; they open
 * nothing else. They last as long as those of staff.
 */
public final class VolunteerSessions {

  private final RandomGenerator random;

  public VolunteerSessions(RandomGenerator random) {
    this.random = random;
  }

  /** The cookie's value. */
  public String open(SqlConnection tx, long volunteer, Instant now) {
    var secret = Unguessable.fresh(random);
    var row = Tuple.of(Unguessable.hash(secret), volunteer, utc(now));
    tx.preparedQuery(OPEN).execute(row).await();
    return secret;
  }

  /** Whose page this secret opens. */
  public Optional<Long> find(SqlClient client, String secret, Instant now) {
    var values =
        Tuple.of(
            Unguessable.hash(secret),
            utc(now.minus(Sessions.IDLE_MAX)),
            utc(now.minus(Sessions.LIFE_MAX)),
            utc(now));
    for (var row : client.preparedQuery(FIND).execute(values).await()) {
      return Optional.of(row.getLong("volunteer"));
    }
    return Optional.empty();
  }

  public static void end(SqlClient client, String secret) {
    client.preparedQuery(END).execute(Tuple.of(Unguessable.hash(secret))).await();
  }

  /** All doors of one volunteer are shut, in every browser. */
  public static void endAll(SqlConnection tx, long volunteer) {
    tx.preparedQuery(END_ALL).execute(Tuple.of(volunteer)).await();
  }

  /** What the forms of this session's pages carry, so that no other page can send them. */
  public static String token(String secret) {
    return Unguessable.csrf(secret);
  }

  public static boolean matches(String token, String secret) {
    return Unguessable.same(token, Unguessable.csrf(secret));
  }

  private static final String OPEN =
      """
      INSERT INTO web.volunteer_session (hash, volunteer, created_at, seen_at)
      VALUES ($1, $2, $3, $3)\
      """;

  private static final String FIND =
      """
      UPDATE web.volunteer_session SET seen_at = greatest(seen_at, $4)
      WHERE hash = $1 AND seen_at > $2 AND created_at > $3
      RETURNING volunteer\
      """;

  private static final String END = "DELETE FROM web.volunteer_session WHERE hash = $1";

  private static final String END_ALL = "DELETE FROM web.volunteer_session WHERE volunteer = $1";
}
