package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Pauses;
import org.fazaa.config.Invariant.Says;
import org.fazaa.config.Invariant.Violation;
import org.fazaa.notifier.reply.Inbox;

/**
 * What must be true of needs and offers. Each statement begins at what is open: a need that is over
 * cannot be paused any more.
 */
public final class Invariants {

  private Invariants() {}

  private static final String PLACES_ARE_COUNTED =
      """
      SELECT n.id::text,
             'need ' || n.id || ' counts ' || n.filled || ' places and ' || n.standby
               || ' on standby, its offers ' || h.assigned || ' and ' || h.standby || ', of '
               || n.people || ' wanted and ' || n.surplus || ' promised before'
      FROM dispatch.need n
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state = 'assigned') AS assigned,
               count(*) FILTER (WHERE state = 'standby') AS standby
        FROM dispatch.offer
        WHERE need = n.id AND state IN ('open', 'assigned', 'standby')) h
      WHERE n.state <> 'closed'
        AND (n.filled <> h.assigned OR n.standby <> h.standby OR n.filled > n.people + n.surplus)\
      """;

  private static final String NO_ORPHANS =
      """
      SELECT n.id::text, 'offer ' || o.id || ' is open in need ' || n.id || ', which is closed'
      FROM dispatch.offer o JOIN dispatch.need n ON n.id = o.need AND n.state = 'closed'
      WHERE o.state = 'open'
      UNION ALL
      -- whoever says stop leaves what they promised; a member of staff may have phoned since
      SELECT n.id::text, 'offer ' || o.id || ' is held by somebody who said stop'
      FROM dispatch.need n
      JOIN dispatch.offer o ON o.need = n.id AND o.state = 'assigned' AND o.entered_by IS NULL
      JOIN dispatch.volunteer v ON v.id = o.volunteer
        AND v.stopped_at < $1::timestamptz - interval '1 minute'
      WHERE n.state <> 'closed'
        AND NOT EXISTS (SELECT FROM dispatch.offer_event e
                        WHERE e.need = n.id AND e.offer = o.id AND e.what = 'assigned'
                          AND e.by_staff IS NOT NULL AND e.at >= v.stopped_at)
      UNION ALL
      -- what a person could do when they accepted is known while it is fresh
      SELECT n.id::text, 'offer ' || o.id || ' was accepted by somebody '
               || CASE WHEN v.active THEN 'without the skills' ELSE 'who has left' END
      FROM dispatch.need n
      JOIN dispatch.offer o ON o.need = n.id AND o.state = 'assigned' AND o.entered_by IS NULL
      JOIN dispatch.volunteer v ON v.id = o.volunteer
      WHERE n.state <> 'closed' AND (NOT v.active OR NOT v.skills @> n.skills)
        AND o.answered_at > $1::timestamptz - interval '10 minutes'
        AND NOT EXISTS (SELECT FROM dispatch.offer_event e
                        WHERE e.need = n.id AND e.offer = o.id AND e.what = 'assigned'
                          AND e.by_staff IS NOT NULL)\
      """;

  private static final String NOBODY_TWICE =
      """
      WITH held AS (
        SELECT o.id, o.volunteer, n.id AS need, n.starts_at, n.ends_at
        FROM dispatch.need n JOIN dispatch.offer o ON o.need = n.id AND o.state = 'assigned'
        WHERE n.state <> 'closed')
      SELECT a.need::text,
             'offers ' || least(a.id, b.id) || ' and ' || greatest(a.id, b.id)
               || ' hold the same person at the same time'
      FROM held a
      JOIN held b ON b.volunteer = a.volunteer AND b.id <> a.id
        AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at\
      """;

  private static final String NOTHING_WAITS_FOR_EVER =
      """
      SELECT need::text, 'offer ' || id || ' is open after its time'
      FROM dispatch.offer
      WHERE state = 'open' AND valid_until < $1::timestamptz - interval '60 seconds'
      UNION ALL
      -- a round is planned unless it is overdue by five minutes or lies where none is held
      SELECT n.id::text, 'need ' || n.id || ' has free places, and nobody is asked'
      FROM dispatch.need n
      WHERE n.state = 'calling' AND n.filled < n.people AND n.needs_human_at IS NULL
        AND n.ends_at > $1::timestamptz
        AND (n.next_round_at < $1::timestamptz - interval '5 minutes'
             OR (n.next_round_at >= n.ends_at
                 AND n.last_wave_at < $1::timestamptz - interval '5 minutes'))
        AND NOT EXISTS (SELECT FROM dispatch.offer o
                        WHERE o.need = n.id AND o.state = 'open'
                          AND o.valid_until > $1::timestamptz)\
      """;

  /** Whose answers took effect lately: the newest {@code 20,000} things that replies did. */
  private static final String LIST_ANSWERED =
      """
      SELECT DISTINCT e.need, e.offer, e.reply
      FROM (SELECT * FROM dispatch.offer_event ORDER BY id DESC LIMIT 20000) e
      JOIN dispatch.need n ON n.id = e.need AND n.state <> 'closed'
      WHERE e.reply IS NOT NULL
        AND e.what IN ('assigned', 'standby', 'too_late', 'declined', 'withdrawn')\
      """;

  /** All of them, by number. */
  public static final List<Invariant> ALL =
      List.of(
          new Invariant(
              "10",
              new Says(
                  "الأماكن المعدودة في كل احتياج هي التي قُبلت، ولا تزيد على المطلوب",
                  "The places counted in a need are those that were accepted, and no more than it"
                      + " asks for"),
              new Says(
                  "عُدّ القادمين باسمائهم، وأبلغ الزائد، ثم اسمح بالمتابعة",
                  "Count those who come by name, tell anybody who is too many, then let it go on"),
              Pauses.NEED,
              Invariant.rows(PLACES_ARE_COUNTED)),
          new Invariant(
              "11",
              new Says(
                  "لا عرض مفتوح في احتياج مغلق، ولا مكان لمن أوقف الرسائل أو لا يملك المهارة",
                  "No offer is open in a closed need, and no place is held by somebody who said"
                      + " stop or lacks the skill"),
              new Says(
                  "اتصل بصاحب المكان، وحرّر المكان إن لم يكن قادمًا",
                  "Phone whoever holds the place, and free it unless they come"),
              Pauses.NEED,
              Invariant.rows(NO_ORPHANS)),
          new Invariant(
              "12",
              new Says(
                  "لا أحد في مكانين في وقت واحد",
                  "Nobody is expected at two places at the same time"),
              new Says(
                  "اسأل الشخص أين يكون، وحرّر المكان الآخر",
                  "Ask the person where they will be, and free the other place"),
              Pauses.NEED,
              Invariant.rows(NOBODY_TWICE)),
          new Invariant(
              "13",
              new Says(
                  "لا عرض مفتوح بعد وقته بدقيقة، ولا احتياج ناقص خمس دقائق بلا سؤال أحد",
                  "No offer is open a minute after its time, and no need with free places goes five"
                      + " minutes without anybody being asked"),
              new Says(
                  "انظر هل تعمل حلقات النداء، واتصل بالناس بنفسك إلى أن تعمل",
                  "See whether the loops that call out are running, and phone people until they"
                      + " do"),
              Pauses.NEED,
              Invariant.rows(NOTHING_WAITS_FOR_EVER)),
          new Invariant(
              "15",
              new Says(
                  "لا يُجاب عن عرض من رقم لم يُرسل إليه",
                  "No offer is answered by a number that it was not sent to"),
              new Says(
                  "اتصل بصاحب العرض على رقمه المسجل وتأكد منه",
                  "Phone the person on the number we know, and make sure of what they said"),
              Pauses.NEED,
              (tx, now) -> answeredByOthers(tx)));

  // The offers are known here and the numbers to the notifier.
  private static List<Violation> answeredByOthers(SqlConnection tx) {
    var needs = new HashMap<Inbox.Answered, String>();
    for (var row : tx.query(LIST_ANSWERED).execute().await()) {
      var about = new OfferId(row.getLong("offer")).about();
      var answered = new Inbox.Answered(row.getLong("reply"), about);
      needs.put(answered, row.getLong("need").toString());
    }
    var details = new TreeMap<String, List<String>>();
    for (var one : Inbox.answeredByOthers(tx, Channel.PURPOSE, List.copyOf(needs.keySet()))) {
      details
          .computeIfAbsent(needs.get(one), any -> new ArrayList<>())
          .add("offer " + one.about() + " was answered by reply " + one.reply());
    }
    return details.entrySet().stream().map(Invariants::violation).toList();
  }

  private static Violation violation(Map.Entry<String, List<String>> need) {
    var details = need.getValue();
    var first = details.subList(0, Math.min(Invariant.DETAILS_MAX, details.size()));
    return new Violation(Optional.of(need.getKey()), details.size(), List.copyOf(first));
  }
}
