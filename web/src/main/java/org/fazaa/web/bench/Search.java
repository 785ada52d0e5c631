package org.fazaa.web.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.Week;
import org.fazaa.dispatcher.roster.Limits;
import org.fazaa.dispatcher.roster.Query;
import org.fazaa.dispatcher.roster.Region;

/**
 * The best fifty who have these skills, speak this language, are free at that hour, were not asked
 * within twelve hours and live within 25 km.
 */
record Search(Point place, Set<Skill> skills, SpokenLanguage language, Instant startsAt) {
  static final int BEST = 50;
  static final double REACH_KM = 25;
  static final ZoneId ZONE = ZoneId.of("Asia/Riyadh");
  static final Limits LIMITS =
      new Limits(Duration.ofHours(8), Duration.ofHours(12), 10, 18, 40, ZONE);

  private static final int HOURS_AHEAD = 168;

  /**
   * The hour begins so late that whoever is near enough also arrives in time, which therefore is no
   * question.
   */
  static List<Search> draw(Population people, int many, RandomGenerator random, Instant now) {
    var searches = new ArrayList<Search>();
    for (var i = 0; i < many; i++) {
      var startsAt = now.plus(Duration.ofHours(1 + random.nextInt(HOURS_AHEAD)));
      searches.add(new Search(people.place(), people.wanted(), people.language(), startsAt));
    }
    return searches;
  }

  Instant endsAt() {
    return startsAt.plus(Duration.ofHours(1));
  }

  Week hours() {
    return Week.of(startsAt, endsAt(), ZONE);
  }

  Query query(Instant now) {
    return new Query(
        place,
        REACH_KM,
        Region.EVERYWHERE,
        skills,
        Set.of(language),
        startsAt,
        endsAt(),
        LIMITS,
        Set.of(),
        Set.of(),
        now);
  }
}
