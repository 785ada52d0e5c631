package org.fazaa.web.live;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.fazaa.config.Bus;
import org.fazaa.config.Fact;
import org.fazaa.web.Problem;
import org.fazaa.web.session.Guard;

/**
 * {@code GET /live}: tells open pages that something they show has changed. It carries ids and no
 * content; a page reads again what it may see. A hint may be lost, so pages also look every now and
 * then by themselves.
 */
public final class LiveRoutes {

  static final int VIEWERS_MAX = 2_000;
  static final int PENDING_MAX = 100;
  private static final int HEARTBEAT_MS = 15_000;
  private static final int GATHER_MS = 100;

  // The browser comes back by itself, and is then asked again who it is.
  private static final int LIFE_MS = 300_000;

  private final Vertx vertx;
  private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
  private final AtomicLong told = new AtomicLong();

  public LiveRoutes(Vertx vertx, Bus bus) {
    this.vertx = vertx;
    for (var type : Fact.class.getPermittedSubclasses()) hear(bus, type.asSubclass(Fact.class));
  }

  public void mount(Router router) {
    router.get("/live").handler(this::open);
  }

  /** How many pages are open on this node. */
  public int viewers() {
    return viewers.size();
  }

  private <F extends Fact> void hear(Bus bus, Class<F> type) {
    bus.hear(type, fact -> viewers.forEach(viewer -> viewer.tell(fact)));
  }

  private void open(RoutingContext context) {
    if (viewers.size() >= VIEWERS_MAX) throw Problem.away().refused();
    var sight = new Sight(Guard.find(context), number(context, "crisis"), number(context, "fund"));
    if (sight.isBlind()) throw Problem.signInFirst().refused();
    var response =
        context
            .response()
            .setChunked(true)
            .putHeader("Content-Type", "text/event-stream")
            .putHeader("X-Accel-Buffering", "no")
            .putHeader("Content-Encoding", "identity");
    response.write("retry: 3000\n\n");
    var viewer = new Viewer(vertx.getOrCreateContext(), response, sight);
    viewers.add(viewer);
    response.closeHandler(closed -> viewers.remove(viewer));
    // Whoever comes back has missed something, and we keep no history: they look at everything.
    if (context.request().getHeader("Last-Event-ID") != null) viewer.tellEverything();
    viewer.beat();
    vertx.setTimer(LIFE_MS, over -> viewer.end());
  }

  private static Optional<Long> number(RoutingContext context, String name) {
    var written = context.queryParams().get(name);
    if (written == null) return Optional.empty();
    try {
      return Optional.of(Long.valueOf(written));
    } catch (NumberFormatException e) {
      throw Problem.notFound().refused();
    }
  }

  /** One open page. What it has not been told yet is a short set: a slow page loses nothing. */
  private final class Viewer {
    private final Context context;
    private final HttpServerResponse response;
    private final Sight sight;
    private final Set<String> pending = new LinkedHashSet<>();
    private boolean gathering;

    Viewer(Context context, HttpServerResponse response, Sight sight) {
      this.context = context;
      this.response = response;
      this.sight = sight;
    }

    void tell(Fact fact) {
      if (sight.sees(fact)) context.runOnContext(on -> add(Hint.of(fact)));
    }

    void tellEverything() {
      context.runOnContext(on -> add(Hint.EVERYTHING));
    }

    void beat() {
      if (!viewers.contains(this)) return;
      if (!response.writeQueueFull()) response.write(": still here\n\n");
      vertx.setTimer(HEARTBEAT_MS, next -> beat());
    }

    void end() {
      if (viewers.remove(this)) response.end();
    }

    private void add(JsonObject hint) {
      if (pending.size() >= PENDING_MAX) {
        pending.clear();
        pending.add(Hint.EVERYTHING.encode());
      }
      pending.add(hint.encode());
      if (!gathering) {
        gathering = true;
        vertx.setTimer(GATHER_MS, gathered -> flush());
      }
    }

    private void flush() {
      if (!viewers.contains(this)) return;
      if (response.writeQueueFull()) {
        response.drainHandler(drained -> context.runOnContext(on -> flush()));
        return;
      }
      gathering = false;
      var events = new StringBuilder();
      for (var hint : pending) {
        events.append("id: ").append(told.incrementAndGet());
        events.append("\nevent: changed\ndata: ").append(hint).append("\n\n");
      }
      pending.clear();
      response.write(events.toString());
    }
  }
}
