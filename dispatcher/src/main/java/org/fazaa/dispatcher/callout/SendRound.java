package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.FailPoint;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.callout.Policy.Ask;
import org.fazaa.dispatcher.callout.Policy.Verdict;
import org.fazaa.dispatcher.callout.Says.Edge;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Unreachable;

/**
 * Decides for the needs that are due who is asked now, and writes decisions, offers and texts in
 * one transaction. One node decides at a time; whoever lost the lease writes nothing.
 */
public final class SendRound implements Loop.Work {
  private static final int NEEDS_PER_ROUND = 100;
  private static final int TEXTS_PER_ROUND = 2_000;

  /** While so many are asked at a time, nothing is gained by waiting. */
  private static final int MANY = 100;

  private static final double SHARE = 0.2;

  /** How long the roster takes at most to hear of a change. */
  private static final Duration ROSTER_HEARS = Duration.ofSeconds(2);

  private final Pool pool;
  private final Bus bus;
  private final Roster roster;
  private final Policy policy;
  private final MakeOffers make;
  private final RandomGenerator random;
  private final Lines lines;
  private final Lease lease;
  private int asked;

  /** In a rush somebody changes a need in every moment: then the next round holds it meanwhile. */
  private boolean overtaken;

  /**
   * @param node the name of this node, unlike any other's
   */
  public SendRound(
      Pool pool,
      Bus bus,
      Roster roster,
      Policy policy,
      MakeOffers make,
      RandomGenerator random,
      String node) {
    this.pool = pool;
    this.bus = bus;
    this.roster = roster;
    this.policy = policy;
    this.make = make;
    this.random = random;
    this.lines = new Lines(roster, make.channel().simulated());
    this.lease = new Lease("round", node);
  }

  @Override
  public String name() {
    return "send round";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.NeedChanged.class, Fact.VolunteersChanged.class);
  }

  /** Each no makes its need due: in a rush of them, one round looks at all that have come. */
  @Override
  public double share() {
    return asked >= MANY ? 1 : SHARE;
  }

  @Override
  public Optional<Instant> nextDue() {
    var row = pool.query(NEXT_DUE).execute().await().iterator().next();
    return Optional.ofNullable(row.getOffsetDateTime("due")).map(OffsetDateTime::toInstant);
  }

  @Override
  public boolean run(Instant now) {
    if (!roster.isLoaded() || nextDue().filter(due -> !due.isAfter(now)).isEmpty()) return false;
    return lease.hold(pool).map(fence -> run(fence, now)).orElse(false);
  }

  /** True when this node decided for any need. */
  boolean run(long fence, Instant now) {
    var facts =
        Database.inTransaction(
            pool,
            tx -> lease.isCurrent(tx, fence) ? decide(tx, now) : Optional.<List<Fact>>empty());
    if (facts.isPresent()) FailPoint.AFTER_ROUND_COMMIT.reach();
    facts.ifPresent(all -> all.forEach(bus::publish));
    return facts.isPresent();
  }

  /** What a round found, and what it settles for each need. */
  private record Turn(
      Instant now,
      long seed,
      Map<NeedId, Need> needs,
      Map<NeedId, Envelope> envelopes,
      Map<VolunteerId, Volunteer> people) {}

  /** What becomes of one need: whom it asks, at what cost, and whether it ran into its envelope. */
  private record Settled(Verdict verdict, List<Ask> asks, int cost, Edge edge, boolean again) {
    Settled(Verdict verdict, List<Ask> asks, int cost, Edge edge) {
      this(verdict, asks, cost, edge, false);
    }

    /** Some that were chosen cannot be asked: others are, as soon as the roster has heard. */
    Settled chosenAgain() {
      return new Settled(verdict, asks, cost, edge, true);
    }
  }

  // Nothing is held while it is being thought about, so that nobody who answers waits for that.
  private Optional<List<Fact>> decide(SqlConnection tx, Instant now) {
    asked = 0;
    var found = due(tx, now);
    var due = overtaken ? unchanged(tx, found) : found;
    if (due.isEmpty()) return Optional.empty();
    var needs = due.stream().map(Due::need).toList();
    var areas = new HashMap<NeedId, Area>();
    envelopes(tx, needs).forEach((need, envelope) -> areas.put(need, envelope.area()));
    var all = lines.of(tx, needs, areas, now);
    var seed = random.nextLong();
    var plan = policy.decide(new Policy.Board(now, TEXTS_PER_ROUND, seed, all));
    var left = unchanged(tx, due);
    overtaken = left.size() < due.size();
    return left.isEmpty() ? Optional.empty() : Optional.of(carryOut(tx, plan, left, seed, now));
  }

  private List<Fact> carryOut(
      SqlConnection tx, Policy.Plan whole, List<Due> left, long seed, Instant now) {
    var needs = new LinkedHashMap<NeedId, Need>();
    left.forEach(one -> needs.put(one.need.id(), one.need));
    var plan = whole.of(needs.keySet());
    asked = plan.asks().size();
    var people = plan.asks().stream().map(ask -> ask.option().volunteer()).toList();
    var envelopes = envelopes(tx, List.copyOf(needs.values()));
    var turn = new Turn(now, seed, needs, envelopes, Volunteers.list(tx, people));
    var settled = settle(tx, turn, plan);
    write(tx, turn, settled);
    var facts = new ArrayList<>(facts(turn, settled));
    facts.addAll(callTheLast(tx, turn, settled));
    FailPoint.BEFORE_ROUND_COMMIT.reach();
    return facts;
  }

  // Nobody is left to ask, and those who are silent will not be enough.
  private static List<Fact> callTheLast(SqlConnection tx, Turn turn, List<Settled> settled) {
    var facts = new ArrayList<Fact>();
    for (var one : settled) {
      var verdict = one.verdict;
      if (verdict.why() != Policy.Why.NOBODY_LEFT || !verdict.needsHuman() || one.edge != null) {
        continue;
      }
      var need = turn.needs.get(verdict.need());
      if (Places.promoteLast(tx, need, turn.now).isEmpty()) continue;
      facts.add(new Fact.NeedChanged(need.crisis().value(), need.id().value()));
      facts.add(new Fact.OutboxFilled());
      facts.add(new Fact.VolunteersChanged());
    }
    return facts;
  }

  /**
   * A need that wants a decision.
   *
   * @param version another one after every change, even to the same values
   */
  private record Due(Need need, String version) {}

  private static List<Due> due(SqlConnection tx, Instant now) {
    var due = Tuple.of(Database.utc(now), NEEDS_PER_ROUND);
    return dues(tx.preparedQuery(FIND_DUE).execute(due).await());
  }

  // Held from now on; what somebody has changed since it was read is due again in a moment.
  private static List<Due> unchanged(SqlConnection tx, List<Due> due) {
    var ids = due.stream().map(one -> one.need.id().value()).toArray(Long[]::new);
    var versions = new HashMap<NeedId, String>();
    due.forEach(one -> versions.put(one.need.id(), one.version));
    return dues(tx.preparedQuery(LOCK).execute(Tuple.of((Object) ids)).await()).stream()
        .filter(one -> one.version.equals(versions.get(one.need.id())))
        .toList();
  }

  private static List<Due> dues(Iterable<Row> rows) {
    var dues = new ArrayList<Due>();
    for (var row : rows) dues.add(new Due(Need.of(row), row.getString("row_version")));
    return dues;
  }

  private static Map<NeedId, Envelope> envelopes(SqlConnection tx, List<Need> needs) {
    var ids = needs.stream().map(need -> need.envelope().orElseThrow()).toList();
    return Envelope.list(tx, ids).values().stream()
        .collect(Collectors.toMap(Envelope::need, envelope -> envelope));
  }

  // Whoever stopped since the roster heard is left out, so that it hears now, and no envelope is
  // exceeded.
  private List<Settled> settle(SqlConnection tx, Turn turn, Policy.Plan plan) {
    var out = takeNoTexts(tx, turn.people.values(), turn.now);
    var byNeed = plan.asks().stream().collect(Collectors.groupingBy(Ask::need));
    var settled = new ArrayList<Settled>();
    for (var verdict : plan.verdicts()) {
      var asks = byNeed.getOrDefault(verdict.need(), List.of());
      var reachable =
          asks.stream()
              .filter(ask -> mayBeTexted(turn.people.get(ask.option().volunteer()), out))
              .toList();
      var one = settle(turn, verdict, reachable);
      settled.add(reachable.size() < asks.size() ? one.chosenAgain() : one);
    }
    return settled;
  }

  private Settled settle(Turn turn, Verdict verdict, List<Ask> asks) {
    var need = turn.needs.get(verdict.need());
    var envelope = turn.envelopes.get(verdict.need());
    if (!turn.now.isBefore(envelope.expiresAt())) {
      return new Settled(verdict, List.of(), 0, Edge.EXPIRED);
    }
    var within = new ArrayList<Ask>();
    var cost = 0;
    for (var ask : asks) {
      var price = make.cost(need, turn.people.get(ask.option().volunteer()), turn.now);
      if (within.size() == envelope.textsLeft()) {
        return new Settled(verdict, within, cost, Edge.TEXTS);
      }
      if (cost + price > envelope.costLeft()) {
        return new Settled(verdict, within, cost, Edge.COST);
      }
      within.add(ask);
      cost += price;
    }
    return new Settled(verdict, within, cost, null);
  }

  /** Whoever of them has stopped or is not reached; the roster will hear of it. */
  static Set<Phone> takeNoTexts(SqlConnection tx, Collection<Volunteer> people, Instant now) {
    var phones = people.stream().map(Volunteer::phone).toList();
    if (phones.isEmpty()) return Set.of();
    var out = Consent.stopped(tx, phones);
    for (var phone : out) Volunteers.stop(tx, phone, now);
    var unreachable = Unreachable.among(tx, phones);
    for (var phone : unreachable) Volunteers.lose(tx, phone, now);
    out.addAll(unreachable);
    return out;
  }

  static boolean mayBeTexted(Volunteer volunteer, Set<Phone> out) {
    return volunteer != null
        && volunteer.active()
        && volunteer.takesTexts()
        && !out.contains(volunteer.phone());
  }

  private void write(SqlConnection tx, Turn turn, List<Settled> settled) {
    var decisions = writeDecisions(tx, turn, settled);
    var choices = new ArrayList<MakeOffers.Choice>();
    for (var one : settled) {
      var need = turn.needs.get(one.verdict.need());
      var decision = Optional.ofNullable(decisions.get(need.id()));
      for (var ask : one.asks) {
        var volunteer = turn.people.get(ask.option().volunteer());
        choices.add(
            new MakeOffers.Choice(
                need, volunteer, ask.option(), ask.factors(), decision, Optional.empty()));
      }
    }
    var made = make.run(tx, choices, turn.now);
    Envelope.spend(tx, spent(turn, settled, made));
    updateNeeds(tx, turn, settled);
  }

  // Whoever was asked something else at this very moment has got no offer, and costs nothing.
  private Map<Long, Envelope.Spent> spent(Turn turn, List<Settled> settled, List<Offer> made) {
    var offers =
        made.stream()
            .collect(
                Collectors.groupingBy(
                    Offer::need, Collectors.mapping(Offer::volunteer, Collectors.toSet())));
    var spent = new HashMap<Long, Envelope.Spent>();
    for (var one : settled) {
      var need = turn.needs.get(one.verdict.need());
      var asked = offers.getOrDefault(need.id(), Set.of());
      if (asked.isEmpty()) continue;
      var cost = one.cost;
      for (var ask : one.asks) {
        var volunteer = turn.people.get(ask.option().volunteer());
        if (!asked.contains(volunteer.id())) cost -= make.cost(need, volunteer, turn.now);
      }
      spent.put(turn.envelopes.get(need.id()).id(), new Envelope.Spent(asked.size(), cost));
    }
    return spent;
  }

  // Rounds that ask nobody and find nothing new are not worth a row.
  private Map<NeedId, Long> writeDecisions(SqlConnection tx, Turn turn, List<Settled> settled) {
    var told = settled.stream().filter(one -> isWorthTelling(turn, one)).toList();
    var decisions = new HashMap<NeedId, Long>();
    if (told.isEmpty()) return decisions;
    var says = told.stream().map(s -> Says.of(s.verdict, s.asks.size(), s.edge)).toList();
    var columns =
        Tuple.tuple()
            .addArrayOfLong(told.stream().map(s -> s.verdict.need().value()).toArray(Long[]::new))
            .addArrayOfString(told.stream().map(SendRound::why).toArray(String[]::new))
            .addArrayOfInteger(told.stream().map(s -> s.asks.size()).toArray(Integer[]::new))
            .addArrayOfInteger(told.stream().map(s -> s.verdict.open()).toArray(Integer[]::new))
            .addArrayOfDouble(told.stream().map(s -> s.verdict.expected()).toArray(Double[]::new))
            .addArrayOfInteger(told.stream().map(s -> s.verdict.reach()).toArray(Integer[]::new))
            .addArrayOfBoolean(
                told.stream().map(s -> s.verdict.needsHuman()).toArray(Boolean[]::new))
            .addArrayOfString(says.stream().map(one -> one.ar()).toArray(String[]::new))
            .addArrayOfString(says.stream().map(one -> one.en()).toArray(String[]::new))
            .addOffsetDateTime(Database.utc(turn.now))
            .addString(policy.name())
            .addLong(turn.seed);
    for (var row : tx.preparedQuery(INSERT_DECISIONS).execute(columns).await()) {
      decisions.put(new NeedId(row.getLong("need")), row.getLong("id"));
    }
    return decisions;
  }

  private static boolean isWorthTelling(Turn turn, Settled one) {
    var need = turn.needs.get(one.verdict.need());
    var newlyStuck = one.verdict.needsHuman() && need.needsHumanAt().isEmpty();
    return !one.asks.isEmpty() || one.edge != null || newlyStuck;
  }

  private static String why(Settled one) {
    return one.edge != null ? one.edge.word : one.verdict.why().word();
  }

  private static void updateNeeds(SqlConnection tx, Turn turn, List<Settled> settled) {
    var columns =
        Tuple.tuple()
            .addArrayOfLong(
                settled.stream().map(s -> s.verdict.need().value()).toArray(Long[]::new))
            .addArrayOfOffsetDateTime(
                settled.stream()
                    .map(s -> Database.utc(lookAgain(turn, s)))
                    .toArray(OffsetDateTime[]::new))
            .addArrayOfBoolean(settled.stream().map(s -> !s.asks.isEmpty()).toArray(Boolean[]::new))
            .addArrayOfString(
                settled.stream()
                    .map(s -> s.edge == null ? null : s.edge.word)
                    .toArray(String[]::new))
            .addArrayOfBoolean(
                settled.stream().map(s -> s.verdict.needsHuman()).toArray(Boolean[]::new))
            .addOffsetDateTime(Database.utc(turn.now));
    tx.preparedQuery(UPDATE_NEEDS).execute(columns).await();
  }

  // A full need has nothing to decide until somebody gives a place back.
  private static Instant lookAgain(Turn turn, Settled one) {
    var need = turn.needs.get(one.verdict.need());
    if (need.isFull()) return need.endsAt();
    return one.again ? turn.now.plus(ROSTER_HEARS) : one.verdict.lookAgain();
  }

  private static List<Fact> facts(Turn turn, List<Settled> settled) {
    var facts = new ArrayList<Fact>();
    for (var one : settled) {
      if (!isWorthTelling(turn, one)) continue;
      var need = turn.needs.get(one.verdict.need());
      facts.add(new Fact.NeedChanged(need.crisis().value(), need.id().value()));
    }
    if (settled.stream().anyMatch(one -> !one.asks.isEmpty())) {
      facts.add(new Fact.OutboxFilled());
    }
    if (settled.stream().anyMatch(one -> one.again || !one.asks.isEmpty())) {
      facts.add(new Fact.VolunteersChanged());
    }
    return facts;
  }

  private static final String NEXT_DUE =
      """
      SELECT min(next_round_at) AS due FROM dispatch.need
      WHERE state = 'calling' AND ends_at > next_round_at
      """;

  private static final String SELECT =
      "SELECT n.xmin::text AS row_version, "
          + Need.COLUMNS
          + "FROM dispatch.need n JOIN dispatch.crisis c ON c.id = n.crisis\n";

  private static final String FIND_DUE =
      SELECT
          + """
          WHERE n.state = 'calling' AND n.next_round_at <= $1 AND n.ends_at > $1
          ORDER BY n.priority <> 'life', n.next_round_at, n.id
          LIMIT $2
          """;

  private static final String LOCK =
      SELECT
          + """
          WHERE n.id = ANY ($1::bigint[])
          ORDER BY n.id
          FOR NO KEY UPDATE OF n
          """;

  private static final String INSERT_DECISIONS =
      """
      INSERT INTO dispatch.decision
        (need, at, policy, seed, why, asked, open, expected, reach, human, says_ar, says_en)
      SELECT need, $10, $11, $12, why, asked, open, expected, reach, human, says_ar, says_en
      FROM UNNEST($1::bigint[], $2::text[], $3::int[], $4::int[], $5::float8[], $6::int[],
          $7::boolean[], $8::text[], $9::text[]) WITH ORDINALITY
        AS d (need, why, asked, open, expected, reach, human, says_ar, says_en, place)
      ORDER BY place
      RETURNING id, need
      """;

  private static final String UPDATE_NEEDS =
      """
      UPDATE dispatch.need n
      SET next_round_at = r.due,
          last_wave_at = CASE WHEN r.asked THEN $6 ELSE n.last_wave_at END,
          state = CASE WHEN r.edge IS NULL THEN n.state ELSE 'paused' END,
          paused_why = r.edge,
          needs_human_at = CASE WHEN r.human OR r.edge IS NOT NULL
                                THEN coalesce(n.needs_human_at, $6) END
      FROM UNNEST($1::bigint[], $2::timestamptz[], $3::boolean[], $4::text[], $5::boolean[])
        AS r (id, due, asked, edge, human)
      WHERE n.id = r.id
      """;
}
