package org.fazaa.notifier.carrier.twilio;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.fazaa.config.Secret;
import org.fazaa.config.Settings;

/**
 * Twilio's messages resource on loopback: it counts every POST and answers as it is told, good or
 * bad.
 */
public final class TwilioStandIn implements AutoCloseable {

  /** How it answers a POST. */
  public sealed interface Manner {
    record Accept() implements Manner {}

    /** With an HTTP status and, unless 0, one of Twilio's codes. */
    record Refuse(int status, int code) implements Manner {}

    record RefuseUntil(int status, int code, int retryAfterSeconds) implements Manner {}

    /** Takes the text and loses the connection before it can say so. */
    record AcceptThenCut() implements Manner {}

    record Cut() implements Manner {}

    /** Never answers. */
    record Silence() implements Manner {}

    record Say(int status, String body) implements Manner {}

    record Redirect(String to) implements Manner {}
  }

  /** A POST as it came. */
  public record Post(String path, String authorization, Map<String, String> form) {
    public long text() {
      var callback = form.get("StatusCallback");
      return Long.parseLong(callback.substring(callback.indexOf("?m=") + 3));
    }
  }

  private static final String ACCOUNT = "AC" + "0".repeat(32);
  private static final int RATE = 40;
  private static final int CONNECTIONS = 40;
  private static final Settings.Cost COST = new Settings.Cost(40, 1_000_000);
  private static final DateTimeFormatter RFC_2822 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final HttpServer server;
  private final Instant now;
  private final List<Post> posts = new CopyOnWriteArrayList<>();
  private final List<JsonObject> accepted = new CopyOnWriteArrayList<>();
  private final AtomicInteger lists = new AtomicInteger();
  private final Queue<Manner> manners = new ConcurrentLinkedQueue<>();
  private volatile Manner usual = new Manner.Accept();

  public TwilioStandIn(Vertx vertx, Instant now) {
    this.now = now;
    this.server =
        vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1").await();
  }

  /** From now on, for every POST. */
  public TwilioStandIn always(Manner manner) {
    usual = manner;
    return this;
  }

  /** For the next POST only. */
  public TwilioStandIn once(Manner manner) {
    manners.add(manner);
    return this;
  }

  public List<Post> posts() {
    return posts;
  }

  public long posts(long text) {
    return posts.stream().filter(post -> post.text() == text).count();
  }

  /** How often it was asked what it has. */
  public int lists() {
    return lists.get();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  public TwilioCarrier carrier(Vertx vertx) {
    return carrier(vertx, settings("+15005550006", ""));
  }

  public TwilioCarrier carrier(Vertx vertx, Settings.Twilio settings) {
    var publicUrl = URI.create("https://fazaa.example");
    return new TwilioCarrier(vertx, settings, COST, publicUrl);
  }

  /** One that takes silence for an answer sooner. */
  public TwilioCarrier impatientCarrier(Vertx vertx) {
    var publicUrl = URI.create("https://fazaa.example");
    var settings = settings("+15005550006", "");
    return new TwilioCarrier(vertx, settings, COST, publicUrl, Duration.ofMillis(300));
  }

  public Settings.Twilio settings(String from, String service) {
    var tokens = List.of(new Secret("token"));
    return new Settings.Twilio(
        ACCOUNT,
        "SKkey",
        new Secret("secret"),
        tokens,
        from,
        service,
        url(),
        RATE,
        CONNECTIONS,
        List.of());
  }

  public Settings.Twilio with(Settings.Twilio base, List<Settings.Twilio.Sender> senders) {
    return new Settings.Twilio(
        base.accountSid(),
        base.apiKey(),
        base.apiSecret(),
        base.authTokens(),
        base.from(),
        base.messagingServiceSid(),
        base.baseUrl(),
        base.rate(),
        base.connections(),
        senders);
  }

  @Override
  public void close() {
    server.close().await();
  }

  private void handle(HttpServerRequest request) {
    if (request.method() == HttpMethod.GET) {
      list(request);
    } else {
      request.body().onSuccess(body -> post(request, body));
    }
  }

  private void post(HttpServerRequest request, Buffer body) {
    var form = new HashMap<String, String>();
    TwilioSignature.fields(body.toString()).forEach((name, all) -> form.put(name, all.first()));
    posts.add(new Post(request.path(), request.getHeader("Authorization"), form));
    var next = manners.poll();
    var manner = next == null ? usual : next;
    var response = request.response();
    switch (manner) {
      case Manner.Accept() -> answer(response, 201, message(form));
      case Manner.Refuse(int status, int code) -> answer(response, status, refusal(status, code));
      case Manner.RefuseUntil(int status, int code, int seconds) ->
          answer(
              response.putHeader("Retry-After", Integer.toString(seconds)),
              status,
              refusal(status, code));
      case Manner.AcceptThenCut() -> {
        message(form);
        request.connection().close();
      }
      case Manner.Cut() -> request.connection().close();
      case Manner.Silence() -> {}
      case Manner.Say(int status, String said) -> response.setStatusCode(status).end(said);
      case Manner.Redirect(String to) ->
          response.setStatusCode(302).putHeader("Location", to).end();
    }
  }

  private void list(HttpServerRequest request) {
    lists.incrementAndGet();
    var to = request.getParam("To");
    var found = new JsonArray();
    accepted.stream().filter(one -> one.getString("to").equals(to)).forEach(found::add);
    var page = new JsonObject().put("messages", found).put("page", 0).put("page_size", 50);
    answer(request.response(), 200, page.put("uri", request.uri()));
  }

  private JsonObject message(Map<String, String> form) {
    var message =
        new JsonObject()
            .put("sid", "SM%032d".formatted(accepted.size() + 1))
            .put("account_sid", ACCOUNT)
            .put("status", "queued")
            .put("to", form.get("To"))
            .put("body", form.get("Body"))
            .put("date_created", RFC_2822.format(now));
    accepted.add(message);
    return message;
  }

  private static JsonObject refusal(int status, int code) {
    var refusal = new JsonObject().put("status", status).put("message", "as told");
    return code == 0 ? refusal : refusal.put("code", code);
  }

  private static void answer(HttpServerResponse response, int status, JsonObject body) {
    response.setStatusCode(status).putHeader("Content-Type", "application/json").end(body.encode());
  }
}
