package org.fazaa.dispatcher.people;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The organisations that vouch for volunteers. */
public final class Organisations {

  private Organisations() {}

  public record Named(String code, String ar, String en) {}

  /** All of them with their names, by code. */
  public static List<Named> list(SqlClient db) {
    var named = new ArrayList<Named>();
    for (var row : db.query(LIST).execute().await()) {
      named.add(
          new Named(row.getString("code"), row.getString("name_ar"), row.getString("name_en")));
    }
    return named;
  }

  public static Optional<Long> find(SqlClient db, String code) {
    for (var row : db.preparedQuery(FIND).execute(Tuple.of(code)).await()) {
      return Optional.of(row.getLong("id"));
    }
    return Optional.empty();
  }

  /** All of them by code: some thousand in a whole country. */
  static Map<String, Long> all(SqlClient db) {
    var ids = new HashMap<String, Long>();
    for (var row : db.query(LIST).execute().await()) {
      ids.put(row.getString("code"), row.getLong("id"));
    }
    return ids;
  }

  private static final String FIND = "SELECT id FROM dispatch.organisation WHERE code = $1";
  private static final String LIST =
      "SELECT id, code, name_ar, name_en FROM dispatch.organisation ORDER BY code";
}
