package org.fazaa.dispatcher.roster;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;

/** People and queries of all sorts, made up from a seed. */
final class People {
  static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  static final ZoneId RIYADH = ZoneId.of("Asia/Riyadh");

  /** Cities, and the places where maps go wrong. */
  private static final List<Point> PLACES =
      List.of(
          new Point(46.675, 24.713),
          new Point(39.19, 21.54),
          new Point(51.53, 25.29),
          new Point(-95.37, 29.76),
          new Point(179.99, -17),
          new Point(-179.99, -17),
          new Point(0, 0),
          new Point(15.6, 78.2),
          new Point(30, 89.95),
          new Point(-70, -89.97));

  private static final List<Week> WEEKS =
      List.of(
          Week.ALWAYS,
          Week.ALWAYS,
          Week.parse("sun-thu 16-23").orElseThrow(),
          Week.parse("fri-sat 8-24; sun 0-3").orElseThrow());

  private final RandomGenerator random;

  People(RandomGenerator random) {
    this.random = random;
  }

  static Person plain(long id, double lon, double lat) {
    return new Person(
        new VolunteerId(id),
        new Point(lon, lat),
        Skill.mask(Set.of(Skill.FIRST_AID, Skill.BOAT)),
        SpokenLanguage.mask(Set.of(SpokenLanguage.AR)),
        Week.ALWAYS,
        true,
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        History.none(NOW),
        0,
        Map.of());
  }

  static Query anybodyNear(Point place, double reachKm) {
    return new Query(
        place,
        reachKm,
        Region.EVERYWHERE,
        Set.of(),
        Set.of(),
        NOW.plus(Duration.ofHours(1)),
        NOW.plus(Duration.ofDays(2)),
        Limits.of(CallKind.LIFE, RIYADH),
        Set.of(),
        Set.of(),
        NOW);
  }

  Person person(long id) {
    var busy = rarely(0.2) ? Optional.of(around(NOW, 48)) : Optional.<Instant>empty();
    return new Person(
        new VolunteerId(id),
        place(),
        Skill.mask(some(EnumSet.range(Skill.FIRST_AID, Skill.DOCTOR))),
        SpokenLanguage.mask(some(EnumSet.range(SpokenLanguage.AR, SpokenLanguage.UR))),
        WEEKS.get(random.nextInt(WEEKS.size())),
        !rarely(0.05),
        !rarely(0.05),
        rarely(0.05),
        rarely(0.3)
            ? Optional.of(LocalDate.of(2026, 1, 1).minusDays(random.nextInt(20_000)))
            : Optional.empty(),
        rarely(0.1) ? Optional.of(around(NOW, 24)) : Optional.empty(),
        busy,
        busy.map(from -> from.plusSeconds(random.nextInt(100_000))),
        rarely(0.3) ? Optional.of(NOW.minusSeconds(random.nextInt(3_600))) : Optional.empty(),
        new History(
            tally(),
            tally(),
            tally(),
            rarely(0.2) ? random.nextDouble(20) : 0,
            NOW.minusSeconds(random.nextInt(1_000_000))),
        rarely(0.2) ? 1 + random.nextInt(9) : 0,
        rarely(0.1) ? Map.of(Skill.NURSE, LocalDate.of(2027, 1, 1)) : Map.of());
  }

  Query query(int people) {
    var starts = around(NOW, 24);
    var place = place();
    return new Query(
        place,
        rarely(0.1) ? Query.REACH_KM_MAX : 0.1 + random.nextDouble(80),
        rarely(0.3) ? (lon, lat) -> lat > place.lat() : Region.EVERYWHERE,
        rarely(0.5) ? some(EnumSet.range(Skill.FIRST_AID, Skill.NURSE)) : Set.of(),
        rarely(0.3) ? some(EnumSet.range(SpokenLanguage.AR, SpokenLanguage.UR)) : Set.of(),
        starts,
        starts.plusSeconds(random.nextInt(40_000)),
        Limits.of(CallKind.values()[random.nextInt(3)], RIYADH),
        ids(people),
        ids(people),
        NOW);
  }

  private Point place() {
    var centre = PLACES.get(random.nextInt(PLACES.size()));
    var spread = rarely(0.2) ? 5 : 0.2;
    var lon = centre.lon() + random.nextGaussian() * spread;
    var lat = Math.clamp(centre.lat() + random.nextGaussian() * spread, -90, 90);
    return new Point(Math.IEEEremainder(lon, 360), lat);
  }

  private Set<VolunteerId> ids(int people) {
    return LongStream.range(0, rarely(0.3) ? people / 20 : 0)
        .mapToObj(i -> new VolunteerId(1 + random.nextInt(people)))
        .collect(HashSet::new, Set::add, Set::addAll);
  }

  private <E extends Enum<E>> Set<E> some(EnumSet<E> all) {
    all.removeIf(one -> random.nextBoolean());
    return all;
  }

  private Tally tally() {
    return new Tally(random.nextInt(5), random.nextInt(9));
  }

  private Instant around(Instant instant, int hours) {
    return instant.plusSeconds(random.nextInt(-hours * 3600, hours * 3600));
  }

  private boolean rarely(double chance) {
    return random.nextDouble() < chance;
  }
}
