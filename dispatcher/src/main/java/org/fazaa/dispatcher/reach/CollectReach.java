package org.fazaa.dispatcher.reach;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.people.Volunteers.Tried;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes of reachability tests: how far their messages got, who answered by which way, and
 * which ways come last from now on. A way that reaches its person again, by whatever text, is a way
 * like any other.
 */
public final class CollectReach implements Loop.Work {

  /** Of a text that left by another way after all, because its own is not open any more. */
  static final String CLOSED = "way not open";

  private static final int REPLIES_AT_ONCE = 50;
  private static final int CHECKS_AT_ONCE = 500;
  private static final int PEOPLE_AT_ONCE = 200;

  /** Statuses may be late; after that they are of no use. */
  private static final Duration LATE = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(CollectReach.class);

  private final Pool pool;
  private final Bus bus;
  private long lastCheck;
  private long lastPerson;

  public CollectReach(Pool pool, Bus bus) {
    this.pool = pool;
    this.bus = bus;
  }

  @Override
  public String name() {
    return "collect reach";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.TextChanged.class, Fact.InboxChanged.class);
  }

  @Override
  public Duration poll() {
    return Duration.ofSeconds(5);
  }

  /** Nobody waits for it. */
  @Override
  public double share() {
    return 0.1;
  }

  @Override
  public boolean run(Instant now) {
    var answered = answers(now);
    var looked = Database.inTransaction(pool, tx -> look(tx, now));
    var foundAgain = Database.inTransaction(pool, tx -> findAgain(tx, now));
    if (looked.learned + foundAgain.learned > 0) bus.publish(new Fact.VolunteersChanged());
    lastCheck = looked.next;
    lastPerson = foundAgain.next;
    return answered || looked.next > 0 || foundAgain.next > 0;
  }

  /** How many people's ways changed, and where the next turn goes on; from the start if 0. */
  private record Turn(int learned, long next) {}

  private boolean answers(Instant now) {
    var claimed = new ArrayList<Reply>();
    try {
      Database.inTransaction(pool, tx -> answers(tx, claimed, now)).forEach(bus::publish);
    } catch (Database.Away e) {
      throw e;
    } catch (RuntimeException e) {
      if (claimed.isEmpty()) throw e;
      LOG.warn("{} answers to a reach test could not be taken together", claimed.size(), e);
      claimed.forEach(reply -> answerAlone(reply.id(), now));
    }
    return !claimed.isEmpty();
  }

  private static List<Fact> answers(SqlConnection tx, List<Reply> claimed, Instant now) {
    claimed.clear();
    claimed.addAll(Inbox.claim(tx, Ways.TEST_PURPOSE, REPLIES_AT_ONCE, now));
    var facts = new ArrayList<Fact>();
    for (var reply : claimed) facts.addAll(ReachAnswers.take(tx, reply, now));
    return facts.stream().distinct().toList();
  }

  // One that cannot be handled must not hold up the others: in the end a person reads it.
  private void answerAlone(long id, Instant now) {
    try {
      Database.inTransaction(
              pool,
              tx ->
                  Inbox.claimOne(tx, Ways.TEST_PURPOSE, id, now)
                      .map(reply -> ReachAnswers.take(tx, reply, now))
                      .orElse(List.of()))
          .forEach(bus::publish);
    } catch (Database.Away e) {
      throw e;
    } catch (RuntimeException e) {
      var givenUp = Database.inTransaction(pool, tx -> Inbox.failed(tx, id, now));
      LOG.error("reply {} could not be handled, {}", id, givenUp ? "a person must" : "yet", e);
      if (givenUp) bus.publish(new Fact.InboxChanged());
    }
  }

  private record Check(long id, VolunteerId volunteer, Way way, boolean sent) {}

  private Turn look(SqlConnection tx, Instant now) {
    var checks = new EnumMap<Way, List<Check>>(Way.class);
    var page = Tuple.of(lastCheck, Database.utc(now.minus(LATE)), CHECKS_AT_ONCE);
    var seen = 0;
    var last = 0L;
    for (var row : tx.preparedQuery(UNDER_WAY).execute(page).await()) {
      var way = Way.of(row.getString("way"));
      last = row.getLong("id");
      seen++;
      var volunteer = new VolunteerId(row.getLong("volunteer"));
      checks
          .computeIfAbsent(way, any -> new ArrayList<>())
          .add(new Check(last, volunteer, way, row.getBoolean("sent")));
    }
    var moves = new ArrayList<Move>();
    checks.forEach((way, some) -> moves.addAll(moves(tx, way, some, now)));
    write(tx, moves);
    var tried = moves.stream().flatMap(move -> move.tried().stream()).toList();
    return new Turn(Volunteers.learnWays(tx, tried, now), seen == CHECKS_AT_ONCE ? last : 0);
  }

  /** How far a check has got since it was looked at last. */
  private record Move(
      Check check,
      Optional<Instant> sent,
      Optional<Instant> delivered,
      Optional<Instant> failed,
      String problem,
      boolean theWayFailed) {

    Optional<Tried> tried() {
      if (delivered.isPresent()) return Optional.of(new Tried(check.volunteer, check.way, false));
      return theWayFailed
          ? Optional.of(new Tried(check.volunteer, check.way, true))
          : Optional.empty();
    }
  }

  private static List<Move> moves(SqlConnection tx, Way way, List<Check> checks, Instant now) {
    var abouts = checks.stream().map(check -> Long.toString(check.id)).toList();
    var tried = Outbox.tried(tx, Ways.TEST_PURPOSE, way, abouts);
    var moves = new ArrayList<Move>();
    for (var check : checks) {
      var text = tried.get(Long.toString(check.id));
      if (text == null) moves.add(failed(check, Optional.empty(), now, CLOSED, false));
      else move(check, text).ifPresent(moves::add);
    }
    return moves;
  }

  private static Optional<Move> move(Check check, Outbox.Tried text) {
    return switch (text.state()) {
      case QUEUED, SUBMITTING, UNKNOWN -> Optional.empty();
      case ACCEPTED, SENT ->
          check.sent
              ? Optional.empty()
              : Optional.of(
                  new Move(check, text.begunAt(), Optional.empty(), Optional.empty(), null, false));
      case DELIVERED ->
          Optional.of(
              new Move(
                  check, text.begunAt(), Optional.of(text.at()), Optional.empty(), null, false));
      case FAILED -> Optional.of(failed(check, text.begunAt(), text.at(), problem(text), true));
      // A refusal with a code is the carrier's; the others are ours and say nothing of the way.
      case REFUSED ->
          Optional.of(failed(check, Optional.empty(), text.at(), problem(text), hasCode(text)));
      case WITHDRAWN, EXPIRED ->
          Optional.of(failed(check, text.begunAt(), text.at(), problem(text), false));
    };
  }

  private static Move failed(
      Check check, Optional<Instant> sent, Instant at, String problem, boolean theWay) {
    return new Move(check, sent, Optional.empty(), Optional.of(at), problem, theWay);
  }

  private static String problem(Outbox.Tried text) {
    return Optional.ofNullable(text.problem()).orElse(text.state().tag());
  }

  private static boolean hasCode(Outbox.Tried text) {
    return text.problem() != null
        && !text.problem().isEmpty()
        && Character.isDigit(text.problem().charAt(0));
  }

  private static void write(SqlConnection tx, List<Move> moves) {
    if (moves.isEmpty()) return;
    var columns =
        Tuple.tuple()
            .addValue(moves.stream().map(move -> move.check.id).toArray(Long[]::new))
            .addValue(times(moves, Move::sent))
            .addValue(times(moves, Move::delivered))
            .addValue(times(moves, Move::failed))
            .addValue(moves.stream().map(Move::problem).toArray(String[]::new));
    tx.preparedQuery(WRITE).execute(columns).await();
  }

  private static OffsetDateTime[] times(
      List<Move> moves, Function<Move, Optional<Instant>> column) {
    return moves.stream()
        .map(move -> column.apply(move).map(Database::utc).orElse(null))
        .toArray(OffsetDateTime[]::new);
  }

  private Turn findAgain(SqlConnection tx, Instant now) {
    var failing = Volunteers.failing(tx, new VolunteerId(lastPerson), PEOPLE_AT_ONCE);
    if (failing.isEmpty()) return new Turn(0, 0);
    var lost =
        failing.stream().map(one -> new Outbox.Lost(one.phone(), one.way(), one.since())).toList();
    var found = Outbox.foundAgain(tx, lost);
    var works = new ArrayList<Tried>();
    for (var i = 0; i < failing.size(); i++) {
      var one = failing.get(i);
      if (found.contains(lost.get(i))) works.add(new Tried(one.volunteer(), one.way(), false));
    }
    var people = failing.stream().map(Volunteers.Failing::volunteer).distinct().count();
    var last = failing.getLast().volunteer().value();
    return new Turn(Volunteers.learnWays(tx, works, now), people == PEOPLE_AT_ONCE ? last : 0);
  }

  private static final String UNDER_WAY =
      """
      SELECT id, volunteer, way, sent_at IS NOT NULL AS sent FROM dispatch.reach_check
      WHERE delivered_at IS NULL AND answered_at IS NULL AND failed_at IS NULL
        AND id > $1 AND until > $2
      ORDER BY id
      LIMIT $3
      FOR NO KEY UPDATE SKIP LOCKED\
      """;

  private static final String WRITE =
      """
      UPDATE dispatch.reach_check c
      SET sent_at = coalesce(c.sent_at, m.sent_at), delivered_at = m.delivered_at,
          failed_at = m.failed_at, problem = m.problem
      FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[],
        $5::text[]) AS m(id, sent_at, delivered_at, failed_at, problem)
      WHERE c.id = m.id\
      """;
}
