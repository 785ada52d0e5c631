package org.fazaa.notifier.carrier.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Connections to where each host that the SDK names really is; no other host is ever called. All of
 * them live on one event loop: a call that hops between loops wakes a thread for each hop.
 */
final class WayOut {
  private static final Duration CONNECT_WAIT = Duration.ofSeconds(5);
  private static final Duration KEPT_ALIVE = Duration.ofSeconds(10);
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /** What came back, all of it, read as UTF-8. */
  record Answer(int status, Optional<String> retryAfter, String body) {}

  /**
   * A file as it came.
   *
   * @param location where it is instead, when the answer says so
   */
  record Download(int status, Optional<String> location, String type, byte[] bytes) {}

  /** More than was asked for; the rest was not read. */
  static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLarge(int maxBytes) {
      super("more than " + maxBytes + " bytes", null, false, false);
    }
  }

  private record Place(String host, int port, boolean tls, String path) {
    static Place of(URI base) {
      boolean tls = "https".equals(base.getScheme());
      int port = base.getPort() != -1 ? base.getPort() : tls ? HTTPS : HTTP;
      return new Place(base.getHost(), port, tls, base.getRawPath().replaceAll("/+$", ""));
    }
  }

  private final Vertx vertx;
  private final Context loop;
  private final HttpClient client;
  private final Map<String, Place> places = new HashMap<>();

  /**
   * @param hosts what the SDK calls a host, and where that is
   */
  WayOut(Vertx vertx, Map<String, URI> hosts, int connections) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) CONNECT_WAIT.toMillis())
                .setKeepAliveTimeout((int) KEPT_ALIVE.toSeconds()),
            new PoolOptions().setHttp1MaxSize(connections));
    hosts.forEach((host, base) -> places.put(host, Place.of(base)));
  }

  /**
   * One request, never repeated and never redirected.
   *
   * @param form what is posted; empty for a question
   * @param wait for the whole answer: one that comes byte by byte is never idle
   */
  Future<Answer> call(URL named, String authorization, Optional<String> form, Duration wait) {
    var options = options(named);
    if (options.isEmpty()) {
      return noWay(named);
    }
    var request =
        options
            .get()
            .setMethod(form.isPresent() ? HttpMethod.POST : HttpMethod.GET)
            .putHeader("Accept", "application/json")
            .putHeader("Authorization", authorization);
    form.ifPresent(any -> request.putHeader("Content-Type", "application/x-www-form-urlencoded"));
    var done = Promise.<Answer>promise();
    var body = form.map(Buffer::buffer);
    loop.runOnContext(go -> call(request, body, WayOut::whole, wait, done));
    return done.future();
  }

  /**
   * A file of at most so many bytes; it fails with {@link TooLarge} when there are more.
   *
   * @param authorization none for a host that must not see our key
   */
  Future<Download> download(
      URL named, Optional<String> authorization, int maxBytes, Duration wait) {
    var options = options(named);
    if (options.isEmpty()) {
      return noWay(named);
    }
    var request = options.get().setMethod(HttpMethod.GET);
    authorization.ifPresent(key -> request.putHeader("Authorization", key));
    var done = Promise.<Download>promise();
    loop.runOnContext(
        go -> call(request, Optional.empty(), answer -> file(answer, maxBytes), wait, done));
    return done.future();
  }

  private Optional<RequestOptions> options(URL named) {
    return Optional.ofNullable(places.get(named.getHost()))
        .map(
            place ->
                new RequestOptions()
                    .setHost(place.host)
                    .setPort(place.port)
                    .setSsl(place.tls)
                    .setURI(place.path + named.getFile()));
  }

  private static <T> Future<T> noWay(URL named) {
    return Future.failedFuture(new MalformedURLException("no way out to " + named.getHost()));
  }

  private <T> void call(
      RequestOptions options,
      Optional<Buffer> form,
      Function<HttpClientResponse, Future<T>> read,
      Duration wait,
      Promise<T> done) {
    var sent =
        client
            .request(options)
            .compose(
                request ->
                    done.future().isComplete() ? late(request) : Future.succeededFuture(request));
    long limit =
        vertx.setTimer(
            wait.toMillis(),
            over -> {
              done.tryFail(new TimeoutException("no answer in " + wait));
              sent.onSuccess(HttpClientRequest::reset);
            });
    sent.compose(request -> form.map(request::send).orElseGet(request::send))
        .compose(read)
        .onComplete(
            answer -> {
              vertx.cancelTimer(limit);
              if (answer.succeeded()) {
                done.tryComplete(answer.result());
              } else {
                done.tryFail(answer.cause());
              }
            });
  }

  // Its connection came when nobody waited any more: nothing may be sent.
  private static Future<HttpClientRequest> late(HttpClientRequest request) {
    request.reset();
    return Future.failedFuture(new TimeoutException("no connection in time"));
  }

  private static Future<Download> file(HttpClientResponse response, int maxBytes) {
    var done = Promise.<Download>promise();
    var bytes = Buffer.buffer();
    response.handler(
        chunk -> {
          if (bytes.length() + chunk.length() <= maxBytes) {
            bytes.appendBuffer(chunk);
          } else if (done.tryFail(new TooLarge(maxBytes))) {
            response.request().reset();
          }
        });
    response.exceptionHandler(done::tryFail);
    response.endHandler(
        end ->
            done.tryComplete(
                new Download(
                    response.statusCode(),
                    Optional.ofNullable(response.getHeader("Location")),
                    String.valueOf(response.getHeader("Content-Type")),
                    bytes.getBytes())));
    return done.future();
  }

  private static Future<Answer> whole(HttpClientResponse response) {
    var retryAfter = Optional.ofNullable(response.getHeader("Retry-After"));
    return response
        .body()
        .map(body -> new Answer(response.statusCode(), retryAfter, body.toString(UTF_8)));
  }
}
