package org.fazaa.dispatcher.callout;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
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
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.OrganisationRule;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.Volunteer;
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
public final class Lines {
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
    var wishes = new ArrayList<Wish>();
    for (var need : needs) {
      wishes.add(new Wish(need, areas.getOrDefault(need.id(), Envelope.around(need))));
    }
    return of(conn, wishes, now);
  }

  /**
   * A need, or the same one were it another, and where it may ask.
   *
   * @param km no further than this from its place
   * @param most who are looked for, nearest first
   */
  record Wish(Need need, Area area, double km, int most) {
    Wish(Need need, Area area) {
      this(need, area, Query.REACH_KM_MAX, limit(need));
    }
  }

  List<Line> of(SqlClient conn, List<Wish> wishes, Instant now) {
    var found = new Found(conn, wishes.stream().map(Wish::need).toList(), simulated, now);
    var trusts = trusts(conn, now);
    var seen = found.seen();
    // The searches wait for nobody: all processors share them.
    return wishes.parallelStream()
        .map(
            wish -> {
              var need = wish.need;
              var since = need.calledAt().orElse(now);
              var trust = trusts.of(need.priority(), Line.slack(since, need.fillBy(), now));
              return line(wish, seen, trust, now);
            })
        .toList();
  }

  private Line line(Wish wish, Seen seen, Trust trust, Instant now) {
    var need = wish.need;
    var known = new Known(seen.rates, trust, seen.lags.getOrDefault(need.id(), 0.0));
    var asked = seen.asked.getOrDefault(need.id(), Asked.NOBODY);
    var query =
        query(need, wish.area, asked.people, seen.holding, seen.blocked, now).within(wish.km);
    var silent = seen.silent.getOrDefault(need.id(), List.of());
    var due = asked.due;
    for (var one : silent) {
      due += due(one, false, Duration.between(one.askedAt, now), seen.rates);
    }
    return line(need, query, wish.most, silent, due, seen.holding, known, roster);
  }

  /** What the tables know of needs. */
  private record Seen(
      Map<NeedId, Asked> asked,
      Map<NeedId, List<Silent>> silent,
      Holding holding,
      Map<CallKind, Map<Long, OrganisationRule.Why>> blocked,
      Rates rates,
      Map<NeedId, Double> lags) {}

  /** Their rows: all of them are asked for before the first are waited for. */
  private static final class Found {
    private final List<Need> needs;
    private final Future<RowSet<Row>> asked;
    private final Future<RowSet<Row>> silent;
    private final Future<RowSet<Row>> holding;
    private final Future<RowSet<Row>> blocked;
    private final Future<RowSet<Row>> learned;
    private final Future<RowSet<Row>> shares;

    Found(SqlClient conn, List<Need> needs, boolean simulated, Instant now) {
      this.needs = needs;
      var crises = needs.stream().map(need -> need.crisis().value()).distinct();
      asked = conn.preparedQuery(FIND_ASKED).execute(numbers(needs));
      silent = conn.preparedQuery(FIND_SILENT).execute(numbers(needs));
      holding = conn.query(FIND_HOLDING).execute();
      blocked = OrganisationRule.findInForce(conn, now);
      learned = LearnAnswers.find(conn, simulated);
      shares =
          conn.preparedQuery(FIND_SHARES).execute(Tuple.of((Object) crises.toArray(Long[]::new)));
    }

    Seen seen() {
      var rates = new Rates(LearnAnswers.learned(learned.await()));
      return new Seen(
          asked(asked.await(), rates),
          silent(silent.await()),
          holding(holding.await()),
          OrganisationRule.inForce(blocked.await()),
          rates,
          lags(shares.await(), needs));
    }
  }

  private static Tuple numbers(Collection<Need> needs) {
    return Tuple.of((Object) needs.stream().map(need -> need.id().value()).toArray(Long[]::new));
  }

  /** One person as those who could be asked are seen, whatever the rules say about them. */
  Line.Option option(SqlClient conn, Need need, Volunteer volunteer, Instant now) {
    return option(need, volunteer, volunteer.history().at(now), rates(conn), now);
  }

  /**
   * The same if their history were another.
   *
   * @param history as it has faded by now
   */
  Line.Option option(Need need, Volunteer volunteer, History history, Rates rates, Instant now) {
    var km = need.place().kmTo(volunteer.place());
    var hour = now.atZone(need.zone()).getHour();
    var kind = need.priority().kind();
    return Line.Option.of(volunteer.id(), kind, history, km, hour, 0, Line.Holding.NOTHING, rates);
  }

  /**
   * What has been learned by now.
   *
   * @param trust in forecasts of such a need
   * @param lag how far its district is behind
   */
  public record Known(Rates rates, Trust trust, double lag) {}

  /** A need as the policy sees it, from what the roster finds and what has been learned. */
  public static Line line(
      Need need,
      Query query,
      List<Silent> silent,
      double due,
      Holding holding,
      Known known,
      Roster roster) {
    return line(need, query, limit(need), silent, due, holding, known, roster);
  }

  private static Line line(
      Need need,
      Query query,
      int most,
      List<Silent> silent,
      double due,
      Holding holding,
      Known known,
      Roster roster) {
    var rates = known.rates;
    var found = need.isFull() ? List.<Candidate>of() : roster.candidates(query, most);
    return new Line(
        need.id(),
        need.priority(),
        need.places(),
        need.yes(),
        due,
        need.calledAt().orElse(query.now()),
        need.fillBy(),
        need.lastWaveAt().orElse(null),
        rates.delay(Way.SMS),
        known.lag,
        rates.group(need.priority().kind()),
        rates.shows(),
        known.trust,
        waiting(silent, rates),
        options(need, found, rates, holding, query.now()));
  }

  /** Who may be asked for a need, where no organisation keeps its own from it. */
  public static Query query(
      Need need, Area area, Set<VolunteerId> asked, Holding holding, Instant now) {
    return query(need, area, asked, holding, Map.of(), now);
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
    var found = conn.preparedQuery(FIND_ASKED).execute(numbers(List.of(need))).await();
    var asked = asked(found, Rates.FIRST).get(need.id());
    var people = asked == null ? Set.<VolunteerId>of() : asked.people;
    var holding = holding(conn.query(FIND_HOLDING).execute().await());
    return query(need, area, people, holding, OrganisationRule.inForce(conn, now), now);
  }

  /** Who has an open offer: of any kind, and for a matter of life. */
  public record Holding(Set<VolunteerId> any, Set<VolunteerId> life) {}

  /**
   * Everybody who was asked for a need.
   *
   * @param due the yes that those were due to give who can give none any more
   */
  private record Asked(Set<VolunteerId> people, double due) {
    static final Asked NOBODY = new Asked(Set.of(), 0);
  }

  /** Somebody who was asked and has not answered. */
  public record Silent(double rate, Instant askedAt, Way way) {}

  private static double reachKm(Need need, Area area) {
    var km = need.place().kmTo(area.center()) + area.radiusKm();
    return Math.clamp(km, 0.001, Query.REACH_KM_MAX);
  }

  private static int limit(Need need) {
    return Math.min(CANDIDATES_MOST, CANDIDATES + CANDIDATES_PER_PLACE * need.places());
  }

  private static List<Line.Waiting> waiting(List<Silent> silent, Rates rates) {
    return silent.stream()
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
          Line.Option.of(
              one.volunteer(), kind, one.history(), one.km(), hour, rarer, holds, rates));
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

  private static Map<NeedId, Asked> asked(RowSet<Row> rows, Rates rates) {
    var asked = new HashMap<NeedId, Asked>();
    for (var row : rows) {
      var due = row.getDouble("answered");
      var rate = row.getArrayOfDoubles("rates");
      var heard = row.getArrayOfDoubles("heard");
      for (var i = 0; i < rate.length; i++) {
        var time = Duration.ofMillis((long) (1000 * heard[i]));
        due += rate[i] * rates.delay(Way.SMS).answeredWithin(time);
      }
      var people = people(row.getArrayOfLongs("asked"));
      asked.put(new NeedId(row.getLong("need")), new Asked(people, due));
    }
    return asked;
  }

  /**
   * The yes that were due by now from somebody who was asked.
   *
   * @param heard how long the question was in their hands
   */
  public static double due(Silent asked, boolean answered, Duration heard, Rates rates) {
    return asked.rate * (answered ? 1 : rates.delay(asked.way).answeredWithin(heard));
  }

  private static Map<NeedId, List<Silent>> silent(RowSet<Row> rows) {
    var silent = new HashMap<NeedId, List<Silent>>();
    for (var row : rows) {
      var at = row.getOffsetDateTime("asked_at").toInstant();
      silent
          .computeIfAbsent(new NeedId(row.getLong("need")), any -> new ArrayList<>())
          .add(new Silent(row.getDouble("rate"), at, Way.of(row.getString("way"))));
    }
    return silent;
  }

  private static Holding holding(RowSet<Row> rows) {
    var row = rows.iterator().next();
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

  // In a large call-out these are very many: arrays are read several times as fast as rows.
  private static final String FIND_ASKED =
      """
      SELECT need, array_agg(volunteer) AS asked,
        coalesce(sum(rate) FILTER (WHERE answered_at IS NOT NULL AND NOT last_resort), 0)
          AS answered,
        coalesce(array_agg(rate)
          FILTER (WHERE state <> 'open' AND answered_at IS NULL), '{}') AS rates,
        coalesce(array_agg(extract(epoch FROM changed_at - asked_at)::float8)
          FILTER (WHERE state <> 'open' AND answered_at IS NULL), '{}') AS heard
      FROM dispatch.offer
      WHERE need = ANY ($1::bigint[])
      GROUP BY need
      """;

  private static final String FIND_SILENT =
      """
      SELECT need, rate, asked_at, way FROM dispatch.offer
      WHERE need = ANY ($1::bigint[]) AND state = 'open' AND NOT last_resort
      ORDER BY id
      """;

  private static final String FIND_HOLDING =
      """
      SELECT coalesce(array_agg(volunteer), '{}') AS holding,
             coalesce(array_agg(volunteer) FILTER (WHERE life), '{}') AS for_life
      FROM dispatch.offer WHERE state = 'open' AND NOT last_resort
      """;

  // Of each district of a crisis, some eleven kilometres wide, what share of its places is taken.
  private static Map<NeedId, Double> lags(RowSet<Row> rows, List<Need> needs) {
    var shares = new HashMap<String, double[]>();
    var whole = new HashMap<Long, double[]>();
    for (var row : rows) {
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

  /** About eleven kilometres wide. */
  public static String district(Need need) {
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
