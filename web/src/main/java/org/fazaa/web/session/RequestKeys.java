package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Once only: the caller's key and the effect commit together. A second request with the same key
 * waits for the first on the key's row, then gets the first answer, or is told that it asks for
 * something else.
 */
public final class RequestKeys {

  /** What a request is recognised by; the digest covers method, path and body. */
  public record Ask(Optional<Who> who, String key, byte[] digest) {
    String scope() {
      return RequestKeys.scope(who);
    }
  }

  /** An answer as it can be given again. */
  public record Kept(int status, String location, String body) {}

  public sealed interface Outcome {
    record First(Kept answer) implements Outcome {}

    record Repeated(Kept answer) implements Outcome {}

    record Differs() implements Outcome {}
  }

  private RequestKeys() {}

  /** The key as a room below may keep it: two callers never share one. */
  public static String scoped(Optional<Who> who, String key) {
    return scope(who) + " " + key;
  }

  private static String scope(Optional<Who> who) {
    return who.map(Who::scope).orElse("public");
  }

  /**
   * Runs {@code effect} unless this key has been answered; what it throws forgets the key again.
   */
  public static Outcome run(SqlConnection tx, Ask ask, Instant now, Supplier<Kept> effect) {
    var mine =
        tx.preparedQuery(CLAIM)
            .execute(Tuple.of(ask.scope(), ask.key(), ask.digest(), utc(now)))
            .await();
    if (mine.rowCount() == 0) return earlier(tx, ask);
    var kept = effect.get();
    tx.preparedQuery(KEEP)
        .execute(Tuple.of(ask.scope(), ask.key(), kept.status(), kept.location(), kept.body()))
        .await();
    return new Outcome.First(kept);
  }

  private static Outcome earlier(SqlConnection tx, Ask ask) {
    var row =
        tx.preparedQuery(FIND)
            .execute(Tuple.of(ask.scope(), ask.key(), ask.digest()))
            .await()
            .iterator()
            .next();
    if (!row.getBoolean("same")) return new Outcome.Differs();
    return new Outcome.Repeated(
        new Kept(row.getInteger("status"), row.getString("location"), row.getString("body")));
  }

  private static final String CLAIM =
      """
      INSERT INTO web.request_key (scope, key, digest, created_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING\
      """;

  private static final String KEEP =
      """
      UPDATE web.request_key SET status = $3, location = $4, body = $5
      WHERE scope = $1 AND key = $2\
      """;

  private static final String FIND =
      """
      SELECT digest = $3 AS same, status, location, body FROM web.request_key
      WHERE scope = $1 AND key = $2\
      """;
}
