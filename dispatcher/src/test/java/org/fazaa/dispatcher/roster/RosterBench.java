package org.fazaa.dispatcher.roster;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;

/**
 * How fast the nearest fifty of a million are found, beside a scan of everybody by the same rules
 * in the same run, and what the roster costs in memory. Arguments: people, queries, rounds.
 */
final class RosterBench {
  private static final Duration SHIFT = Duration.ofHours(6);
  private static final int PAGE = 20_000;
  private static final int NEAREST = 50;
  private static final double REACH_KM = 25;

  /** Cities with their weights: half of the people live in the two largest. */
  private static final List<Point> CITIES =
      List.of(
          new Point(46.675, 24.713),
          new Point(46.675, 24.713),
          new Point(39.19, 21.54),
          new Point(39.19, 21.54),
          new Point(39.83, 21.42),
          new Point(39.61, 24.47),
          new Point(50.1, 26.43),
          new Point(51.53, 25.29));

  private static final List<Week> WEEKS =
      List.of(
          Week.ALWAYS,
          Week.parse("sun-thu 16-23; fri-sat 8-24").orElseThrow(),
          Week.parse("sun-thu 6-18").orElseThrow());

  private final Random random = new Random(42);
  private final PrintStream out;

  private RosterBench(PrintStream out) {
    this.out = out;
  }

  static void main(String[] args) {
    var people = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    var queries = args.length > 1 ? Integer.parseInt(args[1]) : 200;
    var rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    new RosterBench(new PrintStream(new FileOutputStream(FileDescriptor.out), true))
        .run(people, queries, rounds);
  }

  private void run(int people, int queries, int rounds) {
    var before = heap();
    var start = System.nanoTime();
    var grid = grid(people, this::person);
    out.printf("%,d people in %.1f s%n", grid.size(), (System.nanoTime() - start) / 1e9);
    out.printf("%d bytes a person%n", (heap() - before) / people);
    var asked = new ArrayList<Query>();
    for (var i = 0; i < queries; i++) asked.add(query());
    var few = asked.subList(0, Math.min(20, queries));
    var everybody = oneCell(grid, people);
    for (var query : few) {
      if (!scan(everybody, query).equals(grid.nearest(query, NEAREST))) throw new AssertionError();
    }
    for (var i = 0; i < 3; i++) for (var query : asked) grid.nearest(query, NEAREST);
    for (var round = 1; round <= rounds; round++) {
      measure("nearest " + NEAREST, asked, query -> grid.nearest(query, NEAREST));
      measure("scan of everybody", few, query -> scan(everybody, query));
    }
    update(grid, people);
  }

  private static Grid grid(int people, IntFunction<Person> person) {
    var grid = Grid.EMPTY;
    for (var from = 1; from <= people; from += PAGE) {
      var page = IntStream.range(from, Math.min(from + PAGE, people + 1)).mapToObj(person);
      grid = grid.with(page.toList(), List.of());
    }
    return grid;
  }

  private static Cell oneCell(Grid grid, int people) {
    var all = IntStream.rangeClosed(1, people).mapToObj(id -> grid.find(new VolunteerId(id)));
    return Cell.EMPTY.with(all.map(Optional::orElseThrow).toList(), Set.of());
  }

  private static List<Candidate> scan(Cell everybody, Query query) {
    var sight = new Sight(query);
    var nearest = new Nearest(NEAREST);
    for (var i = 0; i < everybody.size(); i++) {
      sight.look(everybody, i);
      if (sight.isEligible()) nearest.offer(sight);
    }
    return nearest.sorted(sight);
  }

  private void measure(String name, List<Query> queries, Function<Query, List<Candidate>> search) {
    var threads = ManagementFactory.getThreadMXBean();
    var times = new long[queries.size()];
    var cpu = threads.getCurrentThreadCpuTime();
    for (var i = 0; i < times.length; i++) {
      var start = System.nanoTime();
      search.apply(queries.get(i));
      times[i] = System.nanoTime() - start;
    }
    cpu = threads.getCurrentThreadCpuTime() - cpu;
    Arrays.sort(times);
    out.printf(
        "%-18s %,8.0f/s  p50 %.3f ms  p99 %.3f ms  CPU %,d us%n",
        name,
        1e9 * times.length / Arrays.stream(times).sum(),
        times[times.length / 2] / 1e6,
        times[times.length * 99 / 100] / 1e6,
        cpu / times.length / 1_000);
  }

  private void update(Grid grid, int people) {
    var changes = 2_000;
    var start = System.nanoTime();
    var next = grid;
    for (var i = 0; i < changes; i++) {
      next = next.with(List.of(person(1 + random.nextInt(people))), List.of());
    }
    out.printf(
        "%,.0f changes of one person a second%n", changes * 1e9 / (System.nanoTime() - start));
  }

  private Person person(long id) {
    var city = CITIES.get(random.nextInt(CITIES.size()));
    return new Person(
        new VolunteerId(id),
        new Point(
            city.lon() + random.nextGaussian() * 0.15, city.lat() + random.nextGaussian() * 0.15),
        Skill.mask(skills(5)),
        SpokenLanguage.mask(Set.of(SpokenLanguage.values()[skewed(8)])),
        WEEKS.get(random.nextInt(WEEKS.size())),
        random.nextInt(20) > 0,
        random.nextInt(20) > 0,
        random.nextInt(50) == 0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(People.NOW.minusSeconds(random.nextInt(100_000))),
        new History(new Tally(1, 2), Tally.NONE, Tally.NONE, 1, People.NOW),
        0,
        Map.of());
  }

  private Query query() {
    var city = CITIES.get(random.nextInt(CITIES.size()));
    return new Query(
        new Point(
            city.lon() + random.nextGaussian() * 0.1, city.lat() + random.nextGaussian() * 0.1),
        REACH_KM,
        Region.EVERYWHERE,
        skills(2),
        Set.of(SpokenLanguage.values()[skewed(8)]),
        People.NOW,
        People.NOW.plus(SHIFT),
        Limits.of(CallKind.URGENT, People.RIYADH),
        Set.of(),
        Set.of(),
        People.NOW);
  }

  private Set<Skill> skills(int most) {
    var skills = EnumSet.noneOf(Skill.class);
    for (var i = 0; i <= random.nextInt(most); i++) skills.add(Skill.values()[skewed(40)]);
    return skills;
  }

  /** Small numbers far more often than large ones, as with skills and languages. */
  private int skewed(int bound) {
    return (int) (Math.pow(random.nextDouble(), 2) * bound);
  }

  private static long heap() {
    for (var i = 0; i < 3; i++) System.gc();
    var memory = ManagementFactory.getMemoryMXBean();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
