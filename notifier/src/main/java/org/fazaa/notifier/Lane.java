package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;

/**
 * One sender's way to its carrier, shared by all nodes: how many segments may leave now, and
 * whether it rests because the carrier is in trouble.
 *
 * @param tokens segments that may leave at once; below zero after a text longer than what was left
 * @param filledAt since when tokens have been growing
 * @param silences submissions without an answer, one after another
 * @param rests rests since the carrier last answered
 * @param restsUntil no text leaves before
 * @param trouble why it rests, or null
 */
record Lane(
    String name,
    double tokens,
    Instant filledAt,
    int silences,
    int rests,
    Instant restsUntil,
    String trouble) {

  /** Tokens never grow beyond what leaves in this time, so that a quiet hour makes no storm. */
  static final Duration BURST = Duration.ofSeconds(1);

  /** The clocks of two nodes differ by less; what is further ahead was written by another time. */
  static final Duration CLOCKS_APART = Duration.ofSeconds(10);

  /** So many in a row without any answer, and the carrier gets a rest; after one, a single one. */
  static final int SILENCES_MAX = 5;

  /** Doubling from rest to rest while nothing is answered. */
  static final Duration REST_FIRST = Duration.ofSeconds(10);

  static final Duration REST_MAX = Duration.ofSeconds(60);

  /** After a rest, so many texts find out whether the carrier is back. */
  static final int PROBES = 5;

  private static final int DOUBLINGS_MAX = 10;

  boolean rests(Instant now) {
    return now.isBefore(restsUntil);
  }

  /** No trouble is on record, so that one more text that was taken changes nothing. */
  boolean isCalm() {
    return rests == 0 && silences == 0 && trouble == null;
  }

  /**
   * How many texts may be taken at most, whatever their length.
   *
   * @param underWay of this lane, without an outcome
   */
  int texts(int room, int underWay) {
    return rests > 0 ? Math.clamp(PROBES - underWay, 0, room) : room;
  }

  /**
   * With the tokens of this moment.
   *
   * @param rate segments a second; 0 is without limit
   */
  Lane filled(int rate, Instant now) {
    if (rate == 0) {
      return with(Integer.MAX_VALUE, now);
    }
    double most = rate * BURST.toMillis() / 1_000.0;
    if (filledAt.isAfter(now.plus(CLOCKS_APART))) {
      return with(Math.min(most, tokens), now); // it was set back: nobody waits until it is again
    }
    if (!filledAt.isBefore(now)) {
      return with(Math.min(most, tokens), filledAt); // this node's clock is a little behind
    }
    double grown = Duration.between(filledAt, now).toMillis() * rate / 1_000.0;
    return with(Math.min(most, tokens + grown), now);
  }

  Lane less(int segments) {
    return with(tokens - segments, filledAt);
  }

  private Lane with(double tokens, Instant filledAt) {
    return new Lane(name, tokens, filledAt, silences, rests, restsUntil, trouble);
  }

  /** What outcomes, in the order in which they came, make of it. */
  Lane after(Collection<Submission> outcomes, Instant now) {
    var lane = this;
    for (var outcome : outcomes) {
      lane = lane.after(outcome, now);
    }
    return lane;
  }

  private Lane after(Submission outcome, Instant now) {
    return switch (outcome) {
      case Submission.Accepted accepted -> answered(now);
      case Submission.OptedOut optedOut -> answered(now);
      case Submission.Unknown(var why) -> silent(now);
      case Submission.Refused(var code, var why, Action.StopLane(var until, var page)) ->
          until.isAfter(restsUntil) ? resting(until, code) : this;
      case Submission.Refused refused -> answered(now);
    };
  }

  private Lane answered(Instant now) {
    if (rests(now)) {
      return this; // an answer to something older than the trouble
    }
    return isCalm() ? this : new Lane(name, tokens, filledAt, 0, 0, restsUntil, null);
  }

  private Lane silent(Instant now) {
    if (rests(now)) {
      return this; // those that were on their way when it began to rest
    }
    if (rests == 0 && silences + 1 < SILENCES_MAX) {
      return new Lane(name, tokens, filledAt, silences + 1, rests, restsUntil, trouble);
    }
    var doubled = REST_FIRST.multipliedBy(1L << Math.min(rests, DOUBLINGS_MAX));
    var rest = doubled.compareTo(REST_MAX) > 0 ? REST_MAX : doubled;
    return new Lane(name, tokens, filledAt, 0, rests + 1, now.plus(rest), "no answer");
  }

  private Lane resting(Instant until, String why) {
    return new Lane(name, tokens, filledAt, silences, rests, until, why);
  }

  /** Locked until the transaction ends, so that nobody else sends through it meanwhile. */
  static Lane lock(SqlConnection tx, String name, Instant now) {
    return find(tx, name)
        .orElseGet(
            () -> {
              tx.preparedQuery(OPEN).execute(Tuple.of(name, utc(now))).await();
              return find(tx, name).orElseThrow();
            });
  }

  private static Optional<Lane> find(SqlConnection tx, String name) {
    var rows = tx.preparedQuery(LOCK).execute(Tuple.of(name)).await();
    return rows.size() == 0 ? Optional.empty() : Optional.of(lane(rows.iterator().next()));
  }

  private static Lane lane(Row row) {
    return new Lane(
        row.getString("carrier"),
        row.getDouble("tokens"),
        Instant.ofEpochMilli(row.getLong("filled_ms")),
        row.getInteger("silences"),
        row.getInteger("rests"),
        row.getOffsetDateTime("free_at").toInstant(),
        row.getString("trouble"));
  }

  void write(SqlConnection tx, Instant now) {
    var columns =
        Tuple.tuple()
            .addValue(name)
            .addValue(tokens)
            .addValue(utc(filledAt))
            .addValue(silences)
            .addValue(rests)
            .addValue(utc(restsUntil))
            .addValue(trouble)
            .addValue(utc(now));
    tx.preparedQuery(WRITE).execute(columns).await();
  }

  private static final String LOCK =
      """
      SELECT carrier, tokens, silences, rests, free_at, trouble,
             (extract(epoch FROM greatest(filled_at, 'epoch')) * 1000)::bigint AS filled_ms
      FROM notify.lane WHERE carrier = $1
      FOR UPDATE\
      """;

  private static final String OPEN =
      """
      INSERT INTO notify.lane (carrier, free_at) VALUES ($1, $2)
      ON CONFLICT DO NOTHING\
      """;

  private static final String WRITE =
      """
      UPDATE notify.lane
      SET tokens = $2, filled_at = $3, silences = $4, rests = $5, free_at = $6, trouble = $7,
          trouble_at = CASE WHEN trouble IS DISTINCT FROM $7::text THEN $8 ELSE trouble_at END
      WHERE carrier = $1\
      """;
}
