package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.FailPoint;
import org.fazaa.config.Loop;
import org.fazaa.notifier.Departure.Due;
import org.fazaa.notifier.Departure.Verdict;
import org.fazaa.notifier.Flight.Landed;
import org.fazaa.notifier.Flight.Started;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. While it holds the lock of a lane it judges what is due there, and what may
 * leave becomes <i>submitting</i> under a lease and a fence; that is committed before the carrier
 * hears of it. So whatever dies at whatever moment, a text that may have left is never taken for
 * one that did not. No transaction is open during a POST, and no turn waits for one: what the
 * carrier answers is written down by the next turn, together with what leaves next.
 */
public final class SendDue implements Loop.Work {

  /**
   * A definite "not now" is tried again this often, about an hour long, unless it expires first.
   */
  static final int REFUSALS_MAX = 60;

  static final Duration BACKOFF_FIRST = Duration.ofSeconds(2);
  static final Duration BACKOFF_MAX = Duration.ofMinutes(1);

  /** After an unknown outcome a status callback has this long before we ask. */
  static final Duration ASK_AFTER = Duration.ofSeconds(5);

  /**
   * What a turn began is handed over within so long after it looked at the clock, or not at all: a
   * node that stood still meanwhile must not post what is late by now, or given up by others. Less
   * than the lease.
   */
  static final Duration FRESH = Duration.ofSeconds(20);

  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration EXPIRE_EVERY = Duration.ofSeconds(1);
  private static final int EXPIRED_AT_ONCE = 1_000;
  private static final int AT_ONCE = 500;
  private static final Logger LOG = LoggerFactory.getLogger(SendDue.class);

  private final Pool pool;
  private final Bus bus;
  private final Carrier carrier;
  private final Flight flight;
  private final Set<String> calm = new HashSet<>();
  private boolean routed;
  private long turnedAt;
  private Instant expiredAt = Instant.MIN;

  public SendDue(Pool pool, Bus bus, Carrier carrier) {
    this.pool = pool;
    this.bus = bus;
    this.carrier = carrier;
    this.flight = new Flight(carrier.connections());
  }

  @Override
  public String name() {
    return "send due texts";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.OutboxFilled.class);
  }

  @Override
  public Duration poll() {
    return POLL;
  }

  @Override
  public Future<?> stirred() {
    return flight.stirred();
  }

  @Override
  public boolean run(Instant now) {
    turnedAt = System.nanoTime();
    if (!routed) {
      Database.inTransaction(pool, this::route);
      routed = true;
    }
    boolean did = pass(now);
    if (flight.isRipe()) {
      did |= pass(now); // a carrier that answers at once
    }
    if (!did || !now.isBefore(expiredAt.plus(EXPIRE_EVERY))) {
      expiredAt = now;
      did |= expire(now);
    }
    return did;
  }

  /** Whether the carrier still has something that it has not answered for. */
  boolean isFlying() {
    return !flight.isEmpty();
  }

  @Override
  public void wind(Instant now) {
    while (isFlying()) {
      var landed = landed();
      if (landed.isEmpty()) {
        flight.stirred().await(); // asked for after the look, which begins a new one
      }
      landed.forEach((lane, all) -> turn(lane, 0, 0, all, now)); // what fails here is unknown
    }
  }

  @Override
  public Optional<Instant> nextDue() {
    var found = pool.query(FIND_NEXT_DUE).execute().await().iterator().next();
    return Optional.ofNullable(found.getOffsetDateTime(0)).map(OffsetDateTime::toInstant);
  }

  // --- which sender serves whom

  private List<Carrier.Sender> lanes() {
    var lanes = new ArrayList<>(carrier.senders());
    lanes.addAll(carrier.otherWays().values());
    return lanes;
  }

  private int route(SqlConnection tx) {
    var countries = new ArrayList<String>();
    var lanes = new ArrayList<String>();
    var costs = new ArrayList<Integer>();
    for (var sender : carrier.senders()) {
      sender
          .segmentCosts()
          .forEach(
              (country, cost) -> {
                countries.add(country);
                lanes.add(sender.name());
                costs.add(cost);
              });
    }
    var routes =
        Tuple.of(
            countries.toArray(String[]::new),
            lanes.toArray(String[]::new),
            costs.toArray(Integer[]::new));
    tx.preparedQuery(FORGET_ROUTES).execute(Tuple.of(routes.getValue(0))).await();
    tx.preparedQuery(SET_ROUTES).execute(routes).await();
    openWays(tx);
    return tx.preparedQuery(REROUTE).execute().await().rowCount();
  }

  // What waits for a way that is not open any more leaves by SMS.
  private void openWays(SqlConnection tx) {
    var ways = new ArrayList<String>();
    var lanes = new ArrayList<String>();
    var costs = new ArrayList<Integer>();
    carrier
        .otherWays()
        .forEach(
            (way, sender) -> {
              ways.add(way.tag());
              lanes.add(sender.name());
              costs.add(sender.segmentCosts().get(Carrier.ANY_COUNTRY));
            });
    var open =
        Tuple.of(
            ways.toArray(String[]::new),
            lanes.toArray(String[]::new),
            costs.toArray(Integer[]::new));
    tx.preparedQuery(CLOSE_WAYS).execute(Tuple.tuple().addValue(open.getValue(0))).await();
    tx.preparedQuery(OPEN_WAYS).execute(open).await();
    tx.query(LEAVE_CLOSED_WAYS).execute().await();
    tx.query(REROUTE_WAYS).execute().await();
  }

  // --- a turn of one lane

  private Map<String, List<Landed>> landed() {
    return flight.land().stream()
        .collect(Collectors.groupingBy(one -> one.started().text().lane()));
  }

  private boolean pass(Instant now) {
    boolean did = false;
    var landed = flight.isRipe() ? landed() : new HashMap<String, List<Landed>>();
    var routine = routine(landed);
    var written = writeAside(routine, now);
    try {
      for (var sender : lanes()) {
        did |= turn(sender, landed.getOrDefault(sender.name(), List.of()), now);
        landed.remove(sender.name());
      }
    } finally {
      landed.values().forEach(flight::again); // nothing that was answered is forgotten
      did |= joined(written, routine);
    }
    return did;
  }

  // What tells nothing about its lane needs no lock of it: such outcomes leave the map, and are
  // written on a connection of their own while the next texts begin.
  private List<Landed> routine(Map<String, List<Landed>> landed) {
    var routine = new ArrayList<Landed>();
    landed
        .values()
        .removeIf(
            lane -> {
              boolean tellsNothing =
                  calm.contains(lane.getFirst().started().text().lane())
                      && lane.stream()
                          .allMatch(one -> one.submission() instanceof Submission.Accepted);
              return tellsNothing && routine.addAll(lane);
            });
    return routine;
  }

  private Future<List<Long>> writeAside(List<Landed> routine, Instant now) {
    if (routine.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    answered(routine);
    return Loop.aside(() -> Database.inTransaction(pool, tx -> finish(tx, routine, now)));
  }

  private boolean joined(Future<List<Long>> written, List<Landed> routine) {
    try {
      tell(written.await());
    } catch (RuntimeException e) {
      flight.again(routine);
      throw e;
    }
    recorded(routine);
    return !routine.isEmpty();
  }

  private boolean turn(Carrier.Sender sender, List<Landed> landed, Instant now) {
    int room = Math.min(AT_ONCE, flight.room());
    if (landed.isEmpty() && (room == 0 || !isDue(sender.name(), now))) {
      return false;
    }
    return turn(sender.name(), sender.segmentsPerSecond(), room, landed, now);
  }

  /** What a turn wrote: what leaves now, and the texts whose state has changed. */
  private record Turn(List<Started> started, List<Long> changed, boolean moved) {}

  private boolean turn(String lane, int rate, int room, List<Landed> landed, Instant now) {
    answered(landed);
    var turn = Database.inTransaction(pool, tx -> write(tx, lane, rate, room, landed, now));
    recorded(landed);
    if (!turn.started.isEmpty()) {
      FailPoint.AFTER_CLAIM.reach();
      submit(turn.started, now);
    }
    tell(turn.changed);
    return turn.moved;
  }

  private static void answered(List<Landed> landed) {
    if (!landed.isEmpty()) {
      FailPoint.AFTER_POST.reach();
    }
  }

  private static void recorded(List<Landed> landed) {
    if (!landed.isEmpty()) {
      FailPoint.AFTER_RECORD.reach();
    }
  }

  private boolean isDue(String lane, Instant now) {
    var found = pool.preparedQuery(FIND_DUE).execute(Tuple.of(lane, utc(now))).await();
    return found.iterator().next().getBoolean(0);
  }

  private Turn write(
      SqlConnection tx, String name, int rate, int room, List<Landed> landed, Instant now) {
    var found = Lane.lock(tx, name, now);
    var changed = new ArrayList<>(finish(tx, landed, now));
    var lane = found.after(landed.stream().map(Landed::submission).toList(), now);
    noteTrouble(found, lane);
    if (lane.isCalm()) {
      calm.add(name);
    } else {
      calm.remove(name);
    }
    var chosen = List.<Judged>of();
    var started = List.<Started>of();
    if (room > 0 && !lane.rests(now)) {
      lane = lane.filled(rate, now);
      chosen = choose(tx, lane, room, now);
      started = begin(tx, chosen, now);
      lane = lane.less(started.stream().mapToInt(one -> one.text().load()).sum());
      started.forEach(one -> changed.add(one.text().id()));
      changed.addAll(refuse(tx, chosen, now));
      defer(tx, chosen);
    }
    if (!lane.equals(found)) {
      lane.write(tx, now);
    }
    return new Turn(started, changed, !landed.isEmpty() || !chosen.isEmpty());
  }

  private static void noteTrouble(Lane before, Lane after) {
    if (after.trouble() != null && !after.restsUntil().equals(before.restsUntil())) {
      LOG.warn("{} takes no texts until {}: {}", after.name(), after.restsUntil(), after.trouble());
    }
  }

  private void submit(List<Started> started, Instant now) {
    var texts = started.stream().map(Started::text).toList();
    List<Future<Submission>> submissions;
    try {
      FailPoint.BEFORE_POST.reach();
      submissions =
          isStale(Duration.ofNanos(System.nanoTime() - turnedAt))
              ? Collections.nCopies(texts.size(), Future.succeededFuture(notHandedOver(now)))
              : carrier.submit(texts, now);
    } catch (RuntimeException e) {
      LOG.warn("{} failed with {} texts in its hands", carrier.name(), texts.size(), e);
      submissions = Collections.nCopies(texts.size(), Future.failedFuture(e));
    }
    for (int i = 0; i < started.size(); i++) {
      flight.add(started.get(i), submissions.get(i));
    }
  }

  static boolean isStale(Duration sinceTurn) {
    return sinceTurn.compareTo(FRESH) > 0;
  }

  private static Submission notHandedOver(Instant now) {
    return new Submission.Refused("late", "its node stood still", new Action.TryLater(now));
  }

  // --- before the POST

  /** A text that is due, with the counts that its next outcome is judged by. */
  private record Candidate(Due due, int refusals, int unknowns) {}

  private record Judged(Candidate candidate, Verdict verdict) {
    long id() {
      return candidate.due().text().id();
    }
  }

  private List<Judged> choose(SqlConnection tx, Lane lane, int room, Instant now) {
    if (lane.tokens() <= 0) {
      return List.of();
    }
    var due = due(tx, lane.name(), lane.texts(room, flight.underWay(lane.name())), now);
    var budgets =
        due.stream().map(one -> one.due().text().budget()).filter(Objects::nonNull).distinct();
    var left = new HashMap<String, Long>();
    Budget.lock(tx, budgets.toList()).forEach((name, budget) -> left.put(name, budget.left()));
    var departure = new Departure(carrier.reachesPeople(), left, now);
    var judged = new ArrayList<Judged>();
    double tokens = lane.tokens();
    for (var one : due) {
      if (tokens <= 0) {
        break;
      }
      var verdict = departure.judge(one.due());
      if (verdict instanceof Verdict.Go) {
        tokens -= one.due().text().load();
      }
      judged.add(new Judged(one, verdict));
    }
    return judged;
  }

  private static List<Candidate> due(SqlConnection tx, String lane, int limit, Instant now) {
    var due = new ArrayList<Candidate>();
    tx.query(BY_INDEX_ORDER).execute().await();
    tx.preparedQuery(LIST_DUE)
        .execute(Tuple.of(lane, utc(now), utc(now.minus(Departure.DAY)), limit))
        .await()
        .forEach(
            row -> {
              var lately =
                  Arrays.stream(row.getArrayOfOffsetDateTimes("lately"))
                      .map(OffsetDateTime::toInstant)
                      .toList();
              due.add(
                  new Candidate(
                      new Due(
                          text(row),
                          row.getBoolean("stopped"),
                          row.getBoolean("unreachable"),
                          lately),
                      row.getInteger("refusals"),
                      row.getInteger("unknowns")));
            });
    return due;
  }

  // Whoever stopped, and whatever was taken back, since it was judged is left out here.
  private List<Started> begin(SqlConnection tx, List<Judged> judged, Instant now) {
    var going = new LinkedHashMap<Long, Candidate>();
    for (var one : judged) {
      if (one.verdict() instanceof Verdict.Go) {
        going.put(one.id(), one.candidate());
      }
    }
    if (going.isEmpty()) {
      return List.of();
    }
    var fences = new HashMap<Long, Long>();
    var ids = going.keySet().toArray(Long[]::new);
    tx.preparedQuery(BEGIN)
        .execute(Tuple.of(ids, utc(now), carrier.name()))
        .await()
        .forEach(row -> fences.put(row.getLong("id"), row.getLong("fence")));
    var started = new ArrayList<Started>();
    going.forEach(
        (id, one) -> {
          if (fences.containsKey(id)) {
            var text = one.due().text().posted();
            started.add(new Started(fences.get(id), text, one.refusals(), one.unknowns(), now));
          }
        });
    spend(tx, started, 1);
    return started;
  }

  private static List<Long> refuse(SqlConnection tx, List<Judged> judged, Instant now) {
    var ids = new ArrayList<Long>();
    var states = new ArrayList<String>();
    var whys = new ArrayList<String>();
    for (var one : judged) {
      if (one.verdict() instanceof Verdict.Never(var state, var why)) {
        ids.add(one.id());
        states.add(state.tag());
        whys.add(why);
      }
    }
    if (ids.isEmpty()) {
      return List.of();
    }
    return ids(
        tx.preparedQuery(REFUSE)
            .execute(
                Tuple.of(
                    ids.toArray(Long[]::new),
                    states.toArray(String[]::new),
                    whys.toArray(String[]::new),
                    utc(now))));
  }

  private static void defer(SqlConnection tx, List<Judged> judged) {
    var ids = new ArrayList<Long>();
    var untils = new ArrayList<OffsetDateTime>();
    var whys = new ArrayList<String>();
    for (var one : judged) {
      if (one.verdict() instanceof Verdict.Wait(var until, var why)) {
        ids.add(one.id());
        untils.add(utc(until));
        whys.add(why);
      }
    }
    if (!ids.isEmpty()) {
      tx.preparedQuery(DEFER)
          .execute(
              Tuple.of(
                  ids.toArray(Long[]::new),
                  untils.toArray(OffsetDateTime[]::new),
                  whys.toArray(String[]::new)))
          .await();
    }
  }

  private boolean expire(Instant now) {
    var expired =
        Database.inTransaction(
            pool,
            tx -> {
              tx.preparedQuery(ROUTE_LATECOMERS).execute().await();
              return ids(tx.preparedQuery(EXPIRE).execute(Tuple.of(utc(now), EXPIRED_AT_ONCE)));
            });
    tell(expired);
    return !expired.isEmpty();
  }

  // --- after it

  /** What a submission makes of a text. */
  record Next(TextState state, String sid, String problem, Instant dueAt) {}

  static Next decide(Text text, int refusals, int unknowns, Submission submission, Instant now) {
    return switch (submission) {
      case Submission.Accepted(var sid) -> new Next(TextState.ACCEPTED, sid, null, now);
      case Submission.OptedOut() -> new Next(TextState.REFUSED, null, Consent.STOPPED, now);
      case Submission.Unknown(var why) ->
          new Next(TextState.UNKNOWN, null, why, now.plus(ASK_AFTER));
      case Submission.Refused(var code, var why, var action) -> {
        var problem = code + " " + why;
        if (action instanceof Action.OtherWay && mayTurn(text)) {
          yield new Next(TextState.QUEUED, null, problem, now);
        }
        var retryAt = retryAt(action);
        // A repetition that was certainly not taken is not spent: it may be tried again.
        if (retryAt.isEmpty() || refusals + 1 >= REFUSALS_MAX) {
          yield new Next(TextState.REFUSED, null, problem, now);
        }
        var backedOff = now.plus(backoff(text.id(), refusals));
        var dueAt = Collections.max(List.of(retryAt.get(), backedOff));
        yield new Next(TextState.QUEUED, null, problem, dueAt);
      }
    };
  }

  private static boolean mayTurn(Text text) {
    return text.way() != Way.SMS && !text.purpose().equals(Ways.TEST_PURPOSE);
  }

  private static Optional<Instant> retryAt(Action action) {
    return switch (action) {
      case Action.TryLater(var at) -> Optional.of(at);
      case Action.StopLane(var until, var page) -> Optional.of(until);
      case Action.GiveUp giveUp -> Optional.empty();
      case Action.NumberUnusable unusable -> Optional.empty();
      case Action.OtherSender other -> Optional.empty();
      case Action.OtherWay other -> Optional.empty();
    };
  }

  // Doubling, and up to a second apart so that those refused together do not return together.
  private static Duration backoff(long text, int refusals) {
    var doubled = BACKOFF_FIRST.multipliedBy(1L << Math.min(refusals, 10));
    var capped = doubled.compareTo(BACKOFF_MAX) > 0 ? BACKOFF_MAX : doubled;
    return capped.plusMillis(Math.floorMod(text * 7_919, 1_000));
  }

  private static List<Long> finish(SqlConnection tx, List<Landed> landed, Instant now) {
    if (landed.isEmpty()) {
      return List.of();
    }
    var nexts = new ArrayList<Next>();
    for (var one : landed) {
      var began = one.started();
      nexts.add(decide(began.text(), began.refusals(), began.unknowns(), one.submission(), now));
    }
    var changed = ids(tx.preparedQuery(FINISH).execute(columns(landed, nexts, now)));
    turnToSms(tx, landed);
    var unsent = new ArrayList<Started>();
    for (var one : landed) {
      switch (one.submission()) {
        case Submission.Accepted accepted -> {}
        case Submission.Unknown unknown -> {}
        case Submission.Refused refused -> {
          unsent.add(one.started());
          act(tx, one.started().text(), refused, now);
        }
        case Submission.OptedOut optedOut -> {
          unsent.add(one.started());
          Consent.block(tx, one.started().text().to(), one.started().text().lane(), now);
        }
      }
    }
    var kept = Set.copyOf(changed);
    unsent.removeIf(one -> !kept.contains(one.text().id()));
    spend(tx, unsent, -1);
    FailPoint.BEFORE_RECORD.reach();
    return changed;
  }

  // After its budget has been given back what the other way would have cost.
  private static void turnToSms(SqlConnection tx, List<Landed> landed) {
    var turned =
        landed.stream()
            .filter(
                one ->
                    one.submission() instanceof Submission.Refused refused
                        && refused.action() instanceof Action.OtherWay)
            .map(one -> one.started().text().id())
            .toArray(Long[]::new);
    if (turned.length > 0) {
      tx.preparedQuery(TURN_TO_SMS).execute(Tuple.tuple().addValue(turned)).await();
    }
  }

  private static void act(SqlConnection tx, Text text, Submission.Refused refused, Instant now) {
    switch (refused.action()) {
      case Action.NumberUnusable unusable -> Unreachable.mark(tx, text.to(), refused.code(), now);
      case Action.StopLane(var until, var page) -> {
        if (page) {
          Alarm.raise(tx, Alarm.Kind.CARRIER_REFUSES, text.lane(), refused.code(), now);
        }
      }
      case Action.TryLater later -> {}
      case Action.GiveUp giveUp -> {}
      case Action.OtherWay(var page) -> {
        if (page) {
          Alarm.raise(tx, Alarm.Kind.WAY_REFUSED, refused.code(), text.lane(), now);
        }
      }
      case Action.OtherSender other ->
          Alarm.raise(tx, Alarm.Kind.CARRIER_REFUSES, refused.code(), text.lane(), now);
    }
  }

  private static void spend(SqlConnection tx, List<Started> texts, int sign) {
    var amounts = new HashMap<String, Long>();
    for (var one : texts) {
      if (one.text().budget() != null && one.text().cost() > 0) {
        amounts.merge(one.text().budget(), (long) sign * one.text().cost(), Long::sum);
      }
    }
    Budget.spend(tx, amounts);
  }

  private static Tuple columns(List<Landed> landed, List<Next> nexts, Instant now) {
    var started = landed.stream().map(Landed::started).toList();
    return Tuple.tuple()
        .addValue(started.stream().map(one -> one.text().id()).toArray(Long[]::new))
        .addValue(started.stream().map(Started::fence).toArray(Long[]::new))
        .addValue(started.stream().map(one -> utc(one.at())).toArray(OffsetDateTime[]::new))
        .addValue(landed.stream().map(one -> outcome(one.submission())).toArray(String[]::new))
        .addValue(nexts.stream().map(next -> next.state().tag()).toArray(String[]::new))
        .addValue(nexts.stream().map(Next::sid).toArray(String[]::new))
        .addValue(nexts.stream().map(Next::problem).toArray(String[]::new))
        .addValue(nexts.stream().map(next -> utc(next.dueAt())).toArray(OffsetDateTime[]::new))
        .addValue(utc(now));
  }

  private static String outcome(Submission submission) {
    return switch (submission) {
      case Submission.Accepted accepted -> "accepted";
      case Submission.Refused refused -> "refused";
      case Submission.OptedOut optedOut -> "opted-out";
      case Submission.Unknown unknown -> "unknown";
    };
  }

  private void tell(List<Long> changed) {
    changed.forEach(text -> bus.publish(new Fact.TextChanged(text)));
  }

  private static List<Long> ids(Future<RowSet<Row>> rows) {
    var ids = new ArrayList<Long>();
    rows.await().forEach(row -> ids.add(row.getLong("id")));
    return ids;
  }

  static Text text(Row row) {
    return new Text(
        row.getLong("id"),
        row.getInteger("posts"),
        new Phone(row.getString("to_phone")),
        Language.of(row.getString("language")),
        MessageClass.of(row.getString("message_class")),
        row.getString("purpose"),
        row.getString("about"),
        row.getString("code"),
        row.getString("body"),
        row.getInteger("segments"),
        row.getString("lane"),
        row.getString("country"),
        Occasion.of(row.getString("occasion")),
        row.getString("budget"),
        row.getInteger("cost"),
        row.getBoolean("answerable"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("valid_until").toInstant(),
        Way.of(row.getString("way")),
        Wording.of(row.getJsonObject("wording")),
        row.getBoolean("conversing"));
  }

  private static final String FORGET_ROUTES =
      "DELETE FROM notify.route WHERE country <> ALL ($1::text[])";

  private static final String SET_ROUTES =
      """
      INSERT INTO notify.route (country, lane, segment_cost)
      SELECT r.country, r.lane, r.segment_cost
      FROM unnest($1::text[], $2::text[], $3::int[]) AS r(country, lane, segment_cost)
      ORDER BY r.country
      ON CONFLICT (country) DO UPDATE
      SET lane = excluded.lane, segment_cost = excluded.segment_cost\
      """;

  private static final String REROUTE =
      """
      UPDATE notify.text t SET lane = r.lane, cost = t.segments * r.segment_cost
      FROM notify.route r
      WHERE t.state = 'queued' AND t.way = 'sms' AND t.lane <> r.lane
        AND r.country = coalesce(
          (SELECT own.country FROM notify.route own WHERE own.country = t.country), '*')\
      """;

  private static final String CLOSE_WAYS =
      "DELETE FROM notify.way_out WHERE way <> ALL ($1::text[])";

  private static final String OPEN_WAYS =
      """
      INSERT INTO notify.way_out (way, lane, cost)
      SELECT w.way, w.lane, w.cost
      FROM unnest($1::text[], $2::text[], $3::int[]) AS w(way, lane, cost)
      ORDER BY w.way
      ON CONFLICT (way) DO UPDATE SET lane = excluded.lane, cost = excluded.cost\
      """;

  private static final String LEAVE_CLOSED_WAYS =
      """
      UPDATE notify.text t SET way = 'sms', wording = NULL
      WHERE t.state = 'queued' AND t.way <> 'sms'
        AND NOT EXISTS (SELECT FROM notify.way_out w WHERE w.way = t.way)\
      """;

  private static final String REROUTE_WAYS =
      """
      UPDATE notify.text t SET lane = w.lane, cost = w.cost
      FROM notify.way_out w
      WHERE t.state = 'queued' AND t.way = w.way AND t.lane <> w.lane\
      """;

  private static final String TURN_TO_SMS =
      """
      UPDATE notify.text t
      SET way = 'sms', wording = NULL, lane = r.lane, cost = t.segments * r.segment_cost
      FROM notify.route r
      WHERE t.id = ANY ($1::bigint[]) AND t.state::text = 'queued' AND t.way <> 'sms'
        AND r.country = coalesce(
          (SELECT own.country FROM notify.route own WHERE own.country = t.country), '*')\
      """;

  // A program of an older version that still runs beside this one knows no lanes.
  private static final String ROUTE_LATECOMERS =
      """
      UPDATE notify.text t SET lane = r.lane, cost = t.segments * r.segment_cost
      FROM notify.route r
      WHERE t.state = 'queued' AND t.lane = ''
        AND r.country = coalesce(
          (SELECT own.country FROM notify.route own WHERE own.country = t.country), '*')\
      """;

  private static final String EXPIRE =
      """
      UPDATE notify.text SET state = 'expired', state_at = $1, problem = 'too late'
      WHERE id IN (
        SELECT id FROM notify.text
        WHERE state = 'queued' AND valid_until <= $1
        LIMIT $2
        FOR UPDATE SKIP LOCKED)
      RETURNING id\
      """;

  private static final String FIND_DUE =
      """
      SELECT EXISTS (
        SELECT FROM notify.text
        WHERE lane = $1 AND state = 'queued' AND due_at <= $2
          AND NOT EXISTS (SELECT FROM notify.halt WHERE resumed_at IS NULL)
          AND purpose <> ALL (
            ARRAY(SELECT purpose FROM notify.hold WHERE released_at IS NULL)))\
      """;

  // Statistics of a table that is mostly history say that nothing is queued; the planner would then
  // read all of a large backlog and sort it. In the order of the index it reads what it takes.
  private static final String BY_INDEX_ORDER = "SET LOCAL enable_sort = off";

  private static final String LIST_DUE =
      """
      SELECT t.id, t.posts, t.to_phone, t.language, t.message_class, t.purpose, t.about, t.code,
             t.body, t.segments, t.lane, t.country, t.occasion, t.budget, t.cost, t.answerable,
             t.created_at, t.valid_until, t.way, t.wording, t.refusals, t.unknowns,
             t.way = 'whatsapp' AND EXISTS (
               SELECT FROM notify.reply r
               WHERE r.from_phone = t.to_phone AND r.way = 'whatsapp' AND r.arrived_at > $3)
               AS conversing,
             NOT t.despite_stop AND EXISTS (
               SELECT FROM notify.stopped s WHERE s.phone = t.to_phone) AS stopped,
             EXISTS (SELECT FROM notify.unreachable u WHERE u.phone = t.to_phone) AS unreachable,
             ARRAY(
               SELECT p.begun_at FROM notify.text p
               WHERE p.to_phone = t.to_phone AND p.begun_at > $3
                 AND t.occasion IN ('alarm', 'ask', 'thanks') AND t.message_class <> 'life-safety'
                 AND p.occasion IN ('alarm', 'ask', 'thanks') AND p.message_class <> 'life-safety'
                 AND p.state NOT IN ('queued', 'refused', 'withdrawn')
               ORDER BY p.begun_at) AS lately
      FROM notify.text t
      WHERE t.lane = $1 AND t.state = 'queued' AND t.due_at <= $2
        AND NOT EXISTS (SELECT FROM notify.halt WHERE resumed_at IS NULL)
        AND t.purpose <> ALL (ARRAY(SELECT purpose FROM notify.hold WHERE released_at IS NULL))
      ORDER BY t.priority DESC, t.due_at, t.id
      LIMIT $4\
      """;

  // Here and below the state is compared as text, so that the ids lead and no index of all queued.
  private static final String BEGIN =
      """
      UPDATE notify.text t
      SET state = 'submitting', state_at = $2, begun_at = $2, posts = posts + 1, carrier = $3,
          problem = NULL, fence = nextval('notify.fence'),
          lease_until = clock_timestamp() + interval '30 seconds'
      FROM unnest($1::bigint[]) AS c(id)
      WHERE t.id = c.id AND t.state::text = 'queued'
        AND (t.despite_stop
             OR NOT EXISTS (SELECT FROM notify.stopped s WHERE s.phone = t.to_phone))
        AND NOT EXISTS (SELECT FROM notify.halt WHERE resumed_at IS NULL)
      RETURNING t.id, t.fence\
      """;

  private static final String REFUSE =
      """
      UPDATE notify.text t
      SET state = c.state::notify.text_state, state_at = $4, problem = c.why
      FROM unnest($1::bigint[], $2::text[], $3::text[]) AS c(id, state, why)
      WHERE t.id = c.id AND t.state::text = 'queued'
      RETURNING t.id\
      """;

  private static final String DEFER =
      """
      UPDATE notify.text t SET due_at = c.until, problem = c.why
      FROM unnest($1::bigint[], $2::timestamptz[], $3::text[]) AS c(id, until, why)
      WHERE t.id = c.id AND t.state::text = 'queued'\
      """;

  // What refuses a repetition does not undo that an earlier POST was taken after all.
  // Whoever lost the lease changes no text, but what it learned stands as evidence; and a text that
  // the carrier has after all waits for nothing more, least of all for its repetition.
  private static final String FINISH =
      """
      WITH came AS (
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[],
          $6::text[], $7::text[], $8::timestamptz[])
          AS c(id, fence, posted_at, outcome, state, sid, problem, due_at)),
      noted AS (
        INSERT INTO notify.attempt (
          fence, text_id, carrier, posted_at, outcome, sid, problem, answered_at)
        SELECT c.fence, c.id, t.carrier, c.posted_at, c.outcome, c.sid, c.problem, $9
        FROM came c JOIN notify.text t ON t.id = c.id
        ON CONFLICT (fence) DO UPDATE
        SET outcome = excluded.outcome, sid = excluded.sid, problem = excluded.problem,
            answered_at = excluded.answered_at)
      UPDATE notify.text t
      SET state = CASE WHEN k.sid IS NULL THEN c.state::notify.text_state ELSE 'accepted' END,
          state_at = $9, sid = coalesce(c.sid, k.sid, t.sid), problem = c.problem,
          due_at = c.due_at, lease_until = NULL,
          refusals = t.refusals + (c.outcome = 'refused')::int,
          unknowns = t.unknowns + (c.outcome = 'unknown')::int
      FROM came c
      LEFT JOIN LATERAL (
        SELECT a.sid FROM notify.attempt a
        WHERE c.outcome = 'refused' AND a.text_id = c.id AND a.outcome = 'accepted'
        LIMIT 1) k ON true
      WHERE t.id = c.id AND (
        (t.fence = c.fence AND t.state = 'submitting')
        OR (c.outcome = 'accepted' AND t.state IN ('queued', 'unknown')))
      RETURNING t.id\
      """;

  private static final String FIND_NEXT_DUE =
      """
      SELECT min(greatest(least(t.due_at, t.valid_until), l.free_at))
      FROM notify.text t LEFT JOIN notify.lane l ON l.carrier = t.lane
      WHERE t.state = 'queued'\
      """;
}
