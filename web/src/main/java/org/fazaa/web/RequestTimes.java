package org.fazaa.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** How long requests take, by route and outcome; never by what stands in an address. */
final class RequestTimes implements Handler<RoutingContext> {

  private final MeterRegistry meters;
  private final Router router;

  /** {@code router}: only addresses that it knows are named, so that nobody can make up figures. */
  RequestTimes(MeterRegistry meters, Router router) {
    this.meters = meters;
    this.router = router;
  }

  @Override
  public void handle(RoutingContext context) {
    var sample = Timer.start(meters);
    context.addEndHandler(ended -> sample.stop(timer(context)));
    context.next();
  }

  /** The address without what stands in it for one person or thing. */
  static String route(RoutingContext context) {
    var path = context.normalizedPath();
    for (var given : context.pathParams().entrySet()) {
      path = path.replace("/" + given.getValue(), "/:" + given.getKey());
    }
    return path;
  }

  private Timer timer(RoutingContext context) {
    var route = route(context);
    var known = router.getRoutes().stream().anyMatch(one -> route.equals(one.getPath()));
    return meters.timer(
        "fazaa.http.requests",
        "method",
        context.request().method().name(),
        "route",
        known ? route : "none",
        "status",
        Integer.toString(context.response().getStatusCode()));
  }
}
