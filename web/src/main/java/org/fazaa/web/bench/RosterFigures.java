package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a trial of the roster came to.
 *
 * @param plans searches a second of each way to ask PostgreSQL, in the warm-up
 * @param plan the fastest of them, which the rounds measured
 * @param differences searches whose answer differed: from the scan at rest, from the scan while
 *     people changed, and from the scan in SQL
 */
record RosterFigures(
    Way fazaa,
    Way postgres,
    Way scan,
    Map<SearchSql.Plan, Double> plans,
    SearchSql.Plan plan,
    int searches,
    int changesMeanwhile,
    List<Integer> differences) {

  /** One way to keep and search them; each list has one entry a round. */
  static final class Way {
    final String name;
    final List<Pace> alone = new ArrayList<>();
    final List<Pace> inTwo = new ArrayList<>();
    final List<Pace> updates = new ArrayList<>();
    final List<Pace> durableByFew = new ArrayList<>();
    final List<Pace> durableByMany = new ArrayList<>();
    final double bytes;
    final double loadSeconds;

    Way(String name, double bytes, double loadSeconds) {
      this.name = name;
      this.bytes = bytes;
      this.loadSeconds = loadSeconds;
    }

    JsonObject json() {
      var json =
          new JsonObject()
              .put("query_us", Pace.quantiles(alone))
              .put("queries_per_s_1", Math.round(Pace.rate(alone)))
              .put("queries_per_s_2", Math.round(Pace.rate(inTwo)))
              .put("updates_per_s", Math.round(Pace.rate(updates)))
              .put("bytes_per_volunteer", Run.tenths(bytes))
              .put("load_s", Run.tenths(loadSeconds));
      if (!durableByFew.isEmpty()) {
        json.put(
            "durable_updates_per_s",
            new JsonObject()
                .put("clients_8", Math.round(Pace.rate(durableByFew)))
                .put("clients_32", Math.round(Pace.rate(durableByMany))));
      }
      return json;
    }
  }

  boolean agree() {
    return differences.stream().allMatch(none -> none == 0);
  }

  private double timesPostgres() {
    return Pace.rate(fazaa.alone) / Pace.rate(postgres.alone);
  }

  private double durableByFew() {
    return Pace.rate(fazaa.durableByFew) / Pace.rate(postgres.durableByFew);
  }

  private double durableByMany() {
    return Pace.rate(fazaa.durableByMany) / Pace.rate(postgres.durableByMany);
  }

  private double secondThread() {
    return Pace.rate(fazaa.inTwo) / Pace.rate(fazaa.alone);
  }

  JsonObject json() {
    var ways = new JsonObject();
    plans.forEach((one, rate) -> ways.put(one.word(), Run.tenths(rate)));
    return new JsonObject()
        .put("fazaa", fazaa.json())
        .put("postgres", postgres.json().put("plan", plan.word()).put("plans_per_s", ways))
        .put("scan", scan.json())
        .put("agree", agree())
        .put("searches_compared", searches)
        .put("changes_meanwhile", changesMeanwhile)
        .put(
            "ratios",
            new JsonObject()
                .put("queries_times_postgres", Run.tenths(timesPostgres()))
                .put("two_threads_times_one", hundredths(secondThread()))
                .put("durable_times_postgres_8", hundredths(durableByFew()))
                .put("durable_times_postgres_32", hundredths(durableByMany())));
  }

  String text() {
    var page = new StringBuilder();
    page.append(String.format(HEAD, "", "1 thread/s", "× PG", "2 threads/s", "p50 µs", "p99 µs"));
    for (var way : List.of(fazaa, postgres, scan)) page.append(line(way));
    page.append(
        String.format(
            Locale.ROOT,
            "%n%-22s %12s %12s %14s %14s%n",
            "",
            "bytes each",
            "load s",
            "updates/s",
            "2 threads × 1"));
    for (var way : List.of(fazaa, postgres, scan)) {
      page.append(
          String.format(
              Locale.ROOT,
              "%-22s %12.0f %12.1f %,14.0f %14.2f%n",
              way.name,
              way.bytes,
              way.loadSeconds,
              Pace.rate(way.updates),
              Pace.rate(way.inTwo) / Pace.rate(way.alone)));
    }
    page.append(durable());
    page.append(agreement());
    return page.toString();
  }

  private String line(Way way) {
    var alone = Pace.rate(way.alone);
    return String.format(
        Locale.ROOT,
        "%-22s %,12.0f %8.1f %,12.0f %12.1f %12.1f%n",
        way.name,
        alone,
        alone / Pace.rate(postgres.alone),
        Pace.rate(way.inTwo),
        Pace.micros(way.alone, 50),
        Pace.micros(way.alone, 99));
  }

  private String durable() {
    return String.format(
        Locale.ROOT,
        "%nhours and places changed on the disk: at 8 clients %,.0f/s, %.2f × PostgreSQL's %,.0f/s;"
            + " at 32 clients %,.0f/s, %.2f × %,.0f/s%n",
        Pace.rate(fazaa.durableByFew),
        durableByFew(),
        Pace.rate(postgres.durableByFew),
        Pace.rate(fazaa.durableByMany),
        durableByMany(),
        Pace.rate(postgres.durableByMany));
  }

  private String agreement() {
    var ways = new ArrayList<String>();
    plans.forEach((one, rate) -> ways.add("%s %.0f/s".formatted(one.word(), rate)));
    return String.format(
        Locale.ROOT,
        "PostgreSQL's plans in the warm-up: %s; measured: %s%n"
            + "of %,d searches each, %d differed from a full scan at rest, %d during %,d changes,"
            + " %d of PostgreSQL's%n",
        String.join(", ", ways),
        plan.word(),
        searches,
        differences.get(0),
        differences.get(1),
        changesMeanwhile,
        differences.get(2));
  }

  private static double hundredths(double value) {
    return Math.round(value * 100) / 100.0;
  }

  private static final String HEAD = "%-22s %12s %8s %12s %12s %12s%n";
}
