package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.fazaa.config.Database;

/**
 * Where texts wait to be sent. They are written in the transaction of whatever they tell about, so
 * either both happened or neither; {@link SendDue} sends them afterwards.
 */
public final class Outbox {

  /** Texts of one number that wait for no answer: more than these in a while is an answer loop. */
  public static final int ANSWERS_MAX = 6;

  /** The priority of answers and news: before every offer that is not about a life. */
  public static final int ANSWERS_FIRST = 80;

  /** Once a number has had so many, what it was told before is not told again. */
  public static final int REPEATS_MAX = 3;

  public static final Duration ANSWERS_WINDOW = Duration.ofMinutes(10);

  /** Whoever wrote by a way is answered by it for so long. */
  static final Duration CONVERSATION = Duration.ofDays(1);

  private static final int LIST_MAX = 500;

  private Outbox() {}

  /** A text as the people who sent it see it. */
  public record Line(
      long id,
      String about,
      Phone to,
      String body,
      int segments,
      TextState state,
      Instant stateAt,
      int posts,
      String problem) {}

  /**
   * A sender that is held up.
   *
   * @param until when it takes texts again; in the past when it already does
   * @param trouble what the carrier said
   */
  public record Trouble(String sender, Instant until, String trouble, Instant since) {}

  /** Publish {@code Fact.OutboxFilled} after the commit. */
  public static long add(SqlConnection tx, Draft draft, Instant now) {
    return addAll(tx, List.of(draft), now).getFirst();
  }

  /** Ids in the order of the drafts. */
  public static List<Long> addAll(SqlConnection tx, List<Draft> drafts, Instant now) {
    return addAll(tx, drafts, false, now);
  }

  /** The one text that somebody who said stop still gets: that we heard it. */
  public static long addDespiteStop(SqlConnection tx, Draft draft, Instant now) {
    return addAll(tx, List.of(draft), true, now).getFirst();
  }

  /** As {@link #addAll}, for those who need no ids and wait for nothing. */
  public static void put(SqlConnection tx, List<Draft> drafts, Instant now) {
    if (!drafts.isEmpty()) {
      Database.later(tx.preparedQuery(ADD_TEXTS).execute(columns(drafts, false, now)));
    }
  }

  private static List<Long> addAll(
      SqlConnection tx, List<Draft> drafts, boolean despiteStop, Instant now) {
    if (drafts.isEmpty()) {
      return List.of();
    }
    var added = tx.preparedQuery(ADD_TEXTS).execute(columns(drafts, despiteStop, now));
    return stream(added.await()).map(row -> row.getLong("id")).toList();
  }

  private static Tuple columns(List<Draft> drafts, boolean despiteStop, Instant now) {
    return Tuple.tuple()
        .addValue(drafts.stream().map(d -> d.to().e164()).toArray(String[]::new))
        .addValue(drafts.stream().map(d -> d.language().tag()).toArray(String[]::new))
        .addValue(drafts.stream().map(d -> d.messageClass().tag()).toArray(String[]::new))
        .addValue(drafts.stream().map(Draft::purpose).toArray(String[]::new))
        .addValue(drafts.stream().map(Draft::about).toArray(String[]::new))
        .addValue(drafts.stream().map(Draft::code).toArray(String[]::new))
        .addValue(drafts.stream().map(Draft::body).toArray(String[]::new))
        .addValue(
            drafts.stream().map(d -> Segments.of(d.body()).segments()).toArray(Integer[]::new))
        .addValue(drafts.stream().map(Draft::answerable).toArray(Boolean[]::new))
        .addValue(drafts.stream().map(d -> d.to().country()).toArray(String[]::new))
        .addValue(drafts.stream().map(d -> d.occasion().tag()).toArray(String[]::new))
        .addValue(drafts.stream().map(Draft::budget).toArray(String[]::new))
        .addValue(drafts.stream().map(Draft::priority).toArray(Integer[]::new))
        .addValue(drafts.stream().map(d -> utc(d.validUntil())).toArray(OffsetDateTime[]::new))
        .addValue(drafts.stream().map(d -> d.way().tag()).toArray(String[]::new))
        .addValue(drafts.stream().map(Outbox::wording).toArray(String[]::new))
        .addValue(despiteStop)
        .addValue(utc(now))
        .addValue(utc(now.minus(CONVERSATION)));
  }

  private static String wording(Draft draft) {
    return draft.wording() == null ? null : draft.wording().json().encode();
  }

  /**
   * Texts that have not begun to leave never will. Answers how many those were. Those that have
   * begun are not tried again, whatever becomes of this try.
   */
  public static int withdraw(
      SqlConnection tx, String purpose, Collection<String> abouts, Instant now) {
    int withdrawn = 0;
    for (var row :
        tx.preparedQuery(WITHDRAW)
            .execute(Tuple.of(purpose, abouts.toArray(String[]::new), utc(now)))
            .await()) {
      withdrawn += row.getBoolean("withdrawn") ? 1 : 0;
    }
    return withdrawn;
  }

  /** The same for calls about these only: whoever has answered is not called any more. */
  public static void withdrawCalls(
      SqlConnection tx, String purpose, Collection<String> abouts, Instant now) {
    var values = Tuple.of(purpose, abouts.toArray(String[]::new), utc(now));
    tx.preparedQuery(WITHDRAW_CALLS).execute(values).await();
  }

  /** The state of the newest text about each of these. */
  public static Map<String, TextState> states(
      SqlClient connection, String purpose, Collection<String> abouts) {
    var states = new HashMap<String, TextState>();
    connection
        .preparedQuery(FIND_STATES)
        .execute(Tuple.of(purpose, (Object) abouts.toArray(String[]::new)))
        .await()
        .forEach(row -> states.put(row.getString(0), TextState.of(row.getString(1))));
    return states;
  }

  /** The texts about these, newest first, at most {@value #LIST_MAX}. */
  public static List<Line> list(SqlClient connection, String purpose, Collection<String> abouts) {
    var about = Tuple.of(purpose, abouts.toArray(String[]::new), LIST_MAX);
    return stream(connection.preparedQuery(LIST_TEXTS).execute(about).await())
        .map(Outbox::line)
        .toList();
  }

  /**
   * How far what left by a way has got.
   *
   * @param state of the last try
   * @param begunAt when the carrier was first given it; empty while it waits
   * @param problem in the carrier's code or in a word, or null
   */
  public record Tried(TextState state, Instant at, Optional<Instant> begunAt, String problem) {}

  /** What became of the texts about these by this way; those that went another way are not here. */
  public static Map<String, Tried> tried(
      SqlClient connection, String purpose, Way way, Collection<String> abouts) {
    var about = Tuple.of(purpose, way.tag(), abouts.toArray(String[]::new));
    var tried = new HashMap<String, Tried>();
    connection
        .preparedQuery(FIND_TRIED)
        .execute(about)
        .await()
        .forEach(row -> tried.put(row.getString("about"), tried(row)));
    return tried;
  }

  private static Tried tried(Row row) {
    return new Tried(
        TextState.of(row.getString("state")),
        row.getOffsetDateTime("state_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("begun_at")).map(OffsetDateTime::toInstant),
        row.getString("problem"));
  }

  /** A phone that a way did not reach since then. */
  public record Lost(Phone phone, Way way, Instant since) {}

  /** Those of these that something has reached by that way since, or that answered by it. */
  public static Set<Lost> foundAgain(SqlClient connection, List<Lost> lost) {
    var columns =
        Tuple.tuple()
            .addValue(lost.stream().map(one -> one.phone().e164()).toArray(String[]::new))
            .addValue(lost.stream().map(one -> one.way().tag()).toArray(String[]::new))
            .addValue(lost.stream().map(one -> utc(one.since())).toArray(OffsetDateTime[]::new));
    var found = new HashSet<Lost>();
    connection
        .preparedQuery(FIND_AGAIN)
        .execute(columns)
        .await()
        .forEach(row -> found.add(lost.get(row.getInteger("place") - 1)));
    return found;
  }

  /** False when this number has had so many answers lately that a machine may be answering us. */
  public static boolean mayAnswer(SqlClient connection, Phone phone, Instant now) {
    var since = utc(now.minus(ANSWERS_WINDOW));
    return connection
            .preparedQuery(COUNT_ANSWERS)
            .execute(Tuple.of(phone.e164(), since))
            .await()
            .iterator()
            .next()
            .getLong(0)
        < ANSWERS_MAX;
  }

  /**
   * Whether to tell this number what changed nothing: the first time about this, or while it has
   * had few answers lately. So a machine that answers our answers soon talks to itself.
   */
  public static boolean mayRepeat(SqlClient connection, Phone phone, String about, Instant now) {
    var since = utc(now.minus(ANSWERS_WINDOW));
    return connection
        .preparedQuery(MAY_REPEAT)
        .execute(Tuple.of(phone.e164(), since, about, REPEATS_MAX))
        .await()
        .iterator()
        .next()
        .getBoolean(0);
  }

  /**
   * The red button: no text leaves until {@link #resume}. Pressing it twice is pressing it once.
   */
  public static void halt(SqlConnection tx, long byAccount, String why, Instant now) {
    tx.preparedQuery(HALT).execute(Tuple.of(utc(now), byAccount, why)).await();
  }

  public static void resume(SqlConnection tx, long byAccount, String why, Instant now) {
    tx.preparedQuery(RESUME).execute(Tuple.of(utc(now), byAccount, why)).await();
  }

  public static boolean isHalted(SqlClient connection) {
    return connection.query(FIND_HALT).execute().await().iterator().next().getBoolean(0);
  }

  /**
   * No text of this purpose leaves until {@link #release}; for the watch, which has found something
   * wrong with them.
   */
  public static void hold(SqlConnection tx, String purpose, String why, Instant now) {
    tx.preparedQuery(HOLD).execute(Tuple.of(purpose, why, utc(now))).await();
  }

  public static void release(
      SqlConnection tx, String purpose, long byAccount, String why, Instant now) {
    tx.preparedQuery(RELEASE).execute(Tuple.of(purpose, utc(now), byAccount, why)).await();
  }

  /** The purposes that are held, each with the reason. */
  public static Map<String, String> held(SqlClient connection) {
    var held = new HashMap<String, String>();
    connection
        .query(LIST_HELD)
        .execute()
        .await()
        .forEach(row -> held.put(row.getString("purpose"), row.getString("why")));
    return held;
  }

  /** Senders whose last word was trouble. */
  public static List<Trouble> troubles(SqlClient connection) {
    return stream(connection.query(LIST_TROUBLES).execute().await())
        .map(
            row ->
                new Trouble(
                    row.getString("carrier"),
                    row.getOffsetDateTime("free_at").toInstant(),
                    row.getString("trouble"),
                    row.getOffsetDateTime("trouble_at").toInstant()))
        .toList();
  }

  private static Line line(Row row) {
    return new Line(
        row.getLong("id"),
        row.getString("about"),
        new Phone(row.getString("to_phone")),
        row.getString("body"),
        row.getInteger("segments"),
        TextState.of(row.getString("state")),
        row.getOffsetDateTime("state_at").toInstant(),
        row.getInteger("posts"),
        row.getString("problem"));
  }

  private static Stream<Row> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }

  private static final String ADD_TEXTS =
      """
      INSERT INTO notify.text (
        to_phone, language, message_class, purpose, about, code, body, segments, answerable,
        country, occasion, budget, priority, valid_until, way, wording, lane, cost, despite_stop,
        created_at, state_at, due_at)
      SELECT d.to_phone, d.language, d.message_class, d.purpose, d.about, d.code, d.body,
             d.segments, d.answerable, d.country, d.occasion, d.budget, d.priority, d.valid_until,
             coalesce(w.way, 'sms'), CASE WHEN w.way IS NOT NULL THEN d.wording::jsonb END,
             coalesce(w.lane, own.lane, other.lane, ''),
             coalesce(w.cost, d.segments * coalesce(own.segment_cost, other.segment_cost, 0)),
             $17, $18, $18, $18
      FROM unnest(
        $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::int[], $9::boolean[], $10::text[], $11::text[], $12::text[], $13::int[],
        $14::timestamptz[], $15::text[], $16::text[]) WITH ORDINALITY AS d(
        to_phone, language, message_class, purpose, about, code, body, segments, answerable,
        country, occasion, budget, priority, valid_until, way, wording, place)
      LEFT JOIN notify.way_out w ON w.way = CASE
        WHEN d.occasion = 'answer' AND 'whatsapp' = (
          SELECT r.way FROM notify.reply r
          WHERE r.from_phone = d.to_phone AND r.arrived_at > $19
          ORDER BY r.arrived_at DESC, r.id DESC LIMIT 1)
        THEN 'whatsapp' ELSE d.way END
      LEFT JOIN notify.route own ON own.country = d.country
      LEFT JOIN notify.route other ON other.country = '*'
      ORDER BY d.place
      RETURNING id\
      """;

  private static final String WITHDRAW_THEM =
      """
      UPDATE notify.text
      SET state = CASE WHEN state = 'queued' THEN 'withdrawn' ELSE state END,
          state_at = CASE WHEN state = 'queued' THEN $3 ELSE state_at END,
          valid_until = CASE WHEN state = 'queued' THEN valid_until
                             ELSE least(valid_until, begun_at) END
      WHERE purpose = $1 AND about = ANY ($2::text[])
        AND (state = 'queued' OR state = 'submitting' OR state = 'unknown')
      """;

  private static final String WITHDRAW =
      WITHDRAW_THEM + "RETURNING state = 'withdrawn' AS withdrawn";

  private static final String WITHDRAW_CALLS = WITHDRAW_THEM + "AND way = 'voice'";

  private static final String FIND_STATES =
      """
      SELECT DISTINCT ON (about) about, state::text
      FROM notify.text
      WHERE purpose = $1 AND about = ANY ($2::text[])
      ORDER BY about, id DESC\
      """;

  private static final String LIST_TEXTS =
      """
      SELECT id, about, to_phone, body, segments, state::text AS state, state_at, posts, problem
      FROM notify.text
      WHERE purpose = $1 AND about = ANY ($2::text[])
      ORDER BY id DESC
      LIMIT $3\
      """;

  // What arrived once has arrived, whatever became of its repetition.
  private static final String FIND_TRIED =
      """
      SELECT DISTINCT ON (about) about, state::text AS state, state_at, problem,
             min(begun_at) OVER (PARTITION BY about) AS begun_at
      FROM notify.text
      WHERE purpose = $1 AND way = $2 AND about = ANY ($3::text[])
      ORDER BY about, state = 'delivered' DESC, id DESC\
      """;

  private static final String FIND_AGAIN =
      """
      SELECT l.place::int AS place
      FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY
        AS l(phone, way, since, place)
      WHERE EXISTS (SELECT FROM notify.text t
                    WHERE t.to_phone = l.phone AND t.way = l.way AND t.state = 'delivered'
                      AND t.state_at > l.since)
         OR EXISTS (SELECT FROM notify.reply r
                    WHERE r.from_phone = l.phone AND r.way = l.way AND r.arrived_at > l.since)\
      """;

  private static final String COUNT_ANSWERS =
      """
      SELECT count(*) FROM notify.text
      WHERE to_phone = $1 AND NOT answerable AND created_at > $2\
      """;

  private static final String MAY_REPEAT =
      """
      SELECT count(*) < $4 OR count(*) FILTER (WHERE about = $3) = 0 FROM notify.text
      WHERE to_phone = $1 AND NOT answerable AND created_at > $2\
      """;

  private static final String HALT =
      """
      INSERT INTO notify.halt (halted_at, halted_by, why) VALUES ($1, $2, $3)
      ON CONFLICT DO NOTHING\
      """;

  private static final String RESUME =
      """
      UPDATE notify.halt SET resumed_at = $1, resumed_by = $2, resumed_why = $3
      WHERE resumed_at IS NULL\
      """;

  private static final String HOLD =
      """
      INSERT INTO notify.hold (purpose, why, held_at) VALUES ($1, $2, $3)
      ON CONFLICT DO NOTHING\
      """;

  private static final String RELEASE =
      """
      UPDATE notify.hold SET released_at = $2, released_by = $3, released_why = $4
      WHERE purpose = $1 AND released_at IS NULL\
      """;

  private static final String LIST_HELD =
      "SELECT purpose, why FROM notify.hold WHERE released_at IS NULL";

  private static final String LIST_TROUBLES =
      """
      SELECT carrier, free_at, trouble, trouble_at FROM notify.lane
      WHERE trouble IS NOT NULL
      ORDER BY carrier\
      """;

  private static final String FIND_HALT =
      "SELECT EXISTS (SELECT FROM notify.halt WHERE resumed_at IS NULL)";
}
