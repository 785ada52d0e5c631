package org.fazaa.web.session;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who stands behind a number in the books. */
public final class Accounts {
  private Accounts() {}

  public static Optional<String> name(SqlClient client, long account) {
    return Optional.ofNullable(names(client, List.of(account)).get(account));
  }

  /** Of those of these accounts that there are. */
  public static Map<Long, String> names(SqlClient client, Collection<Long> accounts) {
    var names = new HashMap<Long, String>();
    if (accounts.isEmpty()) return names;
    var asked = Tuple.of((Object) accounts.toArray(Long[]::new));
    for (var row : client.preparedQuery(NAMES).execute(asked).await()) {
      names.put(row.getLong("id"), row.getString("name"));
    }
    return names;
  }

  private static final String NAMES = "SELECT id, name FROM web.account WHERE id = ANY ($1)";
}
