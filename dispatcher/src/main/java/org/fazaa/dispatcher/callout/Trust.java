package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.crisis.Priority;

/**
 * How far forecasts can be taken at their word: of those that said about so much, how many came
 * true. What we say next is pulled towards that, so that nine in ten of what is called 90 % comes
 * true whatever the crisis is like.
 *
 * @param said how many forecasts fell into each step of chances
 * @param held how many of them came true
 */
public record Trust(double[] said, double[] held) {
  private static final double[] STEPS = {
    0.01, 0.03, 0.07, 0.15, 0.25, 0.4, 0.55, 0.7, 0.8, 0.87, 0.92, 0.96, 0.985, 0.995
  };

  /** So many forecasts count as much as the calculation itself. */
  private static final double WEIGHT = 12;

  /** Nothing has been seen yet. */
  static final Trust NONE = new Trust(new double[steps()], new double[steps()]);

  public static int steps() {
    return STEPS.length + 1;
  }

  public static int step(double chance) {
    var step = 0;
    while (step < STEPS.length && chance >= STEPS[step]) step++;
    return step;
  }

  /** What a calculated chance is worth. */
  public double of(double chance) {
    var step = step(chance);
    return (WEIGHT * chance + held[step]) / (WEIGHT + said[step]);
  }

  /** The trust in forecasts of each class, apart while most of the time is left and later. */
  record Shares(Map<Priority, Trust> early, Map<Priority, Trust> late) {
    /** With so much of the time left a forecast counts as early. */
    static final double EARLY = 0.7;

    static final Shares NONE = new Shares(Map.of(), Map.of());

    Trust of(Priority priority, double slack) {
      return (slack > EARLY ? early : late).getOrDefault(priority, Trust.NONE);
    }

    /** By what came of the forecasts of the last sixty days. */
    static Shares read(SqlClient conn, boolean simulated, Instant now) {
      var early = new EnumMap<Priority, Trust>(Priority.class);
      var late = new EnumMap<Priority, Trust>(Priority.class);
      var since = Database.utc(now.minus(Duration.ofDays(60)));
      var wanted = Tuple.of(simulated, since, EARLY).addArrayOfDouble(EDGES);
      for (var row : conn.preparedQuery(FIND_SCORED).execute(wanted).await()) {
        var priority = Priority.of(row.getString("priority")).orElseThrow();
        var trust =
            (row.getBoolean("early") ? early : late)
                .computeIfAbsent(
                    priority, any -> new Trust(new double[steps()], new double[steps()]));
        trust.said[row.getInteger("step")] = row.getLong("said");
        trust.held[row.getInteger("step")] = row.getLong("held");
      }
      return new Shares(early, late);
    }
  }

  private static final Double[] EDGES = Arrays.stream(STEPS).boxed().toArray(Double[]::new);

  private static final String FIND_SCORED =
      """
      SELECT priority, slack > $3 AS early, width_bucket(calculated, $4::float8[]) AS step,
        count(*) AS said, count(*) FILTER (WHERE came_true) AS held
      FROM dispatch.forecast
      WHERE simulated = $1 AND fill_by > $2 AND came_true IS NOT NULL
      GROUP BY 1, 2, 3
      """;
}
