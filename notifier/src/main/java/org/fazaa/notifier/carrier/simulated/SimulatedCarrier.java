package org.fazaa.notifier.carrier.simulated;

import static org.fazaa.config.Database.utc;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fazaa.config.Database;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.TextState;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Trace;

/**
 * A carrier that reaches no real phone. What its phones will do is written down with the time at
 * which they will do it, so it survives a restart; {@link SimulatedPeople} plays it.
 */
public final class SimulatedCarrier implements Carrier {
  public static final String NAME = "simulated";
  private static final int CONNECTIONS = 500;

  private final Pool pool;
  private final Crowd crowd;
  private final int segmentCost;

  /**
   * @param segmentCost pretended, so that costs are shown and capped as for real
   */
  public SimulatedCarrier(Pool pool, Crowd crowd, int segmentCost) {
    this.pool = pool;
    this.crowd = crowd;
    this.segmentCost = segmentCost;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Sender> senders() {
    return List.of(new Sender(NAME, Map.of(ANY_COUNTRY, segmentCost), 0));
  }

  @Override
  public int connections() {
    return CONNECTIONS;
  }

  @Override
  public boolean reachesPeople() {
    return false;
  }

  @Override
  public List<Future<Submission>> submit(List<Text> texts, Instant now) {
    var events = new ArrayList<Event>();
    var silenced = new ArrayList<Long>();
    for (var text : texts) {
      for (var reaction : crowd.onText(text, now)) {
        var at = wholeSecond(now.plus(reaction.after()));
        switch (reaction) {
          case Reaction.Status(var after, var state, var problem) ->
              events.add(new Event(text, at, state.name(), problem, null));
          case Reaction.Says(var after, var body) ->
              events.add(new Event(text, at, null, null, body));
          case Reaction.Silence silence -> silenced.add(text.id());
        }
      }
    }
    Database.inTransaction(pool, tx -> silence(tx, silenced) + keep(tx, events));
    return texts.stream().map(text -> accepted(text.id())).toList();
  }

  @Override
  public Trace find(Text text) {
    boolean found =
        pool.preparedQuery(FIND_TRACE)
            .execute(Tuple.of(text.id()))
            .await()
            .iterator()
            .next()
            .getBoolean(0);
    return found ? new Trace.Found(sid(text.id()), TextState.ACCEPTED) : new Trace.Absent();
  }

  private static Future<Submission> accepted(long text) {
    return Future.succeededFuture(new Submission.Accepted(sid(text)));
  }

  static String sid(long text) {
    return "SIM" + text;
  }

  private record Event(Text text, Instant dueAt, String status, String problem, String says) {}

  private static int silence(SqlConnection tx, List<Long> texts) {
    if (texts.isEmpty()) {
      return 0;
    }
    Object ids = texts.toArray(Long[]::new);
    return tx.preparedQuery(FORGET_ANSWERS).execute(Tuple.of(ids)).await().rowCount();
  }

  // What happens in the same second is played together.
  private static Instant wholeSecond(Instant at) {
    var second = at.truncatedTo(ChronoUnit.SECONDS);
    return second.equals(at) ? at : second.plusSeconds(1);
  }

  private static int keep(SqlConnection tx, List<Event> events) {
    var columns =
        Tuple.tuple()
            .addValue(events.stream().map(e -> utc(e.dueAt())).toArray(OffsetDateTime[]::new))
            .addValue(events.stream().map(e -> e.text().id()).toArray(Long[]::new))
            .addValue(events.stream().map(e -> e.text().to().e164()).toArray(String[]::new))
            .addValue(events.stream().map(Event::status).toArray(String[]::new))
            .addValue(events.stream().map(Event::problem).toArray(String[]::new))
            .addValue(events.stream().map(Event::says).toArray(String[]::new));
    return tx.preparedQuery(KEEP_EVENTS).execute(columns).await().rowCount();
  }

  private static final String KEEP_EVENTS =
      """
      INSERT INTO notify.simulated_event (due_at, text_id, phone, status, code, says)
      SELECT e.due_at, e.text_id, e.phone, e.status, e.code, e.says
      FROM unnest($1::timestamptz[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
        WITH ORDINALITY AS e(due_at, text_id, phone, status, code, says, place)
      ORDER BY e.place\
      """;

  private static final String FORGET_ANSWERS =
      """
      DELETE FROM notify.simulated_event e
      USING notify.text told, notify.text asked
      WHERE told.id = ANY ($1::bigint[]) AND asked.to_phone = told.to_phone
        AND asked.purpose = told.purpose AND asked.about = told.about
        AND e.text_id = asked.id AND e.says IS NOT NULL\
      """;

  private static final String FIND_TRACE =
      """
      SELECT EXISTS (SELECT FROM notify.simulated_event WHERE text_id = $1)
          OR EXISTS (SELECT FROM notify.status_seen WHERE text_id = $1)\
      """;
}
