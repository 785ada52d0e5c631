package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.crisis.NeedId;

/** What is past its time ends: offers that nobody answered, and needs whose window is over. */
public final class ExpireOffers implements Loop.Work {
  private static final int PER_TURN = 1_000;

  private final Pool pool;
  private final Bus bus;

  public ExpireOffers(Pool pool, Bus bus) {
    this.pool = pool;
    this.bus = bus;
  }

  @Override
  public String name() {
    return "expire offers";
  }

  @Override
  public Optional<Instant> nextDue() {
    var row = pool.query(NEXT_DUE).execute().await().iterator().next();
    return Optional.ofNullable(row.getOffsetDateTime("due")).map(OffsetDateTime::toInstant);
  }

  @Override
  public boolean run(Instant now) {
    var facts = Database.inTransaction(pool, tx -> expire(tx, now));
    var need = Database.inTransaction(pool, tx -> closeOne(tx, now));
    facts.forEach(bus::publish);
    need.ifPresent(closed -> closed.tell(bus));
    return !facts.isEmpty() || need.isPresent();
  }

  private static List<Fact> expire(SqlConnection tx, Instant now) {
    var facts = new ArrayList<Fact>();
    var due = Tuple.of(Database.utc(now), PER_TURN);
    for (var row : tx.preparedQuery(EXPIRE).execute(due).await()) {
      facts.add(new Fact.NeedChanged(row.getLong("crisis"), row.getLong("need")));
    }
    return facts;
  }

  private static Optional<CloseNeed.Outcome> closeOne(SqlConnection tx, Instant now) {
    for (var row : tx.preparedQuery(FIND_OVER).execute(Tuple.of(Database.utc(now))).await()) {
      var need = new NeedId(row.getLong("id"));
      return Optional.of(CloseNeed.close(tx, Optional.empty(), need, "time over", now));
    }
    return Optional.empty();
  }

  private static final String NEXT_DUE =
      """
      SELECT LEAST(
        (SELECT min(valid_until) FROM dispatch.offer WHERE state = 'open'),
        (SELECT min(ends_at) FROM dispatch.need WHERE state <> 'closed')) AS due
      """;

  // One whose answer is being written at this moment is left alone.
  private static final String EXPIRE =
      """
      WITH over AS (
        SELECT id FROM dispatch.offer
        WHERE state = 'open' AND valid_until <= $1
        ORDER BY valid_until
        LIMIT $2
        FOR UPDATE SKIP LOCKED
      ), expired AS (
        UPDATE dispatch.offer o SET state = 'expired', changed_at = $1
        FROM over WHERE o.id = over.id
        RETURNING o.need
      )
      SELECT DISTINCT n.crisis, n.id AS need
      FROM expired e JOIN dispatch.need n ON n.id = e.need
      ORDER BY n.id
      """;

  private static final String FIND_OVER =
      """
      SELECT id FROM dispatch.need
      WHERE state <> 'closed' AND ends_at <= $1
      ORDER BY ends_at, id
      LIMIT 1
      FOR NO KEY UPDATE SKIP LOCKED
      """;
}
