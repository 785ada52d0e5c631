package org.fazaa.dispatcher.reach;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Way;

/**
 * A reachability test as it stands.
 *
 * @param until whoever has not answered then is silent
 * @param people who are tested
 * @param leftOut of those chosen, who could not be texted
 * @param reached people to whom at least one way leads
 * @param answered people who answered by at least one way
 */
public record ReachTest(
    long id,
    Instant startedAt,
    Instant until,
    long startedBy,
    int people,
    int leftOut,
    int reached,
    int answered,
    Map<Way, Tally> ways) {
  private static final int LIST_MAX = 50;

  /** How many messages of one way got so far; whoever answered counts as delivered as well. */
  public record Tally(int tried, int sent, int delivered, int answered, int failed, int silent) {}

  /** How far one message got. */
  public enum Result {
    WAITING,
    SENT,
    DELIVERED,
    ANSWERED,
    FAILED,
    /** Sent, and not answered in time. */
    SILENT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param at since when it is so; empty while it waits
   * @param problem why it failed: the carrier's code, or a word
   */
  public record Try(Way way, Result result, Optional<Instant> at, Optional<String> problem) {}

  /** What came of it for one person, by each of their ways in their order. */
  public record Person(VolunteerId volunteer, String name, Phone phone, List<Try> tries) {}

  public static Optional<ReachTest> find(SqlClient db, long id, Instant now) {
    return tests(db, FIND, Tuple.of(Database.utc(now), id)).stream().findFirst();
  }

  /** Newest first, at most {@value #LIST_MAX}. */
  public static List<ReachTest> list(SqlClient db, Instant now) {
    return tests(db, LIST, Tuple.of(Database.utc(now), LIST_MAX));
  }

  public static List<Person> people(SqlClient db, long test, Instant now) {
    var people = new LinkedHashMap<VolunteerId, Person>();
    for (var row : db.preparedQuery(PEOPLE).execute(Tuple.of(test)).await()) {
      var id = new VolunteerId(row.getLong("volunteer"));
      people
          .computeIfAbsent(
              id,
              first ->
                  new Person(
                      id,
                      row.getString("name"),
                      new Phone(row.getString("phone")),
                      new ArrayList<>()))
          .tries()
          .add(tried(row, now));
    }
    return List.copyOf(people.values());
  }

  private static Try tried(Row row, Instant now) {
    var way = Way.of(row.getString("way"));
    var problem = Optional.ofNullable(row.getString("problem"));
    var answered = time(row, "answered_at");
    var failed = time(row, "failed_at");
    var delivered = time(row, "delivered_at");
    var sent = time(row, "sent_at");
    var until = row.getOffsetDateTime("until").toInstant();
    if (answered.isPresent()) return new Try(way, Result.ANSWERED, answered, problem);
    if (failed.isPresent()) return new Try(way, Result.FAILED, failed, problem);
    if (!now.isBefore(until)) return new Try(way, Result.SILENT, Optional.of(until), problem);
    if (delivered.isPresent()) return new Try(way, Result.DELIVERED, delivered, problem);
    return new Try(way, sent.isPresent() ? Result.SENT : Result.WAITING, sent, problem);
  }

  private static Optional<Instant> time(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static List<ReachTest> tests(SqlClient db, String sql, Tuple values) {
    var tests = new LinkedHashMap<Long, ReachTest>();
    for (var row : db.preparedQuery(sql).execute(values).await()) {
      tests
          .computeIfAbsent(row.getLong("id"), id -> test(row))
          .ways()
          .put(Way.of(row.getString("way")), tally(row));
    }
    return List.copyOf(tests.values());
  }

  private static ReachTest test(Row row) {
    return new ReachTest(
        row.getLong("id"),
        row.getOffsetDateTime("started_at").toInstant(),
        row.getOffsetDateTime("until").toInstant(),
        row.getLong("started_by"),
        row.getInteger("people"),
        row.getInteger("left_out"),
        row.getInteger("reached"),
        row.getInteger("answered"),
        new EnumMap<>(Way.class));
  }

  private static Tally tally(Row row) {
    return new Tally(
        row.getInteger("way_tried"),
        row.getInteger("way_sent"),
        row.getInteger("way_delivered"),
        row.getInteger("way_answered"),
        row.getInteger("way_failed"),
        row.getInteger("way_silent"));
  }

  private static final String SELECT =
      """
      SELECT t.id, t.started_at, t.until, t.started_by, t.people, t.left_out, p.reached,
             p.answered, w.*
      FROM dispatch.reach_test t
      CROSS JOIN LATERAL (
        SELECT count(DISTINCT volunteer) FILTER (
                 WHERE coalesce(delivered_at, answered_at) IS NOT NULL)::int AS reached,
               count(DISTINCT volunteer) FILTER (WHERE answered_at IS NOT NULL)::int AS answered
        FROM dispatch.reach_check WHERE test = t.id) p
      CROSS JOIN LATERAL (
        SELECT way, count(*)::int AS way_tried,
               count(coalesce(sent_at, delivered_at, answered_at))::int AS way_sent,
               count(coalesce(delivered_at, answered_at))::int AS way_delivered,
               count(answered_at)::int AS way_answered, count(failed_at)::int AS way_failed,
               count(*) FILTER (
                 WHERE until <= $1 AND answered_at IS NULL AND failed_at IS NULL)::int
                 AS way_silent
        FROM dispatch.reach_check WHERE test = t.id GROUP BY way) w
      """;

  private static final String FIND = SELECT + "WHERE t.id = $2";
  private static final String LIST =
      SELECT
          + """
          WHERE t.id IN (SELECT id FROM dispatch.reach_test ORDER BY id DESC LIMIT $2)
          ORDER BY t.id DESC\
          """;

  private static final String PEOPLE =
      """
      SELECT c.volunteer, v.name, v.phone, c.way, c.until, c.sent_at, c.delivered_at,
             c.answered_at, c.failed_at, c.problem
      FROM dispatch.reach_check c JOIN dispatch.volunteer v ON v.id = c.volunteer
      WHERE c.test = $1
      ORDER BY v.name, c.volunteer, c.place\
      """;
}
