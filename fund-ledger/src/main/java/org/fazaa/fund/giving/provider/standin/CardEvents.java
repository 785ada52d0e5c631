package org.fazaa.fund.giving.provider.standin;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts events until they are taken, in whatever order they come to be. It signs by itself and not
 * with the code that checks: two hands that agree are worth more than one.
 */
final class CardEvents {
  private static final Logger LOG = LoggerFactory.getLogger(CardEvents.class);
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
  private static final int TRIES_MAX = 5;
  private static final long AGAIN_MS = 1_000;

  private final Vertx vertx;
  private final PaymentOptions options;
  private final WebClient web;
  private final Random random;
  private int made;

  CardEvents(Vertx vertx, PaymentOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.web = WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false));
    this.random = new Random(options.seed());
    options
        .events()
        .ifPresent(
            url -> {
              if (!LOOPBACK.matcher(url.getHost()).matches()) {
                throw new IllegalArgumentException("events stay on this machine: " + url);
              }
            });
  }

  /** What became of a payment, in this provider's manner. */
  void tell(Charge charge, String type, JsonObject object) {
    var id = "evt_" + charge.number + "_" + ++made;
    var event =
        options.manner().equals("stripe")
            ? new JsonObject()
                .put("id", id)
                .put("type", type)
                .put("data", new JsonObject().put("object", object))
            : new JsonObject()
                .put("id", id)
                .put("type", type)
                .put("secret_token", options.webhookSecret().value())
                .put("data", object);
    if (options.events().isEmpty() || random.nextInt(PaymentOptions.PERCENT) < options.lost())
      return;
    int copies = random.nextInt(PaymentOptions.PERCENT) < options.doubled() ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      long upTo = options.late().toMillis();
      later(1 + (upTo > 0 ? random.nextLong(upTo) : 0), event.encode(), 1);
    }
  }

  private void later(long wait, String body, int turn) {
    vertx.setTimer(wait, timer -> post(body, turn));
  }

  private void post(String body, int turn) {
    long at = options.clock().instant().getEpochSecond();
    var request =
        web.postAbs(options.events().orElseThrow().toString())
            .putHeader("Content-Type", "application/json");
    if (options.manner().equals("stripe")) {
      request.putHeader("Stripe-Signature", "t=" + at + ",v1=" + sign(at + "." + body));
    }
    request
        .sendBuffer(Buffer.buffer(body))
        .onComplete(
            answer -> {
              if (answer.succeeded() && answer.result().statusCode() / 100 == 2) return;
              LOG.info("event not taken, turn {}", turn);
              if (turn < TRIES_MAX) later(AGAIN_MS * turn, body, turn + 1);
            });
  }

  private String sign(String content) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      var key = options.webhookSecret().value().getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
