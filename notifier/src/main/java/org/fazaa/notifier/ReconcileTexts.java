package org.fazaa.notifier;

import static java.util.stream.Collectors.toSet;
import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Carrier.Sent;
import org.fazaa.notifier.carrier.Trace;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.TakeReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the carrier has with what we have. A reply whose webhook never reached us is
 * fetched, under the same id, so it cannot count twice; a text that only one side knows is written
 * down for a person.
 */
public final class ReconcileTexts implements Loop.Work {

  /** While people are being asked, their replies are looked for this often; else this seldom. */
  static final Duration BUSY = Duration.ofMinutes(1);

  static final Duration CALM = Duration.ofMinutes(10);

  /** Lists lag behind, and clocks differ: each look goes back a little further than the last. */
  static final Duration OVERLAP = Duration.ofMinutes(5);

  /** By the calm interval and the little that clocks differ. */
  private static final Duration PUT_OFF_MAX = CALM.multipliedBy(2);

  /** The first look, and the one after a long silence, go back no further. */
  static final Duration BACK_MAX = Duration.ofDays(1);

  /** What is younger may still be settled in the usual way. */
  static final Duration SETTLED_BY = Duration.ofMinutes(3);

  /** Replies that are written in one transaction. */
  private static final int TOGETHER = 200;

  /** Texts that the carrier did not list are asked for one by one, so many at a look. */
  private static final int CHECKED_MAX = 20;

  private static final String REPLIES = "replies";
  private static final String TEXTS = "texts";
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileTexts.class);

  private final Pool pool;
  private final Bus bus;
  private final Carrier carrier;

  public ReconcileTexts(Pool pool, Bus bus, Carrier carrier) {
    this.pool = pool;
    this.bus = bus;
    this.carrier = carrier;
  }

  @Override
  public String name() {
    return "reconcile texts";
  }

  @Override
  public boolean run(Instant now) {
    if (nextDue().filter(due -> !isDue(due, now)).isPresent()) {
      return false;
    }
    turn(REPLIES, now).ifPresent(since -> fetchReplies(since, now));
    turn(TEXTS, now).ifPresent(since -> compareTexts(since, now));
    return false; // its time is on the clock: doing something means no more work
  }

  @Override
  public Optional<Instant> nextDue() {
    var row = pool.preparedQuery(NEXT_DUE).execute(Tuple.of(carrier.name())).await();
    return Optional.ofNullable(row.iterator().next().getOffsetDateTime(0))
        .map(OffsetDateTime::toInstant);
  }

  /** A time further away than any look is put off was written before the clock was set back. */
  static boolean isDue(Instant dueAt, Instant now) {
    return !dueAt.isAfter(now) || dueAt.isAfter(now.plus(PUT_OFF_MAX));
  }

  /** From when on the next look reads, after everything was read until then. */
  static Instant since(Instant comparedUntil, Instant now) {
    var furthest = now.minus(BACK_MAX);
    boolean known = comparedUntil.isAfter(furthest) && !isAhead(comparedUntil, now);
    return known ? comparedUntil.minus(OVERLAP) : furthest;
  }

  /** Replies are known to be missing: they are looked for at the next turn. */
  public static void hasten(SqlConnection tx, Instant now) {
    tx.preparedQuery(HASTEN).execute(Tuple.of(utc(now), utc(now.minus(CALM)))).await();
  }

  // One node takes the turn; whatever becomes of it, the next is due a while later.
  private Optional<Instant> turn(String what, Instant now) {
    return Database.inTransaction(
        pool,
        tx -> {
          var again = now.plus(what.equals(REPLIES) ? BUSY : CALM);
          var turn =
              Tuple.of(carrier.name(), what, utc(now), utc(again), utc(now.minus(CALM)))
                  .addValue(utc(now.plus(PUT_OFF_MAX)));
          var taken = tx.preparedQuery(TAKE_TURN).execute(turn).await();
          if (taken.size() == 0) {
            return Optional.<Instant>empty();
          }
          var since = taken.iterator().next().getOffsetDateTime(0).toInstant();
          if (isRecent(since, now) && !isBusy(tx, now)) {
            return Optional.<Instant>empty();
          }
          return Optional.of(since(since, now));
        });
  }

  static boolean isRecent(Instant comparedUntil, Instant now) {
    return comparedUntil.isAfter(now.minus(CALM)) && !isAhead(comparedUntil, now);
  }

  private static boolean isAhead(Instant comparedUntil, Instant now) {
    return comparedUntil.isAfter(now.plus(OVERLAP));
  }

  private static boolean isBusy(SqlConnection tx, Instant now) {
    return tx.preparedQuery(FIND_WAITING)
        .execute(Tuple.of(utc(now)))
        .await()
        .iterator()
        .next()
        .getBoolean(0);
  }

  private void fetchReplies(Instant since, Instant now) {
    var listed = carrier.listReplies(since);
    var missed = missed(listed.found());
    for (int from = 0; from < missed.size(); from += TOGETHER) {
      var some = missed.subList(from, Math.min(from + TOGETHER, missed.size()));
      var taken = Database.inTransaction(pool, tx -> TakeReply.runAll(tx, some, now));
      for (var outcome : taken) {
        switch (outcome) {
          case TakeReply.Outcome.Kept(var reply) -> bus.publish(new Fact.ReplyKept(reply));
          case TakeReply.Outcome.Repeated repeated -> {}
        }
      }
    }
    if (!missed.isEmpty()) {
      LOG.warn("{} replies had not reached us and were fetched", missed.size());
    }
    finish(REPLIES, listed.whole(), now);
  }

  private List<Arrived> missed(List<Arrived> replies) {
    var ids = replies.stream().map(Arrived::providerId).toArray(String[]::new);
    var known = new HashSet<String>();
    pool.preparedQuery(FIND_KNOWN_REPLIES)
        .execute(Tuple.tuple().addValue(carrier.name()).addValue(ids))
        .await()
        .forEach(row -> known.add(row.getString(0)));
    return replies.stream().filter(reply -> !known.contains(reply.providerId())).toList();
  }

  private void compareTexts(Instant since, Instant now) {
    var listed = carrier.listSent(since);
    var settledBy = now.minus(SETTLED_BY);
    var old = listed.found().stream().filter(sent -> sent.at().isBefore(settledBy)).toList();
    var strange = strange(old);
    var sids = listed.found().stream().map(Sent::sid).collect(toSet());
    var lost = listed.whole() ? lost(since, settledBy, sids) : List.<Ours>of();
    if (!strange.isEmpty() || !lost.isEmpty()) {
      Database.inTransaction(pool, tx -> note(tx, strange, lost, now));
    }
    finish(TEXTS, listed.whole(), now);
  }

  private record Ours(String sid, long text, Instant at) {}

  /** Those that the carrier has, and we did not send. */
  private List<Sent> strange(List<Sent> sent) {
    var columns =
        Tuple.tuple()
            .addValue(carrier.name())
            .addValue(sent.stream().map(Sent::sid).toArray(String[]::new));
    var known = new HashSet<String>();
    pool.preparedQuery(FIND_KNOWN_TEXTS)
        .execute(columns)
        .await()
        .forEach(row -> known.add(row.getString(0)));
    return sent.stream().filter(one -> !known.contains(one.sid())).toList();
  }

  /** Those that it took from us, and does not have. */
  private List<Ours> lost(Instant since, Instant settledBy, Set<String> listed) {
    var lost = new ArrayList<Ours>();
    var ours = Tuple.of(carrier.name(), utc(since.plus(OVERLAP)), utc(settledBy));
    for (var row : pool.preparedQuery(LIST_ACCEPTED).execute(ours).await()) {
      var one =
          new Ours(
              row.getString("sid"),
              row.getLong("text_id"),
              row.getOffsetDateTime("answered_at").toInstant());
      // A list is not sure to have what waits in the carrier's queue: only its own word is.
      if (!listed.contains(one.sid())
          && lost.size() < CHECKED_MAX
          && carrier.check(one.sid()) instanceof Trace.Absent) {
        lost.add(one);
      }
    }
    return lost;
  }

  private boolean note(SqlConnection tx, List<Sent> strange, List<Ours> lost, Instant now) {
    int noted = 0;
    for (var one : strange) {
      noted += note(tx, one.sid(), "carrier", null, one.at(), now);
    }
    for (var one : lost) {
      noted += note(tx, one.sid(), "us", one.text(), one.at(), now);
    }
    if (noted > 0) {
      var detail = strange.size() + " only at the carrier, " + lost.size() + " only here";
      Alarm.raise(tx, Alarm.Kind.STRAY, carrier.name(), detail, now);
    }
    return noted > 0;
  }

  private int note(
      SqlConnection tx, String sid, String knownBy, Long text, Instant at, Instant now) {
    var stray = Tuple.of(carrier.name(), sid, knownBy, text, utc(at), utc(now));
    return tx.preparedQuery(NOTE).execute(stray).await().rowCount();
  }

  // What was not read to its end is read again from where the last whole one began.
  private void finish(String what, boolean whole, Instant now) {
    if (whole) {
      var until = Tuple.of(carrier.name(), what, utc(now));
      pool.preparedQuery(FINISH).execute(until).await();
    } else {
      LOG.warn("the list of {} is longer than can be read at once", what);
    }
  }

  private static final String TAKE_TURN =
      """
      INSERT INTO notify.comparison AS c (carrier, what, compared_until, due_at)
      VALUES ($1, $2, $5, $4)
      ON CONFLICT (carrier, what) DO UPDATE SET due_at = excluded.due_at
      WHERE c.due_at <= $3 OR c.due_at > $6
      RETURNING compared_until\
      """;

  // Somebody was asked and may still answer.
  private static final String FIND_WAITING =
      """
      SELECT EXISTS (SELECT FROM notify.text
        WHERE answerable AND posts > 0 AND valid_until > $1
          AND id > (SELECT coalesce(max(id), 0) - 20000 FROM notify.text))\
      """;

  private static final String FIND_KNOWN_REPLIES =
      """
      SELECT provider_id FROM notify.reply
      WHERE provider = $1 AND provider_id = ANY ($2::text[])\
      """;

  private static final String FIND_KNOWN_TEXTS =
      """
      SELECT sid FROM notify.attempt WHERE carrier = $1 AND sid = ANY ($2::text[])
      UNION
      SELECT sid FROM notify.status_seen
      WHERE provider = $1 AND sid = ANY ($2::text[]) AND text_id IS NOT NULL\
      """;

  private static final String LIST_ACCEPTED =
      """
      SELECT sid, text_id, answered_at
      FROM (SELECT * FROM notify.attempt ORDER BY fence DESC LIMIT 50000) lately
      WHERE carrier = $1 AND outcome = 'accepted' AND answered_at BETWEEN $2 AND $3\
      """;

  private static final String NOTE =
      """
      INSERT INTO notify.stray (carrier, sid, known_by, text_id, sent_at, found_at)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT DO NOTHING\
      """;

  private static final String FINISH =
      "UPDATE notify.comparison SET compared_until = $3 WHERE carrier = $1 AND what = $2";

  private static final String HASTEN =
      """
      UPDATE notify.comparison SET due_at = $1, compared_until = least(compared_until, $2)
      WHERE what = 'replies'\
      """;

  private static final String NEXT_DUE =
      "SELECT min(due_at) FROM notify.comparison WHERE carrier = $1";
}
