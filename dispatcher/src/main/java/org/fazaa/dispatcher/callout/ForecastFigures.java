package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.callout.Calibration.Pair;
import org.fazaa.dispatcher.callout.ScoreForecasts.Why;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;

/**
 * How the forecasts of a time did, those at the press apart from those while it ran.
 *
 * @param leftOut how many were not put to the test, by why
 * @param waiting how many have not been scored yet, their deadline being ahead
 * @param cut whether there were more than are read here; then these are the last
 */
public record ForecastFigures(
    Side press, Side live, Map<Why, Integer> leftOut, int waiting, boolean cut) {
  private static final int MOST = 50_000;

  /** One kind of forecast, of all classes together and of each. */
  public record Side(Calibration all, Map<Priority, Calibration> classes) {
    private static Side of(Map<Priority, List<Pair>> pairs) {
      var all = pairs.values().stream().flatMap(List::stream).toList();
      var classes = new EnumMap<Priority, Calibration>(Priority.class);
      for (var priority : Priority.values()) {
        classes.put(priority, Calibration.of(pairs.getOrDefault(priority, List.of())));
      }
      return new Side(Calibration.of(all), classes);
    }
  }

  /** When it was said: as the envelope was approved, or while the call-out ran. */
  public enum Kind {
    PRESS,
    LIVE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * One forecast of a need and what became of it.
   *
   * @param texts that its envelope had left
   * @param expected how many were expected to say yes
   * @param leftOut why it was not put to the test
   * @param held how many had a place at the deadline, once it was scored, without those whom later
   *     envelopes brought
   * @param filledAt when the last of them took it, where it came true
   */
  public record Said(
      NeedId need,
      Instant at,
      Kind kind,
      Instant fillBy,
      int people,
      int open,
      int texts,
      double chance,
      double expected,
      Optional<Why> leftOut,
      Optional<Integer> held,
      Optional<Instant> filledAt) {

    public boolean cameTrue() {
      return filledAt.isPresent();
    }
  }

  /** Of the needs whose deadline was in this time, with simulated people or with real ones. */
  public static ForecastFigures read(
      SqlClient conn, Instant from, Instant until, boolean simulated) {
    var press = new EnumMap<Priority, List<Pair>>(Priority.class);
    var live = new EnumMap<Priority, List<Pair>>(Priority.class);
    var of = Tuple.of(Database.utc(from), Database.utc(until), simulated);
    var rows = conn.preparedQuery(LIST_SCORED).execute(of.addValue(MOST)).await();
    for (var row : rows) {
      var side =
          switch (Kind.of(row.getString("kind"))) {
            case PRESS -> press;
            case LIVE -> live;
          };
      var priority = Priority.of(row.getString("priority")).orElseThrow();
      side.computeIfAbsent(priority, any -> new ArrayList<>())
          .add(new Pair(row.getDouble("chance"), row.getBoolean("came_true")));
    }
    var leftOut = new EnumMap<Why, Integer>(Why.class);
    var waiting = 0;
    var all = Tuple.of(Database.utc(from), Database.utc(until), simulated);
    for (var row : conn.preparedQuery(COUNT_OTHERS).execute(all).await()) {
      var why = row.getString("void_why");
      if (why == null) waiting = row.getInteger("many");
      else leftOut.put(Why.of(why), row.getInteger("many"));
    }
    var cut = rows.rowCount() == MOST;
    return new ForecastFigures(Side.of(press), Side.of(live), leftOut, waiting, cut);
  }

  /** What was said of a need under its envelopes, oldest first. */
  public static List<Said> of(SqlClient conn, NeedId need) {
    var said = new ArrayList<Said>();
    for (var row : conn.preparedQuery(LIST_SAID).execute(Tuple.of(need.value())).await()) {
      said.add(said(row));
    }
    return said;
  }

  /** What was last said of a need while its call-out ran, if that is not longer ago. */
  public static Optional<Said> lastLive(SqlClient conn, NeedId need, Instant since) {
    var of = Tuple.of(need.value(), Database.utc(since));
    for (var row : conn.preparedQuery(FIND_LAST_LIVE).execute(of).await()) {
      return Optional.of(said(row));
    }
    return Optional.empty();
  }

  private static Said said(Row row) {
    return new Said(
        new NeedId(row.getLong("need")),
        row.getOffsetDateTime("at").toInstant(),
        Kind.of(row.getString("kind")),
        row.getOffsetDateTime("fill_by").toInstant(),
        row.getInteger("people"),
        row.getInteger("open"),
        row.getInteger("texts"),
        row.getDouble("chance"),
        row.getDouble("expected"),
        Optional.ofNullable(row.getString("void_why")).map(Why::of),
        Optional.ofNullable(row.getInteger("held")),
        Optional.ofNullable(row.getOffsetDateTime("filled_at")).map(at -> at.toInstant()));
  }

  private static final String LIST_SCORED =
      """
      SELECT kind, priority, chance, came_true FROM dispatch.forecast
      WHERE scored_at IS NOT NULL AND came_true IS NOT NULL
        AND fill_by > $1 AND fill_by <= $2 AND simulated = $3
      ORDER BY fill_by DESC, id DESC LIMIT $4
      """;

  private static final String COUNT_OTHERS =
      """
      SELECT void_why, count(*)::int AS many FROM dispatch.forecast
      WHERE came_true IS NULL AND simulated = $3
        AND (scored_at IS NULL OR (scored_at IS NOT NULL AND fill_by > $1 AND fill_by <= $2))
      GROUP BY void_why
      """;

  private static final String SELECT =
      """
      SELECT f.need, f.at, f.kind, f.fill_by, f.people, f.open, f.texts, f.chance, f.expected,
        f.void_why, f.held, f.filled_at
      FROM dispatch.forecast f
      """;

  private static final String LIST_SAID =
      SELECT
          + """
          JOIN dispatch.envelope e ON e.id = f.envelope
          WHERE f.need = $1 AND e.in_force
          ORDER BY f.id
          """;

  private static final String FIND_LAST_LIVE =
      SELECT + "WHERE f.need = $1 AND f.kind = 'live' AND f.at > $2 ORDER BY f.id DESC LIMIT 1";
}
