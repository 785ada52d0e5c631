package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Pauses;
import org.fazaa.config.Invariant.Says;
import org.fazaa.config.Invariant.Violation;

/**
 * What must be true of texts and replies. Each statement looks at what is recent, by numbers that
 * only grow, so that its cost does not grow with the tables; at full speed a text is seen several
 * times before it is out of sight.
 */
public final class Invariants {

  private Invariants() {}

  private static final String EVERY_REPLY_ENDS =
      """
      -- kept or read and nothing came of it; a person's decision starts the minute anew. While
      -- earlier ones had their effect in the last minute it only waits its turn: told, and nothing
      -- is stopped, which would make a rush worse
      SELECT CASE WHEN about IS NOT NULL AND id < coalesce(moving.last, id + 1)
                  THEN purpose || ':' || about END,
             'reply ' || id || ' has come to nothing since '
               || to_char(greatest(arrived_at, decided_at) AT TIME ZONE 'UTC', 'HH24:MI:SS') || 'Z'
      FROM notify.reply,
        (SELECT max(d.id) AS last
         FROM (SELECT id, done_at FROM notify.reply ORDER BY id DESC LIMIT 200000) d
         WHERE d.done_at > $1::timestamptz - interval '60 seconds') moving
      WHERE (state = 'kept' OR state = 'read')
        AND greatest(arrived_at, decided_at) < $1::timestamptz - interval '60 seconds'
      UNION ALL
      -- a yes that had its effect, and no text written with it says place, standby or taken
      SELECT CASE WHEN about IS NOT NULL THEN purpose || ':' || about END,
             'reply ' || id || ' was a yes and came to "' || outcome || '", and no text says so'
      FROM (SELECT * FROM notify.reply ORDER BY id DESC LIMIT 20000) r
      WHERE meaning = 'yes' AND state = 'done'
        AND outcome IN ('assigned', 'already theirs', 'standby', 'full', 'closed', 'busy then')
        AND NOT EXISTS (SELECT FROM notify.text t
                        WHERE t.to_phone = r.from_phone
                          AND (t.created_at >= r.done_at
                            -- a repetition is not told for ever
                            OR (r.outcome <> 'assigned' AND NOT t.answerable
                              AND t.created_at >= r.done_at - interval '10 minutes')))\
      """;

  private static final String SENT_ONCE =
      """
      -- submissions are POSTs that a carrier took or may have taken; a second one is for a matter
      -- of life alone, after one whose end was unknown, and never after one that was accepted
      SELECT t.purpose,
             'text ' || t.id || ' was submitted ' || s.many || ' times after ' || t.unknowns
               || ' unknown, accepted ' || s.accepted || ' times'
      FROM (
        SELECT text_id, count(*) AS many, count(*) FILTER (WHERE outcome = 'accepted') AS accepted,
               max(posted_at) FILTER (WHERE outcome = 'accepted') AS posted_last,
               min(answered_at) FILTER (WHERE outcome = 'accepted') AS accepted_first
        FROM notify.attempt
        WHERE text_id IN (
            SELECT text_id FROM notify.attempt
            WHERE text_id > (SELECT max(id) - 100000 FROM notify.text)
            GROUP BY text_id
            HAVING count(*) > 1)
          AND (outcome IN ('accepted', 'unknown') OR outcome IS NULL)
        GROUP BY text_id
        HAVING count(*) > 1) s
      JOIN notify.text t ON t.id = s.text_id
      WHERE s.many > 2 OR s.many > 1 + t.unknowns
        OR t.message_class <> 'life-safety' OR NOT t.answerable
        OR s.posted_last > s.accepted_first
      UNION ALL
      -- a carrier that names two messages for one text took it twice, whatever we believe
      SELECT t.purpose, 'text ' || t.id || ' is ' || s.many || ' messages at its carrier'
      FROM (
        SELECT text_id, count(DISTINCT sid) AS many
        FROM (SELECT * FROM notify.status_seen ORDER BY id DESC LIMIT 50000) lately
        WHERE text_id IS NOT NULL
        GROUP BY text_id
        HAVING count(DISTINCT sid) > 1) s
      JOIN notify.text t ON t.id = s.text_id
      WHERE s.many > 1 + t.unknowns
      UNION ALL
      -- one question per thing asked about, however many notices follow, and though one that did
      -- not reach a phone that was off is written once more
      SELECT purpose, 'texts ' || min(id) || ' and ' || max(id) || ' both ask about ' || about
      FROM notify.text
      WHERE id > (SELECT max(id) - 50000 FROM notify.text) AND answerable AND posts > 0
        AND repeat_of IS NULL
      GROUP BY purpose, about
      HAVING count(*) > 1\
      """;

  private static final String ONLY_WHILE_ALLOWED =
      """
      WITH begun AS MATERIALIZED (
        SELECT t.id, t.purpose, t.to_phone, t.despite_stop, t.valid_until, a.posted_at
        FROM (SELECT text_id, posted_at FROM notify.attempt ORDER BY fence DESC LIMIT 50000) a
        JOIN notify.text t ON t.id = a.text_id
        WHERE a.posted_at > $1::timestamptz - interval '30 minutes')
      -- opted out for more than a second, and not opted in again
      SELECT b.purpose, 'text ' || b.id || ' began to leave after its reader had said stop'
      FROM begun b
      JOIN notify.consent_change c ON c.phone = b.to_phone AND c.stopped
        AND c.changed_at < b.posted_at - interval '1 second'
      WHERE NOT b.despite_stop
        AND NOT EXISTS (SELECT FROM notify.consent_change later
                        WHERE later.phone = c.phone AND later.id > c.id
                          AND later.changed_at <= b.posted_at)
      UNION ALL
      SELECT purpose, 'text ' || id || ' began to leave after it had expired'
      FROM begun WHERE posted_at > valid_until\
      """;

  /** The rules of the countries are no table: what began is looked at by the minute. */
  private static final String LIST_BEGUN =
      """
      SELECT t.country, t.message_class, t.occasion, t.purpose,
             max(a.posted_at) AS posted_at, max(t.id) AS text_id, count(*)::int AS many
      FROM (SELECT text_id, posted_at FROM notify.attempt ORDER BY fence DESC LIMIT 50000) a
      JOIN notify.text t ON t.id = a.text_id
      WHERE a.posted_at > $1::timestamptz - interval '30 minutes'
        AND t.occasion IN ('ask', 'thanks') AND t.message_class IN ('service', 'fund')
      GROUP BY t.country, t.message_class, t.occasion, t.purpose, date_trunc('minute', a.posted_at)\
      """;

  private static final String NOT_TOO_OFTEN =
      """
      -- what nobody waits for, outside matters of life, by when it began to leave: whoever got
      -- some in the last minutes is counted back over a day
      WITH lately AS (
        SELECT DISTINCT t.to_phone
        FROM (SELECT text_id, posted_at FROM notify.attempt ORDER BY fence DESC LIMIT 50000) a
        JOIN notify.text t ON t.id = a.text_id
        WHERE a.posted_at > $1::timestamptz - interval '10 minutes'
          AND t.occasion IN ('alarm', 'ask', 'thanks') AND t.message_class <> 'life-safety'),
      got AS (
        SELECT t.id, t.purpose, t.begun_at,
               lag(t.begun_at, 4) OVER person AS fourth_before,
               lag(t.begun_at, 10) OVER person AS tenth_before
        FROM lately
        JOIN notify.text t ON t.to_phone = lately.to_phone
          AND t.occasion IN ('alarm', 'ask', 'thanks') AND t.message_class <> 'life-safety'
          AND t.begun_at > $1::timestamptz - interval '25 hours'
          AND t.state NOT IN ('queued', 'refused', 'withdrawn')
        WINDOW person AS (PARTITION BY t.to_phone ORDER BY t.begun_at, t.id))
      SELECT purpose,
             'text ' || id || ' disturbs somebody for the '
               || CASE WHEN fourth_before > begun_at - interval '1 hour'
                       THEN 'fifth time in an hour' ELSE 'eleventh time in a day' END
      FROM got
      WHERE fourth_before > begun_at - interval '1 hour'
        OR tenth_before > begun_at - interval '1 day'
      UNION ALL
      -- whose texts they are, where that can still be seen
      SELECT (SELECT t.purpose FROM (SELECT * FROM notify.text ORDER BY id DESC LIMIT 50000) t
              WHERE t.budget = b.name LIMIT 1),
             'budget ' || b.name || ' has spent ' || b.spent || ' of ' || b.cap
      FROM notify.budget b
      WHERE b.spent > b.cap\
      """;

  private static final String NOTHING_STUCK =
      """
      SELECT purpose, 'text ' || id || ' is ' || state || ' since '
               || to_char(state_at AT TIME ZONE 'UTC', 'HH24:MI:SS') || 'Z'
      FROM notify.text
      WHERE (state = 'submitting' OR state = 'unknown')
        AND state_at < $1::timestamptz - interval '120 seconds'
      UNION ALL
      -- leases run by the database's own clock
      SELECT purpose, 'text ' || id || ' is held by a lease that is over'
      FROM notify.text
      WHERE (state = 'submitting' OR state = 'unknown')
        AND lease_until < clock_timestamp() - interval '60 seconds'
      UNION ALL
      -- names no purpose: whoever can write something odd must not be able to stop the sending
      SELECT NULL, 'reply ' || id || ' could not be handled, and nobody has looked'
      FROM notify.reply
      WHERE state = 'person' AND why = 'fault'
        AND arrived_at < $1::timestamptz - interval '15 minutes'\
      """;

  private static final String BOTH_SIDES_AGREE =
      """
      -- what only the carrier has names no purpose: it may be anybody's who has our key
      SELECT t.purpose, CASE s.known_by
               WHEN 'us' THEN 'text ' || s.text_id || ' was accepted, and its carrier has no such'
               ELSE 'message ' || s.sid || ' at ' || s.carrier || ' is not ours' END
      FROM notify.stray s
      LEFT JOIN notify.text t ON t.id = s.text_id AND s.known_by = 'us'
      WHERE s.settled_at IS NULL\
      """;

  private static final String DELIVERED_AS_EVER =
      """
      -- a fall of more than 15 points, on at least 100 texts; a rise is a recovery
      SELECT purpose, round(100 * share) || ' of 100 delivered in ten minutes, '
               || round(100 * before) || ' of 100 before'
      FROM (
        SELECT purpose,
               avg((state = 'delivered')::int) FILTER (WHERE late) AS share,
               avg((state = 'delivered')::int) FILTER (WHERE NOT late) AS before
        FROM (
          SELECT purpose, state, state_at > $1::timestamptz - interval '10 minutes' AS late
          FROM (SELECT purpose, state, state_at FROM notify.text ORDER BY id DESC LIMIT 50000) t
          WHERE state IN ('delivered', 'failed')
            AND state_at > $1::timestamptz - interval '1 day') ended
        GROUP BY purpose
        HAVING count(*) FILTER (WHERE late) >= 100 AND count(*) FILTER (WHERE NOT late) >= 100
        ) shares
      WHERE share < before - 0.15
      UNION ALL
      -- from acceptance to the first status, of at least 20 texts; names no purpose, for a status
      -- that is late comes no sooner when nothing is sent
      SELECT NULL, 'the slowest twentieth of ' || many || ' texts waits for a status for '
               || round(lag) || ' seconds'
      FROM (
        SELECT count(*) AS many, percentile_disc(0.95) WITHIN GROUP (ORDER BY
                 extract(epoch FROM coalesce(s.arrived_at, $1::timestamptz) - a.answered_at)) AS lag
        FROM (SELECT * FROM notify.attempt ORDER BY fence DESC LIMIT 20000) a
        LEFT JOIN LATERAL (SELECT min(arrived_at) AS arrived_at FROM notify.status_seen
                           WHERE text_id = a.text_id) s ON true
        WHERE a.outcome = 'accepted'
          AND a.answered_at > $1::timestamptz - interval '11 minutes'
          AND a.answered_at < $1::timestamptz - interval '70 seconds') waits
      WHERE many >= 20 AND lag > 60
      UNION ALL
      -- names no purpose: whoever can post something must not be able to stop the sending
      SELECT NULL, times || ' webhooks came with a wrong signature'
      FROM notify.alarm
      WHERE kind = 'signatures' AND seen_at IS NULL
        AND last_at > $1::timestamptz - interval '10 minutes'\
      """;

  private static final Invariant.Check STOP_AND_TIME = Invariant.rows(ONLY_WHILE_ALLOWED);

  /** All of them, by number. */
  public static final List<Invariant> ALL =
      List.of(
          new Invariant(
              "14",
              new Says(
                  "كل رد له نتيجة خلال دقيقة، وكل «نعم» يصلها جواب",
                  "Every reply has come to something within a minute, and every yes is told what"),
              new Says(
                  "انظر هل تعمل حلقات قراءة الردود، وأجب المتأخرين بنفسك",
                  "See whether the loops that read replies are running; answer the late ones by"
                      + " hand"),
              Pauses.ABOUT,
              Invariant.rows(EVERY_REPLY_ENDS)),
          new Invariant(
              "16",
              new Says(
                  "كل رسالة تُسلَّم للناقل مرة واحدة، ومرتين على الأكثر إن جُهل مصير الأولى والأمر"
                      + " حياة",
                  "Every text is submitted once; twice at most, if the end of the first was unknown"
                      + " and a life may depend on it"),
              new Says(
                  "قارن هذه الرسائل بسجل الناقل قبل أن تسمح بالإرسال من جديد",
                  "Compare these texts with the carrier's log before you let any leave again"),
              Pauses.PURPOSE,
              Invariant.rows(SENT_ONCE)),
          new Invariant(
              "17",
              new Says(
                  "لا يبدأ إرسال رسالة بعد رفض صاحبها بثانية ولا بعد وقتها ولا في ساعات الراحة",
                  "No text begins to leave a second after its reader said stop, after its time, or"
                      + " while its country sleeps"),
              new Says(
                  "انظر كيف خرجت هذه الرسائل، واعتذر لأصحابها",
                  "Find out how these texts came to leave, and apologise to their readers"),
              Pauses.PURPOSE,
              (tx, now) -> whileAllowed(tx, now)),
          new Invariant(
              "18",
              new Says(
                  "لا يُزعج أحد أكثر من 4 مرات في الساعة ولا 10 في اليوم إلا لحفظ الأرواح، ولا"
                      + " تتجاوز الرسائل ميزانيتها",
                  "Nobody is asked more than 4 times an hour or 10 times a day, unless to save a"
                      + " life"),
              new Says(
                  "انظر أي نداءات تسأل الأشخاص أنفسهم",
                  "See which call-outs keep asking the same people"),
              Pauses.PURPOSE,
              Invariant.rows(NOT_TOO_OFTEN)),
          new Invariant(
              "19",
              new Says(
                  "لا يبقى مصير رسالة مجهولًا فوق دقيقتين، ولا رد متعثر فوق ربع ساعة بلا نظر",
                  "No text is in doubt for more than two minutes, and no reply that failed lies"
                      + " unseen for a quarter of an hour"),
              new Says(
                  "انظر هل يجيب الناقل عن الرسائل، ثم اقرأ الردود المتعثرة في صندوق الوارد",
                  "See whether the carrier answers when it is asked, and read what waits in the"
                      + " inbox"),
              Pauses.PURPOSE,
              Invariant.rows(NOTHING_STUCK)),
          new Invariant(
              "20",
              new Says(
                  "كل رسالة عند الناقل معروفة هنا، وكل رسالة قبلها معروفة عنده",
                  "Every message that the carrier has is known here, and every one it accepted is"
                      + " there"),
              new Says(
                  "قارن سجل الناقل بسجلنا، وبدّل المفتاح إن أرسل به غيرنا",
                  "Compare the carrier's log with ours; change the key if somebody else sends with"
                      + " it"),
              Pauses.PURPOSE,
              Invariant.rows(BOTH_SIDES_AGREE)),
          new Invariant(
              "21",
              new Says(
                  "نسبة ما يصل خلال عشر دقائق لا تهبط 15 نقطة عن نسبة اليوم، والناقل يخبر خلال"
                      + " دقيقة",
                  "What arrives in ten minutes is not 15 points below the day's share, and the"
                      + " carrier says so within a minute"),
              new Says(
                  "انظر أخطاء التسليم عند الناقل، وجرّب قناة أخرى",
                  "Look at the carrier's delivery errors, and try another channel"),
              Pauses.PURPOSE,
              Invariant.rows(DELIVERED_AS_EVER)));

  private static List<Violation> whileAllowed(SqlConnection tx, Instant now) {
    var found = new ArrayList<>(STOP_AND_TIME.run(tx, now));
    for (var row : tx.preparedQuery(LIST_BEGUN).execute(Tuple.of(utc(now))).await()) {
      var at = row.getOffsetDateTime("posted_at").toInstant();
      var messageClass = MessageClass.of(row.getString("message_class"));
      var occasion = Occasion.of(row.getString("occasion"));
      var rules = CountryRules.of(row.getString("country"));
      if (rules.quietUntil(messageClass, occasion, at).isEmpty()) continue;
      var detail = "text " + row.getLong("text_id") + " began to leave while its country sleeps";
      found.add(
          new Violation(
              Optional.of(row.getString("purpose")), row.getInteger("many"), List.of(detail)));
    }
    return merged(found);
  }

  /** One for each subject. */
  private static List<Violation> merged(List<Violation> found) {
    var bySubject = new LinkedHashMap<Optional<String>, Violation>();
    found.forEach(one -> bySubject.merge(one.subject(), one, Invariants::together));
    return List.copyOf(bySubject.values());
  }

  private static Violation together(Violation one, Violation other) {
    var details =
        Stream.concat(one.details().stream(), other.details().stream())
            .limit(Invariant.DETAILS_MAX)
            .toList();
    return new Violation(one.subject(), one.rows() + other.rows(), details);
  }
}
