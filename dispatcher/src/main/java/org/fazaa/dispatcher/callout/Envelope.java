package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;

/**
 * What a coordinator approved before anybody was texted: where, by which rules, at most how many
 * texts for how much money, until when. The call-out stops at its edge.
 *
 * @param needVersion of the need when this was approved
 * @param costCap in the smallest unit of {@code currency}
 * @param secondBy the second person, which a large one needs before it is in force
 */
public record Envelope(
    long id,
    NeedId need,
    int needVersion,
    Area area,
    String rules,
    int candidates,
    int maxTexts,
    int costCap,
    String currency,
    Instant expiresAt,
    long approvedBy,
    Optional<Long> secondBy,
    boolean inForce,
    int texts,
    int cost) {

  /** Above this many texts the coordinator types the number. */
  public static final int TYPED_ABOVE = 50;

  /** Above this many a second person confirms. */
  public static final int SECOND_ABOVE = 500;

  static final int MOST_TEXTS = 20_000;

  int textsLeft() {
    return maxTexts - texts;
  }

  int costLeft() {
    return costCap - cost;
  }

  /** From how far people are asked unless the coordinator draws something else. */
  public static Area around(Need need) {
    var km =
        switch (need.priority()) {
          case LIFE -> 20;
          case URGENT -> 30;
          case PLANNED -> 50;
        };
    return new Area.Circle(need.place(), km * 1000.0);
  }

  /** By which rules people are chosen, in one line that stays with the envelope. */
  static String rules(Need need) {
    return "skills %s%s, languages %s%s"
        .formatted(
            String.join("+", Skill.codes(need.skills())),
            need.proof() ? " proven" : "",
            String.join("|", SpokenLanguage.codes(need.languages())),
            need.ageLeast() == Need.GROWN_UP ? "" : ", age " + need.ageLeast());
  }

  public static Optional<Envelope> find(SqlClient conn, long id) {
    return Optional.ofNullable(list(conn, List.of(id)).get(id));
  }

  static Map<Long, Envelope> list(SqlClient conn, Collection<Long> ids) {
    return read(conn, SELECT + "WHERE id = ANY ($1)", ids);
  }

  static Optional<Envelope> lock(SqlClient tx, long id) {
    var sql = SELECT + "WHERE id = ANY ($1) FOR NO KEY UPDATE";
    return Optional.ofNullable(read(tx, sql, List.of(id)).get(id));
  }

  private static Map<Long, Envelope> read(SqlClient conn, String sql, Collection<Long> ids) {
    var found = new LinkedHashMap<Long, Envelope>();
    var rows = conn.preparedQuery(sql).execute(Tuple.of(ids.toArray(Long[]::new))).await();
    for (var row : rows) found.put(row.getLong("id"), of(row));
    return found;
  }

  private static Envelope of(Row row) {
    return new Envelope(
        row.getLong("id"),
        new NeedId(row.getLong("need")),
        row.getInteger("need_version"),
        Area.stored(row.getJsonObject("area")),
        row.getString("rules"),
        row.getInteger("candidates"),
        row.getInteger("max_texts"),
        row.getInteger("cost_cap"),
        row.getString("currency"),
        row.getOffsetDateTime("expires_at").toInstant(),
        row.getLong("approved_by"),
        Optional.ofNullable(row.getLong("second_by")),
        row.getBoolean("in_force"),
        row.getInteger("texts"),
        row.getInteger("cost"));
  }

  /** Books texts that are about to be sent; the table refuses what the envelope does not hold. */
  static void spend(SqlClient tx, Map<Long, Spent> spent) {
    if (spent.isEmpty()) return;
    var ids = new ArrayList<Long>();
    var texts = new ArrayList<Integer>();
    var costs = new ArrayList<Integer>();
    spent.forEach(
        (id, one) -> {
          ids.add(id);
          texts.add(one.texts());
          costs.add(one.cost());
        });
    tx.preparedQuery(SPEND)
        .execute(
            Tuple.of(
                ids.toArray(Long[]::new),
                texts.toArray(Integer[]::new),
                costs.toArray(Integer[]::new)))
        .await();
  }

  record Spent(int texts, int cost) {}

  private static final String SELECT =
      """
      SELECT id, need, need_version, area, rules, candidates, max_texts, cost_cap, currency,
        expires_at, approved_by, second_by, in_force, texts, cost
      FROM dispatch.envelope
      """;

  private static final String SPEND =
      """
      UPDATE dispatch.envelope e SET texts = e.texts + s.texts, cost = e.cost + s.cost
      FROM UNNEST($1::bigint[], $2::int[], $3::int[]) AS s (id, texts, cost)
      WHERE e.id = s.id
      """;
}
