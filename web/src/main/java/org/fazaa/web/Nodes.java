package org.fazaa.web;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.config.Node;

/** The nodes as the database knows them: whoever gave a sign of life lately is alive. */
public final class Nodes {

  /** A node that was silent this long is dead or cut off; Hazelcast gives up as soon. */
  public static final Duration LIVE_WITHIN = Duration.ofSeconds(10);

  /** One sign of life, oldest node first. */
  public record Live(
      String name, String host, int port, String version, Instant since, Instant seenAt) {}

  private Nodes() {}

  /**
   * Those who gave a sign of life within this time and have not left, the longest running first.
   */
  public static List<Live> live(Pool pool, Duration within) {
    var live = new ArrayList<Live>();
    var tuple = Tuple.of(within.toMillis() / 1_000.0);
    for (var row : pool.preparedQuery(LIST_LIVE).execute(tuple).await()) live.add(live(row));
    return live;
  }

  /**
   * A node that is known.
   *
   * @param fresh whether it gives signs of life, and has for a while
   * @param lately whether it gave one in the last half minute
   */
  record Sign(String name, boolean fresh, boolean lately) {}

  static List<Sign> signs(SqlClient connection) {
    var signs = new ArrayList<Sign>();
    for (var row : connection.query(LIST_SIGNS).execute().await()) {
      var fresh = row.getBoolean("fresh");
      signs.add(new Sign(row.getString("name"), fresh, row.getBoolean("lately")));
    }
    return signs;
  }

  static void beat(Pool pool, Node node, String version) {
    var beat = Tuple.of(node.name(), node.host(), node.port(), version);
    pool.preparedQuery(BEAT).execute(beat).await();
  }

  static void leave(Pool pool, Node node) {
    pool.preparedQuery(LEAVE).execute(Tuple.of(node.name())).await();
  }

  private static Live live(Row row) {
    return new Live(
        row.getString("name"),
        row.getString("host"),
        row.getInteger("port"),
        row.getString("version"),
        row.getOffsetDateTime("since").toInstant(),
        row.getOffsetDateTime("seen_at").toInstant());
  }

  // Rows of a day ago are of no use to anybody.
  private static final String BEAT =
      """
      WITH forgotten AS (
        DELETE FROM web.node WHERE seen_at < clock_timestamp() - interval '1 day')
      INSERT INTO web.node AS n (name, host, port, version, since, seen_at)
      VALUES ($1, $2, $3, $4, clock_timestamp(), clock_timestamp())
      ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at, left_at = NULL
      """;

  private static final String LIST_SIGNS =
      """
      SELECT name, seen_at > clock_timestamp() - interval '30 seconds' AS lately,
             left_at IS NULL AND seen_at > clock_timestamp() - interval '3 seconds'
               AND since < clock_timestamp() - interval '30 seconds' AS fresh
      FROM web.node
      ORDER BY name
      """;

  private static final String LEAVE =
      "UPDATE web.node SET left_at = clock_timestamp() WHERE name = $1";

  private static final String LIST_LIVE =
      """
      SELECT name, host, port, version, since, seen_at FROM web.node
      WHERE left_at IS NULL AND seen_at > clock_timestamp() - make_interval(secs => $1)
      ORDER BY since, name
      """;
}
