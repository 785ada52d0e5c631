package org.fazaa.web.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The carrier of a bench, in a JVM of its own: takes every text, and knows when and how often. */
@Command(name = "sink", hidden = true)
final class SinkCommand implements Callable<Integer> {
  private static final byte[] ID = "%3Fm%3D".getBytes(StandardCharsets.US_ASCII);

  @Spec private CommandSpec spec;

  @Option(names = "--latency-ms", defaultValue = "0")
  private int latencyMs;

  private final InstantSource clock = InstantSource.system();
  private final Map<Long, long[]> seen = new HashMap<>();
  private final Vertx vertx = Vertx.vertx();
  private long posts;
  private long last;

  @Override
  public Integer call() throws IOException {
    var out = spec.commandLine().getOut();
    var context = vertx.getOrCreateContext();
    var started = new CompletableFuture<Integer>();
    context.runOnContext(
        begin ->
            vertx
                .createHttpServer()
                .requestHandler(this::take)
                .listen(0, "127.0.0.1")
                .onSuccess(server -> started.complete(server.actualPort()))
                .onFailure(started::completeExceptionally));
    out.println(new JsonObject().put("port", started.join()).encode());
    try (var told = new InputStreamReader(System.in, StandardCharsets.UTF_8)) {
      var lines = new java.io.BufferedReader(told);
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var asked = line;
        out.println(on(context, () -> answer(asked)).encode());
      }
    }
    vertx.close().await();
    return 0;
  }

  // All that is known is touched by one event loop only.
  private static JsonObject on(io.vertx.core.Context context, Supplier<JsonObject> answer) {
    var done = new CompletableFuture<JsonObject>();
    context.runOnContext(now -> done.complete(answer.get()));
    return done.join();
  }

  private JsonObject answer(String asked) {
    return switch (asked) {
      case "reset" -> {
        seen.clear();
        posts = 0;
        last = 0;
        yield counts();
      }
      case "arrivals" -> counts().put("arrivals", arrivals());
      default -> counts();
    };
  }

  private JsonObject counts() {
    return new JsonObject().put("posts", posts).put("texts", seen.size()).put("last", last);
  }

  private JsonArray arrivals() {
    var arrivals = new JsonArray();
    seen.forEach((text, one) -> arrivals.add(new JsonArray().add(text).add(one[0]).add(one[1])));
    return arrivals;
  }

  private void take(HttpServerRequest request) {
    if (request.method() == HttpMethod.POST) {
      request.body().onSuccess(body -> take(request, body));
    } else { // somebody asks what came in and what became of texts: nothing is known
      answer(request, 200, NOTHING);
    }
  }

  private void take(HttpServerRequest request, Buffer body) {
    last = Clock.micros(clock);
    posts++;
    var text = text(body);
    var one = seen.computeIfAbsent(text, none -> new long[] {0, last});
    one[0]++;
    var answer = MESSAGE.formatted(text, text);
    if (latencyMs == 0) {
      answer(request, 201, answer);
    } else {
      vertx.setTimer(latencyMs, due -> answer(request, 201, answer));
    }
  }

  private static void answer(HttpServerRequest request, int status, String answer) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(answer);
  }

  /** The number in the status address: {@code …?m=17}, encoded as a form's field. */
  static long text(Buffer body) {
    var bytes = body.getBytes();
    for (var at = 0; at <= bytes.length - ID.length; at++) {
      if (bytes[at] == '%' && startsAt(bytes, at)) return number(bytes, at + ID.length);
    }
    return -1;
  }

  private static boolean startsAt(byte[] bytes, int at) {
    for (var i = 0; i < ID.length; i++) {
      if (bytes[at + i] != ID[i]) return false;
    }
    return true;
  }

  private static long number(byte[] bytes, int from) {
    var number = 0L;
    for (var at = from; at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      number = number * 10 + bytes[at] - '0';
    }
    return number;
  }

  private static final String NOTHING =
      "{\"messages\": [], \"page\": 0, \"page_size\": 50, \"next_page_uri\": null}";

  private static final String ACCOUNT = "AC" + "0".repeat(32);

  /** As long and as deep as theirs. */
  private static final String MESSAGE =
      """
      {"account_sid": "%1$s", "api_version": "2010-04-01", "body": "فزعة", "date_created":\
       "Thu, 26 Nov 2026 04:00:00 +0000", "date_sent": null, "date_updated":\
       "Thu, 26 Nov 2026 04:00:00 +0000", "direction": "outbound-api", "error_code": null,\
       "error_message": null, "from": "+15005550006", "messaging_service_sid": null, "num_media":\
       "0", "num_segments": "1", "price": null, "price_unit": null, "sid": "SM%%032d", "status":\
       "queued", "subresource_uris": {"media":\
       "/2010-04-01/Accounts/%1$s/Messages/SM%%032d/Media.json"}, "to": "+966550000000",\
       "uri": "/2010-04-01/Accounts/%1$s/Messages.json"}\
      """
          .formatted(ACCOUNT);
}
