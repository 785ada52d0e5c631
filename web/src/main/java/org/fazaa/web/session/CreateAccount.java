package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;

/** Somebody gets an account, and with each role the authority that stands where it is used. */
public final class CreateAccount {

  /** Who creates accounts when the program starts: nobody with an account. */
  public static final long THE_PROGRAM = 0;

  /**
   * @param passwordHash from {@link Passwords#hash}; empty: cannot sign in by password
   */
  public record Draft(
      String login, String name, String language, Set<Role> roles, Optional<String> passwordHash) {}

  public sealed interface Outcome {
    record Created(long account) implements Outcome {}

    record LoginTaken() implements Outcome {}
  }

  private CreateAccount() {}

  public static Outcome run(SqlConnection tx, Draft draft, long by, Instant now) {
    var roles = draft.roles().stream().map(Role::code).toArray(String[]::new);
    var fields =
        Tuple.of(
            draft.login(),
            draft.name(),
            draft.language(),
            roles,
            draft.passwordHash().orElse(null),
            utc(now));
    for (var row : tx.preparedQuery(INSERT).execute(fields).await()) {
      long account = row.getLong("id");
      for (var role : draft.roles()) entrust(tx, account, draft.name(), role, by, now);
      return new Outcome.Created(account);
    }
    return new Outcome.LoginTaken();
  }

  /**
   * The account with this login, made now if it is new; for those that the program itself needs.
   */
  public static long ensure(SqlConnection tx, Draft draft, Instant now) {
    return switch (run(tx, draft, THE_PROGRAM, now)) {
      case Outcome.Created(var account) -> account;
      case Outcome.LoginTaken() -> find(tx, draft.login());
    };
  }

  private static void entrust(
      SqlConnection tx, long account, String name, Role role, long by, Instant now) {
    switch (role) {
      case COORDINATOR -> Staff.appoint(tx, account, name, now);
      case FINANCE -> {
        Officer.appoint(tx, account, Office.REQUESTER, by, now);
        Officer.appoint(tx, account, Office.TREASURER, by, now);
      }
      case APPROVER -> Officer.appoint(tx, account, Office.APPROVER, by, now);
      case AUDITOR -> Officer.appoint(tx, account, Office.AUDITOR, by, now);
      case MANAGER, ADMIN -> {} // all that these may do is asked of the role itself
    }
  }

  private static long find(SqlConnection tx, String login) {
    var rows = tx.preparedQuery(FIND).execute(Tuple.of(login)).await();
    return rows.iterator().next().getLong("id");
  }

  private static final String INSERT =
      """
      INSERT INTO web.account (login, name, language, roles, password, created_at)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (login) DO NOTHING
      RETURNING id\
      """;

  private static final String FIND = "SELECT id FROM web.account WHERE login = $1";
}
