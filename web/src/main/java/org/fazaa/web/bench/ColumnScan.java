package org.fazaa.web.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.Week;

/**
 * The same search as a loop over everybody, a plain array for each column, and what every answer is
 * held against: it shares no code with the roster.
 */
final class ColumnScan {
  private static final double KM_PER_DEGREE = 111;
  private static final long NONE = Long.MIN_VALUE;
  private static final double FADES_IN = History.FATIGUE_FADES_IN.toSeconds();

  private final Instant now;
  final int size;
  private final long[] skills;
  private final int[] languages;
  private final long[] first;
  private final long[] second;
  private final long[] third;
  private final double[] lon;
  private final double[] lat;
  private final boolean[] able;
  private final long[] born;
  private final long[] pausedUntil;
  private final long[] busyFrom;
  private final long[] busyUntil;
  private final long[] askedAt;
  private final long[] contactAt;
  private final double[] fatigue;

  private record Hit(int i, double km) {}

  private ColumnScan(int size, Instant now) {
    this.size = size;
    this.now = now;
    skills = new long[size];
    languages = new int[size];
    first = new long[size];
    second = new long[size];
    third = new long[size];
    lon = new double[size];
    lat = new double[size];
    able = new boolean[size];
    born = new long[size];
    pausedUntil = new long[size];
    busyFrom = new long[size];
    busyUntil = new long[size];
    askedAt = new long[size];
    contactAt = new long[size];
    fatigue = new double[size];
  }

  /** The people of {@link SearchSql}; their ids count from 1. */
  static ColumnScan load(Connection connection, int size, Instant now) throws SQLException {
    var scan = new ColumnScan(size, now);
    connection.setAutoCommit(false); // else the driver reads everything before the first row
    try (var statement = connection.createStatement()) {
      statement.setFetchSize(20_000);
      try (var row = statement.executeQuery(LOAD)) {
        while (row.next()) {
          var i = (int) row.getLong("id") - 1;
          scan.skills[i] = row.getLong("skills");
          scan.languages[i] = row.getInt("languages");
          scan.set(i, new Week(row.getLong("h1"), row.getLong("h2"), row.getLong("h3")));
          scan.set(i, new Point(row.getDouble("lon"), row.getDouble("lat")));
          scan.able[i] = row.getBoolean("able");
          scan.born[i] = orNone(row.getLong("born"), row.wasNull());
          scan.pausedUntil[i] = orNone(row.getLong("paused_until"), row.wasNull());
          scan.busyFrom[i] = orNone(row.getLong("busy_from"), row.wasNull());
          scan.busyUntil[i] = orNone(row.getLong("busy_until"), row.wasNull());
          scan.askedAt[i] = orNone(row.getLong("last_asked_at"), row.wasNull());
          scan.contactAt[i] = row.getLong("contact_at");
          scan.fatigue[i] = row.getDouble("fatigue");
        }
      }
    } finally {
      connection.setAutoCommit(true);
    }
    return scan;
  }

  private static long orNone(long value, boolean isNull) {
    return isNull ? NONE : value;
  }

  void set(int i, Week hours) {
    first[i] = hours.first();
    second[i] = hours.second();
    third[i] = hours.third();
  }

  void set(int i, Point place) {
    lon[i] = place.lon();
    lat[i] = place.lat();
  }

  long[] find(Search search) {
    return find(search, Search.BEST);
  }

  /** The ids of the nearest, nearest first. */
  long[] find(Search search, int best) {
    var mask = Skill.mask(search.skills());
    var language = 1 << search.language().ordinal();
    var hours = search.hours();
    var place = search.place();
    var rules = new Rules(search, now);
    var north = Search.REACH_KM / KM_PER_DEGREE;
    var nearest =
        new PriorityQueue<Hit>(
            Comparator.comparingDouble(Hit::km).thenComparingInt(Hit::i).reversed());
    for (var i = 0; i < size; i++) {
      if ((skills[i] & mask) != mask || (languages[i] & language) == 0 || !able[i]) continue;
      if (Math.abs(lat[i] - place.lat()) > north) continue;
      if ((hours.first() & ~first[i]) != 0
          || (hours.second() & ~second[i]) != 0
          || (hours.third() & ~third[i]) != 0) {
        continue;
      }
      if (!mayBeAsked(i, rules)) continue;
      var km = Point.km(place.lon(), place.lat(), lon[i], lat[i]);
      if (km > Search.REACH_KM) continue;
      nearest.add(new Hit(i, km));
      if (nearest.size() > best) nearest.poll();
    }
    var ids = new long[nearest.size()];
    for (var at = ids.length - 1; at >= 0; at--) ids[at] = nearest.poll().i + 1;
    return ids;
  }

  private record Rules(
      long now, long startsAt, long endsAt, long restedBefore, long askedBefore, long bornLatest) {
    Rules(Search search, Instant now) {
      this(
          now.getEpochSecond(),
          search.startsAt().getEpochSecond(),
          search.endsAt().getEpochSecond(),
          search.startsAt().minus(Search.LIMITS.rest()).getEpochSecond(),
          now.minus(Search.LIMITS.gap()).getEpochSecond(),
          SearchSql.bornLatest(now).toEpochDay());
    }
  }

  private boolean mayBeAsked(int i, Rules rules) {
    var busy = busyUntil[i] > rules.startsAt && busyFrom[i] < rules.endsAt;
    var tired = busyUntil[i] <= rules.startsAt && busyUntil[i] > rules.restedBefore;
    return pausedUntil[i] <= rules.now
        && !busy
        && !tired
        && askedAt[i] <= rules.askedBefore
        && born[i] <= rules.bornLatest
        && (fatigue[i] <= Search.LIMITS.fatigueMost() || faded(i, rules) <= fatigueMost());
  }

  private double faded(int i, Rules rules) {
    return fatigue[i] * Math.exp(-Math.max(0, rules.now - contactAt[i]) / FADES_IN);
  }

  private static double fatigueMost() {
    return Search.LIMITS.fatigueMost();
  }

  private static final String LOAD =
      """
      SELECT id, skills, languages, h1, h2, h3, lon, lat, able, born - date '1970-01-01' AS born,
        extract(epoch FROM paused_until)::bigint AS paused_until,
        extract(epoch FROM busy_from)::bigint AS busy_from,
        extract(epoch FROM busy_until)::bigint AS busy_until,
        extract(epoch FROM last_asked_at)::bigint AS last_asked_at,
        extract(epoch FROM contact_at)::bigint AS contact_at, fatigue
      FROM bench.person\
      """;
}
