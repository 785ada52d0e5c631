package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.roster.Candidate;
import org.fazaa.dispatcher.roster.Limits;
import org.fazaa.dispatcher.roster.Query;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.notifier.Way;

/**
 * Needs as the policy sees them: what the tables know of their offers, and whom the roster finds
 * for them.
 */
final class Lines {
  private static final int CANDIDATES = 100;
  private static final int CANDIDATES_PER_PLACE = 60;
  private static final int CANDIDATES_MOST = 3_000;

  private static final Duration KEPT = Duration.ofMinutes(5);

  /** A skill that fewer people around here have is kept for those who need it. */
  private static final double RARE = 0.05;

  private final Roster roster;
  private final boolean simulated;
  private volatile Kept kept = new Kept(Instant.EPOCH, Trust.Shares.NONE);

  Lines(Roster roster, boolean simulated) {
    this.roster = roster;
    this.simulated = simulated;
  }

  /**
   * @param areas where each need may ask; around its place when it has none
   */
  List<Line> of(SqlClient conn, List<Need> needs, Map<NeedId, Area> areas, Instant now) {
    var asked = asked(conn, needs);
    var holding = holding(conn);
    var rates = rates(conn);
    var trusts = trusts(conn, now);
    var lags = lags(conn, needs);
    var lines = new ArrayList<Line>();
    for (var need : needs) {
      var area = areas.getOrDefault(need.id(), Envelope.around(need));
      var before = asked.getOrDefault(need.id(), new Asked(new HashSet<>(), new ArrayList<>()));
      var query = query(need, area, before.people, holding, now);
      var found = need.isFull() ? List.<Candidate>of() : roster.candidates(query, limit(need));
      var since = need.calledAt().orElse(now);
      lines.add(
          new Line(
              need.id(),
              need.priority(),
              need.places(),
              need.yes(),
              since,
              need.fillBy(),
              need.lastWaveAt().orElse(null),
              rates.delay(Way.SMS),
              lags.getOrDefault(need.id(), 0.0),
              rates.group(need.priority().kind()),
              rates.shows(),
              trusts.of(need.priority(), Line.slack(since, need.fillBy(), now)),
              waiting(before, rates),
              options(need, found, rates, holding, now)));
    }
    return lines;
  }

  /** Who may be asked for a need, and in which sense the roster means it. */
  Query query(Need need, Area area, Set<VolunteerId> asked, Holding holding, Instant now) {
    var starts = need.startsAt().isAfter(now) ? need.startsAt() : now;
    return new Query(
        need.place(),
        reachKm(need, area),
        (lon, lat) -> area.contains(new Point(lon, lat)),
        need.skills(),
        need.languages(),
        starts,
        need.endsAt(),
        Limits.of(need.priority().kind(), need.zone()),
        asked,
        need.priority() == Priority.LIFE ? holding.life : holding.any,
        now);
  }

  Query query(SqlClient conn, Need need, Area area, Instant now) {
    var asked = asked(conn, List.of(need)).get(need.id());
    return query(need, area, asked == null ? Set.of() : asked.people, holding(conn), now);
  }

  /** Who has an open offer: of any kind, and for a matter of life. */
  record Holding(Set<VolunteerId> any, Set<VolunteerId> life) {}

  private record Asked(Set<VolunteerId> people, List<Silent> waiting) {}

  private record Silent(double rate, Instant askedAt, Way way) {}

  private static double reachKm(Need need, Area area) {
    var km = need.place().kmTo(area.center()) + area.radiusKm();
    return Math.clamp(km, 0.001, Query.REACH_KM_MAX);
  }

  private static int limit(Need need) {
    return Math.min(CANDIDATES_MOST, CANDIDATES + CANDIDATES_PER_PLACE * need.places());
  }

  private static List<Line.Waiting> waiting(Asked before, Rates rates) {
    return before.waiting.stream()
        .map(one -> new Line.Waiting(one.rate, one.askedAt, rates.delay(one.way)))
        .toList();
  }

  private static List<Line.Option> options(
      Need need, List<Candidate> found, Rates rates, Holding holding, Instant now) {
    var rare = rareSkills(found) & ~Skill.mask(need.skills());
    var hour = now.atZone(need.zone()).getHour();
    var kind = need.priority().kind();
    var options = new ArrayList<Line.Option>(found.size());
    for (var one : found) {
      var rarer = Long.bitCount(one.skills() & rare);
      var holds = holds(one.volunteer(), holding);
      options.add(
          Line.Option.of(one.volunteer(), kind, one.history(), one.km(), hour, rarer, holds, rates));
    }
    return options;
  }

  private static Line.Holding holds(VolunteerId volunteer, Holding holding) {
    if (holding.life.contains(volunteer)) return Line.Holding.LIFE;
    return holding.any.contains(volunteer) ? Line.Holding.ORDINARY : Line.Holding.NOTHING;
  }

  private static long rareSkills(List<Candidate> found) {
    var holders = new int[Long.SIZE];
    for (var one : found) {
      for (var left = one.skills(); left != 0; left &= left - 1) {
        holders[Long.numberOfTrailingZeros(left)]++;
      }
    }
    var rare = 0L;
    for (var skill = 0; skill < holders.length; skill++) {
      if (holders[skill] < RARE * found.size()) rare |= 1L << skill;
    }
    return rare;
  }

  private static Map<NeedId, Asked> asked(SqlClient conn, Collection<Need> needs) {
    var ids = needs.stream().map(need -> need.id().value()).toArray(Long[]::new);
    var asked = new HashMap<NeedId, Asked>();
    for (var row : conn.preparedQuery(FIND_ASKED).execute(Tuple.of(ids)).await()) {
      var need = new NeedId(row.getLong("need"));
      var one = asked.computeIfAbsent(need, any -> new Asked(new HashSet<>(), new ArrayList<>()));
      one.people.add(new VolunteerId(row.getLong("volunteer")));
      if (row.getString("state").equals("open") && !row.getBoolean("last_resort")) {
        var at = row.getOffsetDateTime("asked_at").toInstant();
        one.waiting.add(new Silent(row.getDouble("rate"), at, Way.of(row.getString("way"))));
      }
    }
    return asked;
  }

  private static Holding holding(SqlClient conn) {
    var row = conn.query(FIND_HOLDING).execute().await().iterator().next();
    return new Holding(
        people(row.getArrayOfLongs("holding")), people(row.getArrayOfLongs("for_life")));
  }

  private static Set<VolunteerId> people(Long[] ids) {
    var people = HashSet.<VolunteerId>newHashSet(ids.length);
    for (var id : ids) people.add(new VolunteerId(id));
    return people;
  }

  // What is scored now and then need not be counted for every round.
  private Trust.Shares trusts(SqlClient conn, Instant now) {
    var known = kept;
    if (Duration.between(known.at, now).abs().compareTo(KEPT) < 0) return known.trusts;
    var read = Trust.Shares.read(conn, simulated, now);
    kept = new Kept(now, read);
    return read;
  }

  private record Kept(Instant at, Trust.Shares trusts) {}

  /** How people answer, by all that has been learned. */
  Rates rates(SqlClient conn) {
    return new Rates(LearnAnswers.learned(conn, simulated));
  }

  private static final String FIND_ASKED =
      """
      SELECT need, volunteer, state, rate, asked_at, way, last_resort FROM dispatch.offer
      WHERE need = ANY ($1::bigint[])
      """;

  // In a large call-out these are very many: two arrays are read several times as fast as rows.
  private static final String FIND_HOLDING =
      """
      SELECT coalesce(array_agg(volunteer), '{}') AS holding,
             coalesce(array_agg(volunteer) FILTER (WHERE life), '{}') AS for_life
      FROM dispatch.offer WHERE state = 'open' AND NOT last_resort
      """;

  // Of each district of a crisis, some eleven kilometres wide, what share of its places is taken.
  private static Map<NeedId, Double> lags(SqlClient conn, List<Need> needs) {
    var crises = needs.stream().map(need -> need.crisis().value()).distinct().toArray(Long[]::new);
    var shares = new HashMap<String, double[]>();
    var whole = new HashMap<Long, double[]>();
    for (var row : conn.preparedQuery(FIND_SHARES).execute(Tuple.of((Object) crises)).await()) {
      var share = new double[] {row.getLong("filled"), row.getLong("people")};
      shares.put(row.getLong("crisis") + "/" + row.getString("district"), share);
      var sum = whole.computeIfAbsent(row.getLong("crisis"), any -> new double[2]);
      sum[0] += share[0];
      sum[1] += share[1];
    }
    var lags = new HashMap<NeedId, Double>();
    for (var need : needs) {
      var share = shares.get(need.crisis().value() + "/" + district(need));
      var all = whole.get(need.crisis().value());
      if (share != null) lags.put(need.id(), Line.lag(share[0], share[1], all[0], all[1]));
    }
    return lags;
  }

  private static String district(Need need) {
    return (long) Math.floor(need.place().lon() * 10)
        + ":"
        + (long) Math.floor(need.place().lat() * 10);
  }

  private static final String FIND_SHARES =
      """
      SELECT crisis, floor(lon * 10)::bigint || ':' || floor(lat * 10)::bigint AS district,
        sum(LEAST(filled, people)) AS filled, sum(people) AS people
      FROM dispatch.need
      WHERE crisis = ANY ($1::bigint[]) AND state IN ('calling', 'paused')
      GROUP BY 1, 2
      """;
}
