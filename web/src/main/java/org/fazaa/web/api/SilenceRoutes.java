package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import org.fazaa.config.Fact;
import org.fazaa.notifier.Outbox;

/** The red button: no text leaves until somebody lets them go again. */
public final class SilenceRoutes {

  private final Api api;
  private final Pool pool;

  public SilenceRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.reads(router, "getSilence", call -> Answer.ok(json(Outbox.isHalted(pool))));
    api.writes(router, "haltTexts", SilenceRoutes::halt);
    api.writes(router, "resumeTexts", SilenceRoutes::resume);
  }

  private static Answer halt(Call call, SqlConnection tx) {
    Outbox.halt(tx, call.who().account(), call.body().getString("why", ""), call.now());
    return Answer.created(null, json(true), new Fact.OutboxFilled());
  }

  private static Answer resume(Call call, SqlConnection tx) {
    Outbox.resume(tx, call.who().account(), call.body().getString("why", ""), call.now());
    return Answer.created(null, json(false), new Fact.OutboxFilled());
  }

  private static JsonObject json(boolean halted) {
    return new JsonObject().put("halted", halted);
  }
}
