package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.fazaa.dispatcher.crisis.Priority;

/**
 * What a rehearsal showed.
 *
 * @param skipped incidents of a kind that no rule knows
 * @param ignored incidents that a rule leaves to others
 * @param notices texts that asked nothing: places given, stood down, already filled
 * @param readByPerson replies that no rule could read
 * @param missed needs that were not full at their deadline
 * @param missedButFlagged those of them that were flagged for a human before it
 * @param noShows places held by somebody who did not come
 * @param digest of all that happened, so that two runs can be compared
 */
public record Report(
    String policy,
    String kinds,
    int volunteers,
    int skipped,
    int ignored,
    Tally all,
    Map<Priority, Tally> classes,
    int notices,
    int readByPerson,
    int missed,
    int missedButFlagged,
    int noShows,
    Duration wall,
    long seed,
    String digest) {

  /**
   * The figures of one class of needs, or of all.
   *
   * @param fillSeconds of every place, in order; one that stayed empty counts with its deadline
   * @param overResponses people who said yes and got no place
   */
  public record Tally(
      int needs,
      int filled,
      int texts,
      int overResponses,
      int optOuts,
      double neverAsked,
      List<Long> fillSeconds) {

    int places() {
      return fillSeconds.size();
    }

    Double fillRate() {
      return ratio(filled, places(), 1000);
    }

    Double textsPerPlace() {
      return ratio(texts, filled, 100);
    }

    /** By nearest rank; null without places. */
    Long percentile(int percent) {
      return fillSeconds.isEmpty()
          ? null
          : fillSeconds.get(Math.ceilDiv(percent * fillSeconds.size(), 100) - 1);
    }

    private JsonObject json() {
      return new JsonObject()
          .put("needs", needs)
          .put("places", places())
          .put("filled", filled)
          .put("fill_rate", fillRate())
          .put("texts", texts)
          .put("texts_per_place", textsPerPlace())
          .put("over_responses", overResponses)
          .put("opt_outs", optOuts)
          .put("never_asked_share", rounded(neverAsked, 1000))
          .put(
              "time_to_fill_s",
              new JsonObject().put("p50", percentile(50)).put("p95", percentile(95)));
    }

    private static Double ratio(long part, long whole, int precision) {
      return whole == 0 ? null : rounded((double) part / whole, precision);
    }
  }

  private static double rounded(double value, int precision) {
    return (double) Math.round(value * precision) / precision;
  }

  /** For programs. */
  public JsonObject json() {
    var byClass = new JsonObject();
    classes.forEach((priority, figures) -> byClass.put(priority.word(), figures.json()));
    return new JsonObject()
        .put("policy", policy)
        .put("kinds", kinds)
        .put("volunteers", volunteers)
        .put("skipped", skipped)
        .put("ignored", ignored)
        .mergeIn(all.json())
        .put("classes", byClass)
        .put("notices", notices)
        .put("read_by_person", readByPerson)
        .put("missed", missed)
        .put("missed_but_flagged", missedButFlagged)
        .put("no_shows", noShows)
        .put("wall_s", rounded(wall.toMillis() / 1000.0, 10))
        .put("seed", seed)
        .put("digest", digest);
  }

  /** For people. */
  public String text() {
    var byClass =
        classes.entrySet().stream()
            .map(entry -> line(entry.getKey().word(), entry.getValue()))
            .collect(Collectors.joining());
    return String.format(
        Locale.ROOT,
        PAGE,
        all.needs,
        volunteers,
        policy,
        seed,
        kinds,
        skipped,
        ignored,
        byClass + line("all", all),
        notices,
        readByPerson,
        missed,
        missedButFlagged,
        noShows,
        all.optOuts,
        100 * all.neverAsked,
        wall.toMillis() / 1000.0,
        digest);
  }

  private static final String PAGE =
      """

      %d needs, %d volunteers, policy %s, seed %d
      kinds by %s: %d incidents of no known kind were skipped, %d are left to others

      class     needs  places  filled    share   texts texts/place       p50       p95  too many
      %s
      A place that stayed empty counts with its deadline. Texts are those that asked somebody;
      too many are people who said yes and got no place.

      %d more texts told people what came of it, %d replies needed a person to read them
      %d needs were short at their deadline, %d of these had been flagged for a human before it
      %d people held a place and did not come, %d want no more texts, %.1f %% were never asked
      %.1f s, digest %s
      """;

  private static String line(String name, Tally one) {
    return String.format(
        Locale.ROOT,
        "%-8s %6d %7d %7d %8s %7d %11s %9s %9s %9d%n",
        name,
        one.needs,
        one.places(),
        one.filled,
        one.fillRate() == null ? "-" : Math.round(1000 * one.fillRate()) / 10.0 + " %",
        one.texts,
        one.textsPerPlace() == null ? "-" : one.textsPerPlace(),
        time(one.percentile(50)),
        time(one.percentile(95)),
        one.overResponses);
  }

  private static String time(Long seconds) {
    if (seconds == null) {
      return "-";
    }
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
