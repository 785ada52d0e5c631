package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import org.fazaa.dispatcher.callout.ForecastFigures;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;
import org.fazaa.web.session.Guard;

/** What was said of call-outs before they ended, held against what happened. */
public final class CalibrationRoutes {
  private static final int MONTH = 30;

  private final Frames frames;
  private final Pool pool;
  private final boolean simulated;

  /**
   * @param simulated whether the people here are, for what is shown first
   */
  public CalibrationRoutes(Frames frames, Pool pool, boolean simulated) {
    this.frames = frames;
    this.pool = pool;
    this.simulated = simulated;
  }

  public void mount(Router router) {
    router.get("/calibration").handler(this::show);
  }

  private void show(RoutingContext context) {
    Guard.require(context, CrisisRoutes.LOOK);
    var frame = frames.of(context);
    var days = days(context);
    var with = simulated(context);
    var from = frame.now().minus(Duration.ofDays(days));
    var figures = ForecastFigures.read(pool, from, frame.now(), with);
    var page = CalibrationPage.of(days, with, figures, frame.words());
    frames.show(context, "console/calibration", frame, page);
  }

  private static int days(RoutingContext context) {
    var said = context.queryParams().get("days");
    if (said == null) return MONTH;
    return CalibrationPage.DAYS.stream()
        .filter(days -> days.toString().equals(said))
        .findFirst()
        .orElseThrow(() -> Problem.invalid("days", WHICH_DAYS).refused());
  }

  private boolean simulated(RoutingContext context) {
    var said = context.queryParams().get("people");
    return switch (said) {
      case null -> simulated;
      case "simulated" -> true;
      case "real" -> false;
      default -> throw Problem.invalid("people", WHICH_PEOPLE).refused();
    };
  }

  private static final Words WHICH_DAYS =
      new Words("اكتب 1 أو 7 أو 30 أو 365.", "Give 1, 7, 30 or 365.");

  private static final Words WHICH_PEOPLE =
      new Words("اكتب real أو simulated.", "Give real or simulated.");
}
