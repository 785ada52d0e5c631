package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.TextState;

/** What places that are taken or become free mean for everybody else. The need is locked. */
final class Places {
  private Places() {}

  /**
   * Gives open places to those on standby, who waited longest first, and tells them. Whom no text
   * would tell, and who lacks a skill by now, stays where they are.
   */
  static List<Offer> promote(SqlConnection tx, Need need, Instant now) {
    return need.standby() == 0 ? List.of() : moveUp(tx, need, State.STANDBY, now);
  }

  /** Those of these needs for which somebody comes if nobody else is left. */
  static Set<NeedId> withLast(SqlConnection tx, List<NeedId> needs) {
    if (needs.isEmpty()) return Set.of();
    var ids = needs.stream().map(NeedId::value).toArray(Long[]::new);
    var found = new HashSet<NeedId>();
    for (var row : tx.preparedQuery(FIND_LAST).execute(Tuple.of((Object) ids)).await()) {
      found.add(new NeedId(row.getLong("need")));
    }
    return found;
  }

  /** Gives open places to those who come only when nobody else is left, and tells them. */
  static List<Offer> promoteLast(SqlConnection tx, Need need, Instant now) {
    var promoted = moveUp(tx, need, State.OPEN, now);
    if (!promoted.isEmpty() && promoted.size() == need.places()) {
      standDownSilent(tx, need, false, now);
    }
    return promoted;
  }

  private static List<Offer> moveUp(SqlConnection tx, Need need, State from, Instant now) {
    // They are held before anything is read of them: another need may be giving them a place.
    tx.preparedQuery(LOCK_WAITING).execute(Tuple.of(need.id().value(), from.word())).await();
    var rows =
        tx.preparedQuery(PROMOTE)
            .execute(Tuple.of(need.id().value(), Database.utc(now), from.word()))
            .await();
    var promoted = new ArrayList<Offer>();
    for (var row : rows) promoted.add(Offer.of(row));
    if (promoted.isEmpty()) return promoted;
    refreshBusy(tx, promoted.stream().map(Offer::volunteer).toList(), now);
    Outbox.put(tx, promoted.stream().map(one -> Notice.PROMOTED.to(one, need, now)).toList(), now);
    return promoted;
  }

  /**
   * The silent are no longer needed. Texts that have not left never will; of the others only those
   * who might still answer are told. Who is to be the last is kept for as long as the need lasts.
   *
   * @param over whether the need is
   */
  static void standDownSilent(SqlConnection tx, Need need, boolean over, Instant now) {
    var rows =
        tx.preparedQuery(STAND_DOWN)
            .execute(Tuple.of(need.id().value(), Database.utc(now), over))
            .await();
    var silent = new ArrayList<Offer>();
    for (var row : rows) silent.add(Offer.of(row));
    if (silent.isEmpty()) return;
    var abouts = silent.stream().map(offer -> offer.id().about()).toList();
    Outbox.withdraw(tx, Channel.PURPOSE, abouts, now);
    var states = Outbox.states(tx, Channel.PURPOSE, abouts);
    var told =
        silent.stream()
            .filter(offer -> mayHaveRead(states.get(offer.id().about())))
            .filter(offer -> mayStillAnswer(offer, now))
            .map(offer -> Notice.STOOD_DOWN.to(offer, need, now))
            .toList();
    Outbox.put(tx, told, now);
  }

  /** The roster's idea of when these people are taken, after what they have promised. */
  static void refreshBusy(SqlConnection tx, Collection<VolunteerId> people, Instant now) {
    var ids = people.stream().map(VolunteerId::value).sorted().toArray(Long[]::new);
    Database.later(tx.preparedQuery(REFRESH_BUSY).execute(Tuple.of(ids, Database.utc(now))));
  }

  private static boolean mayStillAnswer(Offer offer, Instant now) {
    return Delay.FIRST.mayStillAnswer(offer.rate(), Duration.between(offer.askedAt(), now));
  }

  private static boolean mayHaveRead(TextState state) {
    return switch (state) {
      case SUBMITTING, UNKNOWN, ACCEPTED, SENT, DELIVERED -> true;
      case QUEUED, REFUSED, WITHDRAWN, EXPIRED, FAILED -> false;
      case null -> false;
    };
  }

  private static final String FIND_LAST =
      """
      SELECT DISTINCT need FROM dispatch.offer
      WHERE need = ANY ($1::bigint[]) AND state = 'open' AND last_resort
      """;

  private static final String LOCK_WAITING =
      """
      SELECT v.id
      FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer
      WHERE o.need = $1 AND o.state = $2 AND (o.state = 'standby' OR o.last_resort)
      ORDER BY v.id
      FOR NO KEY UPDATE OF v
      """;

  private static final String PROMOTE =
      """
      WITH free AS (
        SELECT GREATEST(0, people - filled) AS places FROM dispatch.need WHERE id = $1
      ), up AS (
        UPDATE dispatch.offer o
        SET state = 'assigned', changed_at = $2, leaning = false, last_resort = false
        FROM (
          SELECT s.id FROM dispatch.offer s
          WHERE s.need = $1 AND s.state = $3 AND (s.state = 'standby' OR s.last_resort)
            AND EXISTS (
              SELECT FROM dispatch.volunteer v JOIN dispatch.need n ON n.id = s.need
              WHERE v.id = s.volunteer AND v.skills @> n.skills
                AND coalesce(v.stopped_at, v.unreachable_at, v.wrong_number_at) IS NULL)
            AND NOT EXISTS (
            SELECT FROM dispatch.offer h
            JOIN dispatch.need hn ON hn.id = h.need
            JOIN dispatch.need n ON n.id = s.need
            WHERE h.volunteer = s.volunteer AND h.state = 'assigned' AND hn.id <> n.id
              AND hn.state <> 'closed' AND hn.starts_at < n.ends_at AND hn.ends_at > n.starts_at)
          ORDER BY s.answered_at, s.id
          LIMIT (SELECT places FROM free)
        ) first
        WHERE o.id = first.id
        RETURNING o.*
      ), event AS (
        INSERT INTO dispatch.offer_event (offer, need, at, what)
        SELECT id, need, $2, 'promoted' FROM up
      ), counted AS (
        UPDATE dispatch.need n
        SET filled = filled + up.many,
            standby = standby - CASE WHEN $3 = 'standby' THEN up.many ELSE 0 END,
            yes = yes + CASE WHEN $3 = 'standby' THEN 0 ELSE up.many END,
            needs_human_at = CASE WHEN filled + up.many < people THEN needs_human_at END,
            next_round_at = CASE WHEN state = 'calling' AND filled + up.many >= people
                                 THEN ends_at ELSE next_round_at END
        FROM (SELECT count(*)::int AS many FROM up) up
        WHERE n.id = $1
      )
      SELECT\s
      """
          + Offer.COLUMNS
          + """
          FROM up o JOIN dispatch.volunteer v ON v.id = o.volunteer
          ORDER BY o.id
          """;

  private static final String STAND_DOWN =
      """
      WITH silent AS (
        UPDATE dispatch.offer SET state = 'stood_down', changed_at = $2
        WHERE need = $1 AND state = 'open' AND ($3 OR NOT last_resort)
        RETURNING *
      )
      SELECT\s
      """
          + Offer.COLUMNS
          + """
          FROM silent o JOIN dispatch.volunteer v ON v.id = o.volunteer
          ORDER BY o.id
          """;

  // What each of them has promised, never all that is live: so written, no index of that fits.
  private static final String REFRESH_BUSY =
      """
      UPDATE dispatch.volunteer v SET busy_from = b.busy_from, busy_until = b.busy_until
      FROM (
        SELECT p.id, min(n.starts_at) AS busy_from, max(n.ends_at) AS busy_until
        FROM UNNEST($1::bigint[]) AS p (id)
        LEFT JOIN dispatch.offer o ON o.volunteer = p.id AND o.state || '' = 'assigned'
        LEFT JOIN dispatch.need n ON n.id = o.need AND n.state <> 'closed' AND n.ends_at > $2
        GROUP BY p.id
      ) b
      WHERE v.id = b.id
      """;
}
