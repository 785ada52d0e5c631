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
import java.util.HashSet;
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
import org.fazaa.dispatcher.callout.Policy.Board;
import org.fazaa.dispatcher.callout.Policy.Plan;
import org.fazaa.dispatcher.callout.Policy.Verdict;
import org.fazaa.dispatcher.callout.Rounds.Missed;
import org.fazaa.dispatcher.callout.Says.Edge;
import org.fazaa.dispatcher.callout.Says.Unasked;
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
  /** With more the first texts would wait for the last need; those left are decided right after. */
  public static final int NEEDS_PER_ROUND = 20;

  public static final int TEXTS_PER_ROUND = 2_000;

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
  private boolean more; // needs are due that this round had no room for

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

  /** Each no makes its need due: where they are few, one round looks at all that have come. */
  @Override
  public double share() {
    return more || asked >= MANY ? 1 : SHARE;
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

  /** What a round saw, what its policy made of that, and what is true by now. */
  private record Turn(
      Board board,
      Plan plan,
      Map<NeedId, Due> dues,
      Map<NeedId, Envelope> envelopes,
      Map<VolunteerId, Volunteer> people) {

    Instant now() {
      return board.now();
    }

    Need need(NeedId id) {
      return dues.get(id).need;
    }
  }

  /**
   * What becomes of one need: whom it asks, whom not after all, at what cost, and whether it ran
   * into its envelope.
   *
   * @param again some cannot be asked: others are, as soon as the roster has heard
   */
  private record Settled(
      Verdict verdict, List<Ask> asks, List<Missed> missed, int cost, Edge edge, boolean again) {

    /** Why nobody more is asked. */
    String why() {
      if (edge != null) return edge.word;
      return verdict.open() <= 0 ? Says.FULL : verdict.why().word();
    }
  }

  // Nothing is held while it is being thought about, so that nobody who answers waits for that.
  private Optional<List<Fact>> decide(SqlConnection tx, Instant now) {
    asked = 0;
    var found = due(tx, now);
    more = found.size() == NEEDS_PER_ROUND;
    var due = overtaken ? unchanged(tx, found) : found;
    if (due.isEmpty()) return Optional.empty();
    var needs = due.stream().map(Due::need).toList();
    var areas = new HashMap<NeedId, Area>();
    envelopes(tx, needs).forEach((need, envelope) -> areas.put(need, envelope.area()));
    var all = lines.of(tx, needs, areas, now);
    var seed = random.nextLong();
    var board = new Board(now, TEXTS_PER_ROUND, seed, all);
    var plan = policy.decide(board);
    var left = unchanged(tx, due);
    overtaken = left.size() < due.size();
    return left.isEmpty() ? Optional.empty() : Optional.of(carryOut(tx, board, plan, left));
  }

  private List<Fact> carryOut(SqlConnection tx, Board board, Plan whole, List<Due> left) {
    var dues = new LinkedHashMap<NeedId, Due>();
    left.forEach(one -> dues.put(one.need.id(), one));
    var plan = whole.of(dues.keySet());
    asked = plan.asks().size();
    var people = plan.asks().stream().map(ask -> ask.option().volunteer()).toList();
    var envelopes = envelopes(tx, left.stream().map(Due::need).toList());
    var turn = new Turn(board, whole, dues, envelopes, Volunteers.list(tx, people));
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
    var dry =
        settled.stream()
            .filter(one -> one.edge == null && one.verdict.needsHuman())
            .filter(one -> one.verdict.why() == Policy.Why.NOBODY_LEFT)
            .map(one -> one.verdict.need())
            .toList();
    var withLast = Places.withLast(tx, dry);
    for (var id : dry) {
      if (!withLast.contains(id)) continue;
      var need = turn.need(id);
      if (Places.promoteLast(tx, need, turn.now()).isEmpty()) continue;
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
   * @param toldWhy why nobody more was asked, as last told; null before
   */
  private record Due(Need need, String version, String toldWhy) {}

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
    for (var row : rows) {
      dues.add(new Due(Need.of(row), row.getString("row_version"), row.getString("told_why")));
    }
    return dues;
  }

  private static Map<NeedId, Envelope> envelopes(SqlConnection tx, List<Need> needs) {
    var ids = needs.stream().map(need -> need.envelope().orElseThrow()).toList();
    return Envelope.list(tx, ids).values().stream()
        .collect(Collectors.toMap(Envelope::need, envelope -> envelope));
  }

  // Whoever stopped since the roster heard is left out, so that it hears now, and no envelope is
  // exceeded.
  private List<Settled> settle(SqlConnection tx, Turn turn, Plan plan) {
    var out = takeNoTexts(tx, turn.people.values(), turn.now());
    var byNeed = plan.asks().stream().collect(Collectors.groupingBy(Ask::need));
    var settled = new ArrayList<Settled>();
    for (var verdict : plan.verdicts()) {
      var missed = new ArrayList<Missed>();
      var reachable = new ArrayList<Ask>();
      for (var ask : byNeed.getOrDefault(verdict.need(), List.of())) {
        var volunteer = turn.people.get(ask.option().volunteer());
        unasked(volunteer, out)
            .ifPresentOrElse(why -> missed.add(new Missed(ask, why)), () -> reachable.add(ask));
      }
      settled.add(settle(turn, verdict, reachable, missed));
    }
    return settled;
  }

  private Settled settle(Turn turn, Verdict verdict, List<Ask> asks, List<Missed> missed) {
    var need = turn.need(verdict.need());
    var envelope = turn.envelopes.get(verdict.need());
    var edge = turn.now().isBefore(envelope.expiresAt()) ? null : Edge.EXPIRED;
    var again = !missed.isEmpty();
    var within = new ArrayList<Ask>();
    var cost = 0;
    for (var ask : asks) {
      var price = make.cost(need, turn.people.get(ask.option().volunteer()), turn.now());
      if (edge == null && within.size() == envelope.textsLeft()) edge = Edge.TEXTS;
      if (edge == null && cost + price > envelope.costLeft()) edge = Edge.COST;
      if (edge != null) {
        missed.add(new Missed(ask, Unasked.of(edge)));
        continue;
      }
      within.add(ask);
      cost += price;
    }
    return new Settled(verdict, within, missed, cost, edge, again);
  }

  /** Why whoever of them has stopped or is not reached is not asked; the roster will hear of it. */
  static Map<Phone, Unasked> takeNoTexts(
      SqlConnection tx, Collection<Volunteer> people, Instant now) {
    var phones = people.stream().map(Volunteer::phone).toList();
    var out = new HashMap<Phone, Unasked>();
    if (phones.isEmpty()) return out;
    for (var phone : Unreachable.among(tx, phones)) {
      Volunteers.lose(tx, phone, now);
      out.put(phone, Unasked.UNREACHABLE);
    }
    for (var phone : Consent.stopped(tx, phones)) {
      Volunteers.stop(tx, phone, now);
      out.put(phone, Unasked.STOPPED);
    }
    return out;
  }

  /** Why this person is not asked after all; empty when nothing stands in the way. */
  static Optional<Unasked> unasked(Volunteer volunteer, Map<Phone, Unasked> out) {
    if (volunteer == null) return Optional.of(Unasked.INACTIVE);
    if (out.containsKey(volunteer.phone())) return Optional.of(out.get(volunteer.phone()));
    var takesTexts = volunteer.active() && volunteer.takesTexts();
    return takesTexts ? Optional.empty() : Optional.of(Unasked.INACTIVE);
  }

  private void write(SqlConnection tx, Turn turn, List<Settled> settled) {
    var told = settled.stream().filter(one -> isWorthTelling(turn, one)).toList();
    var decisions = new HashMap<NeedId, Long>();
    var missed = new ArrayList<Missed>();
    settled.forEach(one -> missed.addAll(one.missed));
    if (!told.isEmpty()) {
      var needs = told.stream().map(one -> one.verdict.need()).collect(Collectors.toSet());
      var round = Rounds.write(tx, policy, turn.board, turn.plan, needs);
      decisions.putAll(writeDecisions(tx, turn, told, round));
      missed.addAll(makeOffers(tx, turn, settled, decisions));
      Rounds.write(tx, round, missed);
    }
    updateNeeds(tx, turn, settled);
  }

  // Whoever is being asked something else since a moment ago is not, and costs nothing.
  private List<Missed> makeOffers(
      SqlConnection tx, Turn turn, List<Settled> settled, Map<NeedId, Long> decisions) {
    var choices = new ArrayList<MakeOffers.Choice>();
    for (var one : settled) {
      var need = turn.need(one.verdict.need());
      var decision = Optional.ofNullable(decisions.get(need.id()));
      for (var ask : one.asks) {
        var volunteer = turn.people.get(ask.option().volunteer());
        choices.add(
            new MakeOffers.Choice(
                need, volunteer, ask.option(), ask.factors(), decision, Optional.empty()));
      }
    }
    var made = new HashMap<NeedId, Set<VolunteerId>>();
    for (var offer : make.run(tx, choices, turn.now())) {
      made.computeIfAbsent(offer.need(), any -> new HashSet<>()).add(offer.volunteer());
    }
    var missed = new ArrayList<Missed>();
    var spent = new HashMap<Long, Envelope.Spent>();
    for (var one : settled) {
      if (one.asks.isEmpty()) continue;
      var need = one.verdict.need();
      var busy =
          one.asks.stream()
              .filter(ask -> !made.getOrDefault(need, Set.of()).contains(ask.option().volunteer()))
              .toList();
      busy.forEach(ask -> missed.add(new Missed(ask, Unasked.BUSY)));
      var saved = busy.stream().mapToInt(ask -> cost(turn, ask)).sum();
      var texts = one.asks.size() - busy.size();
      spent.put(turn.envelopes.get(need).id(), new Envelope.Spent(texts, one.cost - saved));
    }
    Envelope.spend(tx, spent);
    return missed;
  }

  private int cost(Turn turn, Ask ask) {
    var volunteer = turn.people.get(ask.option().volunteer());
    return make.cost(turn.need(ask.need()), volunteer, turn.now());
  }

  private static Map<NeedId, Long> writeDecisions(
      SqlConnection tx, Turn turn, List<Settled> told, long round) {
    var says = told.stream().map(s -> Says.of(s.verdict, s.asks.size(), s.edge)).toList();
    var needs = told.stream().map(s -> turn.need(s.verdict.need())).toList();
    var columns =
        Tuple.tuple()
            .addArrayOfLong(needs.stream().map(n -> n.id().value()).toArray(Long[]::new))
            .addArrayOfString(told.stream().map(Settled::why).toArray(String[]::new))
            .addArrayOfInteger(told.stream().map(s -> s.asks.size()).toArray(Integer[]::new))
            .addArrayOfInteger(told.stream().map(s -> s.verdict.open()).toArray(Integer[]::new))
            .addArrayOfDouble(told.stream().map(s -> s.verdict.expected()).toArray(Double[]::new))
            .addArrayOfInteger(told.stream().map(s -> s.verdict.reach()).toArray(Integer[]::new))
            .addArrayOfBoolean(
                told.stream().map(s -> s.verdict.needsHuman()).toArray(Boolean[]::new))
            .addArrayOfString(says.stream().map(one -> one.ar()).toArray(String[]::new))
            .addArrayOfString(says.stream().map(one -> one.en()).toArray(String[]::new))
            .addArrayOfInteger(needs.stream().map(Need::people).toArray(Integer[]::new))
            .addArrayOfOffsetDateTime(
                needs.stream()
                    .map(n -> Database.utc(n.calledAt().orElse(turn.now())))
                    .toArray(OffsetDateTime[]::new))
            .addLong(round);
    var decisions = new HashMap<NeedId, Long>();
    for (var row : tx.preparedQuery(INSERT_DECISIONS).execute(columns).await()) {
      decisions.put(new NeedId(row.getLong("need")), row.getLong("id"));
    }
    return decisions;
  }

  // Rounds that ask nobody and find nothing new are not worth a row.
  private static boolean isWorthTelling(Turn turn, Settled one) {
    var due = turn.dues.get(one.verdict.need());
    var newlyStuck = one.verdict.needsHuman() && due.need.needsHumanAt().isEmpty();
    var chosen = !one.asks.isEmpty() || !one.missed.isEmpty();
    return chosen || one.edge != null || newlyStuck || !one.why().equals(due.toldWhy);
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
            .addOffsetDateTime(Database.utc(turn.now()))
            .addArrayOfString(settled.stream().map(Settled::why).toArray(String[]::new));
    Database.later(tx.preparedQuery(UPDATE_NEEDS).execute(columns));
  }

  // A full need has nothing to decide until somebody gives a place back.
  private static Instant lookAgain(Turn turn, Settled one) {
    var need = turn.need(one.verdict.need());
    if (need.isFull()) return need.endsAt();
    return one.again ? turn.now().plus(ROSTER_HEARS) : one.verdict.lookAgain();
  }

  private static List<Fact> facts(Turn turn, List<Settled> settled) {
    var facts = new ArrayList<Fact>();
    for (var one : settled) {
      if (!isWorthTelling(turn, one)) continue;
      var need = turn.need(one.verdict.need());
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
      "SELECT n.xmin::text AS row_version, n.told_why, "
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
        (need, at, policy, seed, why, asked, open, expected, reach, human, says_ar, says_en,
         people, since, round, wave)
      SELECT d.need, r.at, r.policy, r.seed, d.why, d.asked, d.open, d.expected, d.reach, d.human,
        d.says_ar, d.says_en, d.people, d.since, r.id,
        coalesce(last.wave, 0) + CASE WHEN d.asked > 0 THEN 1 ELSE 0 END
      FROM UNNEST($1::bigint[], $2::text[], $3::int[], $4::int[], $5::float8[], $6::int[],
          $7::boolean[], $8::text[], $9::text[], $10::int[], $11::timestamptz[]) WITH ORDINALITY
        AS d (need, why, asked, open, expected, reach, human, says_ar, says_en, people, since,
          place)
      JOIN dispatch.round r ON r.id = $12
      LEFT JOIN LATERAL (
        SELECT wave FROM dispatch.decision
        WHERE need = d.need AND wave IS NOT NULL ORDER BY id DESC LIMIT 1) last ON true
      ORDER BY d.place
      RETURNING id, need
      """;

  private static final String UPDATE_NEEDS =
      """
      UPDATE dispatch.need n
      SET next_round_at = r.due,
          last_wave_at = CASE WHEN r.asked THEN $6 ELSE n.last_wave_at END,
          state = CASE WHEN r.edge IS NULL THEN n.state ELSE 'paused' END,
          paused_why = r.edge,
          told_why = r.why,
          needs_human_at = CASE WHEN r.human OR r.edge IS NOT NULL
                                THEN coalesce(n.needs_human_at, $6) END
      FROM UNNEST($1::bigint[], $2::timestamptz[], $3::boolean[], $4::text[], $5::boolean[],
          $7::text[])
        AS r (id, due, asked, edge, human, why)
      WHERE n.id = r.id
      """;
}
