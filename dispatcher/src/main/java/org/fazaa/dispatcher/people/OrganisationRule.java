package org.fazaa.dispatcher.people;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.config.Database;

/**
 * An organisation keeps its volunteers from being asked, because it needs them itself or has sent
 * them home.
 *
 * @param organisation its number in the table
 * @param code its code
 * @param kinds of call that it keeps away
 * @param until empty: until somebody closes it
 * @param why in Arabic and in English, as everybody whom it concerns may read it
 */
public record OrganisationRule(
    long id,
    long organisation,
    String code,
    Set<CallKind> kinds,
    Instant from,
    Optional<Instant> until,
    Why why,
    Optional<Instant> closedAt) {

  private static final int LIST_MAX = 500;

  public record Why(String ar, String en) {}

  /** Whether it keeps people from being asked at this moment. */
  public boolean isInForce(Instant now) {
    return closedAt.isEmpty()
        && !now.isBefore(from)
        && until.filter(end -> !now.isBefore(end)).isEmpty();
  }

  /** What keeps whose people from being asked now, by kind of call and organisation. */
  public static Map<CallKind, Map<Long, Why>> inForce(SqlClient db, Instant now) {
    return inForce(findInForce(db, now).await());
  }

  /** The rows that {@link #inForce(RowSet)} reads. */
  public static Future<RowSet<Row>> findInForce(SqlClient db, Instant now) {
    return db.preparedQuery(FIND_IN_FORCE).execute(Tuple.of(Database.utc(now)));
  }

  /** The same, of what was found already. */
  public static Map<CallKind, Map<Long, Why>> inForce(RowSet<Row> found) {
    var inForce = new HashMap<CallKind, Map<Long, Why>>();
    for (var row : found) {
      var rule = rule(row);
      for (var kind : rule.kinds) {
        inForce.computeIfAbsent(kind, any -> new HashMap<>()).put(rule.organisation, rule.why);
      }
    }
    return inForce;
  }

  /** The latest of all organisations, those that may still come into force first. */
  public static List<OrganisationRule> list(SqlClient db, Instant now) {
    var rules = new ArrayList<OrganisationRule>();
    var of = Tuple.of(Database.utc(now), LIST_MAX);
    for (var row : db.preparedQuery(LIST).execute(of).await()) rules.add(rule(row));
    return rules;
  }

  static Optional<OrganisationRule> find(SqlClient db, long id) {
    for (var row : db.preparedQuery(FIND).execute(Tuple.of(id)).await()) {
      return Optional.of(rule(row));
    }
    return Optional.empty();
  }

  static String[] words(Set<CallKind> kinds) {
    return kinds.stream().map(OrganisationRule::word).sorted().toArray(String[]::new);
  }

  /** As tables and programs write a kind of call. */
  public static String word(CallKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static OrganisationRule rule(Row row) {
    var kinds = EnumSet.noneOf(CallKind.class);
    Stream.of(row.getArrayOfStrings("kinds"))
        .map(word -> CallKind.valueOf(word.toUpperCase(Locale.ROOT)))
        .forEach(kinds::add);
    return new OrganisationRule(
        row.getLong("id"),
        row.getLong("organisation"),
        row.getString("code"),
        kinds,
        row.getOffsetDateTime("from_at").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("until")).map(OffsetDateTime::toInstant),
        new Why(row.getString("why_ar"), row.getString("why_en")),
        Optional.ofNullable(row.getOffsetDateTime("closed_at")).map(OffsetDateTime::toInstant));
  }

  private static final String SELECT =
      """
      SELECT r.id, r.organisation, o.code, r.kinds, r.from_at, r.until, r.why_ar, r.why_en,
        r.closed_at
      FROM dispatch.organisation_rule r JOIN dispatch.organisation o ON o.id = r.organisation
      """;

  private static final String FIND = SELECT + "WHERE r.id = $1";

  private static final String FIND_IN_FORCE =
      SELECT
          + """
          WHERE r.closed_at IS NULL AND r.from_at <= $1 AND (r.until IS NULL OR r.until > $1)
          ORDER BY r.id\
          """;

  private static final String LIST =
      SELECT
          + """
          ORDER BY r.closed_at IS NULL AND (r.until IS NULL OR r.until > $1) DESC, r.id DESC
          LIMIT $2\
          """;
}
