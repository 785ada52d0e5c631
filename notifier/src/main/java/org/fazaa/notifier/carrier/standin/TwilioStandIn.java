package org.fazaa.notifier.carrier.standin;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Stands where Twilio's API is: it takes messages, queues, delivers and loses them, tells what
 * became of them, and writes back as people do. Everything is kept in memory and bounded. It
 * answers as it is told, good or bad, counts what it was really given, and is thereby the witness
 * of what a program sent.
 */
public final class TwilioStandIn implements AutoCloseable {

  /** A POST of a message, as it came. */
  public record Post(String path, String authorization, Map<String, String> form) {

    /** The number of the text that its status callback names as {@code m}; empty without. */
    public String message() {
      return text(form.get("StatusCallback"));
    }
  }

  /** What somebody sends besides words. */
  public record Enclosed(List<File> files, Optional<Pin> pin) {
    public static final Enclosed NOTHING = new Enclosed(List.of(), Optional.empty());

    public record File(String mediaType, byte[] bytes) {}

    public record Pin(double lat, double lon, String label) {}

    public static Enclosed file(String mediaType, byte[] bytes) {
      return new Enclosed(List.of(new File(mediaType, bytes)), Optional.empty());
    }

    public static Enclosed pin(double lat, double lon, String label) {
      return new Enclosed(List.of(), Optional.of(new Pin(lat, lon, label)));
    }

    /** As {@code {"media": [{"type": …, "bytes": base64}], "pin": {"lat": …, "lon": …}}}. */
    static Enclosed of(JsonObject written) {
      var files = new ArrayList<File>();
      for (var one : written.getJsonArray("media", new JsonArray())) {
        var file = (JsonObject) one;
        files.add(new File(file.getString("type"), file.getBinary("bytes")));
      }
      var pin = Optional.ofNullable(written.getJsonObject("pin"));
      return new Enclosed(
          files,
          pin.map(
              at -> new Pin(at.getDouble("lat"), at.getDouble("lon"), at.getString("label", ""))));
    }
  }

  private static final Pattern TEXT = Pattern.compile("[?&]m=([0-9]+)");

  /** Beyond it POSTs are counted and no longer kept. */
  static final int POSTS_KEPT = 200_000;

  private final Vertx vertx;
  private final StandInOptions options;
  private final boolean owner;
  private final Exchange exchange;
  private final Queue<Post> posts = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kept = new AtomicInteger();
  private final LongAdder sunk = new LongAdder();
  private final Queue<Manner> manners = new ConcurrentLinkedQueue<>();
  private volatile Manner usual;
  private int port;
  private final List<String> deployed = new ArrayList<>();
  private Desk desk;

  private TwilioStandIn(Vertx vertx, boolean owner, StandInOptions options) {
    this.vertx = vertx;
    this.owner = owner;
    this.options = options;
    this.exchange = new Exchange(vertx, options);
    this.port = options.port;
  }

  /** On a Vert.x of its own. */
  public static TwilioStandIn start(StandInOptions options) {
    return new TwilioStandIn(Vertx.vertx(), true, options).listen();
  }

  public static TwilioStandIn start(Vertx vertx, StandInOptions options) {
    return new TwilioStandIn(vertx, false, options).listen();
  }

  private TwilioStandIn listen() {
    try {
      if (options.sink) {
        sink();
      } else {
        desk = new Desk(this, exchange, options);
        deployed.add(vertx.deployVerticle(desk).await());
        port = desk.port();
      }
      return this;
    } catch (Exception e) { // await throws whatever listening threw, undeclared
      close();
      throw e;
    }
  }

  // A port of -1 is any free one that all of them share.
  private void sink() {
    var many = new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    int wanted = port == 0 ? -1 : port;
    var found = new AtomicInteger();
    var which = new AtomicInteger();
    var sinks =
        vertx.deployVerticle(
            () -> new Sink(options, wanted, which.incrementAndGet(), sunk, found), many);
    deployed.add(sinks.await());
    port = found.get();
  }

  /** From now on, for every POST, whatever the faults say. */
  public TwilioStandIn always(Manner manner) {
    usual = manner;
    return this;
  }

  /** For the next POST only. */
  public TwilioStandIn once(Manner manner) {
    manners.add(manner);
    return this;
  }

  /** From now on. */
  public void faults(Faults faults) {
    exchange.faults = faults;
  }

  public List<Post> posts() {
    return List.copyOf(posts);
  }

  /** How often each text was posted, by the number that its status callback names. */
  public Map<String, Integer> postsByMessage() {
    return counted(posts.stream().map(Post::message));
  }

  /** How often it took each text, by the same number: more than once is what a phone saw twice. */
  public Map<String, Integer> acceptedByMessage() {
    return counted(exchange.book.all().stream().map(message -> text(message.callback())));
  }

  private static Map<String, Integer> counted(Stream<String> texts) {
    var counts = new HashMap<String, Integer>();
    texts.filter(text -> !text.isEmpty()).forEach(text -> counts.merge(text, 1, Integer::sum));
    return counts;
  }

  private static String text(String callback) {
    var named = TEXT.matcher(callback == null ? "" : callback);
    return named.find() ? named.group(1) : "";
  }

  /** How many POSTs came, whatever became of them. */
  public long posted() {
    return options.sink ? sunk.sum() : exchange.tally.of("posts");
  }

  /** How many messages it took. */
  public long accepted() {
    return options.sink ? sunk.sum() : exchange.tally.of("accepted");
  }

  /** How often it was asked what it has. */
  public int lists() {
    return (int) exchange.tally.of("lists");
  }

  /** The counts as {@code GET /stand-in/report} shows them, as JSON. */
  public String report() {
    return exchange.tally.json(options.segmentCost, false).encodePrettily();
  }

  /** Somebody writes to whoever texted them last. */
  public void reply(String from, String body) {
    reply(from, body, Enclosed.NOTHING);
  }

  /** The same, with what comes along. */
  public void reply(String from, String body, Enclosed enclosed) {
    desk.run(() -> exchange.write(from, Optional.empty(), body, enclosed));
  }

  public URI url() {
    return URI.create("http://" + options.host + ":" + port);
  }

  /** What a program needs to send through it. */
  public Map<String, String> settings() {
    return Map.of(
        "TWILIO_ACCOUNT_SID",
        options.account,
        "TWILIO_API_KEY",
        options.apiKey,
        "TWILIO_API_SECRET",
        options.apiSecret.value(),
        "TWILIO_AUTH_TOKEN",
        options.authToken.value(),
        "TWILIO_FROM",
        options.sender,
        "TWILIO_BASE_URL",
        url().toString());
  }

  @Override
  public void close() {
    if (owner) {
      vertx.close().await();
    } else {
      deployed.forEach(id -> vertx.undeploy(id).await());
      deployed.clear();
    }
  }

  /** Keeps it, and says how it is to be answered. */
  Manner arrived(Post post) {
    exchange.tally.count("posts");
    if (kept.incrementAndGet() <= POSTS_KEPT) {
      posts.add(post);
    }
    var fated = exchange.manner(post.form().getOrDefault("To", ""));
    var next = manners.poll();
    if (next != null) {
      return next;
    }
    return usual == null ? fated : usual;
  }
}
