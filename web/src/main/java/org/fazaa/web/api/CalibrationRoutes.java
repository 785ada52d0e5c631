package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import org.fazaa.dispatcher.callout.ForecastFigures;
import org.fazaa.dispatcher.callout.ScoreForecasts.Why;

/** What was said of call-outs before they ended, held against what happened. */
public final class CalibrationRoutes {
  private static final int DAYS = 30;

  private final Api api;
  private final Pool pool;
  private final boolean simulated;

  /**
   * @param simulated whether the people here are, where a call does not say whose are meant
   */
  public CalibrationRoutes(Api api, Pool pool, boolean simulated) {
    this.api = api;
    this.pool = pool;
    this.simulated = simulated;
  }

  public void mount(Router router) {
    api.reads(router, "getCalibration", this::read);
  }

  private Answer read(Call call) {
    var with = call.has("people") ? call.text("people").equals("simulated") : simulated;
    var from = call.now().minus(Duration.ofDays(call.number("days", DAYS)));
    var figures = ForecastFigures.read(pool, from, call.now(), with);
    var leftOut = new JsonObject();
    for (var why : Why.values()) {
      leftOut.put(why.word(), figures.leftOut().getOrDefault(why, 0));
    }
    return Answer.ok(
        new JsonObject()
            .put("from", Wire.time(from))
            .put("until", Wire.time(call.now()))
            .put("people", with ? "simulated" : "real")
            .put("press", json(figures.press()))
            .put("live", json(figures.live()))
            .put("left_out", leftOut)
            .put("waiting", figures.waiting())
            .put("cut", figures.cut()));
  }

  private static JsonObject json(ForecastFigures.Side side) {
    var classes = new JsonObject();
    side.classes()
        .forEach((priority, calibration) -> classes.put(priority.word(), calibration.json()));
    return new JsonObject().put("all", side.all().json()).put("classes", classes);
  }
}
