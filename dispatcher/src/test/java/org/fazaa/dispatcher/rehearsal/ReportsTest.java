package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.junit.jupiter.api.Test;

/** Several policies and seeds side by side. */
class ReportsTest {
  private static final Instant OPENED = Instant.parse("2026-11-20T08:00:00Z");

  @Test
  void policiesOfTheSameSeedAreComparedAndTheirMeansHaveIntervals() {
    var reports =
        Reports.of(
            List.of(
                report("fixed", 1, 20, 10),
                report("oracle", 1, 10, 4),
                report("priced", 1, 14, 5),
                report("fixed", 2, 24, 10),
                report("oracle", 2, 12, 4),
                report("priced", 2, 18, 5)));

    var priced = reports.json().getJsonArray("policies").getJsonObject(2);
    assertThat(priced.getDouble("texts_per_place")).isEqualTo(16.0);
    var fixed = priced.getJsonObject("against_fixed");
    assertThat(fixed.getDouble("texts_per_place_ratio")).isEqualTo(0.725);
    assertThat(fixed.getDouble("life_p50_ratio")).isEqualTo(0.5);
    var oracle = priced.getJsonObject("against_oracle");
    assertThat(oracle.getDouble("regret")).isEqualTo(0.45);
    assertThat(oracle.getDouble("gap_closed")).isEqualTo(0.55);
    // Of 0.7 and 0.75: the mean and 12.706 × 0.0354 / √2 to each side.
    assertThat(
            priced
                .getJsonObject("interval95")
                .getJsonObject("against_fixed")
                .getJsonArray("texts_per_place_ratio"))
        .containsExactly(0.4073, 1.0427);
    assertThat(priced.getJsonObject("forecast_calibration").getInteger("forecasts")).isEqualTo(2);
    assertThat(reports.forecasts().forecasts()).isEqualTo(6);
    assertThat(reports.text())
        .contains("2 runs of each policy", "regime base", "72.5%", "55.0%", "16 ±25.4", "5:00");
  }

  @Test
  void aSingleRunIsItsReport() {
    var one = report("priced", 1, 14, 5);

    var reports = Reports.of(List.of(one));

    assertThat(reports.json()).isEqualTo(one.json());
    assertThat(reports.text()).isEqualTo(one.text()).contains(one.digest());
  }

  /** One place of life that fills after so many minutes and so many texts. */
  private static Report report(String policy, long seed, int texts, int minutes) {
    var fillBy = OPENED.plus(Duration.ofMinutes(30));
    var need =
        new Happened.Need(
            0,
            Priority.LIFE,
            1,
            Set.of(),
            new Point(39.2, 21.5),
            OPENED,
            fillBy,
            fillBy,
            Optional.empty(),
            1,
            "closed",
            new Happened.Texts(texts, 0, 0));
    var at = OPENED.plus(Duration.ofMinutes(minutes));
    var offer =
        new Happened.Offer(
            0,
            1,
            OPENED,
            at,
            Optional.of(at),
            State.ASSIGNED,
            0.2,
            1,
            true,
            Duration.ofMinutes(3),
            true);
    var happened =
        new Happened(
            List.<Set<Skill>>of(Set.of(), Set.of()),
            List.of(need),
            List.of(offer),
            List.of(new Happened.Event(0, at, "assigned")),
            List.of(new Happened.Forecast(0, OPENED, true, 0.9)),
            List.of(Duration.ofMillis(7)),
            0,
            0);
    var figures = new Figures(happened);
    return new Report(
        policy,
        Regime.BASE,
        "generic",
        2,
        0,
        0,
        figures.all(),
        figures.classes(),
        0,
        0,
        happened.decisions(),
        Duration.ofSeconds(1),
        seed,
        happened.digest());
  }
}
