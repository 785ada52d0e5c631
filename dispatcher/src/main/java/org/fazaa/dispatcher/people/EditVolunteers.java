package org.fazaa.dispatcher.people;

import static org.fazaa.config.Database.utc;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Volunteers say when they are free, where they are, or that they pause. Each waits for a commit,
 * but all that wait at a time are written by one statement: after a public appeal thousands change
 * their hours in the same minute, and a commit for each would be slower.
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

  /**
   * Where this node remembers people. It learns of an edit from the statement that writes it, with
   * no second look at the tables.
   */
  public interface Memory {
    /** What the statement shall answer of each person, of a table called {@code v}, id first. */
    String columns();

    /** An edit of these people, which is sent after this. */
    Writing begin(Set<VolunteerId> people);

    interface Writing extends AutoCloseable {
      /** What the statement answered. Every query that begins after this returns knows. */
      void committed(RowSet<Row> rows);

      /** Committed or not, it is over. */
      @Override
      void close();
    }
  }

  /** So many people are written together at most. */
  public static final int BATCH_MAX = 500;

  /** So many edits may wait: a few seconds' work. */
  public static final int WAITING_MAX = 20_000;

  /** So many batches are on their way at a time: while one is flushed, the next is worked out. */
  private static final int WRITERS_MAX = 2;

  private static final Logger LOG = LoggerFactory.getLogger(EditVolunteers.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  /** This node's roster knows at once; other nodes and pages need not hear more often than this. */
  private static final Duration TELL_EVERY = Duration.ofMillis(100);

  private final Pool pool;
  private final Bus bus;
  private final Memory memory;
  private final String update;
  private final int waitingMost;
  private volatile Promise<Void> stir = Promise.promise();
  private volatile boolean running;
  private volatile boolean untold;
  private long told = System.nanoTime() - TELL_EVERY.toNanos();

  private final ReentrantLock turn = new ReentrantLock();
  private final Condition idle = turn.newCondition();
  private final Map<VolunteerId, Wishes> waiting = new LinkedHashMap<>(); // who came first is first
  private final Set<VolunteerId> underWay = new HashSet<>(); // their next edits wait for these
  private int waitingNow;
  private int writers;

  public EditVolunteers(Pool pool, Bus bus, Memory memory) {
    this(pool, bus, memory, WAITING_MAX);
  }

  EditVolunteers(Pool pool, Bus bus, Memory memory, int waitingMost) {
    this.pool = pool;
    this.bus = bus;
    this.memory = memory;
    this.update = UPDATE.formatted(memory.columns());
    this.waitingMost = waitingMost;
  }

  /**
   * Edits of one person take effect in the order in which they were handed in. Fails with {@link
   * Database.Away} when it is not known whether it was written; it may be handed in again.
   */
  public Future<Outcome> run(Edit edit) {
    turn.lock();
    try {
      if (waitingNow == waitingMost) return Future.succeededFuture(new Outcome.TooMany());
      waitingNow++;
      var answer = waiting.computeIfAbsent(edit.volunteer(), none -> new Wishes()).add(edit);
      if (running) start();
      return answer;
    } finally {
      turn.unlock();
    }
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
    stir = Promise.promise();
    return stir.future();
  }

  /** From the first turn on, whoever comes is written at once. */
  @Override
  public boolean run(Instant now) {
    running = true;
    var did = start();
    tell();
    return did;
  }

  @Override
  public void wind(Instant now) {
    start();
    turn.lock();
    try {
      while (writers > 0) idle.awaitUninterruptibly();
    } finally {
      turn.unlock();
    }
    tell();
  }

  // Who writes goes on for as long as anybody waits.
  private boolean start() {
    turn.lock();
    try {
      if (writers == WRITERS_MAX) return false;
      var batch = next();
      if (batch.isEmpty()) return false;
      writers++;
      Thread.startVirtualThread(() -> writeFrom(batch));
      return true;
    } finally {
      turn.unlock();
    }
  }

  // Whoever is being written already has to wait for that, so that the later edit stays the last.
  private SortedMap<VolunteerId, Wishes> next() {
    var batch = new TreeMap<VolunteerId, Wishes>();
    var first = waiting.entrySet().iterator();
    while (first.hasNext() && batch.size() < BATCH_MAX) {
      var one = first.next();
      if (!underWay.add(one.getKey())) continue;
      batch.put(one.getKey(), one.getValue());
      waitingNow -= one.getValue().answers.size();
      first.remove();
    }
    return batch;
  }

  private void writeFrom(SortedMap<VolunteerId, Wishes> first) {
    for (var batch = first; !batch.isEmpty(); batch = after(batch)) write(batch);
  }

  private SortedMap<VolunteerId, Wishes> after(SortedMap<VolunteerId, Wishes> batch) {
    turn.lock();
    try {
      underWay.removeAll(batch.keySet());
      var next = next();
      if (next.isEmpty()) {
        writers--;
        idle.signalAll();
      }
      return next;
    } finally {
      turn.unlock();
    }
  }

  private void write(SortedMap<VolunteerId, Wishes> batch) {
    try (var writing = memory.begin(Set.copyOf(batch.keySet()))) {
      var rows = commit(batch);
      writing.committed(rows);
      if (!untold) stir.tryComplete(); // others have something to hear
      untold = true;
      for (var row : rows) {
        batch.get(new VolunteerId(row.getLong(0))).answer(new Outcome.Edited());
      }
      for (var one : batch.values()) one.answer(new Outcome.NoSuchVolunteer());
    } catch (Throwable e) { // nobody may be left waiting, whatever it is
      LOG.warn("edits of volunteers failed", e);
      for (var one : batch.values()) one.fail(e);
    }
  }

  // One statement is a transaction by itself and one way there and back. Whatever is in its way,
  // the long way knows when to try again and how to say that it is of no use; twice sets the same.
  private RowSet<Row> commit(SortedMap<VolunteerId, Wishes> batch) {
    var columns = columns(batch);
    try {
      return pool.preparedQuery(update).execute(columns).await();
    } catch (Exception e) { // await() throws as it comes
      LOG.debug("edits are written again", e);
      return Database.inTransaction(pool, tx -> tx.preparedQuery(update).execute(columns).await());
    }
  }

  private void tell() {
    if (!untold || System.nanoTime() - told < TELL_EVERY.toNanos()) return;
    untold = false;
    told = System.nanoTime();
    bus.publish(new Fact.VolunteersChanged());
  }

  /** All that was handed in for one person, the later over the earlier, and who waits for it. */
  private static final class Wishes {
    final List<Promise<Outcome>> answers = new ArrayList<>(1);
    String hours;
    Point place;
    boolean pauses;
    OffsetDateTime until;

    Future<Outcome> add(Edit edit) {
      switch (edit) {
        case Edit.Hours(var id, var week) -> hours = week.toString();
        case Edit.Place(var id, var point) -> place = point;
        case Edit.Pause(var id, var end) -> {
          pauses = true;
          until = end.map(then -> utc(then)).orElse(null);
        }
      }
      var answer = Promise.<Outcome>promise();
      answers.add(answer);
      return answer.future();
    }

    /** To those who have no answer yet. */
    void answer(Outcome outcome) {
      for (var one : answers) one.tryComplete(outcome);
    }

    void fail(Throwable fault) {
      for (var one : answers) one.tryFail(fault);
    }
  }

  private static Tuple columns(SortedMap<VolunteerId, Wishes> batch) {
    var all = batch.values();
    return Tuple.tuple()
        .addArrayOfLong(batch.keySet().stream().map(VolunteerId::value).toArray(Long[]::new))
        .addArrayOfString(column(all, row -> row.hours).toArray(String[]::new))
        .addArrayOfDouble(degrees(all, Point::lon))
        .addArrayOfDouble(degrees(all, Point::lat))
        .addArrayOfBoolean(column(all, row -> row.pauses).toArray(Boolean[]::new))
        .addArrayOfOffsetDateTime(column(all, row -> row.until).toArray(OffsetDateTime[]::new));
  }

  private static <T> List<T> column(Collection<Wishes> rows, Function<Wishes, T> value) {
    var column = new ArrayList<T>(rows.size()); // a stream's list would take no null
    for (var row : rows) column.add(value.apply(row));
    return column;
  }

  private static Double[] degrees(Collection<Wishes> rows, Function<Point, Double> value) {
    return column(rows, row -> row.place == null ? null : value.apply(row.place))
        .toArray(Double[]::new);
  }

  // Changed in the order of the ids, as whoever else changes many at once does: the loops' plans go
  // by index from what is told to the table, row by row.
  // The arrays stand in selects so that the planner does not see how long they are: it would plan
  // each batch anew, which takes longer than to write a row.
  private static final String UPDATE =
      """
      UPDATE dispatch.volunteer v
      SET hours = coalesce(t.hours, v.hours),
          lon = coalesce(t.lon, v.lon),
          lat = coalesce(t.lat, v.lat),
          paused_until = CASE WHEN t.pauses THEN t.until ELSE v.paused_until END
      FROM UNNEST((SELECT $1::bigint[]), (SELECT $2::text[]), (SELECT $3::float8[]),
        (SELECT $4::float8[]), (SELECT $5::boolean[]), (SELECT $6::timestamptz[]))
        AS t (id, hours, lon, lat, pauses, until)
      WHERE v.id = t.id
      RETURNING %s\
      """;
}
