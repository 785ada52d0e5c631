package org.fazaa.dispatcher.people;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hours of a week, in local time from Sunday 0:00, as 168 bits: when somebody can be called
 * out, or which hours a task takes. Written {@code sun-thu 16-23; fri-sat 8-24}, or {@code always}.
 */
public record Week(long first, long second, long third) {
  private static final int HOURS = 168;
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  private static final Pattern SPAN =
      Pattern.compile("(\\w{3})(?:-(\\w{3}))? (\\d{1,2})-(\\d{1,2})");

  public static final Week ALWAYS = new Week(-1, -1, (1L << HOURS - 128) - 1);

  /** Reads what somebody wrote; empty when it is not of that form. */
  public static Optional<Week> parse(String written) {
    var text = written.strip().toLowerCase(Locale.ROOT);
    if (text.equals("always")) return Optional.of(ALWAYS);
    var week = new Bits();
    for (var span : text.split(";")) {
      var match = SPAN.matcher(span.strip());
      if (!match.matches()) return Optional.empty();
      var from = DAYS.indexOf(match.group(1));
      var to = match.group(2) == null ? from : DAYS.indexOf(match.group(2));
      var start = Integer.parseInt(match.group(3));
      var end = Integer.parseInt(match.group(4));
      if (from < 0 || to < 0 || start > 23 || end > 24 || start == end) return Optional.empty();
      var days = Math.floorMod(to - from, 7) + 1;
      for (var day = 0; day < days; day++) {
        week.add((from + day) * 24 + start, end > start ? end - start : end + 24 - start);
      }
    }
    return Optional.of(week.week());
  }

  /** The hours that this time touches where the clocks show {@code zone}. */
  public static Week of(Instant from, Instant to, ZoneId zone) {
    var begin = from.atZone(zone).truncatedTo(ChronoUnit.HOURS);
    var seconds = Duration.between(begin.toInstant(), to).toSeconds();
    var hours = Math.clamp(Math.ceilDiv(seconds, 3600), 1, HOURS);
    var week = new Bits();
    week.add(begin.getDayOfWeek().getValue() % 7 * 24 + begin.getHour(), hours);
    return week.week();
  }

  /** True when every hour of the other is one of this. */
  public boolean contains(Week other) {
    return (other.first & ~first) == 0
        && (other.second & ~second) == 0
        && (other.third & ~third) == 0;
  }

  boolean at(int hour) {
    var word = hour < 64 ? first : hour < 128 ? second : third;
    return (word & 1L << hour) != 0;
  }

  /** The shortest way to write it that {@link #parse} reads. */
  @Override
  public String toString() {
    if (equals(ALWAYS)) return "always";
    var spans = new ArrayList<String>();
    for (var day = 0; day < 7; ) {
      var hours = hoursOf(day);
      var last = day;
      while (last < 6 && hoursOf(last + 1).equals(hours)) last++;
      var days = last == day ? DAYS.get(day) : DAYS.get(day) + "-" + DAYS.get(last);
      for (var span : hours) spans.add(days + " " + span);
      day = last + 1;
    }
    return String.join("; ", spans);
  }

  /** The hours of a day, from 0 for Sunday, each span like {@code 16-23}. */
  public List<String> hoursOf(int day) {
    var spans = new ArrayList<String>();
    for (var hour = 0; hour < 24; hour++) {
      if (!at(day * 24 + hour)) continue;
      var start = hour;
      while (hour < 24 && at(day * 24 + hour)) hour++;
      spans.add(start + "-" + hour);
    }
    return spans;
  }

  /** A week being filled in. */
  private static final class Bits {
    private final long[] words = new long[3];

    void add(int start, int hours) {
      for (var i = 0; i < hours; i++) {
        var hour = (start + i) % HOURS;
        words[hour / 64] |= 1L << hour;
      }
    }

    Week week() {
      return new Week(words[0], words[1], words[2]);
    }
  }
}
