package org.fazaa.dispatcher.crisis;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.config.Database;

/**
 * Somebody who may dispatch. Every use case of a coordinator asks for one, and the only way to have
 * one is the row that says so, read in the same transaction.
 */
public final class Staff {
  private final long account;
  private final String name;

  private Staff(long account, String name) {
    this.account = account;
    this.name = name;
  }

  public long account() {
    return account;
  }

  public String name() {
    return name;
  }

  /**
   * The authority of an account, held until the transaction ends: nobody is dismissed meanwhile.
   */
  public static Optional<Staff> find(SqlConnection tx, long account) {
    var rows = tx.preparedQuery(FIND).execute(Tuple.of(account)).await();
    for (var row : rows) return Optional.of(new Staff(account, row.getString("name")));
    return Optional.empty();
  }

  /** Lets an account dispatch, or lets it again. */
  public static Staff appoint(SqlClient tx, long account, String name, Instant now) {
    tx.preparedQuery(APPOINT).execute(Tuple.of(account, name, Database.utc(now))).await();
    return new Staff(account, name);
  }

  public static void dismiss(SqlClient tx, long account, Instant now) {
    tx.preparedQuery(DISMISS).execute(Tuple.of(account, Database.utc(now))).await();
  }

  private static final String FIND =
      """
      SELECT name FROM dispatch.staff WHERE account = $1 AND dismissed_at IS NULL FOR SHARE
      """;

  private static final String APPOINT =
      """
      INSERT INTO dispatch.staff (account, name, appointed_at) VALUES ($1, $2, $3)
      ON CONFLICT (account) DO UPDATE SET name = excluded.name, dismissed_at = NULL
      """;

  private static final String DISMISS =
      """
      UPDATE dispatch.staff SET dismissed_at = $2 WHERE account = $1 AND dismissed_at IS NULL
      """;
}
