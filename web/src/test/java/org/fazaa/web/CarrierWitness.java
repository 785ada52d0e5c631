package org.fazaa.web;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Stands where the carrier's API is and counts what was really posted: the only witness of what
 * reached people when the program itself was killed.
 */
final class CarrierWitness implements AutoCloseable {

  private static final Pattern MESSAGE = Pattern.compile("[?&]m=([0-9]+)");

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger posts = new AtomicInteger();
  private final Map<String, AtomicInteger> postsByMessage = new ConcurrentHashMap<>();
  private final int port;

  private CarrierWitness() {
    port =
        vertx
            .createHttpServer()
            .requestHandler(this::post)
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
  }

  static CarrierWitness start() {
    return new CarrierWitness();
  }

  /** What a program needs to send through this carrier. */
  Map<String, String> settings() {
    return Map.of(
        "TWILIO_ACCOUNT_SID",
        "AC" + "0".repeat(32),
        "TWILIO_API_KEY",
        "SK" + "0".repeat(32),
        "TWILIO_API_SECRET",
        "secret",
        "TWILIO_AUTH_TOKEN",
        "token",
        "TWILIO_FROM",
        "+15005550006",
        "TWILIO_BASE_URL",
        "http://127.0.0.1:" + port);
  }

  void awaitPosts(int many) {
    await().atMost(Duration.ofSeconds(60)).until(() -> posts.get() >= many);
  }

  /** How often each of our texts was posted, by our own id of it. */
  Map<String, AtomicInteger> postsByMessage() {
    return postsByMessage;
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private void post(HttpServerRequest request) {
    request.setExpectMultipart(true);
    request
        .end()
        .onSuccess(
            read -> {
              var form = request.formAttributes();
              var callback = MESSAGE.matcher(form.get("StatusCallback"));
              if (!callback.find()) {
                request.response().setStatusCode(400).end();
                return;
              }
              var message = callback.group(1);
              postsByMessage
                  .computeIfAbsent(message, first -> new AtomicInteger())
                  .incrementAndGet();
              var sid = "SM%032x".formatted(posts.incrementAndGet());
              request
                  .response()
                  .setStatusCode(201)
                  .putHeader("Content-Type", "application/json")
                  .end(new JsonObject().put("sid", sid).put("status", "queued").encode());
            });
  }
}
