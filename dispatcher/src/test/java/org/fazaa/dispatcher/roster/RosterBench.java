package org.fazaa.dispatcher.roster;

import java.lang.management.ManagementFactory;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import org.fazaa.dispatcher.people.*;
import org.fazaa.dispatcher.people.History.Tally;

final class RosterBench {
  static final Random random = new Random(42);
  static final List<Point> CITIES = new ArrayList<>();
  static final double[] cum;
  static {
    var r = new Random(1);
    for (int i = 0; i < 32; i++) CITIES.add(new Point(36 + r.nextDouble() * 18, 17 + r.nextDouble() * 14));
    cum = new double[32]; double t = 0;
    for (int i = 0; i < 32; i++) cum[i] = t += 1.0 / (i + 1.0);
    for (int i = 0; i < 32; i++) cum[i] /= t;
  }
  static Point city() { double d = random.nextDouble(); for (int i = 0; i < 32; i++) if (d < cum[i]) return CITIES.get(i); return CITIES.get(31); }
  static final List<Week> WEEKS = List.of(Week.ALWAYS, Week.parse("sun-thu 16-23; fri-sat 8-24").orElseThrow(), Week.parse("sun-thu 6-18").orElseThrow(), Week.parse("fri-sat 0-24").orElseThrow());

  static void main(String[] a) throws Exception {
    int people = Integer.parseInt(a[0]), queries = Integer.parseInt(a[1]);
    var before = heap();
    var grid = new Grid();
    long t0 = System.nanoTime();
    for (int i = 1; i <= people; i += 10_000) { grid.change(IntStream.range(i, Math.min(people + 1, i + 10_000)).mapToObj(RosterBench::person).toList(), List.of()); }
    System.out.printf("built %.1f s%n", (System.nanoTime() - t0) / 1e9);
    System.out.printf("%.1f bytes a person%n", (double) (heap() - before) / people);
    var asked = new ArrayList<Query>();
    for (int i = 0; i < queries; i++) asked.add(query());
    for (int r = 0; r < 6; r++) measure(grid, asked, 1);
    for (int r = 0; r < 3; r++) { measure(grid, asked, 1); measure(grid, asked, 2); }
    var changed = IntStream.range(0, 500_000).mapToObj(i -> person(1 + random.nextInt(people))).toList();
    for (int r = 0; r < 3; r++) update("new everything", grid, changed);
    var inPlace = changed.stream().map(p -> grid.find(p.id()).orElseThrow()).map(p -> new Person(p.id(), p.place(), p.skills(), p.languages(), WEEKS.get(random.nextInt(4)), p.active(), p.consented(), p.stopped(), p.born(), p.pausedUntil(), p.busyFrom(), p.busyUntil(), Optional.of(People.NOW), p.history(), p.organisation(), p.qualifiedUntil())).toList();
    for (int r = 0; r < 3; r++) update("hours and contact", grid, inPlace);
    var ex = Executors.newSingleThreadExecutor();
    var stop = new boolean[1];
    var f = ex.submit(() -> { long n = 0; var t = System.nanoTime(); while (!((volatileStop))) { for (int i=0;i<1000;i++) { grid.change(List.of(changed.get((int) (n % changed.size()))), List.of()); n++; } } System.out.printf("while searching %,.0f updates/s%n", n * 1e9 / (System.nanoTime() - t)); });
    for (int r = 0; r < 3; r++) measure(grid, asked, 1);
    volatileStop = true; f.get(); ex.shutdown();
    System.out.printf("%.1f bytes a person%n", (double) (heap() - before) / people);
    System.out.println(grid.size());
  }
  static volatile boolean volatileStop;
  static long now() { return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(); }
  static void update(String what, Grid grid, List<Person> changed) {
    long s = now();
    for (var one : changed) grid.change(List.of(one), List.of());
    System.out.printf("%s %,.0f updates/s%n", what, changed.size() * 1e9 / (now() - s));
  }
  static void measure(Grid grid, List<Query> qs, int threads) throws Exception {
    var times = new long[threads][qs.size()];
    var found = new int[threads];
    long s = System.nanoTime();
    var ts = new ArrayList<Thread>();
    for (int t = 0; t < threads; t++) { int tt = t; var th = new Thread(() -> { for (int k = 0; k < qs.size(); k++) { int i = (k + tt * qs.size() / 2) % qs.size(); long x = now(); found[tt] += grid.nearest(qs.get(i), 50).size(); times[tt][k] = now() - x; } }); th.start(); ts.add(th); }
    for (var th : ts) th.join();
    double el = (System.nanoTime() - s) / 1e9;
    var all = Arrays.stream(times).flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf("%d threads %,.0f/s p50 %.1f us p90 %.1f p99 %.1f us max %.1f, found %.1f%n", threads, threads * qs.size() / el, all[all.length / 2] / 1e3, all[all.length * 90 / 100] / 1e3, all[all.length * 99 / 100] / 1e3, all[all.length - 1] / 1e3, (double) found[0] / qs.size());
  }
  static Person person(int id) {
    var city = city();
    return new Person(new VolunteerId(id), new Point(city.lon() + random.nextGaussian() * 0.12, city.lat() + random.nextGaussian() * 0.1),
        Skill.mask(skills(1 + random.nextInt(5))), 1 << skewed(8) | (random.nextInt(4) == 0 ? 0 : 1), WEEKS.get(random.nextInt(4)),
        random.nextInt(20) > 0, true, random.nextInt(50) == 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
        random.nextBoolean() ? Optional.of(People.NOW.minusSeconds(random.nextInt(100_000))) : Optional.empty(), new History(new Tally(1, 2), Tally.NONE, Tally.NONE, 1, People.NOW), 0, Map.of());
  }
  static Query query() {
    var city = city();
    return new Query(new Point(city.lon() + random.nextGaussian() * 0.08, city.lat() + random.nextGaussian() * 0.07), 25, Region.EVERYWHERE, skills(1 + random.nextInt(2)), Set.of(SpokenLanguage.values()[skewed(8)]),
        People.NOW, People.NOW.plus(Duration.ofHours(1)), new Limits(Duration.ofHours(1), Duration.ofHours(12), 10, 18, 40, People.RIYADH), Set.of(), Set.of(), People.NOW);
  }
  static Set<Skill> skills(int n) { var s = EnumSet.noneOf(Skill.class); for (int i = 0; i < n; i++) s.add(Skill.values()[skewed(40)]); return s; }
  static int skewed(int bound) { return (int) (Math.pow(random.nextDouble(), 2) * bound); }
  static long heap() { for (int i = 0; i < 4; i++) System.gc(); return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(); }
}
