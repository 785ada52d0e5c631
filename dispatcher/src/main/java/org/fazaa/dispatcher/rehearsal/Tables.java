package org.fazaa.dispatcher.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fazaa.dispatcher.callout.Calibration;

/** A report for people, as tables of plain text. */
final class Tables {
  private static final String NONE = "-";

  private Tables() {}

  static String of(Report report) {
    var all = report.all();
    return String.format(
        Locale.ROOT,
        PAGE,
        all.needs(),
        report.volunteers(),
        report.policy(),
        report.regime().word(),
        report.seed(),
        report.kinds(),
        report.skipped(),
        report.ignored(),
        lines(report, Tables::filled),
        lines(report, Tables::cost),
        report.notices(),
        report.readByPerson(),
        all.missed(),
        all.signals().missed(),
        all.noShows(),
        all.optOuts(),
        100 * all.neverAsked(),
        lines(report, Tables::signals),
        districts(all.districts()),
        calibration("rates of people", Calibration.of(all.rates())),
        calibration("forecasts at the press", Calibration.of(all.atPress())),
        report.wall().toMillis() / 1000.0,
        report.digest());
  }

  private static String lines(Report report, Function<Tally, String> columns) {
    var lines = new ArrayList<String>();
    report
        .classes()
        .forEach((priority, tally) -> lines.add(line(priority.word(), columns.apply(tally))));
    lines.add(line("all", columns.apply(report.all())));
    return lines.stream().collect(Collectors.joining("\n"));
  }

  private static String line(String name, String columns) {
    return "%-8s %s".formatted(name, columns);
  }

  private static String filled(Tally one) {
    return String.format(
        Locale.ROOT,
        "%6d %7d %7d %8s %7d %11s %9s %9s %9d",
        one.needs(),
        one.places(),
        one.filled(),
        percent(one.fillRate()),
        one.texts(),
        plain(one.textsPerPlace()),
        time(one.fillSeconds(), 50),
        time(one.fillSeconds(), 95),
        one.overResponses());
  }

  private static String cost(Tally one) {
    return String.format(
        Locale.ROOT,
        "%11s %9s %11d %14s %11s %6s %9d",
        time(one.arriveSeconds(), 50),
        time(one.arriveSeconds(), 95),
        one.noResponse(),
        plain(one.overResponsesPerPlace()),
        plain(one.optOutsPerThousand()),
        one.burden().gini().map(gini -> "%.2f".formatted(gini)).orElse(NONE),
        one.burden().mostTexts());
  }

  private static String signals(Tally one) {
    var signals = one.signals();
    return String.format(
        Locale.ROOT,
        "%7d %10s %10d %13s",
        one.missed(),
        share(signals.missedByHalf(), one.missed()),
        signals.signalled(),
        share(signals.missed(), signals.signalled()));
  }

  private static String districts(Districts districts) {
    if (districts.compared().size() < 2) {
      return "districts: fewer than two have %d places".formatted(Districts.LEAST_PLACES);
    }
    var worst = districts.compared().getFirst();
    var best = districts.compared().getLast();
    return String.format(
        Locale.ROOT,
        "districts of 0.1° with %d places and more: %d; worst at %.1f,%.1f with %.1f %%,"
            + " best at %.1f,%.1f with %.1f %%",
        Districts.LEAST_PLACES,
        districts.compared().size(),
        worst.lat() / 10.0,
        worst.lon() / 10.0,
        100 * worst.fillRate(),
        best.lat() / 10.0,
        best.lon() / 10.0,
        100 * best.fillRate());
  }

  private static String calibration(String name, Calibration calibration) {
    if (calibration.forecasts() == 0) return name + ": none";
    var head =
        String.format(
            Locale.ROOT,
            "%s: %d, Brier score %.3f, expected error %.3f; of %d that said 90 %%, %s came true",
            name,
            calibration.forecasts(),
            calibration.brier().orElseThrow(),
            calibration.expectedError().orElseThrow(),
            calibration.aboutNinety().forecasts(),
            share(calibration.aboutNinety().cameTrue(), calibration.aboutNinety().forecasts()));
    return calibration.bins().stream()
        .filter(bin -> !bin.isEmpty())
        .map(
            bin ->
                String.format(
                    Locale.ROOT,
                    "  said %5.1f %%   came true %5.1f %%   of %d",
                    100 * bin.said(),
                    100 * bin.share(),
                    bin.forecasts()))
        .collect(Collectors.joining("\n", head + "\n", ""));
  }

  private static String share(int part, int whole) {
    return whole == 0 ? NONE : percent((double) part / whole);
  }

  private static String percent(Double share) {
    return share == null ? NONE : Math.round(1000 * share) / 10.0 + " %";
  }

  private static String plain(Double value) {
    return Optional.ofNullable(value).map(String::valueOf).orElse(NONE);
  }

  private static String time(List<Long> seconds, int percent) {
    var value = Tally.percentile(seconds, percent);
    return value == null ? NONE : time(value);
  }

  static String time(long seconds) {
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private static final String PAGE =
      """

      %d needs, %d volunteers, policy %s, regime %s, seed %d
      kinds by %s: %d incidents of no known kind were skipped, %d are left to others

      class     needs  places  filled    share   texts texts/place       p50       p95  too many
      %s

      A place that stayed empty counts with its deadline. Texts are those that asked somebody;
      too many are people who said yes and got no place.

      class     there p50       p95   no answer too many/place  stop/1,000   Gini p99 /week
      %s

      There: until somebody stood at the place. Gini and p99 are of the texts that a person gets
      in a week, among those who could do what was asked.

      %d more texts told people what came of it, %d replies needed a person to read them
      %d needs were short at their deadline, %d of these had been flagged for a human before it
      %d people held a place and did not come, %d want no more texts, %.1f %% were never asked

      class     short said early    flagged then short
      %s

      Said early: of those short, flagged by half of their time.

      %s
      %s
      %s
      %.1f s, digest %s
      """;
}
