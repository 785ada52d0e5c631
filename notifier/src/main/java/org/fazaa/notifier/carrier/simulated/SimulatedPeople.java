package org.fazaa.notifier.carrier.simulated;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.StatusArrived;
import org.fazaa.notifier.TakeStatus;
import org.fazaa.notifier.TextState;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.TakeReply;

/**
 * Plays what simulated phones do when its time has come, through the same doors as a real carrier:
 * {@link TakeStatus} and {@link TakeReply}.
 */
public final class SimulatedPeople implements Loop.Work {

  /** The address that simulated people write to. */
  static final String OUR_ADDRESS = "fazaa";

  private static final int AT_ONCE = 500;

  private final Pool pool;
  private final Bus bus;

  public SimulatedPeople(Pool pool, Bus bus) {
    this.pool = pool;
    this.bus = bus;
  }

  @Override
  public String name() {
    return "simulated people";
  }

  @Override
  public boolean run(Instant now) {
    var played = Database.inTransaction(pool, tx -> play(tx, now));
    played.moved().forEach(text -> bus.publish(new Fact.TextChanged(text)));
    played.replies().forEach(reply -> bus.publish(new Fact.ReplyKept(reply)));
    return played.events() > 0;
  }

  @Override
  public Optional<Instant> nextDue() {
    var row = pool.query(FIND_NEXT_DUE).execute().await().iterator().next();
    return Optional.ofNullable(row.getOffsetDateTime(0)).map(OffsetDateTime::toInstant);
  }

  private record Played(int events, List<Long> moved, List<Long> replies) {}

  private static Played play(SqlConnection tx, Instant now) {
    var events = take(tx, now);
    var statuses = events.stream().filter(e -> e.status() != null).map(Event::arrived).toList();
    var replies = events.stream().filter(e -> e.says() != null).map(Event::reply).toList();
    var moved = statuses.isEmpty() ? List.<Long>of() : TakeStatus.runAll(tx, statuses, now);
    var kept =
        replies.isEmpty()
            ? List.<Long>of()
            : TakeReply.runAll(tx, replies, now).stream().map(TakeReply.Outcome::reply).toList();
    return new Played(events.size(), moved, kept);
  }

  private record Event(
      long id, Instant dueAt, long text, Phone phone, String status, String code, String says) {

    StatusArrived arrived() {
      var sid = SimulatedCarrier.sid(text);
      var state = Optional.of(TextState.valueOf(status));
      return new StatusArrived(SimulatedCarrier.NAME, sid, status, state, text, code, Map.of());
    }

    Arrived reply() {
      var id = "event-" + this.id;
      return new Arrived(SimulatedCarrier.NAME, id, phone, OUR_ADDRESS, says, Map.of());
    }
  }

  private static List<Event> take(SqlConnection tx, Instant now) {
    var events = new ArrayList<Event>();
    tx.preparedQuery(TAKE_DUE)
        .execute(Tuple.of(utc(now), AT_ONCE))
        .await()
        .forEach(row -> events.add(event(row)));
    events.sort(Comparator.comparing(Event::dueAt).thenComparing(Event::id));
    return events;
  }

  private static Event event(Row row) {
    return new Event(
        row.getLong("id"),
        row.getOffsetDateTime("due_at").toInstant(),
        row.getLong("text_id"),
        new Phone(row.getString("phone")),
        row.getString("status"),
        row.getString("code"),
        row.getString("says"));
  }

  private static final String TAKE_DUE =
      """
      DELETE FROM notify.simulated_event
      WHERE id IN (
        SELECT id FROM notify.simulated_event
        WHERE due_at <= $1
        ORDER BY due_at, id
        LIMIT $2
        FOR UPDATE SKIP LOCKED)
      RETURNING id, due_at, text_id, phone, status, code, says\
      """;

  private static final String FIND_NEXT_DUE = "SELECT min(due_at) FROM notify.simulated_event";
}
