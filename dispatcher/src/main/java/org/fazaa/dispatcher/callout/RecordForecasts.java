package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.roster.Roster;

/**
 * Keeps what is said about each call-out before it ends: once at the press, and while it runs once
 * in every tenth of the time from the call-out to the deadline. {@link ScoreForecasts} holds it
 * against what happened.
 */
public final class RecordForecasts implements Loop.Work {
  private static final int NEEDS_PER_TURN = 20;
  private static final double SHARE = 0.2;

  private final Pool pool;
  private final Roster roster;
  private final Policy policy;
  private final boolean simulated;
  private final Lines lines;

  /** Deadlines before it have nothing to wait for. */
  private Instant lastTurn = Instant.EPOCH;

  public RecordForecasts(Pool pool, Roster roster, Policy policy, boolean simulated) {
    this.pool = pool;
    this.roster = roster;
    this.policy = policy;
    this.simulated = simulated;
    this.lines = new Lines(roster, simulated);
  }

  @Override
  public String name() {
    return "record forecasts";
  }

  @Override
  public Duration poll() {
    return Duration.ofSeconds(2);
  }

  /** Nobody waits for it. */
  @Override
  public double share() {
    return SHARE;
  }

  @Override
  public Optional<Instant> nextDue() {
    var rows = pool.preparedQuery(NEXT_DUE).execute(Tuple.of(Database.utc(lastTurn))).await();
    var due = rows.iterator().next().getOffsetDateTime("due");
    return Optional.ofNullable(due).map(OffsetDateTime::toInstant);
  }

  @Override
  public boolean run(Instant now) {
    lastTurn = now;
    if (!roster.isLoaded()) return false;
    var due = due(now);
    if (due.isEmpty()) return false;
    var needs = due.stream().map(Due::need).toList();
    var envelopes = new HashMap<NeedId, Envelope>();
    var ids = needs.stream().map(need -> need.envelope().orElseThrow()).toList();
    Envelope.list(pool, ids).values().forEach(one -> envelopes.put(one.need(), one));
    var areas = new HashMap<NeedId, Area>();
    envelopes.forEach((need, envelope) -> areas.put(need, envelope.area()));
    var all = lines.of(pool, needs, areas, now);
    var said = new ArrayList<Said>();
    for (var n = 0; n < due.size(); n++) {
      var envelope = envelopes.get(needs.get(n).id());
      var forecast = Forecast.of(all.get(n), envelope.textsLeft(), now);
      said.add(new Said(needs.get(n), envelope.id(), due.get(n).tenth, forecast));
    }
    put(pool, "live", said, policy, simulated, now);
    return true;
  }

  /** A need whose tenth has begun and of which nothing has been said in it. */
  private record Due(Need need, int tenth) {}

  private List<Due> due(Instant now) {
    var due = new ArrayList<Due>();
    var before = Tuple.of(Database.utc(now), NEEDS_PER_TURN);
    for (var row : pool.preparedQuery(FIND_DUE).execute(before).await()) {
      due.add(new Due(Need.of(row), row.getInteger("tenth")));
    }
    return due;
  }

  /** The forecast that goes with an envelope when it is approved. */
  static void atPress(
      SqlConnection tx,
      Need need,
      long envelope,
      Forecast forecast,
      Policy policy,
      boolean simulated,
      Instant now) {
    if (!now.isBefore(need.fillBy())) return; // nothing can be said of what is too late already
    put(tx, "press", List.of(new Said(need, envelope, 0, forecast)), policy, simulated, now);
  }

  private record Said(Need need, long envelope, int tenth, Forecast forecast) {
    double slack(Instant now) {
      return Line.slack(need.calledAt().orElse(now), need.fillBy(), now);
    }
  }

  private static void put(
      SqlClient conn, String kind, List<Said> said, Policy policy, boolean simulated, Instant now) {
    var columns =
        Tuple.of(kind, policy.name(), simulated, Database.utc(now))
            .addArrayOfLong(said.stream().map(s -> s.need.id().value()).toArray(Long[]::new))
            .addArrayOfLong(said.stream().map(Said::envelope).toArray(Long[]::new))
            .addArrayOfInteger(said.stream().map(Said::tenth).toArray(Integer[]::new))
            .addArrayOfString(
                said.stream().map(s -> s.need.priority().word()).toArray(String[]::new))
            .addArrayOfOffsetDateTime(
                said.stream()
                    .map(s -> Database.utc(s.need.fillBy()))
                    .toArray(OffsetDateTime[]::new))
            .addArrayOfDouble(said.stream().map(s -> s.slack(now)).toArray(Double[]::new))
            .addArrayOfInteger(said.stream().map(s -> s.need.people()).toArray(Integer[]::new))
            .addArrayOfInteger(said.stream().map(s -> s.need.places()).toArray(Integer[]::new))
            .addArrayOfInteger(said.stream().map(s -> s.forecast.texts()).toArray(Integer[]::new))
            .addArrayOfDouble(said.stream().map(s -> s.forecast.chance()).toArray(Double[]::new))
            .addArrayOfDouble(said.stream().map(s -> s.forecast.expected()).toArray(Double[]::new));
    conn.preparedQuery(INSERT).execute(columns).await();
  }

  // The next tenth of each need that runs, after the last in which something was said; by the same
  // sum in both, so that what is due is found.
  private static final String RUNNING =
      """
      FROM dispatch.need n
      CROSS JOIN LATERAL (SELECT (n.fill_by - n.called_at) / 10 AS long) tenth
      CROSS JOIN LATERAL (
        SELECT coalesce(max(f.tenth), 0) + 1 AS place FROM dispatch.forecast f
        WHERE f.need = n.id AND f.fill_by = n.fill_by AND f.kind = 'live') next
      CROSS JOIN LATERAL (SELECT n.called_at + next.place * tenth.long AS at) due
      """;

  private static final String WAITING =
      """
      WHERE n.state = 'calling' AND n.filled < n.people AND n.called_at < n.fill_by
        AND next.place <= 9 AND n.fill_by > $1
      """;

  private static final String NEXT_DUE = "SELECT min(due.at) AS due\n" + RUNNING + WAITING;

  // Of tenths that went by unsaid only the last.
  private static final String FIND_DUE =
      "SELECT "
          + Need.COLUMNS
          + """
            , LEAST(9, GREATEST(next.place, floor(
              extract(epoch FROM $1::timestamptz - n.called_at)
                / extract(epoch FROM tenth.long))))::int AS tenth
          """
          + RUNNING
          + "JOIN dispatch.crisis c ON c.id = n.crisis\n"
          + WAITING
          + """
            AND due.at <= $1
          ORDER BY n.fill_by, n.id
          LIMIT $2
          """;

  // What another node said in this tenth stands.
  private static final String INSERT =
      """
      INSERT INTO dispatch.forecast
        (need, envelope, at, kind, tenth, priority, simulated, policy, fill_by, slack, people,
         open, texts, chance, expected)
      SELECT need, envelope, $4, $1, tenth, priority, $3, $2, fill_by, slack, people, open, texts,
        chance, expected
      FROM UNNEST($5::bigint[], $6::bigint[], $7::int[], $8::text[], $9::timestamptz[],
          $10::float8[], $11::int[], $12::int[], $13::int[], $14::float8[], $15::float8[])
        AS f (need, envelope, tenth, priority, fill_by, slack, people, open, texts, chance,
          expected)
      ON CONFLICT DO NOTHING
      """;
}
