package org.fazaa.config;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be true of the live tables at every moment. Its check finds where it is not; nothing
 * found, nothing violated.
 *
 * @param number as people and metrics name it
 * @param holds what holds
 * @param mend what a person does when it does not
 * @param pauses what is stopped until a person has looked
 */
public record Invariant(String number, Says holds, Says mend, Pauses pauses, Check check) {

  /** A sentence in both languages. */
  public record Says(String ar, String en) {}

  /** What the subject of a violation names. */
  public enum Pauses {
    /** Nothing is stopped: it is told and shown. */
    NOTHING,
    /** A need, by its number; its call-out is paused. */
    NEED,
    /** What a reply is about, as {@code purpose:about}; the call-out behind it is paused. */
    ABOUT,
    /** The purpose of texts; none of that purpose leaves. */
    PURPOSE,
    /** A fund, by its number; no money leaves it. */
    FUND
  }

  /**
   * Where it does not hold.
   *
   * @param subject what is stopped for it; empty when these rows name nothing
   * @param rows how many there are
   * @param details the first of them, with ids and never a phone
   */
  public record Violation(Optional<String> subject, int rows, List<String> details) {}

  /** Answers where something does not hold at {@code now}. It only reads. */
  public interface Check {
    List<Violation> run(SqlConnection tx, Instant now);
  }

  public sealed interface Outcome {
    record Holds() implements Outcome {}

    record Violated(List<Violation> violations) implements Outcome {}

    /** It was not looked at to the end, so that nobody may call it green. */
    record NotChecked(String why) implements Outcome {}
  }

  public static final int DETAILS_MAX = 20;
  private static final int SUBJECTS_MAX = 200;
  private static final int WHY_MAX = 200;
  private static final Logger LOG = LoggerFactory.getLogger(Invariant.class);

  /**
   * A statement that must return no row, as a check. Its columns are {@code subject}, which may be
   * null, and {@code detail}; {@code $1} is the domain time.
   */
  public static Check rows(String statement) {
    var sql = COUNT_BY_SUBJECT.formatted(DETAILS_MAX, statement, SUBJECTS_MAX);
    return (tx, now) -> {
      var found = new ArrayList<Violation>();
      for (var row : tx.preparedQuery(sql).execute(Tuple.of(Database.utc(now))).await()) {
        found.add(violation(row));
      }
      return found;
    };
  }

  /** Looks once, at one moment of the database, for two seconds at most for each statement. */
  public Outcome look(Pool pool, Instant now) {
    try {
      var found =
          Database.inTransaction(
              pool,
              tx -> {
                tx.query(LOOK_ONLY).execute().await();
                return check.run(tx, now);
              });
      return found.isEmpty() ? new Outcome.Holds() : new Outcome.Violated(found);
    } catch (RuntimeException e) {
      LOG.warn("invariant {} could not be checked", number, e);
      var why = String.valueOf(e.getMessage());
      return new Outcome.NotChecked(why.substring(0, Math.min(WHY_MAX, why.length())));
    }
  }

  private static Violation violation(Row row) {
    return new Violation(
        Optional.ofNullable(row.getString("subject")),
        row.getInteger("many"),
        List.of(row.getArrayOfStrings("details")));
  }

  private static final String LOOK_ONLY =
      """
      SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
      SET LOCAL statement_timeout = '2s';
      SET LOCAL work_mem = '64MB';
      SET LOCAL enable_seqscan = on;
      SET LOCAL plan_cache_mode = auto;
      SET LOCAL jit = off\
      """;

  private static final String COUNT_BY_SUBJECT =
      """
      SELECT subject, count(*)::int AS many, (array_agg(detail ORDER BY detail))[1:%d] AS details
      FROM (
      %s
      ) violations (subject, detail)
      WHERE $1::timestamptz IS NOT NULL
      GROUP BY subject ORDER BY subject LIMIT %d\
      """;
}
