package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.fazaa.dispatcher.callout.Calibration;
import org.fazaa.dispatcher.callout.Calibration.Pair;
import org.fazaa.dispatcher.crisis.Priority;

/**
 * What the same incidents came to under several seeds and policies, side by side. Two policies of
 * the same seed met the same people, so they are compared seed by seed.
 */
public final class Reports {
  private static final String FIXED = "fixed";

  private final Map<String, Map<Long, Report>> byPolicy = new LinkedHashMap<>();

  private Reports() {}

  /** In the order in which policies are to be shown. */
  public static Reports of(List<Report> reports) {
    var all = new Reports();
    for (var one : reports) {
      all.byPolicy
          .computeIfAbsent(one.policy(), policy -> new LinkedHashMap<>())
          .put(one.seed(), one);
    }
    return all;
  }

  /** The runs of one policy, as means and intervals. */
  static final class Mean {
    final String policy;
    final int runs;
    final JsonObject mean;
    final JsonObject interval;

    Mean(String policy, int runs, JsonObject mean, JsonObject interval) {
      this.policy = policy;
      this.runs = runs;
      this.mean = mean;
      this.interval = interval;
    }
  }

  List<Mean> means() {
    return byPolicy.keySet().stream()
        .map(
            policy -> {
              var runs = List.copyOf(byPolicy.get(policy).values());
              var objects = runs.stream().map(this::compared).toList();
              var mean = Means.of(objects);
              pool(mean, runs);
              return new Mean(policy, runs.size(), mean, Means.intervals(objects));
            })
        .toList();
  }

  // A mean of errors of few forecasts each would be too large: they are judged together.
  private static void pool(JsonObject mean, List<Report> runs) {
    mean.put("rate_calibration", pooled(runs, Tally::rates).json());
    mean.put("forecast_calibration", pooled(runs, Tally::atPress).json());
    mean.put("live_forecast_calibration", pooled(runs, Tally::live).json());
    mean.put("forecast_calibration_after_a_week", pooled(runs, Tally::atPressAfterWeek).json());
    mean.put("live_forecast_calibration_after_a_week", pooled(runs, Tally::liveAfterWeek).json());
  }

  private static Calibration pooled(List<Report> runs, Function<Tally, List<Pair>> pairs) {
    return Calibration.of(runs.stream().flatMap(one -> pairs.apply(one.all()).stream()).toList());
  }

  /** All that any policy forecast at the press, against what happened. */
  public Calibration forecasts() {
    return pooled(
        byPolicy.values().stream().flatMap(runs -> runs.values().stream()).toList(),
        Tally::atPress);
  }

  private JsonObject compared(Report report) {
    var json = report.json();
    var fixed = peer(FIXED, report);
    var oracle = peer(Rehearsal.ORACLE, report);
    fixed.ifPresent(other -> json.put("against_fixed", againstFixed(report, other)));
    oracle.ifPresent(other -> json.put("against_oracle", againstOracle(report, other, fixed)));
    return json;
  }

  private Optional<Report> peer(String policy, Report report) {
    return Optional.ofNullable(byPolicy.get(policy)).map(runs -> runs.get(report.seed()));
  }

  private static JsonObject againstFixed(Report one, Report fixed) {
    var life = one.classes().get(Priority.LIFE);
    var fixedLife = fixed.classes().get(Priority.LIFE);
    return new JsonObject()
        .put("texts_per_place_ratio", ratio(texts(one), texts(fixed)))
        .put("life_p50_ratio", ratio(median(life), median(fixedLife)))
        .put("life_fill_difference", minus(life.fillRate(), fixedLife.fillRate()))
        .put("fill_difference", minus(one.all().fillRate(), fixed.all().fillRate()));
  }

  // The fill stands beside it, because texts are only comparable where it is alike.
  private static JsonObject againstOracle(Report one, Report oracle, Optional<Report> fixed) {
    var json =
        new JsonObject()
            .put("regret", minus(ratio(texts(one), texts(oracle)), 1.0))
            .put("fill_difference", minus(one.all().fillRate(), oracle.all().fillRate()));
    fixed.ifPresent(
        other -> {
          var gap = minus(texts(other), texts(oracle));
          var closed = minus(texts(other), texts(one));
          json.put("gap_closed", gap == null || gap <= 0 ? null : ratio(closed, gap));
        });
    return json;
  }

  private static Double texts(Report report) {
    return report.all().textsPerPlace();
  }

  private static Double median(Tally tally) {
    var seconds = Tally.percentile(tally.fillSeconds(), 50);
    return seconds == null ? null : (double) seconds;
  }

  private static Double ratio(Double part, Double whole) {
    return part == null || whole == null || whole == 0 ? null : Tally.rounded(part / whole, 1000);
  }

  private static Double minus(Double one, Double other) {
    return one == null || other == null ? null : Tally.rounded(one - other, 1000);
  }

  /**
   * For programs: of a single run its report; of several seeds the same with the mean of each
   * figure, and {@code interval95} of the same shape; of several policies these in a list.
   */
  public JsonObject json() {
    var policies = means().stream().map(this::json).toList();
    if (policies.size() == 1) return policies.getFirst();
    return new JsonObject().put("policies", new JsonArray(policies));
  }

  private JsonObject json(Mean one) {
    if (one.runs == 1) return one.mean;
    var runs = new JsonArray();
    for (var run : byPolicy.get(one.policy).values()) {
      runs.add(new JsonObject().put("seed", run.seed()).put("digest", run.digest()));
    }
    for (var single : List.of("seed", "digest")) {
      one.mean.remove(single);
      one.interval.remove(single);
    }
    return one.mean.put("seeds", runs).put("interval95", one.interval);
  }

  /** For people. */
  public String text() {
    var runs = byPolicy.values().stream().flatMap(one -> one.values().stream()).toList();
    return runs.size() == 1 ? runs.getFirst().text() : Comparison.of(means());
  }
}
