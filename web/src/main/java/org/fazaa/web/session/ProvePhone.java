package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.notifier.Phone;
import org.fazaa.web.session.AskCode.Door;

/**
 * Somebody writes the code that came to the phone which they said is theirs, in the browser in
 * which they said so. It is good once; each try is counted before it is looked at.
 */
public final class ProvePhone {

  /** How long a proof opens what a phone has given: there is no other key to it. */
  static final Duration OPEN = Duration.ofMinutes(30);

  static final int TRIES_MAX = 5;
  private static final byte[] NONE = new byte[32];

  public sealed interface Outcome {
    /**
     * @param volunteer who wants this phone for theirs; nobody: to come in with it
     */
    record Proven(Phone phone, Optional<Long> volunteer) implements Outcome {}

    record Wrong() implements Outcome {}

    /** The code is void: another has to be asked for. */
    record TooMany() implements Outcome {}

    /** Nothing was asked for in this browser, or it is too long ago, or it was used. */
    record Over() implements Outcome {}
  }

  private ProvePhone() {}

  /** The caller commits whatever comes of it: a try stays counted. */
  public static Outcome run(SqlConnection tx, Door door, String secret, String code, Instant now) {
    var request = Unguessable.hash(secret);
    for (var row : tx.preparedQuery(COUNT_TRY).execute(Tuple.of(request, door.tag())).await()) {
      return decide(tx, request, row, code, now);
    }
    return new Outcome.Over();
  }

  /** The phone that was proven in this browser to see what it has given, while that is open. */
  public static Optional<Phone> findGiver(SqlClient client, String secret, Instant now) {
    var values = Tuple.of(Unguessable.hash(secret), utc(now));
    for (var row : client.preparedQuery(FIND_GIVER).execute(values).await()) {
      return Optional.of(new Phone(row.getString("phone")));
    }
    return Optional.empty();
  }

  /** It is closed before its time, in this browser. */
  public static void close(SqlClient client, String secret, Instant now) {
    client.preparedQuery(CLOSE).execute(Tuple.of(Unguessable.hash(secret), utc(now))).await();
  }

  /** What is kept of a code: whoever reads it there still lacks the secret of the browser. */
  public static byte[] hash(byte[] request, String code) {
    var digest = Unguessable.sha256();
    digest.update(request);
    return digest.digest(code.getBytes(StandardCharsets.UTF_8));
  }

  private static Outcome decide(
      SqlConnection tx, byte[] request, Row row, String code, Instant now) {
    var over =
        row.getOffsetDateTime("used_at") != null
            || !now.isBefore(row.getOffsetDateTime("expires_at").toInstant());
    if (over) return new Outcome.Over();
    if (row.getInteger("tries") > TRIES_MAX) return new Outcome.TooMany();
    var sent = row.getBuffer("code") == null ? NONE : row.getBuffer("code").getBytes();
    // A phone that nobody has got no code: the comparison is made all the same.
    if (!MessageDigest.isEqual(sent, hash(request, code))) return new Outcome.Wrong();
    tx.preparedQuery(USE).execute(Tuple.of(request, utc(now), utc(now.plus(OPEN)))).await();
    return new Outcome.Proven(
        new Phone(row.getString("phone")), Optional.ofNullable(row.getLong("volunteer")));
  }

  private static final String COUNT_TRY =
      """
      UPDATE web.phone_code SET tries = tries + 1 WHERE request = $1 AND door = $2
      RETURNING phone, volunteer, code, tries, expires_at, used_at\
      """;

  private static final String USE =
      """
      UPDATE web.phone_code
      SET used_at = $2, expires_at = CASE door WHEN 'giver' THEN $3 ELSE expires_at END
      WHERE request = $1\
      """;

  private static final String FIND_GIVER =
      """
      SELECT phone FROM web.phone_code
      WHERE request = $1 AND door = 'giver' AND used_at IS NOT NULL AND expires_at > $2\
      """;

  private static final String CLOSE =
      "UPDATE web.phone_code SET expires_at = $2 WHERE request = $1 AND door = 'giver'";
}
