package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run of the fund's bench came to.
 *
 * @param plain one row for each INSERT, by {@value FundTrial#CLIENTS} clients
 * @param plainAlone the same by one client
 * @param naive a transaction for each gift that updates the balance all gifts share
 * @param oneByOne gifts through the program by as many clients, each in a transaction of its own
 * @param alone gifts through the program's queue by one client
 * @param together gifts through the program's queue by many clients
 * @param atRate from a gift's being handed over to its being durable, at a steady rate
 * @param payouts requests that were approved twice, each paid by a press
 * @param bytes on the disk for a gift that came at that rate, with all indexes
 * @param asOf balances of the past, of one account at random moments
 * @param decay gifts a second in the last minute of a long run to those in its first
 */
record FundFigures(
    List<Pace> plain,
    List<Pace> plainAlone,
    List<Pace> naive,
    List<Pace> oneByOne,
    List<Pace> alone,
    List<Pace> together,
    int rate,
    Latencies atRate,
    Pace payouts,
    double bytes,
    int entries,
    Pace asOf,
    Optional<Double> decay) {

  JsonObject json() {
    return new JsonObject()
        .put("insert", pace(plain))
        .put("insert_alone", pace(plainAlone))
        .put("naive", pace(naive))
        .put(
            "fazaa",
            new JsonObject()
                .put("one_by_one", pace(oneByOne))
                .put("alone", pace(alone))
                .put("together", pace(together))
                .put("times_naive", Run.tenths(Pace.rate(together) / Pace.rate(naive)))
                .put("times_insert", Run.tenths(Pace.rate(together) / Pace.rate(plain)))
                .put("alone_times_insert", hundredths(aloneTimesInsert()))
                .put("rate", rate)
                .put("at_rate", atRate.json())
                .put("payouts_per_s", Run.tenths(payouts.perSecond()))
                .put("bytes_per_gift", Run.tenths(bytes))
                .put("entries", entries)
                .put("as_of_us", Pace.quantiles(List.of(asOf)))
                .put("last_minute_to_first", decay.map(FundFigures::hundredths).orElse(null)));
  }

  String text() {
    return line("single INSERTs, 32 clients", plain)
        + line("single INSERTs, 1 client", plainAlone)
        + line("naive: hot balance, 16 clients", naive)
        + line("Fazaa, one by one, 32 clients", oneByOne)
        + line("Fazaa, 1 client", alone)
        + line("Fazaa, together", together)
        + String.format(
            Locale.ROOT,
            "Fazaa together is %.1f x naive and %.1f x single INSERTs; a lone gift takes %.2f x a"
                + " single INSERT%n",
            Pace.rate(together) / Pace.rate(naive),
            Pace.rate(together) / Pace.rate(plain),
            aloneTimesInsert())
        + String.format(Locale.ROOT, "%,d gifts a second, to durable: %s%n", rate, atRate.text())
        + String.format(
            Locale.ROOT,
            "payouts %,.0f/s; %.0f bytes a gift with all indexes%n",
            payouts.perSecond(),
            bytes)
        + String.format(
            Locale.ROOT,
            "balance as of a moment, over %,d entries: p50 %.2f ms, p99 %.2f ms%n",
            entries,
            Pace.micros(List.of(asOf), 50) / 1e3,
            Pace.micros(List.of(asOf), 99) / 1e3)
        + decay
            .map(ratio -> String.format(Locale.ROOT, "last minute to first: %.2f%n", ratio))
            .orElse("");
  }

  private double aloneTimesInsert() {
    return Pace.micros(alone, 50) / Pace.micros(plainAlone, 50);
  }

  private static JsonObject pace(List<Pace> rounds) {
    return new JsonObject()
        .put("per_s", Run.tenths(Pace.rate(rounds)))
        .put("us", Pace.quantiles(rounds));
  }

  private static double hundredths(double value) {
    return Math.round(value * 100) / 100.0;
  }

  private static String line(String what, List<Pace> rounds) {
    return String.format(
        Locale.ROOT,
        "%-32s %,9.0f/s   p50 %,9.1f us  p99 %,9.1f us%n",
        what,
        Pace.rate(rounds),
        Pace.micros(rounds, 50),
        Pace.micros(rounds, 99));
  }
}
