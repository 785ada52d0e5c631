package org.fazaa.notifier.carrier.standin;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes every message with an answer of the true shape and does nothing else: what stands behind a
 * benchmark of a sender. It checks nothing, keeps nothing and reads no form.
 */
final class Sink extends VerticleBase {
  private final StandInOptions options;
  private final AtomicLong posts;
  private final int port;
  private final AtomicInteger found;
  private final HexFormat hex = HexFormat.of();
  private final String before;
  private final String after;

  /**
   * @param found told the port that it listens on
   */
  Sink(StandInOptions options, int port, AtomicLong posts, AtomicInteger found) {
    this.found = found;
    this.options = options;
    this.port = port;
    this.posts = posts;
    var now = options.clock.instant();
    var sample =
        new Message(
                1,
                "@",
                options.account,
                "",
                options.sender,
                null,
                "",
                1,
                Message.QUEUED,
                null,
                null,
                now,
                null,
                now)
            .json();
    sample.remove("uri");
    sample.remove("subresource_uris");
    var parts = sample.encode().split("@", 2);
    before = parts[0] + "SM" + hex.toHexDigits(options.seed);
    after = parts[1];
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer(new HttpServerOptions().setHost(options.host).setPort(port))
        .requestHandler(this::answer)
        .listen()
        .onSuccess(server -> found.set(server.actualPort()));
  }

  private void answer(HttpServerRequest request) {
    if (options.latency.isZero()) {
      request.endHandler(read -> take(request));
    } else {
      vertx.setTimer(options.latency.toMillis(), late -> take(request));
    }
  }

  private void take(HttpServerRequest request) {
    var response = request.response().putHeader("Content-Type", "application/json");
    if (request.method() == HttpMethod.POST) {
      long number = posts.incrementAndGet();
      response.setStatusCode(201).end(before + hex.toHexDigits(number) + after);
    } else if (request.path().endsWith("/Messages.json")) {
      response.end("{\"messages\":[],\"page\":0,\"page_size\":50,\"next_page_uri\":null}");
    } else {
      response.end("{\"posts\":" + posts.get() + ",\"accepted\":" + posts.get() + "}");
    }
  }
}
