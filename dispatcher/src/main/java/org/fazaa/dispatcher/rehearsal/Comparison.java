package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.fazaa.dispatcher.crisis.Priority;

/** Several runs for people: a table for each class of needs, a line for each policy. */
final class Comparison {
  private static final String NONE = "-";
  private static final int NAME = 24;
  private static final int WIDTH = 20;

  private Comparison() {}

  /**
   * @param path to the figure, with a / between its steps
   */
  private record Column(String head, String path, DoubleFunction<String> form) {}

  private static final List<Column> FIGURES =
      List.of(
          new Column("filled", "fill_rate", Comparison::percent),
          new Column("texts/place", "texts_per_place", Comparison::plain),
          new Column("fill p50", "time_to_fill_s/p50", Comparison::time),
          new Column("fill p95", "time_to_fill_s/p95", Comparison::time),
          new Column("there p50", "time_to_arrive_s/p50", Comparison::time),
          new Column("there p95", "time_to_arrive_s/p95", Comparison::time),
          new Column("too many/place", "over_responses_per_place", Comparison::plain),
          new Column("no answer", "no_response_share", Comparison::percent));

  private static final List<Column> BURDEN =
      List.of(
          new Column("stop/1,000 texts", "opt_outs_per_1000_texts", Comparison::plain),
          new Column("Gini of texts", "gini", Comparison::plain),
          new Column("p99 texts/week", "texts_per_person_week_p99", Comparison::plain),
          new Column("never asked", "never_asked_in_30_days_share", Comparison::percent),
          new Column("district gap", "districts/gap", Comparison::percent),
          new Column("no-shows", "no_shows", Comparison::plain),
          new Column("decision p99 ms", "decision_ms/p99", Comparison::plain),
          new Column("run s", "wall_s", Comparison::plain));

  private static final List<Column> TRUST =
      List.of(
          new Column("short", "missed", Comparison::plain),
          new Column(
              "said early", "signals/missed_and_signalled_by_half_share", Comparison::percent),
          new Column("flagged", "signals/signalled", Comparison::plain),
          new Column(
              "flagged then short", "signals/signalled_and_missed_share", Comparison::percent),
          new Column("rate error", "rate_calibration/expected_error", Comparison::plain),
          new Column("rate Brier", "rate_calibration/brier", Comparison::plain),
          new Column("forecast error", "forecast_calibration/expected_error", Comparison::plain),
          new Column(
              "90 % came true", "forecast_calibration/about_ninety/share", Comparison::percent));

  private static final List<Column> AGAINST =
      List.of(
          new Column("texts of fixed", "against_fixed/texts_per_place_ratio", Comparison::percent),
          new Column("life p50 of fixed", "against_fixed/life_p50_ratio", Comparison::percent),
          new Column("life fill more", "against_fixed/life_fill_difference", Comparison::percent),
          new Column("fill more", "against_fixed/fill_difference", Comparison::percent),
          new Column("over oracle", "against_oracle/regret", Comparison::percent),
          new Column("gap closed", "against_oracle/gap_closed", Comparison::percent));

  static String of(List<Reports.Mean> means) {
    var first = means.getFirst().mean;
    var page = new StringBuilder();
    page.append(
        String.format(
            Locale.ROOT,
            "%n%s needs, %s volunteers, regime %s, %d runs of each policy; ± is the 95 %%"
                + " interval%n",
            first.getValue("needs"),
            first.getValue("volunteers"),
            first.getString("regime"),
            means.getFirst().runs));
    for (var priority : Priority.values()) {
      page.append(table(priority.word(), "classes/" + priority.word() + "/", FIGURES, means));
    }
    page.append(table("all", "", FIGURES, means));
    page.append(table("burden", "", BURDEN, means));
    page.append(table("trust", "", TRUST, means));
    if (first.containsKey("against_fixed") || first.containsKey("against_oracle")) {
      page.append(table("compared", "", AGAINST, means));
    }
    return page.toString();
  }

  private static String table(
      String name, String at, List<Column> columns, List<Reports.Mean> means) {
    var lines = new ArrayList<String>();
    var head = new StringBuilder(("%-" + NAME + "s").formatted(name));
    for (var column : columns) head.append(right(column.head));
    lines.add(head.toString());
    for (var one : means) {
      var line = new StringBuilder(("%-" + NAME + "s").formatted(one.policy));
      for (var column : columns) line.append(right(cell(one, at + column.path, column)));
      lines.add(line.toString());
    }
    return "\n" + String.join("\n", lines) + "\n";
  }

  private static String right(String text) {
    return ("%" + WIDTH + "s").formatted(text);
  }

  private static String cell(Reports.Mean one, String path, Column column) {
    if (!(find(one.mean, path) instanceof Number mean)) return NONE;
    var text = column.form.apply(mean.doubleValue());
    if (one.runs == 1 || !(find(one.interval, path) instanceof JsonArray ends)) return text;
    var spread = (ends.getDouble(1) - ends.getDouble(0)) / 2;
    return text + " ±" + column.form.apply(spread);
  }

  private static Object find(JsonObject json, String path) {
    Object value = json;
    for (var step : path.split("/")) {
      value = value instanceof JsonObject object ? object.getValue(step) : null;
    }
    return value;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  private static String plain(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.3g", value);
  }

  private static String time(double seconds) {
    return Tables.time(Math.round(seconds));
  }
}
