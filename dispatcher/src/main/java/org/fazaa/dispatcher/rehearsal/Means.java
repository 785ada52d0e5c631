package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Mean and 95 % interval of every number in objects of the same shape. */
final class Means {

  // Student's t that 97.5 of a hundred stay below, by degrees of freedom from 1.
  private static final double[] STUDENT = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042
  };
  private static final double NORMAL = 1.960;
  private static final int PRECISION = 10_000;

  private Means() {}

  /**
   * The same shape with the mean of each number where it is known; words stay where all are alike.
   */
  static JsonObject of(List<JsonObject> objects) {
    return merge(objects, Means::mean);
  }

  /** The same shape with the lower and the upper end of each mean's 95 % interval. */
  static JsonObject intervals(List<JsonObject> objects) {
    return merge(objects, Means::interval);
  }

  private static JsonObject merge(
      List<JsonObject> objects, Function<List<Number>, Object> numbers) {
    var merged = new JsonObject();
    for (var name : objects.getFirst().fieldNames()) {
      var values = objects.stream().map(one -> one.getValue(name)).toList();
      merged.put(name, mergeValues(values, numbers));
    }
    return merged;
  }

  private static Object mergeValues(
      List<Object> values, Function<List<Number>, Object> numbers) {
    var known = values.stream().filter(Objects::nonNull).toList();
    if (known.isEmpty()) return null;
    if (all(known, Number.class)) return numbers.apply(cast(known, Number.class));
    if (all(known, JsonObject.class)) return merge(cast(known, JsonObject.class), numbers);
    if (all(known, JsonArray.class)) return mergeArrays(cast(known, JsonArray.class), numbers);
    return known.stream().distinct().count() == 1 ? known.getFirst() : null;
  }

  private static JsonArray mergeArrays(
      List<JsonArray> arrays, Function<List<Number>, Object> numbers) {
    var size = arrays.stream().mapToInt(JsonArray::size).min().orElse(0);
    var merged = new JsonArray();
    IntStream.range(0, size)
        .mapToObj(n -> mergeValues(arrays.stream().map(one -> one.getValue(n)).toList(), numbers))
        .filter(Objects::nonNull)
        .forEach(merged::add);
    return merged;
  }

  private static Object mean(List<Number> numbers) {
    if (numbers.stream().distinct().count() == 1) return numbers.getFirst();
    return Tally.rounded(average(numbers), PRECISION);
  }

  private static Object interval(List<Number> numbers) {
    var mean = average(numbers);
    var spread = halfWidth(numbers.stream().mapToDouble(Number::doubleValue).toArray());
    return new JsonArray()
        .add(Tally.rounded(mean - spread, PRECISION))
        .add(Tally.rounded(mean + spread, PRECISION));
  }

  private static double average(List<Number> numbers) {
    return numbers.stream().mapToDouble(Number::doubleValue).average().orElseThrow();
  }

  /** By Student's t; of a single value nothing is known, and its interval is itself. */
  static double halfWidth(double... values) {
    var n = values.length;
    if (n < 2) return 0;
    var mean = IntStream.range(0, n).mapToDouble(i -> values[i]).average().orElseThrow();
    var squares =
        IntStream.range(0, n).mapToDouble(i -> (values[i] - mean) * (values[i] - mean)).sum();
    var student = n - 1 <= STUDENT.length ? STUDENT[n - 2] : NORMAL;
    return student * Math.sqrt(squares / (n - 1) / n);
  }

  private static boolean all(List<Object> values, Class<?> type) {
    return values.stream().allMatch(type::isInstance);
  }

  private static <T> List<T> cast(List<Object> values, Class<T> type) {
    return values.stream().map(type::cast).toList();
  }
}
