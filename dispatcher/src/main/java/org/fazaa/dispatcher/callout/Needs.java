package org.fazaa.dispatcher.callout;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;

/** Needs as pages and the API show them: read-only, with what their call-outs have come to. */
public final class Needs {
  private static final int LIST_MAX = 3_000;
  private static final int TIMELINE_MAX = 500;
  private static final double KM_PER_DEGREE = 111;

  private Needs() {}

  /**
   * A need and its call-out in figures.
   *
   * @param offersOpen asked and not answered
   * @param texts offers sent, under all its envelopes
   * @param cost what they cost, in the smallest unit of {@code currency}
   * @param waitingEnvelope one that a second person must still confirm
   * @param lastDecision what the policy last said
   * @param help what would help, as it was when the need was last seen to want a human
   */
  public record View(
      Need need,
      int offersOpen,
      int declined,
      int texts,
      int maxTexts,
      int cost,
      Optional<String> currency,
      Optional<Long> waitingEnvelope,
      Optional<Title> lastDecision,
      Optional<Instant> lastDecidedAt,
      Optional<Title> help,
      Optional<Instant> closedAt) {}

  /**
   * An offer as staff see it.
   *
   * @param why why this person was asked, in one sentence
   * @param byHand entered by staff, not sent
   */
  public record OfferView(
      OfferId id,
      VolunteerId volunteer,
      String name,
      Phone phone,
      Language language,
      String code,
      Offer.State state,
      Instant askedAt,
      Optional<Instant> answeredAt,
      Instant changedAt,
      double km,
      double rate,
      Journey journey,
      boolean byHand,
      Title why) {}

  /**
   * One thing that happened to a need. {@code who} is a volunteer or a member of staff, if known.
   */
  public record Event(Instant at, String what, Optional<String> who, Optional<Title> says) {}

  public static Optional<View> find(SqlClient conn, NeedId id) {
    var rows = conn.preparedQuery(VIEW + "WHERE n.id = $1").execute(Tuple.of(id.value())).await();
    for (var row : rows) return Optional.of(view(row));
    return Optional.empty();
  }

  /** Those that want attention first: open before closed, life before all, soonest first. */
  public static List<View> list(SqlClient conn, CrisisId crisis) {
    var views = new ArrayList<View>();
    var of = Tuple.of(crisis.value(), LIST_MAX);
    for (var row : conn.preparedQuery(VIEW + LIST).execute(of).await()) views.add(view(row));
    return views;
  }

  /** Its offers, those with a place first. */
  public static List<OfferView> offers(SqlClient conn, NeedId need) {
    var offers = new ArrayList<OfferView>();
    for (var row : conn.preparedQuery(OFFERS).execute(Tuple.of(need.value())).await()) {
      offers.add(offer(row));
    }
    return offers;
  }

  /** One offer, for its answer page. */
  public static Optional<Offer> offer(SqlClient conn, OfferId id) {
    var sql = Offer.SELECT + "WHERE o.id = $1";
    for (var row : conn.preparedQuery(sql).execute(Tuple.of(id.value())).await()) {
      return Optional.of(Offer.of(row));
    }
    return Optional.empty();
  }

  /** What somebody has promised and is still to do, soonest first. */
  public static List<Offer> promised(SqlClient conn, VolunteerId volunteer, Instant now) {
    var offers = new ArrayList<Offer>();
    var of = Tuple.of(volunteer.value(), utc(now));
    for (var row : conn.preparedQuery(PROMISED).execute(of).await()) offers.add(Offer.of(row));
    return offers;
  }

  /** Open needs of live crises about this place that somebody was not asked for, nearest first. */
  public static List<Need> notAsked(
      SqlClient conn, VolunteerId volunteer, Point place, double km, Instant now) {
    var needs = new ArrayList<Need>();
    var around = km / KM_PER_DEGREE;
    var of =
        Tuple.of(volunteer.value(), utc(now), place.lat() - around, place.lat() + around, LIST_MAX);
    for (var row : conn.preparedQuery(NOT_ASKED).execute(of).await()) needs.add(Need.of(row));
    return needs.stream()
        .filter(need -> need.place().kmTo(place) <= km)
        .sorted(Comparator.comparingDouble(need -> need.place().kmTo(place)))
        .toList();
  }

  /** What happened, newest first. */
  public static List<Event> timeline(SqlClient conn, NeedId need) {
    var events = new ArrayList<Event>();
    var of = Tuple.of(need.value(), TIMELINE_MAX);
    for (var row : conn.preparedQuery(TIMELINE).execute(of).await()) {
      events.add(
          new Event(
              row.getOffsetDateTime("at").toInstant(),
              row.getString("what"),
              Optional.ofNullable(row.getString("who")),
              title(row, "says_ar", "says_en")));
    }
    return events;
  }

  /** What happened in a crisis lately, newest first; {@code need} is what it happened to. */
  public record CrisisEvent(NeedId need, Title title, Event event) {}

  public static List<CrisisEvent> timeline(SqlClient conn, CrisisId crisis, int limit) {
    var events = new ArrayList<CrisisEvent>();
    var of = Tuple.of(crisis.value(), Math.clamp(limit, 1, TIMELINE_MAX));
    for (var row : conn.preparedQuery(CRISIS_TIMELINE).execute(of).await()) {
      events.add(
          new CrisisEvent(
              new NeedId(row.getLong("need")),
              new Title(row.getString("title_ar"), row.getString("title_en")),
              new Event(
                  row.getOffsetDateTime("at").toInstant(),
                  row.getString("what"),
                  Optional.ofNullable(row.getString("who")),
                  title(row, "says_ar", "says_en"))));
    }
    return events;
  }

  private static View view(Row row) {
    return new View(
        Need.of(row),
        row.getInteger("offers_open"),
        row.getInteger("declined"),
        row.getInteger("texts"),
        row.getInteger("max_texts"),
        row.getInteger("cost"),
        Optional.ofNullable(row.getString("currency")),
        Optional.ofNullable(row.getLong("waiting_envelope")),
        title(row, "says_ar", "says_en"),
        Optional.ofNullable(row.getOffsetDateTime("decided_at")).map(at -> at.toInstant()),
        title(row, "help_ar", "help_en"),
        Optional.ofNullable(row.getOffsetDateTime("closed_at")).map(at -> at.toInstant()));
  }

  private static OfferView offer(Row row) {
    var offer = Offer.of(row);
    return new OfferView(
        offer.id(),
        offer.volunteer(),
        offer.name(),
        offer.phone(),
        offer.language(),
        offer.code(),
        offer.state(),
        offer.askedAt(),
        offer.answeredAt(),
        row.getOffsetDateTime("changed_at").toInstant(),
        row.getDouble("km"),
        offer.rate(),
        offer.journey(),
        row.getLong("entered_by") != null,
        Why.of(row).says());
  }

  private static Optional<Title> title(Row row, String ar, String en) {
    var words = row.getString(en);
    return words == null ? Optional.empty() : Optional.of(new Title(row.getString(ar), words));
  }

  private static final String PROMISED =
      Offer.SELECT
          + """
          JOIN dispatch.need n ON n.id = o.need
          WHERE o.volunteer = $1 AND o.state IN ('assigned', 'standby') AND n.ends_at > $2
            AND n.state <> 'closed'
          ORDER BY n.starts_at, o.id\
          """;

  private static final String NOT_ASKED =
      Need.SELECT
          + """
          WHERE n.state <> 'closed' AND n.ends_at > $2 AND c.mode = 'live'
            AND n.lat BETWEEN $3 AND $4
            AND NOT EXISTS (SELECT FROM dispatch.crisis_closure x WHERE x.crisis = n.crisis)
            AND NOT EXISTS (
              SELECT FROM dispatch.offer o WHERE o.need = n.id AND o.volunteer = $1)
          ORDER BY n.id DESC
          LIMIT $5\
          """;

  private static final String VIEW =
      "SELECT "
          + Need.COLUMNS
          + """
            , o.offers_open, o.declined, e.texts, e.cost, e.currency,
            e.waiting_envelope, coalesce(cur.max_texts, 0) AS max_texts,
            d.says_ar, d.says_en, d.at AS decided_at, x.closed_at,
            h.says_ar AS help_ar, h.says_en AS help_en
          FROM dispatch.need n
          JOIN dispatch.crisis c ON c.id = n.crisis
          LEFT JOIN dispatch.need_closure x ON x.need = n.id
          LEFT JOIN dispatch.help h ON h.need = n.id AND h.raised_at = n.needs_human_at
          LEFT JOIN dispatch.envelope cur ON cur.id = n.envelope
          CROSS JOIN LATERAL (
            SELECT (count(*) FILTER (WHERE state = 'open'))::int AS offers_open,
                   (count(*) FILTER (WHERE state = 'declined'))::int AS declined
            FROM dispatch.offer WHERE need = n.id) o
          CROSS JOIN LATERAL (
            SELECT coalesce(sum(texts), 0)::int AS texts, coalesce(sum(cost), 0)::int AS cost,
                   max(currency) AS currency,
                   max(id) FILTER (WHERE NOT in_force AND need_version = n.version
                     AND id > coalesce(n.envelope, 0)) AS waiting_envelope
            FROM dispatch.envelope WHERE need = n.id) e
          LEFT JOIN LATERAL (
            SELECT says_ar, says_en, at FROM dispatch.decision
            WHERE need = n.id AND policy NOT IN ('hand', 'next') ORDER BY id DESC LIMIT 1) d ON true
          """;

  private static final String LIST =
      """
      WHERE n.crisis = $1
      ORDER BY n.state = 'closed', array_position(ARRAY['life', 'urgent', 'planned'], n.priority),
        n.fill_by, n.id
      LIMIT $2
      """;

  private static final String OFFERS =
      "SELECT "
          + Offer.COLUMNS
          + """
          , o.changed_at, o.entered_by,
          """
          + Why.COLUMNS
          + "FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer\n"
          + Why.JOINS
          + """
          WHERE o.need = $1
          ORDER BY array_position(ARRAY['assigned', 'standby', 'open'], o.state) NULLS LAST,
            o.changed_at DESC, o.id
          """;

  private static final String TIMELINE =
      """
      SELECT at, what, who, says_ar, says_en FROM (
        SELECT n.opened_at AS at, 'opened' AS what, s.name AS who, NULL AS says_ar, NULL AS says_en
        FROM dispatch.need n JOIN dispatch.staff s ON s.account = n.opened_by WHERE n.id = $1
        UNION ALL
        SELECT e.approved_at, 'approved', s.name, NULL, NULL
        FROM dispatch.envelope e JOIN dispatch.staff s ON s.account = e.approved_by
        WHERE e.need = $1
        UNION ALL
        SELECT e.second_at, 'confirmed', s.name, NULL, NULL
        FROM dispatch.envelope e JOIN dispatch.staff s ON s.account = e.second_by
        WHERE e.need = $1
        UNION ALL
        SELECT d.at, 'decided', s.name, d.says_ar, d.says_en
        FROM dispatch.decision d LEFT JOIN dispatch.staff s ON s.account = d.by_staff
        WHERE d.need = $1 AND d.policy <> 'hand'
        UNION ALL
        SELECT v.at, v.what, coalesce(s.name, p.name), NULL, NULL
        FROM dispatch.offer_event v
        JOIN dispatch.offer o ON o.id = v.offer
        JOIN dispatch.volunteer p ON p.id = o.volunteer
        LEFT JOIN dispatch.staff s ON s.account = v.by_staff
        WHERE v.need = $1
        UNION ALL
        SELECT e.edited_at, e.what, s.name, NULL, NULL
        FROM dispatch.need_edit e LEFT JOIN dispatch.staff s ON s.account = e.edited_by
        WHERE e.need = $1
        UNION ALL
        SELECT c.closed_at, 'closed', s.name, NULL, NULL
        FROM dispatch.need_closure c LEFT JOIN dispatch.staff s ON s.account = c.closed_by
        WHERE c.need = $1
      ) t
      ORDER BY at DESC
      LIMIT $2
      """;

  // Each kind gives its own newest, so that no index is read further than the page shows.
  private static final String CRISIS_TIMELINE =
      """
      SELECT t.need, n.title_ar, n.title_en, t.at, t.what, t.who, t.says_ar, t.says_en
      FROM dispatch.need n
      CROSS JOIN LATERAL (
        (SELECT n.id AS need, n.opened_at AS at, 'opened' AS what, s.name AS who,
                NULL AS says_ar, NULL AS says_en
         FROM dispatch.staff s WHERE s.account = n.opened_by)
        UNION ALL
        (SELECT n.id, e.approved_at, 'approved', s.name, NULL, NULL
         FROM dispatch.envelope e JOIN dispatch.staff s ON s.account = e.approved_by
         WHERE e.need = n.id)
        UNION ALL
        (SELECT n.id, d.at, 'decided', s.name, d.says_ar, d.says_en
         FROM dispatch.decision d LEFT JOIN dispatch.staff s ON s.account = d.by_staff
         WHERE d.need = n.id AND d.policy <> 'hand' ORDER BY d.id DESC LIMIT 3)
        UNION ALL
        (SELECT n.id, v.at, v.what, p.name, NULL, NULL
         FROM dispatch.offer_event v
         JOIN dispatch.offer o ON o.id = v.offer
         JOIN dispatch.volunteer p ON p.id = o.volunteer
         WHERE v.need = n.id ORDER BY v.id DESC LIMIT $2)
        UNION ALL
        (SELECT n.id, c.closed_at, 'closed', s.name, NULL, NULL
         FROM dispatch.need_closure c LEFT JOIN dispatch.staff s ON s.account = c.closed_by
         WHERE c.need = n.id)
      ) t
      WHERE n.crisis = $1
      ORDER BY t.at DESC
      LIMIT $2
      """;
}
