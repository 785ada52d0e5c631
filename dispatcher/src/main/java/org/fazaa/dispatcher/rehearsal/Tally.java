package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.fazaa.dispatcher.callout.Calibration;
import org.fazaa.dispatcher.callout.Calibration.Pair;

/**
 * The figures of one class of needs, or of all.
 *
 * @param fillSeconds of every place, in order; one that stayed empty counts with its deadline
 * @param arriveSeconds until somebody stood there, in order; where nobody did, the deadline
 * @param noResponse texts after which nothing came
 * @param overResponses people who said yes and got no place
 * @param neverAsked the share of all people
 * @param neverAskedInMonth the share of them whom the first 30 days did not reach
 * @param missed needs that were not full at their deadline
 * @param signals how early it was said of them
 * @param noShows places held by somebody who did not come
 * @param rates what was thought of people's rates, against what they meant
 * @param atPress what was forecast at the press, against whether the need filled in time
 * @param live the same of what was forecast later
 * @param atPressAfterWeek what of it was said when a week had been learned from
 * @param liveAfterWeek the same of what was forecast later
 */
record Tally(
    int needs,
    int filled,
    int texts,
    int lost,
    int noResponse,
    int overResponses,
    int optOuts,
    double neverAsked,
    double neverAskedInMonth,
    List<Long> fillSeconds,
    List<Long> arriveSeconds,
    Burden burden,
    Districts districts,
    int missed,
    Signals signals,
    int noShows,
    List<Pair> rates,
    List<Pair> atPress,
    List<Pair> live,
    List<Pair> atPressAfterWeek,
    List<Pair> liveAfterWeek) {

  /**
   * What the word that a need needs a human was worth.
   *
   * @param signalled needs of which it was said before their deadline
   * @param missed of these, how many were missed
   * @param missedByHalf needs missed of which it was said by half of their time
   */
  record Signals(int signalled, int missed, int missedByHalf) {}

  int places() {
    return fillSeconds.size();
  }

  Double fillRate() {
    return ratio(filled, places(), 1000);
  }

  Double textsPerPlace() {
    return ratio(texts, filled, 100);
  }

  Double overResponsesPerPlace() {
    return ratio(overResponses, filled, 1000);
  }

  Double optOutsPerThousand() {
    return ratio(1000L * optOuts, texts, 100);
  }

  /** By nearest rank; null without places. */
  static Long percentile(List<Long> sorted, int percent) {
    return sorted.isEmpty() ? null : sorted.get(Math.ceilDiv(percent * sorted.size(), 100) - 1);
  }

  JsonObject json() {
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
        .put("time_to_fill_s", percentiles(fillSeconds))
        .put("time_to_arrive_s", percentiles(arriveSeconds))
        .put("lost_texts", lost)
        .put("no_response_texts", noResponse)
        .put("no_response_share", ratio(noResponse, texts, 1000))
        .put("over_responses_per_place", overResponsesPerPlace())
        .put("opt_outs_per_1000_texts", optOutsPerThousand())
        .put("never_asked_in_30_days_share", rounded(neverAskedInMonth, 1000))
        .put("gini", burden.gini().map(gini -> rounded(gini, 1000)).orElse(null))
        .put("texts_per_person_week_p99", burden.mostTexts())
        .put("districts", districts.json())
        .put("missed", missed)
        .put("signals", signalsJson())
        .put("no_shows", noShows)
        .put("rate_calibration", calibration(rates))
        .put("forecast_calibration", calibration(atPress))
        .put("live_forecast_calibration", calibration(live))
        .put("forecast_calibration_after_a_week", calibration(atPressAfterWeek))
        .put("live_forecast_calibration_after_a_week", calibration(liveAfterWeek));
  }

  private static JsonObject calibration(List<Pair> pairs) {
    return Calibration.of(pairs).json();
  }

  private JsonObject signalsJson() {
    return new JsonObject()
        .put("signalled", signals.signalled)
        .put("signalled_and_missed", signals.missed)
        .put("signalled_and_missed_share", ratio(signals.missed, signals.signalled, 1000))
        .put("missed_and_signalled_by_half", signals.missedByHalf)
        .put("missed_and_signalled_by_half_share", ratio(signals.missedByHalf, missed, 1000));
  }

  private static JsonObject percentiles(List<Long> seconds) {
    return new JsonObject().put("p50", percentile(seconds, 50)).put("p95", percentile(seconds, 95));
  }

  private static Double ratio(long part, long whole, int precision) {
    return whole == 0 ? null : rounded((double) part / whole, precision);
  }

  static double rounded(double value, int precision) {
    return (double) Math.round(value * precision) / precision;
  }
}
