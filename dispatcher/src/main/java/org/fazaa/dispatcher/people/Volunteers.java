package org.fazaa.dispatcher.people;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Way;

/** The volunteers as they are registered, and the changes that are theirs to make. */
public final class Volunteers {
  public static final int PAGE_MAX = 200;

  private Volunteers() {}

  public static Optional<Volunteer> find(SqlClient db, VolunteerId id) {
    return rows(db, FIND, Tuple.of(id.value())).stream().findFirst();
  }

  public static Optional<Volunteer> find(SqlClient db, Phone phone) {
    return rows(db, FIND_BY_PHONE, Tuple.of(phone.e164())).stream().findFirst();
  }

  /** Those of these ids that there are. */
  public static Map<VolunteerId, Volunteer> list(SqlClient db, Collection<VolunteerId> ids) {
    var values = ids.stream().map(VolunteerId::value).toArray(Long[]::new);
    var found = new LinkedHashMap<VolunteerId, Volunteer>();
    for (var one : rows(db, LIST, Tuple.of(values))) found.put(one.id(), one);
    return found;
  }

  /**
   * A page of those with a name that has words beginning like these, or whose phone ends in these
   * digits; of all when nothing is asked for. The next page comes after the last id of this one.
   */
  public static List<Volunteer> search(SqlClient db, String asked, VolunteerId after, int limit) {
    var size = Math.clamp(limit, 1, PAGE_MAX);
    var digits = digits(asked);
    if (digits.length() >= 4) {
      // A national number is written with a zero that the international one does not have.
      var end = new StringBuilder(digits.replaceFirst("^0+", "")).reverse() + "%";
      return rows(db, SEARCH_BY_PHONE, Tuple.of(end, after.value(), size));
    }
    var words = asked.replaceAll("[^\\p{L}\\p{Nd}]+", " ").strip();
    if (words.isEmpty()) return rows(db, PAGE, Tuple.of(after.value(), size));
    var query = String.join(":* & ", words.split(" ")) + ":*";
    return rows(db, SEARCH_BY_NAME, Tuple.of(query, after.value(), size));
  }

  public static long count(SqlClient db) {
    return db.query(COUNT).execute().await().iterator().next().getLong("volunteers");
  }

  /**
   * They are not asked before then; at once again when empty. False when there is no such person.
   */
  public static boolean pause(SqlConnection tx, VolunteerId id, Optional<Instant> until) {
    return changed(tx, PAUSE, Tuple.of(id.value(), time(until)));
  }

  /** They said when in the week they can be called. */
  public static boolean setHours(SqlConnection tx, VolunteerId id, Week hours) {
    return changed(tx, SET_HOURS, Tuple.of(id.value(), hours.toString()));
  }

  /** They said by which ways they want to be reached, best first. */
  public static boolean setWays(SqlConnection tx, VolunteerId id, List<Way> ways) {
    var tags = ways.stream().map(Way::tag).toArray(String[]::new);
    return changed(tx, SET_WAYS, Tuple.of(id.value(), (Object) tags));
  }

  /** They want texts in this language. */
  public static boolean setLanguage(SqlConnection tx, VolunteerId id, Language language) {
    return changed(tx, SET_LANGUAGE, Tuple.of(id.value(), language.tag()));
  }

  /**
   * They have another phone, and have shown that it is theirs. False when somebody else is
   * registered with it.
   *
   * @param stopped since when this phone gets no texts
   */
  public static boolean setPhone(
      SqlConnection tx, VolunteerId id, Phone phone, Optional<Instant> stopped) {
    return changed(tx, SET_PHONE, Tuple.of(id.value(), phone.e164(), time(stopped)));
  }

  /** They left, or came back. */
  public static boolean setActive(SqlConnection tx, VolunteerId id, boolean active) {
    return changed(tx, SET_ACTIVE, Tuple.of(id.value(), active));
  }

  /** What they have said yes to takes this time, from the first start to the last end. */
  public static boolean setBusy(SqlConnection tx, VolunteerId id, Instant from, Instant until) {
    return changed(tx, SET_BUSY, Tuple.of(id.value(), utc(from), utc(until)));
  }

  /** Nothing they said yes to is left. */
  public static boolean setFree(SqlConnection tx, VolunteerId id) {
    return changed(tx, SET_BUSY, Tuple.of(id.value(), null, null));
  }

  /** The owner of this phone wants no texts. */
  public static Optional<VolunteerId> stop(SqlConnection tx, Phone phone, Instant now) {
    return id(tx, STOP, Tuple.of(phone.e164(), utc(now)));
  }

  /** The owner of this phone wants texts again. */
  public static Optional<VolunteerId> start(SqlConnection tx, Phone phone, Instant now) {
    return id(tx, START, Tuple.of(phone.e164(), utc(now)));
  }

  /** No text reaches the owner of this phone. */
  public static Optional<VolunteerId> lose(SqlConnection tx, Phone phone, Instant now) {
    return id(tx, LOSE, Tuple.of(phone.e164(), utc(now)));
  }

  /** Texts reach the owner of this phone again. */
  public static Optional<VolunteerId> reach(SqlConnection tx, Phone phone) {
    return id(tx, REACH, Tuple.of(phone.e164()));
  }

  /**
   * This phone is somebody else's: it is free for them, and no text goes there for whoever gave it.
   */
  public static Optional<VolunteerId> freePhone(SqlConnection tx, Phone phone, Instant now) {
    return id(tx, FREE_PHONE, Tuple.of(phone.e164(), utc(now)));
  }

  /** Whether a way has just reached somebody, or has failed to. */
  public record Tried(VolunteerId volunteer, Way way, boolean failed) {}

  /** Ways that failed come last from now on, until they work again. How many people changed. */
  public static int learnWays(SqlConnection tx, Collection<Tried> tried, Instant now) {
    if (tried.isEmpty()) return 0;
    var columns =
        Tuple.tuple()
            .addValue(tried.stream().map(one -> one.volunteer.value()).toArray(Long[]::new))
            .addValue(tried.stream().map(one -> one.way.tag()).toArray(String[]::new))
            .addValue(tried.stream().map(Tried::failed).toArray(Boolean[]::new))
            .addValue(utc(now));
    return tx.preparedQuery(LEARN_WAYS).execute(columns).await().rowCount();
  }

  /** A way that failed, since then. */
  public record Failing(VolunteerId volunteer, Phone phone, Way way, Instant since) {}

  /** The ways that fail of so many people after this one, in the order of their ids. */
  public static List<Failing> failing(SqlClient db, VolunteerId after, int people) {
    var failing = new ArrayList<Failing>();
    var page = Tuple.of(after.value(), people);
    for (var row : db.preparedQuery(LIST_FAILING).execute(page).await()) {
      for (var way : ways(row, "failing_ways")) {
        failing.add(
            new Failing(
                new VolunteerId(row.getLong("id")),
                new Phone(row.getString("phone")),
                way,
                row.getOffsetDateTime("failing_since").toInstant()));
      }
    }
    return failing;
  }

  private static List<Volunteer> rows(SqlClient db, String sql, Tuple values) {
    var volunteers = new ArrayList<Volunteer>();
    for (var row : db.preparedQuery(sql).execute(values).await()) volunteers.add(volunteer(row));
    return volunteers;
  }

  private static boolean changed(SqlConnection tx, String sql, Tuple values) {
    return tx.preparedQuery(sql).execute(values).await().rowCount() == 1;
  }

  private static Optional<VolunteerId> id(SqlConnection tx, String sql, Tuple values) {
    for (var row : tx.preparedQuery(sql).execute(values).await()) {
      return Optional.of(new VolunteerId(row.getLong("id")));
    }
    return Optional.empty();
  }

  private static Volunteer volunteer(Row row) {
    return new Volunteer(
        new VolunteerId(row.getLong("id")),
        row.getString("name"),
        new Phone(row.getString("phone")),
        Language.of(row.getString("language")),
        SpokenLanguage.known(row.getArrayOfStrings("languages")),
        Skill.known(row.getArrayOfStrings("skills")),
        new Point(row.getDouble("lon"), row.getDouble("lat")),
        Optional.ofNullable(row.getLocalDate("born")),
        Week.parse(row.getString("hours")).orElse(Week.ALWAYS),
        ways(row, "ways"),
        Set.copyOf(ways(row, "failing_ways")),
        Optional.ofNullable(row.getString("organisation")),
        row.getBoolean("active"),
        time(row, "consented_at"),
        time(row, "stopped_at"),
        time(row, "unreachable_at"),
        time(row, "paused_until"),
        time(row, "busy_from"),
        time(row, "busy_until"),
        time(row, "last_asked_at"),
        history(row),
        row.getOffsetDateTime("registered_at").toInstant());
  }

  private static List<Way> ways(Row row, String column) {
    return Stream.of(row.getArrayOfStrings(column)).map(Way::of).toList();
  }

  private static History history(Row row) {
    return new History(
        new Tally(row.getDouble("yes_life"), row.getDouble("no_life")),
        new Tally(row.getDouble("yes_urgent"), row.getDouble("no_urgent")),
        new Tally(row.getDouble("yes_planned"), row.getDouble("no_planned")),
        row.getDouble("fatigue"),
        row.getOffsetDateTime("contact_at").toInstant());
  }

  private static Optional<Instant> time(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static OffsetDateTime time(Optional<Instant> instant) {
    return instant.map(then -> utc(then)).orElse(null);
  }

  private static String digits(String written) {
    var digits = new StringBuilder();
    for (var c : written.toCharArray()) {
      if (Character.isLetter(c)) return "";
      if (Character.isDigit(c)) digits.append(Character.digit(c, 10));
    }
    return digits.toString();
  }

  private static final String SELECT =
      """
      SELECT v.id, v.name, v.phone, v.language, v.languages, v.skills, v.lon, v.lat, v.born,
        v.hours, v.ways, v.failing_ways, o.code AS organisation, v.active, v.consented_at,
        v.stopped_at, coalesce(v.unreachable_at, v.wrong_number_at) AS unreachable_at,
        v.paused_until, v.busy_from, v.busy_until, v.last_asked_at, v.contact_at, v.fatigue,
        v.yes_life, v.no_life, v.yes_urgent,
        v.no_urgent, v.yes_planned, v.no_planned, v.registered_at
      FROM dispatch.volunteer v LEFT JOIN dispatch.organisation o ON o.id = v.organisation
      """;
  private static final String FIND = SELECT + "WHERE v.id = $1";
  private static final String FIND_BY_PHONE =
      SELECT + "WHERE v.phone = $1 AND v.wrong_number_at IS NULL";
  private static final String LIST = SELECT + "WHERE v.id = ANY($1) ORDER BY v.id";
  private static final String PAGE = SELECT + "WHERE v.id > $1 ORDER BY v.id LIMIT $2";
  private static final String SEARCH_BY_PHONE =
      SELECT + "WHERE reverse(v.phone) LIKE $1 AND v.id > $2 ORDER BY v.id LIMIT $3";
  private static final String SEARCH_BY_NAME =
      SELECT
          + """
          WHERE dispatch.name_words(v.name) @@ to_tsquery('simple', dispatch.name_letters($1))
            AND v.id > $2
          ORDER BY v.id LIMIT $3\
          """;
  private static final String COUNT =
      "SELECT count(*) AS volunteers FROM dispatch.volunteer WHERE active";

  private static final String PAUSE =
      "UPDATE dispatch.volunteer SET paused_until = $2 WHERE id = $1";
  private static final String SET_HOURS = "UPDATE dispatch.volunteer SET hours = $2 WHERE id = $1";
  private static final String SET_WAYS = "UPDATE dispatch.volunteer SET ways = $2 WHERE id = $1";
  private static final String LEARN_WAYS =
      """
      WITH tried AS (
        SELECT volunteer,
               coalesce(array_agg(way) FILTER (WHERE failed), '{}') AS failed,
               coalesce(array_agg(way) FILTER (WHERE NOT failed), '{}') AS worked
        FROM unnest($1::bigint[], $2::text[], $3::boolean[]) AS t(volunteer, way, failed)
        GROUP BY volunteer),
      held AS (
        SELECT v.id FROM dispatch.volunteer v JOIN tried t ON t.volunteer = v.id
        WHERE NOT t.failed <@ v.failing_ways OR t.worked && v.failing_ways
        ORDER BY v.id
        FOR NO KEY UPDATE OF v)
      UPDATE dispatch.volunteer v
      SET failing_ways = ARRAY(
            SELECT DISTINCT way FROM unnest(v.failing_ways || t.failed) way
            WHERE way <> ALL (t.worked)),
          failing_since = CASE WHEN cardinality(t.failed) > 0 THEN $4 ELSE v.failing_since END
      FROM tried t JOIN held ON held.id = t.volunteer
      WHERE v.id = t.volunteer\
      """;
  private static final String LIST_FAILING =
      """
      SELECT id, phone, failing_ways, failing_since FROM dispatch.volunteer
      WHERE failing_ways <> '{}' AND failing_since IS NOT NULL AND id > $1
      ORDER BY id LIMIT $2\
      """;
  private static final String SET_LANGUAGE =
      "UPDATE dispatch.volunteer SET language = $2 WHERE id = $1";
  private static final String SET_PHONE =
      """
      UPDATE dispatch.volunteer SET phone = $2, stopped_at = $3, unreachable_at = NULL
      WHERE id = $1 AND NOT EXISTS (
        SELECT FROM dispatch.volunteer other
        WHERE other.phone = $2 AND other.id <> $1 AND other.wrong_number_at IS NULL)\
      """;
  private static final String SET_ACTIVE =
      "UPDATE dispatch.volunteer SET active = $2 WHERE id = $1";
  private static final String SET_BUSY =
      "UPDATE dispatch.volunteer SET busy_from = $2, busy_until = $3 WHERE id = $1";
  private static final String STOP =
      """
      UPDATE dispatch.volunteer SET stopped_at = COALESCE(stopped_at, $2)
      WHERE phone = $1 AND wrong_number_at IS NULL
      RETURNING id\
      """;
  private static final String START =
      """
      UPDATE dispatch.volunteer SET stopped_at = NULL, consented_at = COALESCE(consented_at, $2)
      WHERE phone = $1 AND wrong_number_at IS NULL
      RETURNING id\
      """;
  private static final String LOSE =
      """
      UPDATE dispatch.volunteer SET unreachable_at = COALESCE(unreachable_at, $2)
      WHERE phone = $1 AND wrong_number_at IS NULL
      RETURNING id\
      """;
  private static final String REACH =
      """
      UPDATE dispatch.volunteer SET unreachable_at = NULL
      WHERE phone = $1 AND wrong_number_at IS NULL
      RETURNING id\
      """;
  private static final String FREE_PHONE =
      """
      UPDATE dispatch.volunteer SET wrong_number_at = $2
      WHERE phone = $1 AND wrong_number_at IS NULL
      RETURNING id\
      """;
}
