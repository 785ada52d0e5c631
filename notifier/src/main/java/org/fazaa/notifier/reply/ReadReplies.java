package org.fazaa.notifier.reply;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Texts;
import org.fazaa.notifier.reply.Reading.Why;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads kept replies: what they say, which text they answer and whose that text is. What is not
 * plain, or answers nothing that we asked, goes to a person's inbox, and never silently anywhere.
 */
public final class ReadReplies implements Loop.Work {

  /** The owner of texts that notifier writes itself. */
  public static final String PURPOSE = "notifier";

  /** More replies than this of one phone in a minute are kept and not read. STOP still counts. */
  static final int READ_PER_MINUTE = 20;

  private static final String STOP_CONFIRMED = "stop-confirmed";
  private static final String START_CONFIRMED = "start-confirmed";
  private static final String UNKNOWN_SENDER = "unknown-sender";
  private static final Logger LOG = LoggerFactory.getLogger(ReadReplies.class);
  private static final int AT_ONCE = 500;
  private static final Duration VALID = Duration.ofHours(1);

  private final Pool pool;
  private final Bus bus;

  public ReadReplies(Pool pool, Bus bus) {
    this.pool = pool;
    this.bus = bus;
  }

  @Override
  public String name() {
    return "read replies";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.ReplyKept.class);
  }

  /** Each reply wakes it: in a rush those of a moment are read together. */
  @Override
  public double share() {
    return 0.25;
  }

  @Override
  public boolean run(Instant now) {
    int read = readAll(now);
    if (read > 0) {
      bus.publish(new Fact.InboxChanged());
      bus.publish(new Fact.OutboxFilled());
    }
    return read > 0;
  }

  private int readAll(Instant now) {
    try {
      return Database.inTransaction(pool, tx -> read(tx, null, now));
    } catch (Database.Away e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("replies could not be read together, now each alone", e);
      return waiting(now).stream().mapToInt(reply -> readAlone(reply, now)).sum();
    }
  }

  // One that cannot be read must not hold up the others.
  private int readAlone(long reply, Instant now) {
    try {
      return Database.inTransaction(pool, tx -> read(tx, reply, now));
    } catch (Database.Away e) {
      throw e;
    } catch (RuntimeException e) {
      boolean givenUp = Database.inTransaction(pool, tx -> Inbox.failed(tx, reply, now));
      LOG.error("reply {} could not be read, {}", reply, givenUp ? "a person must" : "yet", e);
      return givenUp ? 1 : 0;
    }
  }

  private List<Long> waiting(Instant now) {
    return Database.inTransaction(
        pool,
        tx -> {
          var due = tx.preparedQuery(FIND_KEPT).execute(Tuple.of(AT_ONCE, utc(now))).await();
          return StreamSupport.stream(due.spliterator(), false)
              .map(row -> row.getLong("id"))
              .toList();
        });
  }

  private record Kept(long id, Phone from, String body, Reading reading, boolean flooding) {}

  /**
   * What a reply belongs to.
   *
   * @param known whether we ever wrote to this phone on somebody's behalf
   * @param told whether it was told that we do not know it
   * @param changedConsent whether this reply made it stop or start
   */
  private record Context(
      Long text,
      String purpose,
      String about,
      boolean known,
      boolean told,
      boolean changedConsent) {}

  /** Where a reply goes. */
  record Verdict(String state, Meaning meaning, Why why) {

    /** What nobody owns has no need by which to say what an answer is worth. */
    int worth() {
      boolean danger = meaning == Meaning.DANGER || why == Why.DANGER;
      return danger ? Inbox.WORTH_DANGER : Inbox.WORTH_LEAST;
    }
  }

  private static int read(SqlConnection tx, Long only, Instant now) {
    var replies = kept(tx, only, now);
    if (replies.isEmpty()) {
      return 0;
    }
    var contexts = contexts(tx, replies);
    var verdicts = new ArrayList<Verdict>();
    var answered = new HashSet<Phone>();
    for (var reply : replies) {
      var context = contexts.get(reply.id());
      verdicts.add(
          decide(reply.reading(), reply.flooding(), context.known(), context.text() != null));
      if (reply.reading().meaning() == Meaning.DANGER && context.text() == null) {
        Alarm.raise(tx, Alarm.Kind.DANGER, "reply " + reply.id(), "not a volunteer's", now);
      }
      var answer = answer(reply, context);
      if (answer.isPresent() && answered.add(reply.from())) {
        send(tx, reply, answer.get(), now);
      }
    }
    tx.preparedQuery(WRITE)
        .execute(columns(replies, contexts, verdicts).addValue(utc(now)))
        .await();
    return replies.size();
  }

  static Verdict decide(Reading reading, boolean flooding, boolean known, boolean owned) {
    if (flooding && reading.meaning() != Meaning.DANGER) {
      return new Verdict("muted", reading.meaning(), Why.FLOOD);
    }
    return switch (reading.meaning()) {
      // Its owner knows best what an answer is worth, and leaves it to a person.
      case PERSON -> new Verdict(owned ? "read" : "person", Meaning.PERSON, reading.why());
      case STOP, START -> {
        var end = reading.isSure() ? "done" : "person";
        yield new Verdict(owned ? "read" : end, reading.meaning(), reading.why());
      }
      default -> {
        if (owned) {
          yield new Verdict("read", reading.meaning(), reading.why());
        }
        if (reading.meaning() == Meaning.DANGER) {
          yield new Verdict("person", Meaning.DANGER, reading.why());
        }
        var why = known && reading.code() != null ? Why.OTHER_CODE : Why.NOT_ASKED;
        yield new Verdict("person", Meaning.PERSON, why);
      }
    };
  }

  // STOP and START are confirmed once each, and a stranger is told once who we are.
  private static Optional<String> answer(Kept reply, Context context) {
    if (reply.flooding()) {
      return Optional.empty();
    }
    if (context.changedConsent()) {
      boolean stopped = reply.reading().meaning() == Meaning.STOP;
      return Optional.of(stopped ? STOP_CONFIRMED : START_CONFIRMED);
    }
    return context.known() || context.told() ? Optional.empty() : Optional.of(UNKNOWN_SENDER);
  }

  private static void send(SqlConnection tx, Kept reply, String text, Instant now) {
    if (!Outbox.mayAnswer(tx, reply.from(), now)) {
      return;
    }
    var language = CountryRules.written(reply.from(), reply.body());
    var draft =
        new Draft(
            reply.from(),
            language,
            MessageClass.SERVICE,
            PURPOSE,
            text,
            null,
            Texts.render(text, language, Map.of()),
            false,
            Occasion.ANSWER,
            null,
            Outbox.ANSWERS_FIRST,
            now.plus(VALID));
    if (text.equals(STOP_CONFIRMED)) {
      Outbox.addDespiteStop(tx, draft, now);
    } else {
      Outbox.add(tx, draft, now);
    }
  }

  private static List<Kept> kept(SqlConnection tx, Long only, Instant now) {
    var since = utc(now.minus(Duration.ofMinutes(1)));
    var kept =
        tx.preparedQuery(LOCK_KEPT).execute(Tuple.of(AT_ONCE, since, utc(now), only)).await();
    return StreamSupport.stream(kept.spliterator(), false).map(ReadReplies::kept).toList();
  }

  private static Kept kept(Row row) {
    return new Kept(
        row.getLong("id"),
        new Phone(row.getString("from_phone")),
        row.getString("body"),
        Meaning.read(row.getString("body")),
        row.getLong("lately") > READ_PER_MINUTE);
  }

  private static Map<Long, Context> contexts(SqlConnection tx, List<Kept> replies) {
    var columns =
        Tuple.tuple()
            .addValue(replies.stream().map(Kept::id).toArray(Long[]::new))
            .addValue(replies.stream().map(reply -> reply.from().e164()).toArray(String[]::new))
            .addValue(replies.stream().map(reply -> reply.reading().code()).toArray(String[]::new))
            .addValue(PURPOSE)
            .addValue(UNKNOWN_SENDER);
    var contexts = new HashMap<Long, Context>();
    tx.preparedQuery(FIND_CONTEXT)
        .execute(columns)
        .await()
        .forEach(row -> contexts.put(row.getLong("id"), context(row)));
    return contexts;
  }

  private static Context context(Row row) {
    boolean meant = Boolean.TRUE.equals(row.getBoolean("meant"));
    return new Context(
        meant ? row.getLong("text_id") : null,
        row.getString("purpose"),
        meant ? row.getString("about") : null,
        row.getBoolean("known"),
        row.getBoolean("told"),
        row.getBoolean("changed_consent"));
  }

  private static Tuple columns(
      List<Kept> replies, Map<Long, Context> contexts, List<Verdict> verdicts) {
    var found = replies.stream().map(reply -> contexts.get(reply.id())).toList();
    return Tuple.tuple()
        .addValue(replies.stream().map(Kept::id).toArray(Long[]::new))
        .addValue(verdicts.stream().map(Verdict::state).toArray(String[]::new))
        .addValue(verdicts.stream().map(v -> v.meaning().tag()).toArray(String[]::new))
        .addValue(replies.stream().map(reply -> reply.reading().code()).toArray(String[]::new))
        .addValue(verdicts.stream().map(v -> v.why().tag()).toArray(String[]::new))
        .addValue(found.stream().map(Context::text).toArray(Long[]::new))
        .addValue(found.stream().map(Context::purpose).toArray(String[]::new))
        .addValue(found.stream().map(Context::about).toArray(String[]::new))
        .addValue(verdicts.stream().map(Verdict::worth).toArray(Integer[]::new));
  }

  private static final String LOCK_KEPT =
      """
      SELECT id, from_phone, body,
             (SELECT count(*) FROM notify.reply earlier
              WHERE earlier.from_phone = reply.from_phone AND earlier.arrived_at > $2
                AND earlier.id <= reply.id) AS lately
      FROM notify.reply
      WHERE state = 'kept' AND (try_at IS NULL OR try_at <= $3)
        AND ($4::bigint IS NULL OR id = $4)
      ORDER BY id
      LIMIT $1
      FOR UPDATE SKIP LOCKED\
      """;

  private static final String FIND_KEPT =
      """
      SELECT id FROM notify.reply
      WHERE state = 'kept' AND (try_at IS NULL OR try_at <= $2)
      ORDER BY id
      LIMIT $1\
      """;

  // A code names its text, whether that asked for an answer or not; a bare answer means the newest
  // text that asked this phone something.
  private static final String FIND_CONTEXT =
      """
      SELECT r.id, t.id AS text_id, t.purpose, t.about, t.meant,
             EXISTS (SELECT FROM notify.text any_text
                     WHERE any_text.to_phone = r.phone AND any_text.purpose <> $4) AS known,
             EXISTS (SELECT FROM notify.text told
                     WHERE told.to_phone = r.phone AND told.purpose = $4
                       AND told.about = $5) AS told,
             EXISTS (SELECT FROM notify.consent_change c
                     WHERE c.reply_id = r.id) AS changed_consent
      FROM unnest($1::bigint[], $2::text[], $3::text[]) AS r(id, phone, code)
      LEFT JOIN LATERAL (
        SELECT id, purpose, about, r.code IS NULL OR code IS NOT DISTINCT FROM r.code AS meant
        FROM notify.text
        WHERE to_phone = r.phone AND posts > 0 AND (answerable OR code = r.code)
        ORDER BY meant DESC, id DESC
        LIMIT 1) t ON true\
      """;

  private static final String WRITE =
      """
      UPDATE notify.reply r
      SET state = v.state, meaning = v.meaning, code = v.code, text_id = v.text_id,
          why = CASE WHEN v.why = 'empty' AND EXISTS (
                       SELECT FROM notify.attachment a WHERE a.reply_id = r.id)
                     THEN 'attached' ELSE v.why END,
          purpose = v.purpose, about = v.about, worth = v.worth,
          done_at = CASE WHEN v.state IN ('done', 'muted') THEN $10::timestamptz END
      FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],
        $7::text[], $8::text[], $9::int[])
        AS v(id, state, meaning, code, why, text_id, purpose, about, worth)
      WHERE r.id = v.id\
      """;
}
