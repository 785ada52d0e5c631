package org.fazaa.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.callout.Calibration;
import org.fazaa.dispatcher.callout.ForecastFigures;

/** How far the forecasts of the last month may be believed, for a machine that looks after us. */
final class MeasureForecasts implements Loop.Work {
  private static final Duration MONTH = Duration.ofDays(30);

  private final Pool pool;
  private final boolean simulated;
  private volatile Optional<ForecastFigures> known = Optional.empty();

  /**
   * @param simulated whether the people here are
   */
  MeasureForecasts(Pool pool, boolean simulated) {
    this.pool = pool;
    this.simulated = simulated;
  }

  @Override
  public String name() {
    return "measure forecasts";
  }

  @Override
  public Duration poll() {
    return Duration.ofMinutes(1);
  }

  @Override
  public boolean run(Instant now) {
    known = Optional.of(ForecastFigures.read(pool, now.minus(MONTH), now, simulated));
    return false;
  }

  void measure(MeterRegistry meters) {
    measure(meters, "press", figures -> figures.press().all());
    measure(meters, "live", figures -> figures.live().all());
  }

  // What is not known is no number: no forecast has been scored yet.
  private void measure(
      MeterRegistry meters, String kind, Function<ForecastFigures, Calibration> of) {
    var tags = List.of(Tag.of("kind", kind));
    meters.gauge(
        "fazaa.forecast.scored", tags, this, me -> me.known(of, c -> known(c.forecasts())));
    meters.gauge("fazaa.forecast.brier", tags, this, me -> me.known(of, Calibration::brier));
    meters.gauge(
        "fazaa.forecast.error", tags, this, me -> me.known(of, Calibration::expectedError));
  }

  private static Optional<Double> known(int number) {
    return Optional.of((double) number);
  }

  private double known(
      Function<ForecastFigures, Calibration> of, Function<Calibration, Optional<Double>> figure) {
    return known.map(of).flatMap(figure).orElse(Double.NaN);
  }
}
