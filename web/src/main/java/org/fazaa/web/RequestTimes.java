package org.fazaa.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** How long requests take, by route and outcome; never by what stands in an address. */
final class RequestTimes implements Handler<RoutingContext> {

  private final MeterRegistry meters;

  RequestTimes(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void handle(RoutingContext context) {
    var sample = Timer.start(meters);
    context.addEndHandler(ended -> sample.stop(timer(context)));
    context.next();
  }

  private Timer timer(RoutingContext context) {
    var route = context.currentRoute() == null ? null : context.currentRoute().getPath();
    return meters.timer(
        "fazaa.http.requests",
        "method",
        context.request().method().name(),
        "route",
        route == null ? "none" : route,
        "status",
        Integer.toString(context.response().getStatusCode()));
  }
}
