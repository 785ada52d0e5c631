package org.fazaa.dispatcher.roster;

import static java.util.stream.Collectors.toSet;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.people.EditVolunteers;
import org.fazaa.dispatcher.people.VolunteerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the roster true: reads everybody once, then whoever a committed change names. A change is
 * taken as soon as it can be seen; the place to read on from moves only up to the oldest
 * transaction that can still commit, so one that commits late is never passed over.
 */
public final class RosterFeed implements Loop.Work, EditVolunteers.Memory {
  private static final Logger LOG = LoggerFactory.getLogger(RosterFeed.class);

  /** So many people are read at once. */
  private static final int PAGE = 10_000;

  /** So many changes are taken at once; an import makes one of thousands of people. */
  private static final int CHANGES_MAX = 500;

  private static final int PRUNE_EVERY = 1_000;

  /** So many changes are kept for nodes that were away. */
  private static final int CHANGES_KEPT = 20_000;

  private final Roster roster;
  private final Database database;
  private final Readings readings;
  private final PersonRows rows = new PersonRows();

  /** Transactions whose changes were taken from the statement that made them. */
  private final Set<Long> written = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean turning = new AtomicBoolean();
  private long from; // changes of transactions below this one have been taken
  private final Map<Long, Long> ahead = new HashMap<>(); // taken besides: change to transaction
  private long prunedAtLoad;
  private int takenSincePrune;

  public RosterFeed(Roster roster, Database database) {
    this.roster = roster;
    this.database = database;
    readings = new Readings(roster);
  }

  /**
   * Reads these again now, because a transaction that changed them has just committed here: every
   * query that begins after this returns knows what it did. Where the database fails just now, it
   * is left to the next turn, which finds the change by itself.
   */
  public void changed(Collection<VolunteerId> ids) {
    try {
      reread(database.dispatch(), ids.stream().map(VolunteerId::value).distinct().toList());
    } catch (Exception e) { // await() throws as it comes
      LOG.warn("volunteers who changed are read again later", e);
    }
  }

  @Override
  public String columns() {
    return PersonRows.COLUMNS + ", pg_current_xact_id()::text::bigint AS tx";
  }

  @Override
  public Writing begin(Set<VolunteerId> ids) {
    var writing = readings.begin(ids.stream().map(VolunteerId::value).collect(toSet()));
    return new Writing() {
      @Override
      public void committed(RowSet<Row> changed) {
        takeWritten(writing, changed);
      }

      @Override
      public void close() {
        readings.end(writing);
      }
    };
  }

  private void takeWritten(long writing, RowSet<Row> changed) {
    try {
      var unsure = readings.takeWritten(writing, people(changed));
      if (!unsure.isEmpty()) reread(database.dispatch(), List.copyOf(unsure));
      for (var row : changed) written.add(row.getLong("tx"));
    } catch (Exception e) { // await() throws as it comes
      LOG.warn("volunteers who changed are read again later", e);
    }
  }

  private Map<Long, Person> people(RowSet<Row> found) {
    var people = new HashMap<Long, Person>();
    for (var row : found) people.put(row.getLong(0), rows.person(row));
    return people;
  }

  @Override
  public String name() {
    return "roster feed";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.VolunteersChanged.class);
  }

  /** One turn at a time: who comes during another's leaves the work to it and to the next poll. */
  @Override
  public boolean run(Instant now) {
    if (!turning.compareAndSet(false, true)) return false;
    try {
      return turn();
    } finally {
      turning.set(false);
    }
  }

  private boolean turn() {
    if (!roster.isLoaded()) {
      load();
      return true;
    }
    var news = read();
    // A copy of the tables may carry numbers of another server's transactions: those were there
    // when we loaded and tell nothing.
    if (news.prunedBelow > from && news.prunedBelow != prunedAtLoad) {
      LOG.info("the roster fell behind what is kept of changes, reading everybody again");
      load();
      return true;
    }
    var did = take(news);
    if (!news.isFull() && takenSincePrune >= PRUNE_EVERY) prune();
    return did || news.isFull();
  }

  // The edge is read before the people: what commits in between is read again as a change.
  private void load() {
    var edge = Database.inTransaction(database.bulk(), tx -> edge(tx));
    var reading = readings.beginAll();
    try {
      readings.replace(reading, Database.inTransaction(database.bulk(), this::everybody));
    } finally {
      readings.end(reading);
    }
    from = edge.from;
    prunedAtLoad = edge.prunedBelow;
    ahead.clear();
    LOG.info("the roster holds {} volunteers", roster.size());
  }

  private record Edge(long from, long prunedBelow) {}

  private static Edge edge(SqlConnection tx) {
    var row = tx.query(FIND_EDGE).execute().await().iterator().next();
    return new Edge(row.getLong("edge"), row.getLong("pruned_below"));
  }

  private Grid everybody(SqlConnection tx) {
    var grid = new Grid();
    var cursor = tx.prepare(PersonRows.SELECT).await().cursor();
    var next = cursor.read(PAGE);
    while (true) {
      var page = next.await();
      var more = cursor.hasMore();
      if (more) next = cursor.read(PAGE); // the database reads on while we write
      var people = new ArrayList<Person>(page.size());
      for (var row : page) people.add(rows.person(row));
      grid.change(people, List.of());
      if (!more) break;
    }
    cursor.close().await();
    grid.compact();
    return grid;
  }

  private record Change(long id, long tx) {}

  private record News(long edge, long prunedBelow, List<Change> changes) {
    boolean isFull() {
      return changes.size() == CHANGES_MAX;
    }

    /** Below this no change is missing from what was read, nor can one still appear. */
    long settled() {
      return isFull() ? Math.min(edge, changes.getLast().tx) : edge;
    }
  }

  private News read() {
    var changes = new ArrayList<Change>();
    var edge = 0L;
    var prunedBelow = 0L;
    for (var row : database.dispatch().preparedQuery(READ).execute(Tuple.of(from)).await()) {
      edge = row.getLong("edge");
      prunedBelow = row.getLong("pruned_below");
      var id = row.getLong("id");
      if (id != null && !ahead.containsKey(id) && changes.size() < CHANGES_MAX) {
        changes.add(new Change(id, row.getLong("tx")));
      }
    }
    return new News(edge, prunedBelow, changes);
  }

  /** Whether there was anything that was not known. */
  private boolean take(News news) {
    var unknown =
        news.changes.stream()
            .filter(change -> !written.contains(change.tx))
            .map(Change::id)
            .toArray(Long[]::new);
    if (unknown.length > 0) {
      var found =
          database
              .dispatch()
              .preparedQuery(FIND_CHANGED)
              .execute(Tuple.of((Object) unknown))
              .await();
      if (found.size() < unknown.length) {
        load(); // another node cleared them away just now
        return true;
      }
      var changed = new TreeSet<Long>();
      for (var row : found) changed.addAll(List.of(row.getArrayOfLongs("volunteers")));
      reread(database.bulk(), List.copyOf(changed));
    }
    for (var change : news.changes) ahead.put(change.id, change.tx);
    takenSincePrune += news.changes.size();
    from = news.settled();
    ahead.values().removeIf(tx -> tx < from);
    written.removeIf(tx -> tx < from);
    return unknown.length > 0;
  }

  private void reread(Pool pool, List<Long> ids) {
    for (var start = 0; start < ids.size(); start += PAGE) {
      var page = ids.subList(start, Math.min(start + PAGE, ids.size()));
      var reading = readings.begin(Set.copyOf(page));
      try {
        var wanted = Tuple.of((Object) page.toArray(Long[]::new));
        readings.take(reading, people(pool.preparedQuery(REREAD).execute(wanted).await()));
      } finally {
        readings.end(reading);
      }
    }
  }

  private void prune() {
    Database.inTransaction(
        database.dispatch(),
        tx -> tx.preparedQuery(PRUNE).execute(Tuple.of(CHANGES_KEPT)).await().rowCount());
    takenSincePrune = 0;
  }

  private static final String FIND_EDGE =
      """
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS edge, below AS pruned_below
      FROM dispatch.roster_pruned\
      """;

  private static final String REREAD = PersonRows.SELECT + " WHERE v.id = ANY($1)";

  // One statement, so that the edge and the changes are of one snapshot.
  private static final String READ =
      """
      SELECT p.edge, p.pruned_below, c.id, c.tx
      FROM (
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS edge, below AS pruned_below
        FROM dispatch.roster_pruned
      ) AS p LEFT JOIN dispatch.roster_change c ON c.tx >= $1
      ORDER BY c.tx, c.id\
      """;

  private static final String FIND_CHANGED =
      "SELECT volunteers FROM dispatch.roster_change WHERE id = ANY($1)";

  private static final String PRUNE =
      """
      WITH gone AS (
        DELETE FROM dispatch.roster_change
        WHERE id <= (SELECT max(id) FROM dispatch.roster_change) - $1
          AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        RETURNING tx
      )
      UPDATE dispatch.roster_pruned
      SET below = GREATEST(below, (SELECT max(tx) FROM gone) + 1)\
      """;
}
