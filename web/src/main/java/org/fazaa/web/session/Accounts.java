package org.fazaa.web.session;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** Who stands behind a number in the books. */
public final class Accounts {
  private Accounts() {}

  public static Optional<String> name(SqlClient client, long account) {
    for (var row : client.preparedQuery(NAME).execute(Tuple.of(account)).await()) {
      return Optional.of(row.getString("name"));
    }
    return Optional.empty();
  }

  private static final String NAME = "SELECT name FROM web.account WHERE id = $1";
}
