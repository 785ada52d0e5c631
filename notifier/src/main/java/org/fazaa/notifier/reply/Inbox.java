package org.fazaa.notifier.reply;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.fazaa.config.Database;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.Reading.Why;

/** Replies that were understood wait here for their owner, the others for a person. */
public final class Inbox {

  /** Tries take place after 1, 2, 4 and 8 seconds. */
  public static final int TRIES_MAX = 5;

  private Inbox() {}

  /** A reply that a person must read, with the reason. */
  public record Waiting(Reply reply, String purpose, String why) {}

  /** A reply that took effect on what {@code about} names. */
  public record Answered(long reply, String about) {}

  public sealed interface Decision {
    record Decided(long reply) implements Decision {}

    /** Somebody else was faster. */
    record AlreadyDecided(long reply) implements Decision {}

    record NoSuchReply() implements Decision {}
  }

  /**
   * Replies of this owner, oldest first, locked until its transaction ends: the effect commits with
   * the claim, and {@link #done} or {@link #toPerson} must be said of each. Of each phone only the
   * first that waits, so that its replies take effect in their order, whichever nodes claim them.
   */
  public static List<Reply> claim(SqlConnection tx, String purpose, int limit, Instant now) {
    return claim(tx, purpose, null, limit, now);
  }

  /** This one, if it still waits and is the first of its phone. */
  public static Optional<Reply> claimOne(
      SqlConnection tx, String purpose, long reply, Instant now) {
    return claim(tx, purpose, reply, 1, now).stream().findFirst();
  }

  private static List<Reply> claim(
      SqlConnection tx, String purpose, Long only, int limit, Instant now) {
    var due = Tuple.of(purpose, limit, utc(now), only);
    return stream(tx.preparedQuery(CLAIM).execute(due).await()).map(Inbox::reply).toList();
  }

  /**
   * Handling it threw. It is tried again, later each time; after {@link #TRIES_MAX} it is left to a
   * person, and those behind it go on.
   *
   * @return true when a person reads it now
   */
  public static boolean failed(SqlConnection tx, long reply, Instant now) {
    var failure = Tuple.of(reply, utc(now), TRIES_MAX, Why.FAULT.tag());
    for (var row : tx.preparedQuery(COUNT_FAILURE).execute(failure).await()) {
      return row.getBoolean("given_up");
    }
    return false;
  }

  /**
   * @param outcomes what came of each, in a word, for those who look later
   */
  public static void done(SqlConnection tx, Map<Long, String> outcomes, Instant now) {
    if (outcomes.isEmpty()) {
      return;
    }
    var replies = outcomes.keySet().toArray(Long[]::new);
    var words = outcomes.values().toArray(String[]::new);
    Database.later(tx.preparedQuery(FINISH).execute(Tuple.of(replies, words, utc(now))));
  }

  public static void toPerson(SqlConnection tx, long reply, String why, Instant now) {
    tx.preparedQuery(GIVE_TO_PERSON).execute(Tuple.of(reply, why)).await();
  }

  /** Replies for a person, oldest first. */
  public static List<Waiting> waiting(SqlClient connection, int limit) {
    return stream(connection.preparedQuery(LIST_WAITING).execute(Tuple.of(limit)).await())
        .map(row -> new Waiting(reply(row), row.getString("purpose"), row.getString("why")))
        .toList();
  }

  /**
   * A person has read it: its owner may claim it with that meaning, or, decided as {@link
   * Meaning#PERSON} or without an owner, it is settled.
   */
  public static Decision decide(
      SqlConnection tx, long reply, Meaning meaning, long byAccount, Instant now) {
    var found = tx.preparedQuery(LOCK).execute(Tuple.of(reply)).await().iterator();
    if (!found.hasNext()) {
      return new Decision.NoSuchReply();
    }
    var row = found.next();
    if (!row.getString("state").equals("person")) {
      return new Decision.AlreadyDecided(reply);
    }
    var from = new Phone(row.getString("from_phone"));
    switch (meaning) {
      case STOP -> Consent.stop(tx, from, Consent.How.PERSON, reply, now);
      case START -> Consent.start(tx, from, Consent.How.PERSON, reply, now);
      default -> {}
    }
    boolean owned = meaning != Meaning.PERSON && row.getString("purpose") != null;
    tx.preparedQuery(DECIDE)
        .execute(Tuple.of(reply, meaning.tag(), byAccount, utc(now), owned ? "read" : "done"))
        .await();
    return new Decision.Decided(reply);
  }

  /** Those of them that came from a number to which no text about the same was written. */
  public static List<Answered> answeredByOthers(
      SqlClient connection, String purpose, List<Answered> answered) {
    var columns =
        Tuple.of(
            purpose,
            answered.stream().map(Answered::reply).toArray(Long[]::new),
            answered.stream().map(Answered::about).toArray(String[]::new));
    return stream(connection.preparedQuery(FIND_OTHERS).execute(columns).await())
        .map(row -> new Answered(row.getLong("id"), row.getString("about")))
        .toList();
  }

  /** What came of replies, by the provider's ids; one that is not there was never kept. */
  public static Map<String, String> outcomes(
      SqlClient connection, String provider, Collection<String> ids) {
    var outcomes = new HashMap<String, String>();
    connection
        .preparedQuery(FIND_OUTCOMES)
        .execute(Tuple.of(provider, (Object) ids.toArray(String[]::new)))
        .await()
        .forEach(row -> outcomes.put(row.getString(0), row.getString(1)));
    return outcomes;
  }

  private static Reply reply(Row row) {
    return new Reply(
        row.getLong("id"),
        new Phone(row.getString("from_phone")),
        row.getString("body"),
        Meaning.of(row.getString("meaning")),
        row.getString("code"),
        row.getString("about"),
        row.getOffsetDateTime("arrived_at").toInstant(),
        row.getString("way"),
        PLAIN.contains(row.getString("why")));
  }

  private static Stream<Row> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }

  private static final Set<String> PLAIN = Set.of(Why.DIGIT.tag(), Why.DECIDED.tag());

  // The earlier ones are found by their phone: so written, no index of all that wait fits them, and
  // none is read once for each reply that waits.
  private static final String CLAIM =
      """
      SELECT id, from_phone, body, meaning, code, about, arrived_at, way, why
      FROM notify.reply r
      WHERE purpose = $1 AND state = 'read' AND ($4::bigint IS NULL OR id = $4)
        AND (try_at IS NULL OR try_at <= $3)
        AND NOT EXISTS (
          SELECT FROM notify.reply earlier
          WHERE earlier.from_phone = r.from_phone AND earlier.id < r.id
            AND earlier.state || '' IN ('kept', 'read')
            AND (earlier.state || '' = 'kept' OR earlier.purpose = $1))
      ORDER BY id
      LIMIT $2
      FOR UPDATE SKIP LOCKED\
      """;

  private static final String COUNT_FAILURE =
      """
      UPDATE notify.reply
      SET tries = tries + 1, try_at = $2::timestamptz + power(2, tries) * interval '1 second',
          state = CASE WHEN tries + 1 >= $3 THEN 'person' ELSE state END,
          meaning = CASE WHEN tries + 1 >= $3 THEN coalesce(meaning, 'person') ELSE meaning END,
          why = CASE WHEN tries + 1 >= $3 THEN $4 ELSE why END
      WHERE id = $1 AND state IN ('kept', 'read')
      RETURNING state = 'person' AS given_up\
      """;

  private static final String FINISH =
      """
      UPDATE notify.reply r SET state = 'done', outcome = d.outcome, done_at = $3
      FROM unnest($1::bigint[], $2::text[]) AS d(id, outcome)
      WHERE r.id = d.id\
      """;

  private static final String GIVE_TO_PERSON =
      "UPDATE notify.reply SET state = 'person', why = $2 WHERE id = $1";

  private static final String LIST_WAITING =
      """
      SELECT id, from_phone, body, meaning, code, about, arrived_at, way, purpose, why
      FROM notify.reply
      WHERE state = 'person'
      ORDER BY id
      LIMIT $1\
      """;

  private static final String FIND_OUTCOMES =
      """
      SELECT provider_id, coalesce(outcome, state) FROM notify.reply
      WHERE provider = $1 AND provider_id = ANY ($2::text[])\
      """;

  private static final String LOCK =
      "SELECT state, from_phone, purpose FROM notify.reply WHERE id = $1 FOR UPDATE";

  private static final String DECIDE =
      """
      UPDATE notify.reply
      SET state = $5, meaning = $2, why = 'decided', decided_by = $3, decided_at = $4,
          outcome = CASE WHEN $5 = 'done' THEN 'settled by a person' END,
          done_at = CASE WHEN $5 = 'done' THEN $4::timestamptz END
      WHERE id = $1\
      """;

  private static final String FIND_OTHERS =
      """
      SELECT r.id, a.about
      FROM unnest($2::bigint[], $3::text[]) AS a (reply, about)
      JOIN notify.reply r ON r.id = a.reply
      WHERE NOT EXISTS (SELECT FROM notify.text t
                        WHERE t.purpose = $1 AND t.about = a.about AND t.to_phone = r.from_phone)
      ORDER BY r.id\
      """;
}
