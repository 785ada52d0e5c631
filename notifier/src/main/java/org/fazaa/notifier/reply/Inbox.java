package org.fazaa.notifier.reply;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
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
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.TextState;
import org.fazaa.notifier.reply.Meaning.Stage;
import org.fazaa.notifier.reply.Reading.Why;

/**
 * Replies that were understood wait here for their owner, the others for a person: those first
 * whose answer is worth most now, a number that whoever leaves one to a person writes.
 */
public final class Inbox {

  /** Tries take place after 1, 2, 4 and 8 seconds. */
  public static final int TRIES_MAX = 5;

  /** Somebody may be in danger: before everything else, whoever writes. */
  public static final int WORTH_DANGER = 1_000;

  /** Nobody's: from a phone that we do not know, or about nothing that is open. */
  public static final int WORTH_LEAST = 10;

  /** How long whoever opens a reply has it to themselves. */
  public static final Duration OPEN_FOR = Duration.ofMinutes(2);

  private static final int RECENT_MAX = 5;

  private Inbox() {}

  /**
   * A reply that a person must read, with the reason.
   *
   * @param opened who is at it, while that counts
   */
  public record Waiting(
      Reply reply, String purpose, String why, int worth, Optional<Opened> opened) {}

  /** An account has opened a reply and has it to itself until then. */
  public record Opened(long byAccount, Instant until) {}

  /**
   * What a person read in a reply.
   *
   * @param stage where the writer stood with what they were asked
   * @param hour the hour that they mean, or null
   */
  public record Read(Meaning meaning, Stage stage, LocalTime hour) {}

  /**
   * A reply that a person has decided or answered, and what came of it so far.
   *
   * @param outcome its owner's word, or null while it is under way
   * @param answer what was written back by hand, or null
   * @param answerState how far that text has come, or null
   */
  public record Settled(
      long reply,
      String body,
      Meaning meaning,
      String outcome,
      String answer,
      TextState answerState,
      Instant at) {}

  /** A reply that took effect on what {@code about} names. */
  public record Answered(long reply, String about) {}

  public sealed interface Decision {
    record Decided(long reply) implements Decision {}

    /** Somebody else was faster. */
    record AlreadyDecided(long reply) implements Decision {}

    /** Somebody else is reading it just now. */
    record Taken(Opened by) implements Decision {}

    record NoSuchReply() implements Decision {}
  }

  public sealed interface Opening {
    record Yours(long reply, Instant until) implements Opening {}

    record Taken(Opened by) implements Opening {}

    record AlreadyDecided(long reply) implements Opening {}

    record NoSuchReply() implements Opening {}
  }

  public sealed interface Answer {
    record Written(long reply, long text) implements Answer {}

    /** They want no texts, so none is written: somebody must phone them. */
    record Stopped() implements Answer {}

    record Taken(Opened by) implements Answer {}

    record AlreadyDecided(long reply) implements Answer {}

    record NoSuchReply() implements Answer {}
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
    var failure = Tuple.of(reply, utc(now), TRIES_MAX, Why.FAULT.tag(), WORTH_LEAST);
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

  /**
   * @param why the reason, as {@link Why#tag} writes it
   * @param worth what an answer is worth now; the most is {@link #WORTH_DANGER}
   */
  public static void toPerson(SqlConnection tx, long reply, String why, int worth, Instant now) {
    var columns = Tuple.of(reply, why, Math.clamp(worth, 0, WORTH_DANGER));
    tx.preparedQuery(GIVE_TO_PERSON).execute(columns).await();
  }

  /**
   * A reply whose owner has read it again.
   *
   * @param why as {@link Why#tag} writes it, or null when it is the rule by which it was read
   */
  public static void toPerson(SqlConnection tx, Reply reply, String why, int worth, Instant now) {
    var columns =
        Tuple.of(reply.id(), why, Math.clamp(worth, 0, WORTH_DANGER), reply.meaning().tag());
    tx.preparedQuery(GIVE_AS_READ).execute(columns).await();
  }

  /** Whether this phone has spoken of danger and nobody has read that yet. */
  public static boolean isInDanger(SqlClient connection, Phone phone) {
    return connection
        .preparedQuery(FIND_DANGER)
        .execute(Tuple.of(phone.e164()))
        .await()
        .iterator()
        .next()
        .getBoolean(0);
  }

  /** For the reason for which it could not be read. */
  public static void toPerson(SqlConnection tx, long reply, int worth, Instant now) {
    toPerson(tx, reply, null, worth, now);
  }

  /** Replies for a person, those worth most first, and the oldest of those that are worth alike. */
  public static List<Waiting> waiting(SqlClient connection, int limit, Instant now) {
    return stream(connection.preparedQuery(LIST_WAITING).execute(Tuple.of(limit)).await())
        .map(row -> waiting(row, now))
        .toList();
  }

  /** One of them. */
  public static Optional<Waiting> find(SqlClient connection, long reply, Instant now) {
    return stream(connection.preparedQuery(FIND_WAITING).execute(Tuple.of(reply)).await())
        .map(row -> waiting(row, now))
        .findFirst();
  }

  public static int count(SqlClient connection, int most) {
    return connection
        .preparedQuery(COUNT_WAITING)
        .execute(Tuple.of(most))
        .await()
        .iterator()
        .next()
        .getInteger(0);
  }

  /** What this account settled last, newest first. */
  public static List<Settled> settledBy(SqlClient connection, long account) {
    return stream(
            connection.preparedQuery(LIST_SETTLED).execute(Tuple.of(account, RECENT_MAX)).await())
        .map(Inbox::settled)
        .toList();
  }

  /**
   * An account opens a reply: for {@link #OPEN_FOR} nobody else answers it. Whatever the account
   * had open before is free again.
   */
  public static Opening open(SqlConnection tx, long reply, long account, Instant now) {
    return switch (reach(tx, reply, account, now)) {
      case Reach.Missing missing -> new Opening.NoSuchReply();
      case Reach.Over over -> new Opening.AlreadyDecided(reply);
      case Reach.TakenBy(var by) -> new Opening.Taken(by);
      case Reach.Free free -> new Opening.Yours(reply, openFor(tx, reply, account, now));
    };
  }

  /** Opens the one that is worth most among those that nobody else has open. */
  public static Optional<Opening.Yours> openNext(SqlConnection tx, long account, Instant now) {
    return stream(tx.preparedQuery(FIND_FREE).execute(Tuple.of(account, utc(now))).await())
        .map(row -> row.getLong("id"))
        .findFirst()
        .map(reply -> new Opening.Yours(reply, openFor(tx, reply, account, now)));
  }

  private static Instant openFor(SqlConnection tx, long reply, long account, Instant now) {
    var until = now.plus(OPEN_FOR);
    tx.preparedQuery(LET_GO).execute(Tuple.of(account, reply)).await();
    tx.preparedQuery(OPEN).execute(Tuple.of(reply, account, utc(until))).await();
    return until;
  }

  public static Decision decide(
      SqlConnection tx, long reply, Meaning meaning, long byAccount, Instant now) {
    return decide(tx, reply, new Read(meaning, Stage.OFFERED, null), byAccount, now);
  }

  /**
   * A person has read it: its owner may claim it with that meaning, and with the hour in place of
   * the words where one was understood; or, decided as {@link Meaning#PERSON} or without an owner,
   * it is settled. What was decided is noted among the {@link Suggestions}.
   */
  public static Decision decide(
      SqlConnection tx, long reply, Read read, long byAccount, Instant now) {
    return switch (reach(tx, reply, byAccount, now)) {
      case Reach.Missing missing -> new Decision.NoSuchReply();
      case Reach.Over over -> new Decision.AlreadyDecided(reply);
      case Reach.TakenBy(var by) -> new Decision.Taken(by);
      case Reach.Free found -> {
        decide(tx, found, read, byAccount, now);
        yield new Decision.Decided(reply);
      }
    };
  }

  private static void decide(
      SqlConnection tx, Reach.Free found, Read read, long byAccount, Instant now) {
    long reply = found.reply();
    var from = found.from();
    var meaning = read.meaning();
    switch (meaning) {
      case STOP -> Consent.stop(tx, from, Consent.How.PERSON, reply, now);
      case START -> Consent.start(tx, from, Consent.How.PERSON, reply, now);
      default -> {}
    }
    boolean owned = meaning != Meaning.PERSON && found.purpose() != null;
    tx.preparedQuery(DECIDE)
        .execute(
            Tuple.tuple()
                .addValue(reply)
                .addValue(meaning.tag())
                .addValue(byAccount)
                .addValue(utc(now))
                .addValue(owned ? "read" : "done")
                .addValue(read.hour()))
        .await();
    if (meaning != Meaning.PERSON) {
      Suggestions.note(tx, found.body(), read, now);
    }
  }

  /**
   * A person writes back in their own words, which settles the reply. Nothing is written to whom
   * said stop.
   */
  public static Answer answer(
      SqlConnection tx, long reply, Language language, String body, long byAccount, Instant now) {
    return switch (reach(tx, reply, byAccount, now)) {
      case Reach.Missing missing -> new Answer.NoSuchReply();
      case Reach.Over over -> new Answer.AlreadyDecided(reply);
      case Reach.TakenBy(var by) -> new Answer.Taken(by);
      case Reach.Free found -> {
        if (!Consent.stopped(tx, List.of(found.from())).isEmpty()) {
          yield new Answer.Stopped();
        }
        var draft = answer(tx, found, language, body, now);
        long text = Outbox.add(tx, draft, now);
        tx.preparedQuery(ANSWER).execute(Tuple.of(reply, byAccount, utc(now), text)).await();
        yield new Answer.Written(reply, text);
      }
    };
  }

  // What answers a drill is part of it; and it is paid from where the text was that they answered.
  private static Draft answer(
      SqlConnection tx, Reach.Free found, Language language, String body, Instant now) {
    var messageClass = MessageClass.SERVICE;
    String budget = null;
    for (var asked : tx.preparedQuery(FIND_ASKED).execute(Tuple.of(found.asked())).await()) {
      budget = asked.getString("budget");
      if (asked.getString("message_class").equals(MessageClass.DRILL.tag())) {
        messageClass = MessageClass.DRILL;
      }
    }
    return new Draft(
        found.from(),
        language,
        messageClass,
        ReadReplies.PURPOSE,
        "reply " + found.reply(),
        null,
        body,
        false,
        Occasion.ANSWER,
        budget,
        Outbox.ANSWERS_FIRST,
        now.plus(ANSWER_VALID));
  }

  /** Whether an account may settle a reply, which is locked from then on. */
  private sealed interface Reach {
    /**
     * @param asked the text that it answers, or null
     */
    record Free(long reply, Phone from, String body, String purpose, Long asked) implements Reach {}

    record TakenBy(Opened by) implements Reach {}

    record Over() implements Reach {}

    record Missing() implements Reach {}
  }

  private static Reach reach(SqlConnection tx, long reply, long account, Instant now) {
    for (var row : tx.preparedQuery(LOCK).execute(Tuple.of(reply)).await()) {
      if (!row.getString("state").equals("person")) {
        return new Reach.Over();
      }
      return opened(row, now)
          .filter(by -> by.byAccount() != account)
          .<Reach>map(Reach.TakenBy::new)
          .orElseGet(() -> free(row));
    }
    return new Reach.Missing();
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

  private static Reach.Free free(Row row) {
    return new Reach.Free(
        row.getLong("id"),
        new Phone(row.getString("from_phone")),
        row.getString("body"),
        row.getString("purpose"),
        row.getLong("text_id"));
  }

  private static Waiting waiting(Row row, Instant now) {
    return new Waiting(
        reply(row),
        row.getString("purpose"),
        row.getString("why"),
        row.getInteger("worth"),
        opened(row, now));
  }

  private static Optional<Opened> opened(Row row, Instant now) {
    var until = row.getOffsetDateTime("opened_until");
    return until == null || !until.toInstant().isAfter(now)
        ? Optional.empty()
        : Optional.of(new Opened(row.getLong("opened_by"), until.toInstant()));
  }

  private static Settled settled(Row row) {
    var state = row.getString("answer_state");
    return new Settled(
        row.getLong("id"),
        row.getString("body"),
        Meaning.of(row.getString("meaning")),
        row.getString("outcome"),
        row.getString("answer"),
        state == null ? null : TextState.of(state),
        row.getOffsetDateTime("decided_at").toInstant());
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
        PLAIN.contains(row.getString("why")),
        Why.DECIDED.tag().equals(row.getString("why")));
  }

  private static Stream<Row> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }

  private static final Duration ANSWER_VALID = Duration.ofHours(2);
  private static final Set<String> PLAIN = Set.of(Why.DIGIT.tag(), Why.DECIDED.tag());

  // The earlier ones are found by their phone: so written, no index of all that wait fits them, and
  // none is read once for each reply that waits.
  private static final String CLAIM =
      """
      SELECT id, from_phone, coalesce(to_char(hour, 'HH24:MI'), body) AS body, meaning, code, about,
             arrived_at, way, why
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
          why = CASE WHEN tries + 1 >= $3 THEN $4 ELSE why END,
          worth = greatest(worth, $5)
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
      """
      UPDATE notify.reply SET state = 'person', why = coalesce($2, why, 'unsure'), worth = $3
      WHERE id = $1\
      """;

  private static final String GIVE_AS_READ =
      """
      UPDATE notify.reply
      SET state = 'person', why = coalesce($2, why, 'unsure'), worth = $3, meaning = $4
      WHERE id = $1\
      """;

  private static final String FIND_DANGER =
      """
      SELECT EXISTS (SELECT FROM notify.reply
                     WHERE from_phone = $1 AND state = 'person' AND meaning = 'danger')\
      """;

  private static final String SELECT_WAITING =
      """
      SELECT id, from_phone, body, meaning, code, about, arrived_at, way, purpose, why, worth,
             opened_by, opened_until
      FROM notify.reply
      WHERE state = 'person'
      """;

  private static final String LIST_WAITING = SELECT_WAITING + "ORDER BY worth DESC, id LIMIT $1";

  private static final String FIND_WAITING = SELECT_WAITING + "AND id = $1";

  private static final String COUNT_WAITING =
      """
      SELECT count(*)::int FROM (
        SELECT FROM notify.reply WHERE state = 'person' LIMIT $1) waiting\
      """;

  private static final String FIND_FREE =
      """
      SELECT id FROM notify.reply
      WHERE state = 'person'
        AND (opened_until IS NULL OR opened_by = $1 OR opened_until <= $2)
      ORDER BY worth DESC, id
      LIMIT 1
      FOR UPDATE SKIP LOCKED\
      """;

  private static final String OPEN =
      "UPDATE notify.reply SET opened_by = $2, opened_until = $3 WHERE id = $1";

  // Skipping what is locked, so that two who change places never wait for one another.
  private static final String LET_GO =
      """
      UPDATE notify.reply SET opened_by = NULL, opened_until = NULL
      WHERE id IN (
        SELECT id FROM notify.reply
        WHERE state = 'person' AND opened_by = $1 AND id <> $2
        FOR UPDATE SKIP LOCKED)\
      """;

  private static final String LIST_SETTLED =
      """
      SELECT r.id, r.body, r.meaning, r.outcome, r.decided_at, t.body AS answer,
             t.state::text AS answer_state
      FROM notify.reply r
      LEFT JOIN notify.text t ON t.id = r.answer_id
      WHERE r.decided_by = $1 AND r.state <> 'person'
      ORDER BY r.decided_at DESC
      LIMIT $2\
      """;

  private static final String FIND_OUTCOMES =
      """
      SELECT provider_id, coalesce(outcome, state) FROM notify.reply
      WHERE provider = $1 AND provider_id = ANY ($2::text[])\
      """;

  private static final String LOCK =
      """
      SELECT id, state, from_phone, body, purpose, text_id, opened_by, opened_until
      FROM notify.reply
      WHERE id = $1
      FOR UPDATE\
      """;

  private static final String DECIDE =
      """
      UPDATE notify.reply
      SET state = $5, meaning = $2, why = 'decided', decided_by = $3, decided_at = $4, hour = $6,
          opened_by = NULL, opened_until = NULL,
          outcome = CASE WHEN $5 = 'done' THEN 'settled by a person' END,
          done_at = CASE WHEN $5 = 'done' THEN $4::timestamptz END
      WHERE id = $1\
      """;

  private static final String FIND_ASKED =
      "SELECT message_class, budget FROM notify.text WHERE id = $1";

  private static final String ANSWER =
      """
      UPDATE notify.reply
      SET state = 'done', why = 'decided', decided_by = $2, decided_at = $3, answer_id = $4,
          opened_by = NULL, opened_until = NULL, outcome = 'answered by a person', done_at = $3
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
