package org.fazaa.web.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Measured durations in microseconds, every one of them kept. */
record Latencies(long[] micros) {
  Latencies {
    micros = micros.clone();
    Arrays.sort(micros);
  }

  static Latencies of(Collection<Long> micros) {
    return new Latencies(micros.stream().mapToLong(Long::longValue).toArray());
  }

  static Latencies of(JsonArray micros) {
    return new Latencies(micros.stream().mapToLong(one -> ((Number) one).longValue()).toArray());
  }

  JsonArray array() {
    var array = new JsonArray();
    for (var one : micros) array.add(one);
    return array;
  }

  int count() {
    return micros.length;
  }

  /** By nearest rank, in milliseconds; not a number without measurements. */
  double ms(double percent) {
    if (micros.length == 0) return Double.NaN;
    var rank = (int) Math.ceil(percent / 100 * micros.length);
    return micros[Math.clamp(rank - 1, 0, micros.length - 1)] / 1000.0;
  }

  JsonObject json() {
    return new JsonObject()
        .put("count", count())
        .put("p50_ms", rounded(ms(50)))
        .put("p99_ms", rounded(ms(99)))
        .put("max_ms", rounded(ms(100)));
  }

  String text() {
    return String.format(
        Locale.ROOT, "p50 %,.2f ms, p99 %,.2f ms, max %,.2f ms", ms(50), ms(99), ms(100));
  }

  /** Null in place of what JSON has no number for. */
  private static Double rounded(double value) {
    return Double.isNaN(value) ? null : Math.round(value * 1000) / 1000.0;
  }
}
