package org.fazaa.dispatcher.roster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.fazaa.dispatcher.people.Week;

/**
 * The weeks that people are free in, each once, by number: most people's are alike. One thread
 * changes them while any number reads.
 */
final class Weeks {
  private final Map<Week, Integer> numbers = new HashMap<>();
  private volatile Week[] weeks = new Week[16];
  private int[] users = new int[16];
  private int[] free = new int[16]; // numbers that nobody uses, the first so many of them
  private int freeCount;
  private int end;

  /** The number of this week, which somebody begins to use. */
  int take(Week week) {
    var known = numbers.get(week);
    if (known != null) {
      users[known]++;
      return known;
    }
    var number = freeCount > 0 ? free[--freeCount] : end++;
    if (number == users.length) {
      users = Arrays.copyOf(users, 2 * number);
      weeks = Arrays.copyOf(weeks, 2 * number);
    }
    users[number] = 1;
    numbers.put(week, number);
    var same = weeks;
    same[number] = week;
    weeks = same; // written again, so that whoever reads the number finds the week
    return number;
  }

  /** Somebody uses it no longer. What nobody uses makes room for another. */
  void release(int number) {
    if (--users[number] > 0) return;
    numbers.remove(weeks[number]);
    if (freeCount == free.length) free = Arrays.copyOf(free, 2 * freeCount);
    free[freeCount++] = number;
  }

  /** The week of this number; an empty one for a number that was read amid a change. */
  Week get(int number) {
    var now = weeks;
    var week = number >= 0 && number < now.length ? now[number] : null;
    return week == null ? EMPTY : week;
  }

  private static final Week EMPTY = new Week(0, 0, 0);
}
