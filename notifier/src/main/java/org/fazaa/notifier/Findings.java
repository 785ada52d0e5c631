package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Outcome;
import org.fazaa.config.Invariant.Pauses;
import org.fazaa.config.Invariant.Violation;

/** What the watch found, kept from when it was wrong until it is right and a person has looked. */
public final class Findings {
  private static final int LIST_MAX = 500;

  private Findings() {}

  /**
   * @param subject what was stopped, in the way that {@code pauses} names it
   * @param clearedAt since when all is well again
   * @param releasedAt since when a person lets what was stopped go on
   */
  public record Finding(
      long id,
      String invariant,
      Pauses pauses,
      Optional<String> subject,
      int rows,
      List<String> details,
      Instant foundAt,
      Optional<Instant> clearedAt,
      Optional<Instant> releasedAt) {

    /** Whether something is stopped for it. */
    public boolean stops() {
      return releasedAt.isEmpty() && subject.isPresent() && pauses != Pauses.NOTHING;
    }
  }

  /**
   * When an invariant was looked at.
   *
   * @param checkedAt last to the end
   * @param problem why the last look did not come to an end
   */
  public record Checked(
      String invariant, Instant triedAt, Optional<Instant> checkedAt, Optional<String> problem) {}

  /**
   * What a look has changed.
   *
   * @param fresh found now and not before
   * @param standing all that is wrong now
   * @param cleared how many findings are over
   */
  public record Recorded(List<Finding> fresh, List<Finding> standing, int cleared) {
    public boolean changed() {
      return cleared > 0 || !fresh.isEmpty();
    }
  }

  /** True for one node in each minute: it looks. By the database's own clock. */
  public static boolean takeTurn(SqlConnection tx, String node) {
    return tx.preparedQuery(TAKE_TURN).execute(Tuple.of(node)).await().rowCount() == 1;
  }

  /** Keeps what a look came to. Whatever is stopped for it is stopped in the same transaction. */
  public static Recorded record(
      SqlConnection tx, Invariant invariant, Outcome outcome, Instant now) {
    return switch (outcome) {
      case Outcome.Holds() -> checked(tx, invariant, List.of(), now);
      case Outcome.Violated(var violations) -> checked(tx, invariant, violations, now);
      case Outcome.NotChecked(var why) -> {
        note(tx, invariant, null, why, now);
        yield new Recorded(List.of(), List.of(), 0);
      }
    };
  }

  private static Recorded checked(
      SqlConnection tx, Invariant invariant, List<Violation> violations, Instant now) {
    note(tx, invariant, now, null, now);
    var subjects = violations.stream().map(one -> one.subject().orElse("")).toArray(String[]::new);
    var over = Tuple.of(invariant.number(), subjects, utc(now));
    int cleared = tx.preparedQuery(CLEAR).execute(over).await().rowCount();
    var fresh = new ArrayList<Finding>();
    var standing = new ArrayList<Finding>();
    for (var violation : violations) {
      var row = tx.preparedQuery(FIND).execute(columns(invariant, violation, now)).await();
      var kept = row.iterator().next();
      standing.add(finding(kept));
      if (kept.getBoolean("fresh")) fresh.add(finding(kept));
    }
    return new Recorded(fresh, standing, cleared);
  }

  private static void note(
      SqlConnection tx, Invariant invariant, Instant checkedAt, String problem, Instant now) {
    var at = checkedAt == null ? null : utc(checkedAt);
    tx.preparedQuery(NOTE).execute(Tuple.of(invariant.number(), utc(now), at, problem)).await();
  }

  private static Tuple columns(Invariant invariant, Violation violation, Instant now) {
    return Tuple.of(
        invariant.number(),
        violation.subject().orElse(""),
        invariant.pauses().name().toLowerCase(Locale.ROOT),
        violation.rows(),
        violation.details().toArray(String[]::new),
        utc(now));
  }

  public static List<Checked> checked(SqlClient connection) {
    var checked = new ArrayList<Checked>();
    for (var row : connection.query(LIST_CHECKED).execute().await()) {
      checked.add(
          new Checked(
              row.getString("invariant"),
              instant(row, "tried_at").orElseThrow(),
              instant(row, "checked_at"),
              Optional.ofNullable(row.getString("problem"))));
    }
    return checked;
  }

  /** What is wrong, and what is stopped although it is right again; at most {@value #LIST_MAX}. */
  public static List<Finding> list(SqlClient connection) {
    return findings(connection, LIST, Tuple.of(LIST_MAX));
  }

  /** A person has looked at these: the answer holds what they were. */
  public static List<Finding> release(
      SqlConnection tx, String invariant, long byAccount, String why, Instant now) {
    return findings(tx, RELEASE, Tuple.of(invariant, utc(now), byAccount, why));
  }

  private static List<Finding> findings(SqlClient connection, String sql, Tuple values) {
    var findings = new ArrayList<Finding>();
    connection
        .preparedQuery(sql)
        .execute(values)
        .await()
        .forEach(row -> findings.add(finding(row)));
    return findings;
  }

  private static Finding finding(Row row) {
    return new Finding(
        row.getLong("id"),
        row.getString("invariant"),
        Pauses.valueOf(row.getString("pauses").toUpperCase(Locale.ROOT)),
        Optional.of(row.getString("subject")).filter(subject -> !subject.isEmpty()),
        row.getInteger("many"),
        List.of(row.getArrayOfStrings("details")),
        instant(row, "found_at").orElseThrow(),
        instant(row, "cleared_at"),
        instant(row, "released_at"));
  }

  private static Optional<Instant> instant(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  // A little less than a minute, so that whoever looked last may look again at its next poll.
  private static final String TAKE_TURN =
      """
      INSERT INTO notify.watch_turn AS t (node, until)
      VALUES ($1, clock_timestamp() + interval '55 seconds')
      ON CONFLICT (one) DO UPDATE SET node = excluded.node, until = excluded.until
      WHERE t.until < clock_timestamp()\
      """;

  private static final String NOTE =
      """
      INSERT INTO notify.checked AS c (invariant, tried_at, checked_at, problem)
      VALUES ($1, $2, $3, $4)
      ON CONFLICT (invariant) DO UPDATE
      SET tried_at = excluded.tried_at, problem = excluded.problem,
          checked_at = coalesce(excluded.checked_at, c.checked_at)\
      """;

  private static final String COLUMNS =
      "id, invariant, subject, pauses, many, details, found_at, seen_at, cleared_at, released_at,"
          + " released_by, released_why";

  private static final String CLEAR =
      """
      UPDATE notify.finding SET cleared_at = $3
      WHERE invariant = $1 AND cleared_at IS NULL AND subject <> ALL ($2::text[])\
      """;

  private static final String FIND =
      """
      INSERT INTO notify.finding AS f
        (invariant, subject, pauses, many, details, found_at, seen_at)
      VALUES ($1, $2, $3, $4, $5, $6, $6)
      ON CONFLICT (invariant, subject) WHERE cleared_at IS NULL
      DO UPDATE SET many = excluded.many, details = excluded.details, seen_at = excluded.seen_at
      RETURNING\s\
      """
          + COLUMNS
          + ", found_at = $6 AS fresh";

  private static final String LIST_CHECKED =
      "SELECT invariant, tried_at, checked_at, problem FROM notify.checked ORDER BY invariant";

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + """
          \sFROM notify.finding
          WHERE cleared_at IS NULL
            OR (released_at IS NULL AND pauses <> 'nothing' AND subject <> '')
          ORDER BY id
          LIMIT $1\
          """;

  private static final String RELEASE =
      """
      UPDATE notify.finding SET released_at = $2, released_by = $3, released_why = $4
      WHERE invariant = $1 AND released_at IS NULL
        AND (cleared_at IS NULL OR (pauses <> 'nothing' AND subject <> ''))
      RETURNING\s\
      """
          + COLUMNS;
}
