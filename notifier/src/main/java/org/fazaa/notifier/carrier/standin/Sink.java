package org.fazaa.notifier.carrier.standin;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes every message with an answer of the true shape and does nothing else: what stands behind a
 * benchmark of a sender. It checks nothing, keeps nothing and reads no form.
 */
final class Sink extends VerticleBase {
  private static final String NOTHING =
      "{\"messages\":[],\"page\":0,\"page_size\":50,\"next_page_uri\":null}";

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final String DIGITS = "0".repeat(Long.BYTES * 2);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final StandInOptions options;
  private final int port;
  private final AtomicInteger found;
  private final LongAdder posts;
  private final byte[] answer;
  private final int end;
  private long number;

  /**
   * @param which of those that share the port, so that no two give the same sid
   * @param found told the port that it listens on
   */
  Sink(StandInOptions options, int port, int which, LongAdder posts, AtomicInteger found) {
    this.options = options;
    this.port = port;
    this.found = found;
    this.posts = posts;
    var now = options.clock.instant();
    var sid = "SM%016x".formatted(now.toEpochMilli() ^ (long) which << Integer.SIZE) + DIGITS;
    var sample =
        new Message(
            1,
            false,
            sid,
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
            now);
    var json = sample.json();
    json.remove("uri");
    json.remove("subresource_uris");
    answer = json.encode().getBytes(StandardCharsets.UTF_8);
    end = json.encode().indexOf(sid) + sid.length() - 1;
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
    var response = request.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    if (request.method() == HttpMethod.POST) {
      posts.increment();
      response.setStatusCode(201).end(Buffer.buffer(next()));
    } else if (request.path().endsWith("/Messages.json")) {
      response.end(NOTHING);
    } else {
      response.end("{\"posts\":" + posts.sum() + ",\"accepted\":" + posts.sum() + "}");
    }
  }

  /** The same answer under the next sid: only its last digits are written anew. */
  private byte[] next() {
    var next = answer.clone();
    long left = ++number;
    for (int at = end; left != 0; at--) {
      next[at] = HEX[(int) (left & 0xF)];
      left >>>= 4;
    }
    return next;
  }
}
