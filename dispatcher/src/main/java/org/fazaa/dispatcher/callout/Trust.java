package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.crisis.Priority;

/**
 * How far forecasts can be taken at their word: of those that were calculated to be about so
 * likely, how many came true. What we say next is pulled towards that, so that nine in ten of what
 * is called 90 % comes true whatever the crisis is like.
 *
 * @param worth what a calculated chance in the middle of each step is worth, never falling
 */
public record Trust(List<Double> worth) {
  private static final double[] EDGES = {
    0.01, 0.03, 0.07, 0.15, 0.25, 0.4, 0.55, 0.7, 0.8, 0.87, 0.92, 0.96, 0.985, 0.995
  };

  /** So many forecasts count as much as the calculation itself. */
  private static final double WEIGHT = 12;

  /** How long what came true is remembered. */
  private static final Duration REMEMBERED = Duration.ofDays(60);

  /** Calculated chances are taken at their word: nothing has been seen yet. */
  public static final Trust NONE = of(new double[steps()], new double[steps()]);

  /** How many steps of chances are told apart. */
  public static int steps() {
    return EDGES.length + 1;
  }

  /** In which step a calculated chance lies. */
  public static int step(double chance) {
    var step = 0;
    while (step < EDGES.length && chance >= EDGES[step]) step++;
    return step;
  }

  /**
   * @param said how many forecasts fell into each step
   * @param held how many of them came true
   */
  public static Trust of(double[] said, double[] held) {
    var worth = new ArrayList<Double>();
    var weights = new ArrayList<Double>();
    var many = new ArrayList<Integer>();
    for (var step = 0; step < said.length; step++) {
      var weight = WEIGHT + said[step];
      worth.add((WEIGHT * middle(step) + held[step]) / weight);
      weights.add(weight);
      many.add(1);
      // A likelier one that came true less often shares with its neighbour.
      for (var last = worth.size() - 1; last > 0 && worth.get(last) < worth.get(last - 1); last--) {
        var both = weights.get(last) + weights.get(last - 1);
        var mean =
            worth.get(last) * weights.remove(last) + worth.get(last - 1) * weights.get(last - 1);
        worth.remove(last);
        worth.set(last - 1, mean / both);
        weights.set(last - 1, both);
        many.set(last - 1, many.get(last - 1) + many.remove(last));
      }
    }
    var all = new ArrayList<Double>();
    for (var i = 0; i < worth.size(); i++) {
      for (var n = 0; n < many.get(i); n++) all.add(worth.get(i));
    }
    return new Trust(List.copyOf(all));
  }

  /** What a calculated chance is worth; straight lines between the steps. */
  public double of(double chance) {
    var step = step(chance);
    if (chance < middle(step)) step--;
    var from = step < 0 ? 0 : middle(step);
    var to = step + 1 == steps() ? 1 : middle(step + 1);
    var low = step < 0 ? 0 : worth.get(step);
    var high = step + 1 == steps() ? 1 : worth.get(step + 1);
    return low + (high - low) * (chance - from) / (to - from);
  }

  private static double middle(int step) {
    var from = step == 0 ? 0 : EDGES[step - 1];
    var to = step == EDGES.length ? 1 : EDGES[step];
    return (from + to) / 2;
  }

  /** The trust in forecasts of each class, apart while most of the time is left and later. */
  record Shares(Map<Priority, Trust> early, Map<Priority, Trust> late) {
    /** With more than so much of the time left a forecast counts as early. */
    static final double EARLY = 0.7;

    static final Shares NONE = new Shares(Map.of(), Map.of());

    Trust of(Priority priority, double slack) {
      return (slack > EARLY ? early : late).getOrDefault(priority, Trust.NONE);
    }

    static Shares read(SqlClient conn, boolean simulated, Instant now) {
      var counts = new EnumMap<Priority, double[][]>(Priority.class);
      var since = Database.utc(now.minus(REMEMBERED));
      var edges = Arrays.stream(EDGES).boxed().toArray(Double[]::new);
      var wanted = Tuple.of(simulated, since, EARLY).addArrayOfDouble(edges);
      for (var row : conn.preparedQuery(FIND_SCORED).execute(wanted).await()) {
        var priority = Priority.of(row.getString("priority")).orElseThrow();
        var own = counts.computeIfAbsent(priority, any -> new double[4][steps()]);
        var late = row.getBoolean("early") ? 0 : 2;
        own[late][row.getInteger("step")] = row.getLong("said");
        own[late + 1][row.getInteger("step")] = row.getLong("held");
      }
      var early = new EnumMap<Priority, Trust>(Priority.class);
      var late = new EnumMap<Priority, Trust>(Priority.class);
      counts.forEach(
          (priority, own) -> {
            early.put(priority, Trust.of(own[0], own[1]));
            late.put(priority, Trust.of(own[2], own[3]));
          });
      return new Shares(early, late);
    }
  }

  private static final String FIND_SCORED =
      """
      SELECT priority, slack > $3 AS early, width_bucket(calculated, $4::float8[]) AS step,
        count(*) AS said, count(*) FILTER (WHERE came_true) AS held
      FROM dispatch.forecast
      WHERE simulated = $1 AND fill_by > $2 AND came_true IS NOT NULL
      GROUP BY 1, 2, 3
      """;
}
