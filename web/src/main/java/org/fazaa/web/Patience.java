package org.fazaa.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hangs up on whoever sends too slowly. An idle limit alone is not enough: one byte every few
 * seconds would hold a connection for ever.
 */
final class Patience {

  static final int FIRST_REQUEST_MS = 10_000;
  static final int NEXT_REQUEST_MS = 60_000;
  static final int WHOLE_REQUEST_MS = 15_000;
  static final int WHOLE_UPLOAD_MS = 600_000;

  private final Vertx vertx;
  private final Map<HttpConnection, Long> limits = new ConcurrentHashMap<>();

  Patience(Vertx vertx) {
    this.vertx = vertx;
  }

  void connected(HttpConnection connection) {
    limit(connection, FIRST_REQUEST_MS);
    connection.closeHandler(closed -> lift(connection));
  }

  void requested(RoutingContext context, int wholeRequestMs) {
    var connection = context.request().connection();
    limit(connection, wholeRequestMs);
    context.request().end().onComplete(read -> lift(connection));
    context.addEndHandler(written -> limit(connection, NEXT_REQUEST_MS));
  }

  private void limit(HttpConnection connection, long ms) {
    var timer = vertx.setTimer(ms, late -> connection.close());
    cancel(limits.put(connection, timer));
  }

  private void lift(HttpConnection connection) {
    cancel(limits.remove(connection));
  }

  private void cancel(Long timer) {
    if (timer != null) vertx.cancelTimer(timer);
  }
}
