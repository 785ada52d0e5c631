package org.fazaa.dispatcher.people;

import static org.fazaa.config.Database.utc;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Volunteers say when they are free, where they are, or that they pause. Each waits for a commit of
 * its own, but all that wait at a time are written by one statement: after a public appeal
 * thousands change their hours in the same minute, and a commit for each would be slower.
 */
public final class EditVolunteers implements Loop.Work {

  /** What becomes of one person. */
  public sealed interface Edit {
    VolunteerId volunteer();

    record Hours(VolunteerId volunteer, Week hours) implements Edit {}

    record Place(VolunteerId volunteer, Point place) implements Edit {}

    /** They are not asked before then; at once again when empty. */
    record Pause(VolunteerId volunteer, Optional<Instant> until) implements Edit {}
  }

  public sealed interface Outcome {
    /** Committed, and seen by every search that this node begins from now on. */
    record Edited() implements Outcome {}

    record NoSuchVolunteer() implements Outcome {}

    /** So many wait already that this one was not taken: try again in a moment. */
    record TooMany() implements Outcome {}
  }

  /** So many are written together at most. */
  public static final int BATCH_MAX = 500;

  /** So many may wait: a few seconds' work. */
  public static final int WAITING_MAX = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(EditVolunteers.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  /** This node's roster knows at once; other nodes and pages need not hear more often than this. */
  private static final Duration TELL_EVERY = Duration.ofMillis(100);

  private static final class Waiting {
    final Edit edit;
    final Promise<Outcome> answer = Promise.promise();

    Waiting(Edit edit) {
      this.edit = edit;
    }
  }

  private final Pool pool;
  private final Bus bus;
  private final Consumer<Set<VolunteerId>> learn;
  private final BlockingQueue<Waiting> waiting;
  private volatile Promise<Void> stir = Promise.promise();
  private long told = System.nanoTime() - TELL_EVERY.toNanos();
  private boolean untold;

  /**
   * @param learn makes the roster of this node see these people as they were committed
   */
  public EditVolunteers(Pool pool, Bus bus, Consumer<Set<VolunteerId>> learn) {
    this(pool, bus, learn, WAITING_MAX);
  }

  EditVolunteers(Pool pool, Bus bus, Consumer<Set<VolunteerId>> learn, int waitingMost) {
    this.pool = pool;
    this.bus = bus;
    this.learn = learn;
    this.waiting = new ArrayBlockingQueue<>(waitingMost);
  }

  /**
   * Edits of one person take effect in the order in which they were handed in. Fails with {@link
   * Database.Away} when it is not known whether it was written; it may be handed in again.
   */
  public Future<Outcome> run(Edit edit) {
    var one = new Waiting(edit);
    if (!waiting.offer(one)) return Future.succeededFuture(new Outcome.TooMany());
    stir.tryComplete();
    return one.answer.future();
  }

  @Override
  public String name() {
    return "edit volunteers";
  }

  @Override
  public Duration poll() {
    return untold ? TELL_EVERY : POLL;
  }

  /** Whoever waits is told that the database is away rather than left waiting for it. */
  @Override
  public boolean restsApart() {
    return false;
  }

  @Override
  public Future<?> stirred() {
    var next = Promise.<Void>promise();
    stir = next;
    if (!waiting.isEmpty()) next.tryComplete();
    return next.future();
  }

  @Override
  public boolean run(Instant now) {
    var batch = new ArrayList<Waiting>();
    waiting.drainTo(batch, BATCH_MAX);
    if (!batch.isEmpty()) write(batch);
    tell();
    return !batch.isEmpty();
  }

  @Override
  public void wind(Instant now) {
    while (run(now)) {
      // until nobody waits
    }
  }

  private void write(List<Waiting> batch) {
    try {
      var rows = rows(batch);
      var edited = commit(rows);
      untold = true;
      learn.accept(edited);
      for (var one : batch) {
        var found = edited.contains(one.edit.volunteer());
        one.answer.complete(found ? new Outcome.Edited() : new Outcome.NoSuchVolunteer());
      }
    } catch (Exception e) { // await() throws checked ones as well; nobody may be left waiting
      batch.forEach(one -> one.answer.tryFail(e));
      throw e;
    }
  }

  // One statement is a transaction by itself and one way there and back. Whatever is in its way,
  // the
  // long way knows when to try again and how to say that it is of no use; twice sets the same.
  private Set<VolunteerId> commit(SortedMap<VolunteerId, Row> rows) {
    try {
      return write(pool, rows);
    } catch (Exception e) { // await() throws as it comes
      LOG.debug("edits are written again", e);
      return Database.inTransaction(pool, tx -> write(tx, rows));
    }
  }

  private void tell() {
    if (!untold || System.nanoTime() - told < TELL_EVERY.toNanos()) return;
    untold = false;
    told = System.nanoTime();
    bus.publish(new Fact.VolunteersChanged());
  }

  /** All that was handed in for one person, the later over the earlier. */
  private static final class Row {
    String hours;
    Point place;
    boolean pauses;
    OffsetDateTime until;

    void add(Edit edit) {
      switch (edit) {
        case Edit.Hours(var id, var week) -> hours = week.toString();
        case Edit.Place(var id, var point) -> place = point;
        case Edit.Pause(var id, var end) -> {
          pauses = true;
          until = end.map(then -> utc(then)).orElse(null);
        }
      }
    }
  }

  private static SortedMap<VolunteerId, Row> rows(List<Waiting> batch) {
    var rows = new TreeMap<VolunteerId, Row>();
    for (var one : batch) {
      rows.computeIfAbsent(one.edit.volunteer(), none -> new Row()).add(one.edit);
    }
    return rows;
  }

  /** Those of them that there are. */
  private static Set<VolunteerId> write(SqlClient db, SortedMap<VolunteerId, Row> rows) {
    var all = rows.values();
    var columns =
        Tuple.tuple()
            .addArrayOfLong(rows.keySet().stream().map(VolunteerId::value).toArray(Long[]::new))
            .addArrayOfString(column(all, row -> row.hours).toArray(String[]::new))
            .addArrayOfDouble(degrees(all, Point::lon))
            .addArrayOfDouble(degrees(all, Point::lat))
            .addArrayOfBoolean(column(all, row -> row.pauses).toArray(Boolean[]::new))
            .addArrayOfOffsetDateTime(column(all, row -> row.until).toArray(OffsetDateTime[]::new));
    var edited = new HashSet<VolunteerId>();
    for (var row : db.preparedQuery(UPDATE).execute(columns).await()) {
      edited.add(new VolunteerId(row.getLong("id")));
    }
    return edited;
  }

  private static <T> List<T> column(Collection<Row> rows, Function<Row, T> value) {
    var column = new ArrayList<T>(rows.size()); // a stream's list would take no null
    for (var row : rows) column.add(value.apply(row));
    return column;
  }

  private static Double[] degrees(Collection<Row> rows, Function<Point, Double> value) {
    return column(rows, row -> row.place == null ? null : value.apply(row.place))
        .toArray(Double[]::new);
  }

  // Held in the order of the ids, as whoever else changes many at once does.
  private static final String UPDATE =
      """
      WITH told AS (
        SELECT * FROM UNNEST($1::bigint[], $2::text[], $3::float8[], $4::float8[], $5::boolean[],
          $6::timestamptz[]) AS t (id, hours, lon, lat, pauses, until)),
      held AS (
        SELECT v.id FROM dispatch.volunteer v JOIN told ON told.id = v.id
        ORDER BY v.id
        FOR NO KEY UPDATE OF v)
      UPDATE dispatch.volunteer v
      SET hours = coalesce(t.hours, v.hours),
          lon = coalesce(t.lon, v.lon),
          lat = coalesce(t.lat, v.lat),
          paused_until = CASE WHEN t.pauses THEN t.until ELSE v.paused_until END
      FROM told t JOIN held ON held.id = t.id
      WHERE v.id = t.id
      RETURNING v.id\
      """;
}
