package org.fazaa.dispatcher.roster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the roster true: reads everybody once, then whoever a committed change names. A change is
 * taken as soon as it can be seen; the place to read on from moves only up to the oldest
 * transaction that can still commit, so one that commits late is never passed over.
 */
public final class RosterFeed implements Loop.Work {
  private static final Logger LOG = LoggerFactory.getLogger(RosterFeed.class);

  /** So many people are read at once. */
  private static final int PAGE = 20_000;

  /** So many changes are taken at once; an import makes one of thousands of people. */
  private static final int CHANGES_MAX = 500;

  private static final int PRUNE_EVERY = 1_000;

  /** So many changes are kept for nodes that were away. */
  private static final int CHANGES_KEPT = 20_000;

  private final Roster roster;
  private final Database database;
  private final Map<String, Week> weeks = new HashMap<>(); // shared: most people's are alike

  private final AtomicBoolean turning = new AtomicBoolean();
  private final AtomicReference<Future<Void>> lastReading =
      new AtomicReference<>(Future.succeededFuture());
  private long from; // changes of transactions below this one have been taken
  private final Map<Long, Long> ahead = new HashMap<>(); // taken besides: change to transaction
  private long prunedAtLoad;
  private int takenSincePrune;

  public RosterFeed(Roster roster, Database database) {
    this.roster = roster;
    this.database = database;
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
    take(news);
    if (!news.isFull() && takenSincePrune >= PRUNE_EVERY) prune();
    return !news.changes.isEmpty();
  }

  /**
   * Reads these people again: when this returns, every query that begins goes by what was committed
   * before it was called. For whoever has just changed somebody and must not wait for the next turn.
   */
  public void learn(Collection<VolunteerId> people) {
    if (roster.isLoaded()) reread(people.stream().map(VolunteerId::value).sorted().toList());
  }

  // Of two that read the same person, the one that read first must not have the last word.
  private void alone(Runnable reading) {
    var mine = Promise.<Void>promise();
    var before = lastReading.getAndSet(mine.future());
    try {
      before.await();
      reading.run();
    } finally {
      mine.complete();
    }
  }

  // The edge is read before the people: what commits in between is read again as a change.
  private void load() {
    alone(this::loadAlone);
  }

  private void loadAlone() {
    var edge = Database.inTransaction(database.bulk(), tx -> edge(tx));
    var grid = Database.inTransaction(database.bulk(), this::everybody);
    roster.replace(grid);
    from = edge.from;
    prunedAtLoad = edge.prunedBelow;
    ahead.clear();
    LOG.info("the roster holds {} volunteers", grid.size());
  }

  private record Edge(long from, long prunedBelow) {}

  private static Edge edge(SqlConnection tx) {
    var row = tx.query(FIND_EDGE).execute().await().iterator().next();
    return new Edge(row.getLong("edge"), row.getLong("pruned_below"));
  }

  private Grid everybody(SqlConnection tx) {
    var grid = new Grid();
    var cursor = tx.prepare(SELECT).await().cursor();
    do {
      var page = new ArrayList<Person>();
      for (var row : cursor.read(PAGE).await()) page.add(person(row));
      grid.change(page, List.of());
    } while (cursor.hasMore());
    cursor.close().await();
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

  private void take(News news) {
    if (!news.changes.isEmpty()) {
      var ids = news.changes.stream().map(Change::id).toArray(Long[]::new);
      var found =
          database.dispatch().preparedQuery(FIND_CHANGED).execute(Tuple.of((Object) ids)).await();
      if (found.size() < ids.length) {
        load(); // another node cleared them away just now
        return;
      }
      var changed = new TreeSet<Long>();
      for (var row : found) changed.addAll(List.of(row.getArrayOfLongs("volunteers")));
      reread(List.copyOf(changed));
    }
    for (var change : news.changes) ahead.put(change.id, change.tx);
    takenSincePrune += news.changes.size();
    from = news.settled();
    ahead.values().removeIf(tx -> tx < from);
  }

  private void reread(List<Long> ids) {
    alone(() -> rereadAlone(ids));
  }

  private void rereadAlone(List<Long> ids) {
    for (var start = 0; start < ids.size(); start += PAGE) {
      var page = ids.subList(start, Math.min(start + PAGE, ids.size()));
      var persons = new ArrayList<Person>();
      var gone = new HashSet<>(page);
      var wanted = Tuple.of((Object) page.toArray(Long[]::new));
      for (var row : database.bulk().preparedQuery(REREAD).execute(wanted).await()) {
        persons.add(person(row));
        gone.remove(row.getLong("id"));
      }
      roster.change(persons, gone.stream().map(VolunteerId::new).toList());
    }
  }

  private void prune() {
    Database.inTransaction(
        database.dispatch(),
        tx -> tx.preparedQuery(PRUNE).execute(Tuple.of(CHANGES_KEPT)).await().rowCount());
    takenSincePrune = 0;
  }

  private Person person(Row row) {
    return new Person(
        new VolunteerId(row.getLong("id")),
        new Point(row.getDouble("lon"), row.getDouble("lat")),
        Skill.mask(Skill.known(row.getArrayOfStrings("skills"))),
        SpokenLanguage.mask(SpokenLanguage.known(row.getArrayOfStrings("languages"))),
        weeks.computeIfAbsent(row.getString("hours"), text -> Week.parse(text).orElse(Week.ALWAYS)),
        row.getBoolean("active"),
        row.getBoolean("consented"),
        row.getBoolean("stopped"),
        Optional.ofNullable(row.getLocalDate("born")),
        time(row, "paused_until"),
        time(row, "busy_from"),
        time(row, "busy_until"),
        time(row, "last_asked_at"),
        new History(
            new Tally(row.getDouble("yes_life"), row.getDouble("no_life")),
            new Tally(row.getDouble("yes_urgent"), row.getDouble("no_urgent")),
            new Tally(row.getDouble("yes_planned"), row.getDouble("no_planned")),
            row.getDouble("fatigue"),
            row.getOffsetDateTime("contact_at").toInstant()),
        0,
        Map.of());
  }

  private static Optional<Instant> time(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static final String FIND_EDGE =
      """
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS edge, below AS pruned_below
      FROM dispatch.roster_pruned\
      """;

  private static final String SELECT =
      """
      SELECT id, lon, lat, skills, languages, hours, active, consented_at IS NOT NULL AS consented,
        coalesce(stopped_at, unreachable_at, wrong_number_at) IS NOT NULL AS stopped, born,
        paused_until,
        busy_from, busy_until, last_asked_at,
        contact_at, fatigue, yes_life, no_life, yes_urgent, no_urgent, yes_planned, no_planned
      FROM dispatch.volunteer\
      """;

  private static final String REREAD = SELECT + " WHERE id = ANY($1)";

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
