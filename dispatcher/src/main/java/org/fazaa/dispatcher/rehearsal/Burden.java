package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.rehearsal.Happened.Need;
import org.fazaa.dispatcher.rehearsal.Happened.Offer;

/**
 * How evenly texts fall on people. Each week of each person counts once, if they could do what any
 * need of that week asked for.
 *
 * @param gini 0 when all get alike, near 1 when one gets all; none when nobody was asked
 * @param mostTexts what 99 of a hundred such weeks stay within
 */
record Burden(Optional<Double> gini, int mostTexts) {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final double NEARLY_ALL = 0.99;

  /**
   * @param people what each can do; person n is at n - 1
   */
  static Burden of(List<Set<Skill>> people, List<Need> needs, List<Offer> offers) {
    if (needs.isEmpty()) return new Burden(Optional.empty(), 0);
    var begins = needs.getFirst().openedAt();
    var asked = new TreeMap<Long, Set<Set<Skill>>>();
    for (var need : needs) {
      asked.computeIfAbsent(week(begins, need.openedAt()), w -> new HashSet<>()).add(need.skills());
    }
    var texts = new TreeMap<Long, Map<Long, Integer>>();
    for (var offer : offers) {
      texts
          .computeIfAbsent(week(begins, offer.askedAt()), w -> new HashMap<>())
          .merge(offer.person(), 1, Integer::sum);
    }
    var alike = new HashMap<Set<Skill>, Integer>();
    people.forEach(skills -> alike.merge(skills, 1, Integer::sum));
    var weeks = new TreeMap<Integer, Long>();
    asked.forEach(
        (week, skills) -> {
          var can = new HashSet<>(alike.keySet());
          can.removeIf(has -> skills.stream().noneMatch(has::containsAll));
          var idle = can.stream().mapToLong(alike::get).sum();
          for (var one : texts.getOrDefault(week, Map.of()).entrySet()) {
            if (!can.contains(people.get((int) (one.getKey() - 1)))) continue;
            weeks.merge(one.getValue(), 1L, Long::sum);
            idle--;
          }
          weeks.merge(0, idle, Long::sum);
        });
    return of(weeks);
  }

  /**
   * @param weeks by the number of texts: how many weeks of people had so many
   */
  static Burden of(TreeMap<Integer, Long> weeks) {
    var all = weeks.values().stream().mapToLong(Long::longValue).sum();
    var sum = 0L;
    var ranked = 0.0;
    var below = 0L;
    var most = 0;
    for (var one : weeks.entrySet()) {
      if (below < NEARLY_ALL * all) most = one.getKey();
      var many = one.getValue();
      // Ranks below + 1 to below + many, on the average.
      ranked += one.getKey() * (double) many * (below + (many + 1) / 2.0);
      sum += one.getKey() * many;
      below += many;
    }
    if (sum == 0) return new Burden(Optional.empty(), most);
    return new Burden(Optional.of(2 * ranked / ((double) all * sum) - (all + 1.0) / all), most);
  }

  private static long week(Instant begins, Instant at) {
    return Math.floorDiv(Duration.between(begins, at).toSeconds(), WEEK.toSeconds());
  }
}
