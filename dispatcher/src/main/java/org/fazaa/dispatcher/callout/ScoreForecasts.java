package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fazaa.config.Database;
import org.fazaa.config.Loop;

/**
 * When a deadline has passed, writes beside each forecast whether it came true: whether everybody
 * who was wanted had a place at that moment. What people changed meanwhile was not put to the test.
 * What a later envelope brought was never promised: then those count whom this one had asked.
 */
public final class ScoreForecasts implements Loop.Work {

  /** Whatever was begun before the deadline is committed by then. */
  static final Duration GRACE = Duration.ofMinutes(1);

  private static final int NEEDS_PER_TURN = 50;
  private static final double SHARE = 0.2;

  private final Pool pool;

  public ScoreForecasts(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "score forecasts";
  }

  @Override
  public Duration poll() {
    return Duration.ofSeconds(10);
  }

  /** Nobody waits for it. */
  @Override
  public double share() {
    return SHARE;
  }

  @Override
  public Optional<Instant> nextDue() {
    var due = pool.query(NEXT_DUE).execute().await().iterator().next().getOffsetDateTime("due");
    return Optional.ofNullable(due).map(at -> at.toInstant().plus(GRACE));
  }

  @Override
  public boolean run(Instant now) {
    return Database.inTransaction(pool, tx -> score(tx, now)) > 0;
  }

  /** Why a forecast was not put to the test. */
  public enum Why {
    /** Nobody confirmed its envelope. */
    UNCONFIRMED,
    /** The need was changed before the deadline. */
    EDITED,
    /** Asking was stopped, by a person or by the watch. */
    PAUSED,
    /** The need was closed before the deadline. */
    CLOSED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Why of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** What became of a forecast. */
  sealed interface Score {
    record CameTrue(int held, Instant filledAt) implements Score {}

    record Failed(int held) implements Score {}

    record Void(Why why) implements Score {}
  }

  /** A forecast as far as scoring needs it. */
  record Said(long envelope, Instant at, Instant fillBy, int people, boolean inForce) {}

  /** Something that a person did to a need. */
  record Act(Instant at, Why why) {}

  /**
   * Somebody took a place, or no longer has one.
   *
   * @param envelope by which they were asked; 0 when by none
   * @param willing whether they have no place only because others took them all
   */
  record Move(long offer, long envelope, Instant at, boolean holds, boolean willing) {}

  /**
   * @param moves in the order in which they happened
   */
  static Score decide(Said said, List<Act> acts, List<Move> moves) {
    if (!said.inForce) return new Score.Void(Why.UNCONFIRMED);
    var act =
        acts.stream()
            .filter(one -> one.at.isAfter(said.at) && one.at.isBefore(said.fillBy))
            .min(Comparator.comparing(Act::at));
    if (act.isPresent()) return new Score.Void(act.get().why);
    var inTime = moves.stream().filter(move -> !move.at.isAfter(said.fillBy)).toList();
    var helped = inTime.stream().anyMatch(move -> move.envelope > said.envelope);
    Map<Long, Instant> holders = new HashMap<>();
    for (var move : inTime) {
      if (move.envelope > said.envelope) continue;
      if (move.holds || (helped && move.willing)) holders.putIfAbsent(move.offer, move.at);
      else holders.remove(move.offer);
    }
    var times = holders.values().stream().sorted().toList();
    return times.size() < said.people
        ? new Score.Failed(times.size())
        : new Score.CameTrue(times.size(), times.get(said.people - 1));
  }

  /** How many were scored. Whoever is changing a need just now comes first. */
  private static int score(SqlConnection tx, Instant now) {
    var until = Tuple.of(Database.utc(now.minus(GRACE)), NEEDS_PER_TURN);
    var found = numbers(tx.preparedQuery(FIND_DUE).execute(until).await());
    if (found.length == 0) return 0;
    var needs = numbers(tx.preparedQuery(LOCK).execute(Tuple.of((Object) found)).await());
    var of = Tuple.of((Object) needs);
    var acts = new HashMap<Long, List<Act>>();
    for (var row : tx.preparedQuery(LIST_ACTS).execute(of).await()) {
      acts.computeIfAbsent(row.getLong("need"), any -> new ArrayList<>())
          .add(new Act(time(row, "at"), Why.of(row.getString("why"))));
    }
    var moves = new HashMap<Long, List<Move>>();
    for (var row : tx.preparedQuery(LIST_MOVES).execute(of).await()) {
      moves
          .computeIfAbsent(row.getLong("need"), any -> new ArrayList<>())
          .add(
              new Move(
                  row.getLong("offer"),
                  row.getLong("envelope"),
                  time(row, "at"),
                  row.getBoolean("holds"),
                  row.getBoolean("willing")));
    }
    var scores = new TreeMap<Long, Score>();
    var due = Tuple.of(needs, Database.utc(now.minus(GRACE)));
    for (var row : tx.preparedQuery(LIST_SAID).execute(due).await()) {
      var said =
          new Said(
              row.getLong("envelope"),
              time(row, "at"),
              time(row, "fill_by"),
              row.getInteger("people"),
              row.getBoolean("in_force"));
      var need = row.getLong("need");
      var score =
          decide(said, acts.getOrDefault(need, List.of()), moves.getOrDefault(need, List.of()));
      scores.put(row.getLong("id"), score);
    }
    write(tx, scores, now);
    return scores.size();
  }

  private static Long[] numbers(Iterable<Row> rows) {
    var numbers = new ArrayList<Long>();
    for (var row : rows) numbers.add(row.getLong("need"));
    return numbers.toArray(Long[]::new);
  }

  private static Instant time(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }

  private static void write(SqlConnection tx, Map<Long, Score> scores, Instant now) {
    var whys = new ArrayList<String>();
    var held = new ArrayList<Integer>();
    var filled = new ArrayList<OffsetDateTime>();
    for (var score : scores.values()) {
      switch (score) {
        case Score.CameTrue(var many, var at) -> {
          whys.add(null);
          held.add(many);
          filled.add(Database.utc(at));
        }
        case Score.Failed(var many) -> {
          whys.add(null);
          held.add(many);
          filled.add(null);
        }
        case Score.Void(var why) -> {
          whys.add(why.word());
          held.add(null);
          filled.add(null);
        }
      }
    }
    var columns =
        Tuple.tuple()
            .addArrayOfLong(scores.keySet().toArray(Long[]::new))
            .addArrayOfString(whys.toArray(String[]::new))
            .addArrayOfInteger(held.toArray(Integer[]::new))
            .addArrayOfOffsetDateTime(filled.toArray(OffsetDateTime[]::new))
            .addOffsetDateTime(Database.utc(now));
    tx.preparedQuery(WRITE).execute(columns).await();
  }

  private static final String NEXT_DUE =
      "SELECT min(fill_by) AS due FROM dispatch.forecast WHERE scored_at IS NULL";

  private static final String FIND_DUE =
      """
      SELECT DISTINCT need FROM dispatch.forecast
      WHERE scored_at IS NULL AND fill_by <= $1
      ORDER BY need LIMIT $2
      """;

  private static final String LOCK =
      """
      SELECT id AS need FROM dispatch.need WHERE id = ANY ($1::bigint[])
      ORDER BY id FOR SHARE SKIP LOCKED
      """;

  private static final String LIST_ACTS =
      """
      SELECT need, edited_at AS at, CASE what WHEN 'edited' THEN 'edited' ELSE 'paused' END AS why
      FROM dispatch.need_edit
      WHERE need = ANY ($1::bigint[]) AND what IN ('edited', 'paused', 'paused by watch')
      UNION ALL
      SELECT need, closed_at, 'closed' FROM dispatch.need_closure WHERE need = ANY ($1::bigint[])
      """;

  // Other events tell how far those have come who have a place.
  private static final String LIST_MOVES =
      """
      SELECT v.need, v.offer, v.at, coalesce(o.envelope, 0) AS envelope,
        v.what IN ('assigned', 'promoted') AS holds, v.what IN ('standby', 'too_late') AS willing
      FROM dispatch.offer_event v JOIN dispatch.offer o ON o.id = v.offer
      WHERE v.need = ANY ($1::bigint[]) AND v.what IN ('assigned', 'promoted', 'declined',
        'standby', 'withdrawn', 'released', 'too_late', 'expired', 'stood_down', 'open',
        'called off')
      ORDER BY v.id
      """;

  private static final String LIST_SAID =
      """
      SELECT f.id, f.need, f.envelope, f.at, f.fill_by, f.people, e.in_force
      FROM dispatch.forecast f JOIN dispatch.envelope e ON e.id = f.envelope
      WHERE f.need = ANY ($1::bigint[]) AND f.scored_at IS NULL AND f.fill_by <= $2
      """;

  private static final String WRITE =
      """
      UPDATE dispatch.forecast f
      SET scored_at = $5, void_why = s.void_why, held = s.held, filled_at = s.filled_at,
          came_true = CASE WHEN s.void_why IS NULL THEN s.filled_at IS NOT NULL END
      FROM UNNEST($1::bigint[], $2::text[], $3::int[], $4::timestamptz[])
        AS s (id, void_why, held, filled_at)
      WHERE f.id = s.id AND f.scored_at IS NULL
      """;
}
