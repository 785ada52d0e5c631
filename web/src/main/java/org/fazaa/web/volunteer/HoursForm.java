package org.fazaa.web.volunteer;

import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.fazaa.dispatcher.people.Week;
import org.fazaa.web.Frame;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** The form in which volunteers say when in the week they can be called, a field for each day. */
final class HoursForm {
  private static final Locale ARABIC = Locale.forLanguageTag("ar");
  private static final int DAYS = 7;
  private static final List<String> CODES =
      List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  private static final Pattern SPAN = Pattern.compile("(\\d{1,2})\\s*[-–—]\\s*(\\d{1,2})");

  sealed interface Reading {
    record Sound(Week hours) implements Reading {}

    record Flawed(Problem why) implements Reading {}
  }

  private HoursForm() {}

  /**
   * The form as it is filled in for these hours.
   *
   * @param field what was written instead, when that did not do; else null
   */
  static List<MePage.Day> rows(Week hours, UnaryOperator<String> field, Frame frame) {
    return IntStream.range(0, DAYS)
        .mapToObj(
            day ->
                new MePage.Day(
                    day,
                    frame.pick(name(day, ARABIC), name(day, Locale.ENGLISH)),
                    Optional.ofNullable(field.apply("day" + day))
                        .orElse(String.join(", ", hours.hoursOf(day)))))
        .toList();
  }

  /** The days that have hours; none where they are always free. */
  static List<MePage.Day> free(Week hours, Frame frame) {
    if (hours.equals(Week.ALWAYS)) return List.of();
    return rows(hours, unwritten -> null, frame).stream()
        .filter(day -> !day.hours().isEmpty())
        .toList();
  }

  /**
   * @param field what was written into the field of this name
   */
  static Reading read(UnaryOperator<String> field) {
    if (!field.apply("always").isEmpty()) return new Reading.Sound(Week.ALWAYS);
    var spans = new ArrayList<String>();
    for (var day = 0; day < DAYS; day++) {
      var written = withPlainDigits(field.apply("day" + day));
      if (written.isBlank()) continue;
      for (var part : written.split("[,،;؛]")) {
        var span = span(day, part);
        if (span.isEmpty()) return new Reading.Flawed(notHours(day, part.strip()));
        spans.add(span.get());
      }
    }
    if (spans.isEmpty()) return new Reading.Flawed(NO_HOURS);
    return new Reading.Sound(Week.parse(String.join("; ", spans)).orElseThrow());
  }

  private static Optional<String> span(int day, String written) {
    var match = SPAN.matcher(written.strip());
    if (!match.matches()) return Optional.empty();
    var span = CODES.get(day) + " " + match.group(1) + "-" + match.group(2);
    return Week.parse(span).map(understood -> span);
  }

  private static String withPlainDigits(String written) {
    var plain = new StringBuilder();
    written
        .codePoints()
        .forEach(
            c -> plain.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
    return plain.toString();
  }

  private static String name(int day, Locale language) {
    return DayOfWeek.SUNDAY.plus(day).getDisplayName(TextStyle.FULL_STANDALONE, language);
  }

  private static Problem notHours(int day, String written) {
    return Problem.of(
        422,
        "not-hours",
        new Words("هذه ليست ساعات", "These are no hours"),
        new Words(
            "%s: لا نفهم «%s». اكتب ساعات كاملة من 0 إلى 24، مثل 16-23. لم يتغير شيء."
                .formatted(name(day, ARABIC), written),
            "%s: “%s” cannot be read. Write whole hours from 0 to 24, such as 16-23. Nothing was"
                    .formatted(name(day, Locale.ENGLISH), written)
                + " changed."));
  }

  private static final Problem NO_HOURS =
      Problem.of(
          422,
          "no-hours",
          new Words("لم تكتب أي ساعة", "No hour was written"),
          new Words(
              "اكتب ساعات ليوم واحد على الأقل، أو خذ توقفًا مؤقتًا. لم يتغير شيء.",
              "Write hours for one day at least, or take a pause. Nothing was changed."));
}
