package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.FailPoint;
import org.fazaa.config.Loop;
import org.fazaa.notifier.SendDue.Next;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Trace;

/**
 * Finds out what became of texts whose POST had no answer, or whose sender died. A callback may
 * settle one at any time; after a while the carrier is asked; and an offer that may save a life is
 * sent once more when no trace is found, everything else never.
 */
public final class SettleUnknown implements Loop.Work {

  /** How long a text stays without a trace before it is given up or repeated. */
  static final Duration NO_TRACE_AFTER = Duration.ofSeconds(90);

  /** How long after it came to be in doubt the carrier is asked about a text. */
  static final List<Duration> ASKED_AFTER =
      Stream.of(5, 15, 30, 60, 90).map(Duration::ofSeconds).toList();

  static final Duration ASK_AGAIN = Duration.ofSeconds(30);
  private static final int AT_ONCE = 200;

  /** So many that must be settled now are asked for one by one, at the same time. */
  private static final int LAST_ASKED_AT_ONCE = 20;

  private final Pool pool;
  private final Bus bus;
  private final Carrier carrier;

  public SettleUnknown(Pool pool, Bus bus, Carrier carrier) {
    this.pool = pool;
    this.bus = bus;
    this.carrier = carrier;
  }

  @Override
  public String name() {
    return "settle unknown texts";
  }

  @Override
  public boolean run(Instant now) {
    var abandoned = Database.inTransaction(pool, tx -> abandon(tx, now));
    tell(abandoned);
    var caughtUp = Database.inTransaction(pool, tx -> TakeStatus.catchUp(tx, now));
    tell(caughtUp);
    var open = Database.inTransaction(pool, tx -> claim(tx, now));
    var traces = ask(open, now);
    boolean silent = false;
    for (var one : open) {
      var trace = traces.get(one.fence());
      settle(one, decide(one.text(), one.unknowns(), one.since(), trace, now), now);
      silent |= trace instanceof Trace.Unclear && isOverdue(one, now);
    }
    if (silent) {
      Database.inTransaction(pool, tx -> raiseSilence(tx, now));
    }
    return !abandoned.isEmpty() || !caughtUp.isEmpty() || !open.isEmpty();
  }

  // Looking through all that the carrier has may overlook one: before a text is given up or
  // repeated, it is asked for by itself.
  private Map<Long, Trace> ask(List<Open> open, Instant now) {
    var traces = new HashMap<Long, Trace>();
    open.forEach(one -> one.evidence().ifPresent(trace -> traces.put(one.fence(), trace)));
    var asked = open.stream().filter(one -> one.evidence().isEmpty()).toList();
    ask(traces, asked, carrier::findAmongAll);
    var last =
        asked.stream()
            .filter(one -> isOverdue(one, now))
            .filter(one -> traces.get(one.fence()) instanceof Trace.Absent)
            .toList();
    for (int from = 0; from < last.size(); from += LAST_ASKED_AT_ONCE) {
      int to = Math.min(from + LAST_ASKED_AT_ONCE, last.size());
      ask(traces, last.subList(from, to), carrier::findEach);
    }
    return traces;
  }

  private static void ask(
      Map<Long, Trace> traces, List<Open> asked, Function<List<Text>, List<Trace>> carrier) {
    if (!asked.isEmpty()) {
      var answers = carrier.apply(asked.stream().map(Open::text).toList());
      for (int i = 0; i < asked.size(); i++) {
        traces.put(asked.get(i).fence(), answers.get(i));
      }
    }
  }

  private static boolean isOverdue(Open one, Instant now) {
    return !now.isBefore(one.since().plus(NO_TRACE_AFTER));
  }

  private boolean raiseSilence(SqlConnection tx, Instant now) {
    Alarm.raise(tx, Alarm.Kind.CARRIER_SILENT, carrier.name(), "no answer when asked", now);
    return true;
  }

  @Override
  public Optional<Instant> nextDue() {
    var row = pool.query(FIND_NEXT_DUE).execute().await().iterator().next();
    return Optional.ofNullable(row.getOffsetDateTime(0)).map(OffsetDateTime::toInstant);
  }

  static Next decide(Text text, int unknowns, Instant since, Trace trace, Instant now) {
    if (trace instanceof Trace.Found(var sid, var state)) {
      return new Next(state, sid, null, now);
    }
    var patience = since.plus(NO_TRACE_AFTER);
    if (now.isBefore(patience)) {
      var why = trace instanceof Trace.Unclear unclear ? unclear.why() : "no trace yet";
      return new Next(TextState.UNKNOWN, null, why, nextAsk(since, now));
    }
    boolean inTime = now.isBefore(text.validUntil());
    boolean savesLife = text.messageClass() == MessageClass.LIFE_SAFETY && text.answerable();
    if (savesLife && unknowns == 1 && inTime) {
      return new Next(TextState.QUEUED, null, "no trace, once more", now);
    }
    return switch (trace) {
      case Trace.Found(var sid, var state) -> new Next(state, sid, null, now);
      case Trace.Absent() -> new Next(TextState.FAILED, null, "no trace at the carrier", now);
      case Trace.Unclear(var why) ->
          inTime
              ? new Next(TextState.UNKNOWN, null, why, now.plus(ASK_AGAIN))
              : new Next(TextState.FAILED, null, "never settled: " + why, now);
    };
  }

  private static Instant nextAsk(Instant since, Instant now) {
    return ASKED_AFTER.stream()
        .map(since::plus)
        .filter(at -> at.isAfter(now))
        .findFirst()
        .orElse(now.plus(ASK_AGAIN));
  }

  private record Open(
      long fence, Text text, int unknowns, Instant since, Optional<Trace> evidence) {}

  private static List<Long> abandon(SqlConnection tx, Instant now) {
    var abandoned = new ArrayList<Long>();
    tx.preparedQuery(ABANDON)
        .execute(Tuple.of(utc(now), utc(now.plus(SendDue.ASK_AFTER)), AT_ONCE))
        .await()
        .forEach(row -> abandoned.add(row.getLong("id")));
    return abandoned;
  }

  private static List<Open> claim(SqlConnection tx, Instant now) {
    var open = new ArrayList<Open>();
    tx.preparedQuery(CLAIM)
        .execute(Tuple.of(utc(now), AT_ONCE))
        .await()
        .forEach(row -> open.add(open(row)));
    return open;
  }

  private static Open open(Row row) {
    // What a worker learned after it had lost its lease is as good as the carrier's word.
    var evidence =
        Optional.ofNullable(row.getString("known_sid"))
            .<Trace>map(sid -> new Trace.Found(sid, TextState.ACCEPTED));
    return new Open(
        row.getLong("fence"),
        SendDue.text(row),
        row.getInteger("unknowns"),
        row.getOffsetDateTime("state_at").toInstant(),
        evidence);
  }

  private void settle(Open one, Next next, Instant now) {
    var settled =
        Tuple.tuple()
            .addValue(one.text().id())
            .addValue(one.fence())
            .addValue(next.state().tag())
            .addValue(next.sid())
            .addValue(next.problem())
            .addValue(utc(next.dueAt()))
            .addValue(utc(now));
    FailPoint.BEFORE_SETTLE.reach();
    int changed =
        Database.inTransaction(
            pool,
            tx -> {
              if (next.sid() != null) {
                var listed = Tuple.of(carrier.name(), next.sid(), one.text().id(), utc(now));
                tx.preparedQuery(NOTE_LISTED).execute(listed).await();
              }
              return tx.preparedQuery(SETTLE).execute(settled).await().rowCount();
            });
    FailPoint.AFTER_SETTLE.reach();
    if (changed == 1 && next.state() != TextState.UNKNOWN) {
      tell(List.of(one.text().id()));
    }
    if (changed == 1 && next.state() == TextState.QUEUED) {
      bus.publish(new Fact.OutboxFilled());
    }
  }

  private void tell(List<Long> changed) {
    changed.forEach(text -> bus.publish(new Fact.TextChanged(text)));
  }

  private static final String ABANDON =
      """
      WITH gone AS (
        SELECT id, fence, carrier, begun_at FROM notify.text
        WHERE state = 'submitting' AND lease_until < clock_timestamp()
        LIMIT $3
        FOR UPDATE SKIP LOCKED),
      noted AS (
        INSERT INTO notify.attempt (fence, text_id, carrier, posted_at, outcome, problem)
        SELECT fence, id, carrier, coalesce(begun_at, $1), 'unknown', 'its sender is gone' FROM gone
        ON CONFLICT (fence) DO NOTHING)
      UPDATE notify.text t
      SET state = 'unknown', unknowns = unknowns + 1, state_at = $1, due_at = $2,
          problem = 'its sender is gone', lease_until = NULL
      FROM gone WHERE t.id = gone.id
      RETURNING t.id\
      """;

  private static final String CLAIM =
      """
      UPDATE notify.text t
      SET fence = nextval('notify.fence'),
          lease_until = clock_timestamp() + interval '2 minutes'
      FROM (
        SELECT id FROM notify.text
        WHERE state = 'unknown' AND due_at <= $1
          AND (lease_until IS NULL OR lease_until < clock_timestamp())
        ORDER BY priority DESC, due_at
        LIMIT $2
        FOR UPDATE SKIP LOCKED) due
      WHERE t.id = due.id
      RETURNING t.id, t.fence, t.posts, t.unknowns, t.state_at, t.to_phone, t.language,
        t.message_class, t.purpose, t.about, t.code, t.body, t.segments, t.lane, t.country,
        t.occasion, t.budget, t.cost, t.answerable, t.created_at, t.valid_until, t.way,
        t.wording, false AS conversing,
        (SELECT a.sid FROM notify.attempt a
         WHERE a.text_id = t.id AND a.outcome = 'accepted' LIMIT 1) AS known_sid\
      """;

  private static final String SETTLE =
      """
      UPDATE notify.text
      SET state = $3::text::notify.text_state, sid = coalesce(sid, $4), problem = $5,
          due_at = $6, lease_until = NULL,
          state_at = CASE WHEN $3::text = 'unknown' THEN state_at ELSE $7 END
      WHERE id = $1 AND fence = $2 AND state = 'unknown'\
      """;

  // The carrier's list is as good a sign of life as its callback.
  private static final String NOTE_LISTED =
      """
      INSERT INTO notify.status_seen (provider, sid, word, text_id, raw, arrived_at)
      VALUES ($1, $2, 'listed', $3, '{}', $4)
      ON CONFLICT DO NOTHING\
      """;

  private static final String FIND_NEXT_DUE =
      "SELECT min(due_at) FROM notify.text WHERE state = 'unknown'";
}
