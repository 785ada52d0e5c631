package org.fazaa.web.api;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.fazaa.config.Node;
import org.fazaa.web.Problem;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For the machines that look after this one: is it alive, may it be given work, how is it doing.
 */
public final class HealthRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(HealthRoutes.class);

  private final Pool pool;
  private final Node node;
  private final BooleanSupplier connected;
  private final PrometheusMeterRegistry meters;

  /**
   * @param connected whether this node hears the others well enough
   */
  public HealthRoutes(
      Pool pool, Node node, BooleanSupplier connected, PrometheusMeterRegistry meters) {
    this.pool = pool;
    this.node = node;
    this.connected = connected;
    this.meters = meters;
  }

  public void mount(Router router) {
    router.get("/health/live").handler(context -> context.json(STATE_ALIVE));
    router.get("/health/ready").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
  }

  private void ready(RoutingContext context) {
    if (node.apart() || !connected.getAsBoolean() || !reachesDatabase())
      throw Problem.away().refused();
    context.json(new JsonObject().put("state", "ready").put("members", node.members()));
  }

  private boolean reachesDatabase() {
    try {
      pool.query("SELECT 1").execute().await();
      return true;
    } catch (Exception e) {
      LOG.warn("not ready: the database does not answer", e);
      return false;
    }
  }

  // Counts tell an outsider how busy a crisis is: they are for this machine and for admins.
  private void metrics(RoutingContext context) {
    var request = context.request();
    var address = request.connection().remoteAddress();
    var local =
        address.hostAddress().equals("127.0.0.1")
            && request.getHeader("X-Forwarded-For") == null
            && request.getHeader("Forwarded") == null;
    if (!local) Guard.require(context, Set.of(Role.ADMIN, Role.AUDITOR));
    context.response().putHeader("Content-Type", "text/plain; version=0.0.4");
    context.response().end(meters.scrape());
  }

  private static final JsonObject STATE_ALIVE = new JsonObject().put("state", "alive");
}
