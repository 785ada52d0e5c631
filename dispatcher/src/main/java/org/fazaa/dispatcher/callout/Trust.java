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
import java.util.stream.Stream;
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

  /** So many forecasts count as much as what is believed without them. */
  private static final double WEIGHT = 20;

  /** With more than so much of the time left a forecast counts as early, with less as late. */
  private static final double EARLY = 0.75;

  private static final double LATE = 0.45;

  /** In a storm yesterday says little: what is of late counts half after so long. */
  private static final Duration LATELY = Duration.ofHours(8);

  /** And what is known in all counts half after this. */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private static final int READ_HALVES = 4;

  /** Calculated chances are taken at their word: nothing has been seen yet. */
  public static final Trust NONE = of(new Counts(), new Counts());

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

  /** How many forecasts fell into each step and how many came true: in all, and of late. */
  public static final class Counts {
    private final double[] said = new double[steps()];
    private final double[] held = new double[steps()];
    private final double[] saidLately = new double[steps()];
    private final double[] heldLately = new double[steps()];

    /** A forecast that was scored just now. */
    public void add(double calculated, boolean cameTrue) {
      var step = step(calculated);
      said[step]++;
      saidLately[step]++;
      if (!cameTrue) return;
      held[step]++;
      heldLately[step]++;
    }

    private void add(Counts more) {
      for (var step = 0; step < said.length; step++) {
        said[step] += more.said[step];
        held[step] += more.held[step];
        saidLately[step] += more.saidLately[step];
        heldLately[step] += more.heldLately[step];
      }
    }

    /** Time goes by. */
    public void fade(Duration time) {
      var all = left(time, REMEMBERED);
      var lately = left(time, LATELY);
      for (var step = 0; step < said.length; step++) {
        said[step] *= all;
        held[step] *= all;
        saidLately[step] *= lately;
        heldLately[step] *= lately;
      }
    }

    private static double left(Duration time, Duration halvesIn) {
      return Math.pow(0.5, time.toMillis() / (double) halvesIn.toMillis());
    }

    private double worth(int step, Counts all) {
      var inAll = all.pulled(step, middle(step));
      return (WEIGHT * pulled(step, inAll) + heldLately[step]) / weight(step);
    }

    private double pulled(int step, double believed) {
      return (WEIGHT * believed + held[step]) / (WEIGHT + said[step]);
    }

    private double weight(int step) {
      return WEIGHT + saidLately[step];
    }
  }

  /**
   * In forecasts of one kind: where few of them were scored, what came of all others stands in.
   *
   * @param all of every kind
   */
  public static Trust of(Counts counts, Counts all) {
    var worth = new ArrayList<Double>();
    var weights = new ArrayList<Double>();
    var many = new ArrayList<Integer>();
    for (var step = 0; step < steps(); step++) {
      worth.add(counts.worth(step, all));
      weights.add(counts.weight(step));
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
    var rising = new ArrayList<Double>();
    for (var i = 0; i < worth.size(); i++) {
      for (var n = 0; n < many.get(i); n++) rising.add(worth.get(i));
    }
    return new Trust(List.copyOf(rising));
  }

  /**
   * What a calculated chance is worth: straight lines between the steps, and none beyond the first
   * and the last, where most chances lie close to the end. What cannot be, or is so already, stays.
   */
  public double of(double chance) {
    if (chance <= 0 || chance >= 1) return chance;
    var step = step(chance);
    if (chance < middle(step)) step--;
    if (step < 0) return worth.getFirst();
    if (step + 1 == steps()) return worth.getLast();
    var part = (chance - middle(step)) / (middle(step + 1) - middle(step));
    return worth.get(step) + part * (worth.get(step + 1) - worth.get(step));
  }

  private static double middle(int step) {
    var from = step == 0 ? 0 : EDGES[step - 1];
    var to = step == EDGES.length ? 1 : EDGES[step];
    return (from + to) / 2;
  }

  /** Forecasts are judged apart by how much of the time was left: 0 the most, 2 the least. */
  public static int phase(double slack) {
    if (slack > EARLY) return 0;
    return slack > LATE ? 1 : 2;
  }

  /** How many phases are told apart. */
  public static final int PHASES = 3;

  /** The trust in forecasts of each class, in each phase. */
  record Shares(Map<Priority, List<Trust>> trusts) {
    static final Shares NONE = new Shares(Map.of());

    Trust of(Priority priority, double slack) {
      var own = trusts.get(priority);
      return own == null ? Trust.NONE : own.get(phase(slack));
    }

    static Shares read(SqlClient conn, boolean simulated, Instant now) {
      var counts = new EnumMap<Priority, List<Counts>>(Priority.class);
      for (var priority : Priority.values()) counts.put(priority, phases());
      var all = new Counts();
      var edges = Arrays.stream(EDGES).boxed().toArray(Double[]::new);
      var wanted =
          Tuple.of(
                  simulated,
                  Database.utc(now),
                  Database.utc(now.minus(REMEMBERED.multipliedBy(READ_HALVES))))
              .addDouble(EARLY)
              .addDouble(LATE)
              .addDouble((double) REMEMBERED.toSeconds())
              .addArrayOfDouble(edges)
              .addDouble((double) LATELY.toSeconds());
      for (var row : conn.preparedQuery(FIND_SCORED).execute(wanted).await()) {
        var priority = Priority.of(row.getString("priority")).orElseThrow();
        var own = counts.get(priority).get(row.getInteger("phase"));
        var step = row.getInteger("step");
        own.said[step] = row.getDouble("said");
        own.held[step] = row.getDouble("held");
        own.saidLately[step] = row.getDouble("said_lately");
        own.heldLately[step] = row.getDouble("held_lately");
      }
      counts.values().forEach(phases -> phases.forEach(all::add));
      var trusts = new EnumMap<Priority, List<Trust>>(Priority.class);
      counts.forEach(
          (priority, own) ->
              trusts.put(priority, own.stream().map(one -> Trust.of(one, all)).toList()));
      return new Shares(trusts);
    }

    private static List<Counts> phases() {
      return Stream.generate(Counts::new).limit(PHASES).toList();
    }
  }

  private static final String FIND_SCORED =
      """
      SELECT priority, phase, step, sum(in_all) AS said, sum(lately) AS said_lately,
        coalesce(sum(in_all) FILTER (WHERE came_true), 0) AS held,
        coalesce(sum(lately) FILTER (WHERE came_true), 0) AS held_lately
      FROM (
        SELECT priority, came_true, width_bucket(calculated, $7::float8[]) AS step,
          CASE WHEN slack > $4 THEN 0 WHEN slack > $5 THEN 1 ELSE 2 END AS phase,
          power(0.5, age.seconds / $6::float8) AS in_all,
          power(0.5, age.seconds / $8::float8) AS lately
        FROM dispatch.forecast
        CROSS JOIN LATERAL (
          SELECT GREATEST(0, extract(epoch FROM $2::timestamptz - fill_by))::float8 AS seconds
        ) age
        WHERE simulated = $1 AND fill_by > $3 AND came_true IS NOT NULL
      ) scored
      GROUP BY 1, 2, 3
      """;
}
