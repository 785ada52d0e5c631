package org.fazaa.notifier.reply;

import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import org.fazaa.notifier.reply.Phrases.Quantity;
import org.fazaa.notifier.reply.Phrases.Sense;
import org.fazaa.notifier.reply.Spelling.Token;

/**
 * The times that a reply names: how long until then, an hour, a prayer. A number is of the clock
 * only beside a word that says so.
 */
final class Hours {
  private static final int HOUR = 60;
  private static final int NOON = 12;

  /** Who says that they take longer will come later, not now. */
  private static final int SOON_MINUTES = 45;

  /** Who says "at 4" without more means the afternoon. */
  private static final int AFTERNOON_MAX = 6;

  private final Phrases phrases;
  private final List<Token> tokens;
  private final int[] words;
  private final boolean[] used;
  private Integer minutes;
  private double hour = Double.NaN;
  private double half = Double.NaN;
  private int prayer = -1;

  private Hours(Phrases phrases, List<Token> tokens, int[] words) {
    this.phrases = phrases;
    this.tokens = tokens;
    this.words = words;
    this.used = new boolean[words.length];
  }

  static Hours in(Phrases phrases, List<Token> tokens, int[] words) {
    var hours = new Hours(phrases, tokens, words);
    for (int at = 0; at < words.length; ) {
      int length = hours.take(at);
      for (int i = at; i < at + length; i++) hours.used[i] = true;
      at += Math.max(1, length);
    }
    return hours;
  }

  Integer minutes() {
    return minutes;
  }

  boolean isSoon() {
    return minutes != null && minutes <= SOON_MINUTES;
  }

  boolean namesAnHour() {
    return !Double.isNaN(hour) || prayer >= 0;
  }

  boolean namesPartOfDay() {
    return !Double.isNaN(half);
  }

  /** Whether the word there belongs to one. */
  boolean isUsed(int at) {
    return used[at];
  }

  /** The hour by the clock of the place, or null; of two that it could be, the next. */
  LocalTime at(Whereabouts where) {
    if (!Double.isNaN(hour)) {
      int minute = (int) Math.round(hour * HOUR);
      return clock(minute, where.now().toLocalTime());
    }
    return prayer < 0 ? null : where.timeOf(Whereabouts.Prayer.ALL[prayer]);
  }

  private LocalTime clock(int minute, LocalTime now) {
    int noon = NOON * HOUR;
    if (minute > 24 * HOUR) return null;
    if (minute >= noon + HOUR) return LocalTime.ofSecondOfDay(minute % (2 * noon) * 60L);
    if (half == NOON) return time(minute % noon + noon);
    if (half == 0) return time(minute % noon);
    if (minute >= noon || minute < HOUR) return time(minute);
    if (minute < (AFTERNOON_MAX + 1) * HOUR) return time(minute + noon);
    return now.isAfter(time(minute)) && now.isBefore(time(minute + noon))
        ? time(minute + noon)
        : time(minute);
  }

  private static LocalTime time(int minute) {
    return LocalTime.ofSecondOfDay(minute * 60L);
  }

  // --- one place

  // How many words from there on were a time.
  private int take(int at) {
    double daypart = count(Quantity.DAYPART, at);
    if (!Double.isNaN(daypart)) {
      half = daypart;
      return 1;
    }
    double number = number(at);
    if (!Double.isNaN(number)) return takeNumber(at, number);
    double unit = count(Quantity.UNIT, at);
    if (!Double.isNaN(unit)) return takeUnit(at, unit);
    double named = count(Quantity.PRAYER, at);
    if (!Double.isNaN(named)) {
      prayer = (int) named;
      return 1;
    }
    return 0;
  }

  private int takeNumber(int at, double first) {
    double number = first;
    int next = at + 1;
    if (tokens.get(at).word().indexOf(':') > 0) return takeHour(at, number, next);
    // "10-15 min", "10 to 15 min": the later.
    int second = Double.isNaN(number(next)) ? next + 1 : next;
    if (!Double.isNaN(number(second))
        && (second == next || isAlone(next, Sense.BY) || isAlone(next, Sense.AUX))
        && isUnit(second + 1)
        && number(second) > number) {
      number = number(second);
      next = second + 1;
    } else if (number >= 1 && isPart(next)) {
      number += number(next++); // "5 and a half"
      if (!isUnit(next) && isHour(number)) return takeHour(at, number, next, true);
    }
    if ((number < 1 || isMore(next)) && isAlone(next, Sense.AUX) && isUnit(next + 1))
      next++; // "half an hour"
    if (isUnit(next)) {
      double length = number * count(Quantity.UNIT, next++);
      return spend(at, length, next);
    }
    if (at > 0 && LEADS.contains(tokens.get(at - 1).word()) && number >= 5) {
      return spend(at, number, next); // "eta 25"
    }
    return takeHour(at, number, next);
  }

  private static final Set<String> LEADS = Set.of("in", "eta");

  private boolean isMore(int at) {
    return at < words.length && tokens.get(at).word().equals("more");
  }

  private int takeUnit(int at, double unit) {
    boolean led =
        isAlone(at - 1, Sense.AFTER)
            || isAlone(at - 1, Sense.AUX)
            || isAlone(at - 1, Sense.BY)
            || isAlone(at - 1, Sense.LATE)
            || at == 0;
    if (unit == HOUR && isHour(number(at + 1)) && !isUnit(at + 2)) {
      return takeHour(at + 1, number(at + 1), at + 2) + 1; // "ساعه 5"
    }
    if (unit >= 24 * HOUR || unit < 1 || (unit <= HOUR && !led && !isPart(at + 1))) return 0;
    return spend(at, unit, at + 1);
  }

  // "2 hours and a half"
  private int spend(int from, double length, int next) {
    double all = length;
    int end = next;
    if (isPart(next) && length >= HOUR) {
      all += number(next) * HOUR;
      end++;
    }
    if (all < 24 * HOUR) minutes = (int) Math.round(all);
    return end - from;
  }

  private int takeHour(int at, double number, int next) {
    return takeHour(at, number, next, false);
  }

  private int takeHour(int at, double number, int next, boolean plain) {
    boolean named = plain;
    int end = next;
    if (!Double.isNaN(count(Quantity.DAYPART, end))) {
      half = count(Quantity.DAYPART, end++);
      named = true;
    } else if (!Double.isNaN(count(Quantity.PRAYER, end))) {
      half = count(Quantity.PRAYER, end++) == 0 ? 0 : NOON; // "5 العصر"
      named = true;
    }
    named |= tokens.get(at).word().indexOf(':') > 0;
    named |= isAlone(at - 1, Sense.BY) || isAlone(at - 1, Sense.AFTER) || isAlone(end, Sense.BY);
    boolean digits = Spelling.isDigit(tokens.get(at).word().charAt(0));
    named |=
        digits
            && number > 2
            && (isAlone(at - 1, Sense.CAN)
                || isAlone(at - 1, Sense.COME)
                || isAlone(at - 1, Sense.EXCUSE)
                || isAlone(at - 1, Sense.BUT)
                || isAlone(at - 1, Sense.DAY));
    if (!named || !isHour(number)) return 0;
    hour = number;
    return end - at;
  }

  private static boolean isHour(double number) {
    return number >= 1 && number <= 24;
  }

  private boolean isPart(int at) {
    return number(at) < 1;
  }

  private boolean isUnit(int at) {
    return !Double.isNaN(count(Quantity.UNIT, at));
  }

  private boolean isAlone(int at, Sense sense) {
    return at >= 0 && at < words.length && phrases.isAlone(words[at], sense);
  }

  private double number(int at) {
    return at < words.length ? phrases.number(tokens.get(at).word(), words[at]) : Double.NaN;
  }

  private double count(Quantity quantity, int at) {
    return at >= 0 && at < words.length ? phrases.count(quantity, words[at]) : Double.NaN;
  }
}
