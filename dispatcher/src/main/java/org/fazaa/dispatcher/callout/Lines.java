package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.OrganisationRule;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.roster.Candidate;
import org.fazaa.dispatcher.roster.Limits;
import org.fazaa.dispatcher.roster.Query;
import org.fazaa.dispatcher.roster.Roster;

/**
 * Needs as the policy sees them: what the tables know of their offers, and whom the roster finds
 * for them.
 */
final class Lines {
  private static final int CANDIDATES = 200;
  private static final int CANDIDATES_PER_PLACE = 100;
  private static final int CANDIDATES_MOST = 3_000;

  /** A skill that fewer people around here have is kept for those who need it. */
  private static final double RARE = 0.05;

  private final Roster roster;
  private final boolean simulated;

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
    var blocked = OrganisationRule.inForce(conn, now);
    var learned = learned(conn);
    var lines = new ArrayList<Line>();
    for (var need : needs) {
      var area = areas.getOrDefault(need.id(), Envelope.around(need));
      var before = asked.getOrDefault(need.id(), new Asked(new HashSet<>(), new ArrayList<>()));
      var query = query(need, area, before.people, holding, blocked, now);
      var found = roster.candidates(query, limit(need));
      lines.add(
          new Line(
              need.id(),
              need.priority(),
              need.places(),
              need.yes(),
              need.calledAt().orElse(now),
              need.fillBy(),
              need.lastWaveAt().orElse(null),
              learned.delay,
              before.waiting,
              options(need, found, learned.rates.get(need.priority()), holding, now)));
    }
    return lines;
  }

  /** Who may be asked for a need, and in which sense the roster means it. */
  private static Query query(
      Need need,
      Area area,
      Set<VolunteerId> asked,
      Holding holding,
      Map<CallKind, Map<Long, OrganisationRule.Why>> blocked,
      Instant now) {
    var starts = need.startsAt().isAfter(now) ? need.startsAt() : now;
    return new Query(
        need.place(),
        reachKm(need, area),
        (lon, lat) -> area.contains(new Point(lon, lat)),
        need.skills(),
        need.languages(),
        starts,
        need.endsAt(),
        Limits.of(need.priority().kind(), need.zone()).fromAge(need.ageLeast()),
        asked,
        need.priority() == Priority.LIFE ? holding.life : holding.any,
        now,
        need.proof(),
        blocked.getOrDefault(need.priority().kind(), Map.of()));
  }

  Query query(SqlClient conn, Need need, Area area, Instant now) {
    var asked = asked(conn, List.of(need)).get(need.id());
    var people = asked == null ? Set.<VolunteerId>of() : asked.people;
    return query(need, area, people, holding(conn), OrganisationRule.inForce(conn, now), now);
  }

  /** Who has an open offer: of any kind, and for a matter of life. */
  record Holding(Set<VolunteerId> any, Set<VolunteerId> life) {}

  private record Asked(Set<VolunteerId> people, List<Line.Waiting> waiting) {}

  private static double reachKm(Need need, Area area) {
    var km = need.place().kmTo(area.center()) + area.radiusKm();
    return Math.clamp(km, 0.001, Query.REACH_KM_MAX);
  }

  private static int limit(Need need) {
    return Math.min(CANDIDATES_MOST, CANDIDATES + CANDIDATES_PER_PLACE * need.places());
  }

  private static List<Line.Option> options(
      Need need, List<Candidate> found, double group, Holding holding, Instant now) {
    var rare = rareSkills(found) & ~Skill.mask(need.skills());
    var hour = now.atZone(need.zone()).getHour();
    var options = new ArrayList<Line.Option>(found.size());
    for (var one : found) {
      var tally = one.history().of(need.priority().kind());
      options.add(
          new Line.Option(
              one.volunteer(),
              one.km(),
              Rates.answer(tally.yes(), tally.no(), group, one.km(), hour),
              Long.bitCount(one.skills() & rare),
              one.history().fatigue(),
              tally.yes(),
              tally.no(),
              holds(one.volunteer(), holding)));
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
        one.waiting.add(new Line.Waiting(row.getDouble("rate"), at));
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

  /** How each kind of call is answered, and how late. */
  private record Learned(Map<Priority, Double> rates, Delay delay) {}

  private Learned learned(SqlClient conn) {
    var rates = new EnumMap<Priority, Double>(Priority.class);
    for (var priority : Priority.values()) rates.put(priority, Rates.FIRST_GUESS);
    var answers = 0.0;
    var sum = 0.0;
    var squares = 0.0;
    for (var row : conn.preparedQuery(FIND_LEARNED).execute(Tuple.of(simulated)).await()) {
      var priority = Priority.of(row.getString("priority")).orElseThrow();
      rates.put(priority, Rates.group(row.getDouble("yes"), row.getDouble("trials")));
      answers += row.getDouble("answers");
      sum += row.getDouble("log_delays");
      squares += row.getDouble("log_delays_squared");
    }
    return new Learned(rates, Delay.learned(answers, sum, squares));
  }

  private static final String FIND_ASKED =
      """
      SELECT need, volunteer, state, rate, asked_at, last_resort FROM dispatch.offer
      WHERE need = ANY ($1::bigint[])
      """;

  // In a large call-out these are very many: two arrays are read several times as fast as rows.
  private static final String FIND_HOLDING =
      """
      SELECT coalesce(array_agg(volunteer), '{}') AS holding,
             coalesce(array_agg(volunteer) FILTER (WHERE life), '{}') AS for_life
      FROM dispatch.offer WHERE state = 'open' AND NOT last_resort
      """;

  private static final String FIND_LEARNED =
      """
      SELECT priority, yes, trials, answers, log_delays, log_delays_squared
      FROM dispatch.answer_rate WHERE simulated = $1
      """;
}
