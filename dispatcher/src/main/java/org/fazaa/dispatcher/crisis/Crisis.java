package org.fazaa.dispatcher.crisis;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that happened somewhere, for which people are needed.
 *
 * @param needs how many needs are not closed; {@code people} and {@code filled} count theirs
 */
public record Crisis(
    CrisisId id,
    Title name,
    CrisisKind kind,
    Mode mode,
    String country,
    ZoneId zone,
    Area area,
    Instant openedAt,
    Optional<Instant> closedAt,
    int needs,
    int people,
    int filled,
    int texts) {

  public boolean isDrill() {
    return mode == Mode.DRILL;
  }

  public static Optional<Crisis> find(SqlClient conn, CrisisId id) {
    return list(conn, new Long[] {id.value()}).stream().findFirst();
  }

  /** Open ones first, newest first, at most a hundred. */
  public static List<Crisis> list(SqlClient conn) {
    return list(conn, null);
  }

  private static List<Crisis> list(SqlClient conn, Long[] ids) {
    var all = new ArrayList<Crisis>();
    for (var row : conn.preparedQuery(SELECT).execute(Tuple.of(ids)).await()) all.add(of(row));
    return all;
  }

  private static Crisis of(Row row) {
    return new Crisis(
        new CrisisId(row.getLong("id")),
        new Title(row.getString("name_ar"), row.getString("name_en")),
        CrisisKind.of(row.getString("kind")).orElse(CrisisKind.OTHER),
        Mode.of(row.getString("mode")).orElseThrow(),
        row.getString("country"),
        ZoneId.of(row.getString("zone")),
        Area.stored(row.getJsonObject("area")),
        row.getOffsetDateTime("opened_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("closed_at")).map(at -> at.toInstant()),
        row.getInteger("needs"),
        row.getInteger("people"),
        row.getInteger("filled"),
        row.getInteger("texts"));
  }

  private static final String SELECT =
      """
      SELECT c.id, c.name_ar, c.name_en, c.kind, c.mode, c.country, c.zone, c.area, c.opened_at,
        x.closed_at, n.needs, n.people, n.filled, e.texts
      FROM dispatch.crisis c
      LEFT JOIN dispatch.crisis_closure x ON x.crisis = c.id
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state <> 'closed')::int AS needs,
               coalesce(sum(people), 0)::int AS people, coalesce(sum(filled), 0)::int AS filled
        FROM dispatch.need WHERE crisis = c.id) n
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(e.texts), 0)::int AS texts
        FROM dispatch.envelope e JOIN dispatch.need d ON d.id = e.need WHERE d.crisis = c.id) e
      WHERE $1::bigint[] IS NULL OR c.id = ANY ($1)
      ORDER BY x.closed_at IS NOT NULL, c.id DESC
      LIMIT 100
      """;
}
