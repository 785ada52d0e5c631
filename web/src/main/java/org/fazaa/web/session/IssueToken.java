package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** A machine gets a token that acts for an account in one of the account's roles. */
public final class IssueToken {

  public static final Duration LIFE_MAX = Duration.ofDays(365);

  public sealed interface Outcome {
    /** The secret is told here and never again. */
    record Issued(long token, String secret, Instant expiresAt) implements Outcome {}

    record NoSuchAccount() implements Outcome {}

    record RoleNotHeld() implements Outcome {}
  }

  public record Draft(long account, Role role, String label, Duration life) {}

  private final RandomGenerator random;

  public IssueToken(RandomGenerator random) {
    this.random = random;
  }

  public Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var rows = tx.preparedQuery(LOCK_ACCOUNT).execute(Tuple.of(draft.account())).await();
    if (rows.size() == 0) return new Outcome.NoSuchAccount();
    var held = java.util.List.of(rows.iterator().next().getArrayOfStrings("roles"));
    if (!held.contains(draft.role().code())) return new Outcome.RoleNotHeld();
    var secret = Unguessable.fresh(random);
    var expiresAt = now.plus(draft.life());
    long token = insert(tx, draft, secret, expiresAt, now);
    return new Outcome.Issued(token, secret, expiresAt);
  }

  /** The token that an operator set: always the same, made again when its account is new. */
  public static void adopt(SqlConnection tx, long account, Role role, String secret, Instant now) {
    var draft = new Draft(account, role, "first", LIFE_MAX);
    insert(tx, draft, secret, now.plus(LIFE_MAX), now);
  }

  private static long insert(
      SqlConnection tx, Draft draft, String secret, Instant expiresAt, Instant now) {
    return tx.preparedQuery(INSERT)
        .execute(
            Tuple.of(
                Unguessable.hash(secret),
                draft.account(),
                draft.role().code(),
                draft.label(),
                utc(now),
                utc(expiresAt)))
        .await()
        .iterator()
        .next()
        .getLong("id");
  }

  private static final String LOCK_ACCOUNT =
      """
      SELECT roles FROM web.account WHERE id = $1 AND closed_at IS NULL FOR SHARE\
      """;

  private static final String INSERT =
      """
      INSERT INTO web.token (hash, account, role, label, created_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at
      RETURNING id\
      """;
}
