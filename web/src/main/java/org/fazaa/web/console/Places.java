package org.fazaa.web.console;

import io.vertx.ext.web.RoutingContext;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.web.Problem;

/** Numbers and points as people write them into fields and addresses. */
final class Places {
  /** A mark before three digits; marks in Arabic and Latin. */
  private static final Pattern THOUSANDS =
      Pattern.compile("(?<=\\p{Nd})[,\u066c](?=\\p{Nd}{3}(?!\\p{Nd}))");

  private Places() {}

  /** Arabic digits and either decimal mark will do. */
  static Optional<Double> number(String written) {
    var plain = new StringBuilder();
    for (var c : written.strip().toCharArray()) {
      if (Character.isDigit(c)) plain.append(Character.digit(c, 10));
      else plain.append(c == '\u066b' || c == ',' ? '.' : c);
    }
    if (!plain.toString().matches("[-+]?[0-9]{1,9}([.][0-9]{1,15})?")) return Optional.empty();
    return Optional.of(Double.valueOf(plain.toString()));
  }

  /** As it stands in a field: no more digits than it needs. */
  static String plain(double number) {
    return new BigDecimal(number)
        .setScale(2, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Also with its thousands set apart, as pages show them: no mark is a decimal one here. */
  static Optional<Integer> whole(String written) {
    return number(THOUSANDS.matcher(written).replaceAll(""))
        .filter(n -> n == Math.rint(n) && Math.abs(n) < 1e9)
        .map(Double::intValue);
  }

  static Optional<Point> point(String lon, String lat) {
    var x = number(lon);
    var y = number(lat);
    if (x.isEmpty() || y.isEmpty() || !Point.isOnEarth(x.get(), y.get())) return Optional.empty();
    return Optional.of(new Point(x.get(), y.get()));
  }

  /** What the address asks for, or what a form said that is shown again. */
  static String field(RoutingContext context, String name) {
    var value = context.request().getParam(name);
    if (value == null) value = context.request().getFormAttribute(name);
    return value == null ? "" : value.strip();
  }

  /** A number in the path; a path that has none there leads nowhere. */
  static long id(RoutingContext context, String name) {
    try {
      return Long.parseLong(context.pathParam(name));
    } catch (NumberFormatException e) {
      throw Problem.notFound().refused();
    }
  }
}
