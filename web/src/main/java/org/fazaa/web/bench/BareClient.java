package org.fazaa.web.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * The floor: the same forms to the same place by an HTTP client and nothing else. No table, no
 * state, no JSON; what it reaches is what this machine and the sink can do.
 */
final class BareClient implements AutoCloseable {
  private final Context context;
  private final HttpClient client;
  private final RequestOptions request;
  private final int connections;

  BareClient(Vertx vertx, URI sink, int connections) {
    this.connections = connections;
    this.context = vertx.getOrCreateContext();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(connections));
    this.request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(sink.getHost())
            .setPort(sink.getPort())
            .setURI(Forms.PATH)
            .putHeader("Accept", "application/json")
            .putHeader("Authorization", Forms.AUTHORIZATION)
            .putHeader("Content-Type", "application/x-www-form-urlencoded");
  }

  /** So many POSTs, as many at once as there are connections; returns when all are answered. */
  void run(int texts, IntFunction<Buffer> forms) {
    var next = new AtomicInteger();
    var left = new AtomicInteger(texts);
    var done = Promise.<Void>promise();
    context.runOnContext(
        begin -> {
          for (var i = 0; i < Math.min(connections, texts); i++) {
            lane(texts, next, left, forms, done);
          }
        });
    done.future().await();
  }

  private void lane(
      int texts,
      AtomicInteger next,
      AtomicInteger left,
      IntFunction<Buffer> forms,
      Promise<Void> done) {
    var mine = next.getAndIncrement();
    if (mine >= texts) return;
    post(forms.apply(mine))
        .onSuccess(
            body -> {
              if (left.decrementAndGet() == 0) done.complete();
              lane(texts, next, left, forms, done);
            })
        .onFailure(done::tryFail);
  }

  private Future<Buffer> post(Buffer form) {
    return client
        .request(request)
        .compose(sent -> sent.send(form))
        .compose(HttpClientResponse::body);
  }

  @Override
  public void close() {
    client.close().await();
  }
}
