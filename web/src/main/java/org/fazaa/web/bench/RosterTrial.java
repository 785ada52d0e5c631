package org.fazaa.web.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.fazaa.dispatcher.people.EditVolunteers;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;
import org.fazaa.dispatcher.roster.Person;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.dispatcher.roster.RosterFeed;

/** One population, kept and searched in three ways, in turns. */
final class RosterTrial {
  private static final long SEED = 1448;
  private static final int POOL = 4_000;
  private static final int FEW = 8;
  private static final int MANY = 32;

  private final BareBed bed;
  private final int volunteers;
  private final Duration time;
  private final Instant now;
  private final List<Search> searches;
  private final List<Week> weeks;
  private final List<Point> places;
  private final Roster roster = new Roster();
  private final RosterFeed feed;
  private final ColumnScan scan;
  private final List<SearchSql> sql = new ArrayList<>();
  private final RosterFigures.Way fazaa;
  private final RosterFigures.Way postgres;
  private final RosterFigures.Way plain;

  static RosterFigures run(BareBed bed, int volunteers, int compared, int rounds, Duration time)
      throws SQLException, InterruptedException {
    try (var owner = bed.owner()) {
      return new RosterTrial(bed, owner, volunteers, time).run(owner, compared, rounds);
    }
  }

  private RosterTrial(BareBed bed, Connection owner, int volunteers, Duration time)
      throws SQLException {
    this.bed = bed;
    this.volunteers = volunteers;
    this.time = time;
    now = bed.database().clock().instant().truncatedTo(ChronoUnit.SECONDS);
    var people = new Population(new Random(SEED), now);
    people.settle(owner, volunteers);
    searches = Search.draw(people, POOL, new Random(SEED + 1), now);
    weeks = IntStream.range(0, POOL).mapToObj(i -> people.hours()).toList();
    places = IntStream.range(0, POOL).mapToObj(i -> people.place()).toList();
    feed = new RosterFeed(roster, bed.database());
    var before = usedBytes();
    var loading = System.nanoTime();
    feed.run(now);
    var loaded = secondsSince(loading);
    fazaa = new RosterFigures.Way("Fazaa", (double) (usedBytes() - before) / volunteers, loaded);
    var layingOut = System.nanoTime();
    SearchSql.layOut(owner);
    postgres = new RosterFigures.Way("PostgreSQL", bytesInSql(owner), secondsSince(layingOut));
    var scanBefore = usedBytes();
    var reading = System.nanoTime();
    scan = ColumnScan.load(owner, volunteers, now);
    var read = secondsSince(reading);
    plain =
        new RosterFigures.Way(
            "loop over columns", (double) (usedBytes() - scanBefore) / volunteers, read);
    for (var i = 0; i < 2; i++) sql.add(new SearchSql(bed.owner(), now));
  }

  private RosterFigures run(Connection owner, int compared, int rounds)
      throws SQLException, InterruptedException {
    var agreement = new Agreement(roster, scan, now);
    var random = new Random(SEED + 2);
    var drawn = IntStream.range(0, compared).mapToObj(i -> searches.get(i % POOL)).toList();
    var differences = new ArrayList<Integer>();
    differences.add(agreement.atRest(drawn));
    var inSql = agreement.inSql(drawn.subList(0, Math.max(1, compared / 5)), sql.getFirst());
    differences.add(agreement.whileChanging(drawn, this::changeBoth, random));
    differences.add(inSql);
    var plans = tryPlans();
    var plan = plans.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    var edits = edits();
    warmUp(edits);
    try (var connections = new Connections(DurableChanges.connect(bed, MANY))) {
      for (var round = 0; round < rounds; round++) measure(plan, edits, connections.all(), round);
    }
    for (var one : sql) one.close();
    return new RosterFigures(
        fazaa, postgres, plain, plans, plan, compared, agreement.changes(), differences);
  }

  private record Connections(List<Connection> all) implements AutoCloseable {
    @Override
    public void close() throws SQLException {
      for (var one : all) one.close();
    }
  }

  /** The program's own writer, with its roster. */
  private EditVolunteers edits() {
    var edits = new EditVolunteers(bed.pool(), bed.bus(), feed);
    bed.run(feed);
    bed.run(edits);
    return edits;
  }

  private Map<SearchSql.Plan, Double> tryPlans() {
    var rates = new EnumMap<SearchSql.Plan, Double>(SearchSql.Plan.class);
    for (var plan : SearchSql.Plan.values()) {
      Pace.of(1, time, thread -> searching(thread, s -> sql.getFirst().find(s, plan).length));
      var pace =
          Pace.of(1, time, thread -> searching(thread, s -> sql.getFirst().find(s, plan).length));
      rates.put(plan, pace.perSecond());
    }
    return rates;
  }

  private void warmUp(EditVolunteers edits) {
    Pace.of(1, time, this::search);
    Pace.of(1, time, this::scanning);
    Pace.of(1, time, thread -> number -> changeInMemory(new Random(number)));
    var changes = new DurableChanges(volunteers, weeks, places);
    changes.ours(edits, MANY, time);
  }

  private void measure(
      SearchSql.Plan plan, EditVolunteers edits, List<Connection> connections, int round) {
    fazaa.alone.add(Pace.of(1, time, this::search));
    postgres.alone.add(Pace.of(1, time, thread -> asking(thread, round, plan)));
    plain.alone.add(Pace.of(1, time, this::scanning));
    fazaa.inTwo.add(Pace.of(2, time, this::search));
    postgres.inTwo.add(Pace.of(2, time, thread -> asking(thread, round, plan)));
    plain.inTwo.add(Pace.of(2, time, this::scanning));
    var changes = new DurableChanges(volunteers, weeks, places);
    postgres.updates.add(changes.inSql(connections.subList(0, 1), time));
    fazaa.durableByFew.add(changes.ours(edits, FEW, time));
    postgres.durableByFew.add(changes.inSql(connections.subList(0, FEW), time));
    fazaa.durableByMany.add(changes.ours(edits, MANY, time));
    postgres.durableByMany.add(changes.inSql(connections, time));
    var random = new Random(SEED + round);
    fazaa.updates.add(Pace.of(1, time, thread -> number -> changeInMemory(random)));
    plain.updates.add(Pace.of(1, time, thread -> number -> changeInScan(random)));
  }

  private IntConsumer search(int thread) {
    return searching(thread, s -> roster.candidates(s.query(now), Search.BEST).size());
  }

  private IntConsumer scanning(int thread) {
    return searching(thread, s -> scan.find(s).length);
  }

  /** In each round others: it is too slow to come through all of them in one. */
  private IntConsumer asking(int thread, int round, SearchSql.Plan plan) {
    return searching(thread + 2 * round, s -> sql.get(thread).find(s, plan).length);
  }

  private IntConsumer searching(int from, ToIntFunction<Search> find) {
    var found = new long[1];
    return number -> {
      found[0] += find.applyAsInt(searches.get((from * 500 + number) % POOL));
      if (found[0] < 0) throw new IllegalStateException("nothing was found");
    };
  }

  // --- changes in memory

  private void changeBoth(int i) {
    var person = roster.find(new VolunteerId(i + 1L)).orElseThrow();
    if (i % 2 == 0) {
      var hours = weeks.get(i % POOL);
      roster.change(List.of(with(person, person.place(), hours)), List.of());
      scan.set(i, hours);
    } else {
      var place = places.get(i % POOL);
      roster.change(List.of(with(person, place, person.hours())), List.of());
      scan.set(i, place);
    }
  }

  private void changeInMemory(Random random) {
    var i = random.nextInt(volunteers);
    var person = roster.find(new VolunteerId(i + 1L)).orElseThrow();
    roster.change(
        List.of(with(person, person.place(), weeks.get(random.nextInt(POOL)))), List.of());
  }

  private void changeInScan(Random random) {
    scan.set(random.nextInt(volunteers), weeks.get(random.nextInt(POOL)));
  }

  private static Person with(Person one, Point place, Week hours) {
    return new Person(
        one.id(),
        place,
        one.skills(),
        one.languages(),
        hours,
        one.active(),
        one.consented(),
        one.stopped(),
        one.born(),
        one.pausedUntil(),
        one.busyFrom(),
        one.busyUntil(),
        one.lastAsked(),
        one.history(),
        one.organisation(),
        one.qualifiedUntil());
  }

  // --- what it costs

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** What is still needed after everything else was cleared away. */
  private static long usedBytes() {
    for (var i = 0; i < 3; i++) System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private double bytesInSql(Connection owner) throws SQLException {
    try (var statement = owner.createStatement();
        var row = statement.executeQuery("SELECT pg_total_relation_size('bench.person')")) {
      row.next();
      return (double) row.getLong(1) / volunteers;
    }
  }
}
