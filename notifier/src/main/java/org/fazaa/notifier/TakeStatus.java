package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.fazaa.notifier.StatusArrived.Sequel;

/**
 * A carrier tells how far a text got. Statuses come in any order and any number, before the answer
 * to the POST or long after: each is kept once and counted, and a text only ever moves forward.
 * What a failure means beyond its text happens here too: whom the carrier blocks we stop texting, a
 * phone that no text reaches is not tried again, and what did not reach a phone that was off is
 * written once more.
 */
public final class TakeStatus {

  /** A phone that was off may be on again by then. */
  public static final Duration ONCE_MORE_AFTER = Duration.ofMinutes(2);

  /** A text that comes with less time than this left is of no use. */
  static final Duration STILL_OF_USE = Duration.ofMinutes(1);

  static final Duration LANE_REST = Duration.ofMinutes(1);

  /** A status of a message that we do not know waits this long for it. */
  static final Duration WAITS = Duration.ofDays(7);

  private static final int WAITING_AT_ONCE = 500;

  private TakeStatus() {}

  /** The ids of texts that moved; publish {@code Fact.TextChanged} for them after the commit. */
  public static List<Long> run(SqlConnection tx, StatusArrived status, Instant now) {
    return runAll(tx, List.of(status), now);
  }

  public static List<Long> runAll(SqlConnection tx, List<StatusArrived> statuses, Instant now) {
    var moves = new ArrayList<Move>();
    var columns = columns(statuses).addValue(utc(now));
    tx.preparedQuery(KEEP_AND_APPLY).execute(columns).await().forEach(row -> moves.add(move(row)));
    for (var move : moves) {
      follow(tx, move, now);
    }
    conflicts(tx, statuses, moves, now);
    return moves.stream().map(Move::text).toList();
  }

  /**
   * Statuses that named a message before we knew it, now that we do. The ids of texts that moved.
   */
  public static List<Long> catchUp(SqlConnection tx, Instant now) {
    var moved = new ArrayList<Long>();
    tx.preparedQuery(CATCH_UP)
        .execute(Tuple.of(utc(now.minus(WAITS)), WAITING_AT_ONCE, utc(now)))
        .await()
        .forEach(row -> moved.add(row.getLong("id")));
    return moved;
  }

  private record Move(
      long text,
      Phone phone,
      TextState before,
      TextState after,
      Sequel sequel,
      String code,
      String lane,
      String sender) {}

  private static Move move(Row row) {
    return new Move(
        row.getLong("id"),
        new Phone(row.getString("to_phone")),
        TextState.of(row.getString("before")),
        TextState.of(row.getString("after")),
        Sequel.valueOf(row.getString("sequel")),
        String.valueOf(row.getString("problem")),
        row.getString("lane"),
        row.getString("sender"));
  }

  private static void follow(SqlConnection tx, Move move, Instant now) {
    if (move.after() == TextState.DELIVERED) {
      withdrawRepeat(tx, move.text(), now);
      return;
    }
    switch (move.sequel()) {
      case NONE -> {}
      case ONCE_MORE -> onceMore(tx, move, now);
      case REST_LANE -> {
        restLane(tx, move, now);
        onceMore(tx, move, now);
      }
      case REWORD -> Alarm.raise(tx, Alarm.Kind.FILTERED, move.code(), "text " + move.text(), now);
      case OTHER_WAY -> otherWay(tx, move, now);
      case UNREACHABLE -> Unreachable.mark(tx, move.phone(), move.code(), now);
      case STOP -> Consent.block(tx, move.phone(), move.sender(), now);
    }
  }

  // What was a repetition itself is not repeated: now a person must call.
  private static void onceMore(SqlConnection tx, Move move, Instant now) {
    var dueAt = now.plus(ONCE_MORE_AFTER);
    var repeat = Tuple.of(move.text(), utc(dueAt), utc(dueAt.plus(STILL_OF_USE)), utc(now));
    if (tx.preparedQuery(REPEAT).execute(repeat).await().rowCount() == 0) {
      var said = "text " + move.text() + ", code " + move.code();
      Alarm.raise(tx, Alarm.Kind.NOT_DELIVERED, "", said, now);
    }
  }

  // What left by SMS already, or twice, has no other way.
  private static void otherWay(SqlConnection tx, Move move, Instant now) {
    var repeat = Tuple.of(move.text(), utc(now), utc(now.plus(STILL_OF_USE)), Ways.TEST_PURPOSE);
    tx.preparedQuery(REPEAT_BY_SMS).execute(repeat).await();
  }

  private static void withdrawRepeat(SqlConnection tx, long text, Instant now) {
    tx.preparedQuery(WITHDRAW_REPEAT).execute(Tuple.of(text, utc(now))).await();
  }

  private static void restLane(SqlConnection tx, Move move, Instant now) {
    if (!move.lane().isEmpty()) {
      var rest = Tuple.of(move.lane(), utc(now.plus(LANE_REST)), move.code(), utc(now));
      tx.preparedQuery(REST_LANE).execute(rest).await();
    }
  }

  // Delivered and failed cannot both be true, whichever was said first.
  private static void conflicts(
      SqlConnection tx, List<StatusArrived> statuses, List<Move> moves, Instant now) {
    for (var move : moves) {
      if (move.before() == TextState.FAILED && move.after() == TextState.DELIVERED) {
        conflict(tx, move.text(), now);
      }
    }
    var failed = statuses.stream().filter(TakeStatus::hasFailed).toList();
    if (!failed.isEmpty()) {
      var texts = failed.stream().map(StatusArrived::text).toArray(Long[]::new);
      var sids = failed.stream().map(StatusArrived::sid).toArray(String[]::new);
      tx.preparedQuery(FIND_DELIVERED)
          .execute(Tuple.tuple().addValue(texts).addValue(sids))
          .await()
          .forEach(row -> conflict(tx, row.getLong("id"), now));
    }
  }

  private static boolean hasFailed(StatusArrived status) {
    return status.state().filter(state -> state == TextState.FAILED).isPresent();
  }

  private static void conflict(SqlConnection tx, long text, Instant now) {
    Alarm.raise(tx, Alarm.Kind.CONFLICT, "text " + text, "delivered and failed", now);
  }

  private static Tuple columns(List<StatusArrived> statuses) {
    return Tuple.tuple()
        .addValue(statuses.stream().map(StatusArrived::provider).toArray(String[]::new))
        .addValue(statuses.stream().map(StatusArrived::sid).toArray(String[]::new))
        .addValue(statuses.stream().map(StatusArrived::word).toArray(String[]::new))
        .addValue(statuses.stream().map(TakeStatus::state).toArray(String[]::new))
        .addValue(statuses.stream().map(StatusArrived::text).toArray(Long[]::new))
        .addValue(statuses.stream().map(StatusArrived::problem).toArray(String[]::new))
        .addValue(statuses.stream().map(TakeStatus::raw).toArray(String[]::new))
        .addValue(statuses.stream().map(one -> one.sequel().name()).toArray(String[]::new))
        .addValue(statuses.stream().map(TakeStatus::sender).toArray(String[]::new));
  }

  // Only the carrier's side of the list may be claimed by a carrier.
  private static String state(StatusArrived status) {
    return status
        .state()
        .filter(state -> state.compareTo(TextState.ACCEPTED) >= 0)
        .map(TextState::tag)
        .orElse(null);
  }

  private static String raw(StatusArrived status) {
    return new JsonObject(new HashMap<>(status.raw())).encode().replace("\\u0000", "\uFFFD");
  }

  /** Who the text came from, as the carrier says. */
  private static String sender(StatusArrived status) {
    return status.raw().getOrDefault("From", "").replace("\u0000", "");
  }

  private static final String KEEP_AND_APPLY =
      """
      WITH came AS (
        SELECT c.provider, c.sid, c.word, c.state::notify.text_state AS state, c.problem, c.raw,
               c.sequel, c.sender,
               coalesce(c.text_id, (SELECT a.text_id FROM notify.attempt a
                                    WHERE a.sid = c.sid AND a.carrier = c.provider LIMIT 1))
                 AS text_id
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
          $7::text[], $8::text[], $9::text[])
          AS c(provider, sid, word, state, text_id, problem, raw, sequel, sender)),
      kept AS (
        INSERT INTO notify.status_seen AS s (
          provider, sid, word, state, text_id, code, raw, arrived_at, times)
        SELECT provider, sid, word, min(state), min(text_id), min(problem), min(raw)::jsonb, $10,
               count(*)
        FROM came
        GROUP BY provider, sid, word
        ON CONFLICT (provider, sid, word)
        DO UPDATE SET times = s.times + excluded.times,
          text_id = coalesce(s.text_id, excluded.text_id)),
      furthest AS (
        SELECT DISTINCT ON (text_id) text_id, state, sid, problem, sequel, sender
        FROM came WHERE state IS NOT NULL
        ORDER BY text_id, state DESC),
      before AS (
        SELECT t.id, t.state FROM notify.text t JOIN furthest f ON f.text_id = t.id
        ORDER BY t.id
        FOR NO KEY UPDATE OF t)
      UPDATE notify.text t
      SET state = f.state, state_at = $10, sid = coalesce(t.sid, f.sid), problem = f.problem
      FROM furthest f JOIN before b ON b.id = f.text_id
      WHERE t.id = f.text_id AND b.state < f.state
      RETURNING t.id, t.to_phone, t.problem, t.lane, f.sequel, f.sender,
        b.state::text AS before, t.state::text AS after\
      """;

  private static final String CATCH_UP =
      """
      WITH known AS (
        SELECT s.id, s.state, s.sid, s.code, a.text_id
        FROM notify.status_seen s
        JOIN notify.attempt a ON a.sid = s.sid AND a.carrier = s.provider
        WHERE s.text_id IS NULL AND s.arrived_at > $1
        ORDER BY s.id LIMIT $2),
      told AS (
        UPDATE notify.status_seen s SET text_id = known.text_id FROM known WHERE s.id = known.id),
      furthest AS (
        SELECT DISTINCT ON (text_id) text_id, state, sid, code
        FROM known WHERE state IS NOT NULL
        ORDER BY text_id, state DESC)
      UPDATE notify.text t
      SET state = f.state, state_at = $3, sid = coalesce(t.sid, f.sid), problem = f.code
      FROM furthest f
      WHERE t.id = f.text_id AND t.state < f.state
      RETURNING t.id\
      """;

  private static final String FIND_DELIVERED =
      """
      SELECT DISTINCT t.id FROM unnest($1::bigint[], $2::text[]) AS c(text_id, sid)
      JOIN notify.text t ON t.state = 'delivered' AND t.id = coalesce(c.text_id,
        (SELECT a.text_id FROM notify.attempt a WHERE a.sid = c.sid LIMIT 1))\
      """;

  private static final String REPEAT =
      """
      INSERT INTO notify.text (
        to_phone, language, message_class, purpose, about, code, body, segments, answerable,
        priority, valid_until, way, wording, lane, country, occasion, budget, cost, created_at,
        state_at, due_at, repeat_of)
      SELECT to_phone, language, message_class, purpose, about, code, body, segments, answerable,
             priority, valid_until, way, wording, lane, country, occasion, budget, cost, $4, $4, $2,
             id
      FROM notify.text
      WHERE id = $1 AND repeat_of IS NULL AND valid_until > $3
      ON CONFLICT DO NOTHING\
      """;

  private static final String REPEAT_BY_SMS =
      """
      INSERT INTO notify.text (
        to_phone, language, message_class, purpose, about, code, body, segments, answerable,
        priority, valid_until, lane, country, occasion, budget, cost, created_at, state_at, due_at,
        repeat_of)
      SELECT to_phone, language, message_class, purpose, about, code, body, segments, answerable,
             priority, valid_until, coalesce(own.lane, other.lane, ''), t.country, occasion, budget,
             segments * coalesce(own.segment_cost, other.segment_cost, 0), $2, $2, $2, id
      FROM notify.text t
      LEFT JOIN notify.route own ON own.country = t.country
      LEFT JOIN notify.route other ON other.country = '*'
      WHERE id = $1 AND way <> 'sms' AND purpose <> $4 AND repeat_of IS NULL AND valid_until > $3
      ON CONFLICT DO NOTHING\
      """;

  private static final String WITHDRAW_REPEAT =
      """
      UPDATE notify.text SET state = 'withdrawn', state_at = $2
      WHERE repeat_of = $1 AND state = 'queued'\
      """;

  private static final String REST_LANE =
      """
      INSERT INTO notify.lane AS l (carrier, free_at, trouble, trouble_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (carrier) DO UPDATE
      SET free_at = greatest(l.free_at, excluded.free_at), trouble = excluded.trouble,
          trouble_at = excluded.trouble_at\
      """;
}
