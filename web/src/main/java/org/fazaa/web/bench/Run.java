package org.fazaa.web.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One round of one way to send.
 *
 * @param took from the press to the last text's arrival at the sink
 * @param client processor time of this JVM, {@code sink} of the sink's
 */
record Run(int texts, Duration took, Duration client, Duration sink) {

  double perSecond() {
    return texts / (took.toNanos() / 1e9);
  }

  static double micros(Duration all, int texts) {
    return all.toNanos() / 1e3 / texts;
  }

  static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
    var sorted = runs.stream().mapToDouble(figure).sorted().toArray();
    var middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static double rate(List<Run> runs) {
    return median(runs, Run::perSecond);
  }

  static JsonObject json(List<Run> runs) {
    var rates = new JsonArray();
    runs.forEach(run -> rates.add(Math.round(run.perSecond())));
    return new JsonObject()
        .put("texts_per_s", Math.round(rate(runs)))
        .put("rounds_texts_per_s", rates)
        .put("client_cpu_us", tenths(median(runs, run -> micros(run.client, run.texts))))
        .put("sink_cpu_us", tenths(median(runs, run -> micros(run.sink, run.texts))));
  }

  static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
