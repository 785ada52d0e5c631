package org.fazaa.notifier.carrier.standin;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.fazaa.notifier.carrier.standin.Exchange.Outcome;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Enclosed;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Post;

/**
 * Twilio's messages resource over HTTP, and beside it the few addresses that steer the stand-in.
 */
final class Desk extends VerticleBase {
  private static final int BODY_MAX_BYTES = 64 * 1024;
  private static final int SILENT_SECONDS_MAX = 120;
  private static final Pattern RESOURCE =
      Pattern.compile("/2010-04-01/Accounts/([^/]+)/Messages(?:/([^/.]+))?\\.json");

  private static final Pattern MEDIA =
      Pattern.compile("/2010-04-01/Accounts/([^/]+)/Messages/[^/.]+/Media/[^/.]+");

  /** Where the API sends on whoever asks for a file; here its name is the first of the path. */
  private static final String STORE = "mms.twiliocdn.com";

  private final TwilioStandIn standIn;
  private final Exchange exchange;
  private final StandInOptions options;
  private final Set<String> keys;
  private HttpServer server;

  Desk(TwilioStandIn standIn, Exchange exchange, StandInOptions options) {
    this.standIn = standIn;
    this.exchange = exchange;
    this.options = options;
    this.keys =
        Set.of(
            basic(options.apiKey, options.apiSecret.value()),
            basic(options.account, options.authToken.value()));
  }

  private static String basic(String user, String password) {
    var written = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(written);
  }

  @Override
  public Future<?> start() {
    var http =
        new HttpServerOptions()
            .setHost(options.host)
            .setPort(options.port)
            .setIdleTimeout(SILENT_SECONDS_MAX);
    server = vertx.createHttpServer(http).requestHandler(this::handle);
    return server.listen();
  }

  @Override
  public Future<?> stop() {
    exchange.close();
    return server.close();
  }

  int port() {
    return server.actualPort();
  }

  /** On the loop that everything here lives on. */
  void run(Runnable work) {
    context.runOnContext(loop -> work.run());
  }

  private void handle(HttpServerRequest request) {
    read(
        request,
        body -> {
          if (options.latency.isZero()) {
            route(request, body);
          } else {
            vertx.setTimer(options.latency.toMillis(), late -> route(request, body));
          }
        });
  }

  private static void read(HttpServerRequest request, Consumer<String> use) {
    var all = Buffer.buffer();
    request.handler(
        chunk -> {
          all.appendBuffer(chunk);
          if (all.length() > BODY_MAX_BYTES) {
            request.connection().close();
          }
        });
    request.endHandler(end -> use.accept(all.toString(StandardCharsets.UTF_8)));
  }

  private void route(HttpServerRequest request, String body) {
    var path = request.path();
    if (path.startsWith("/stand-in/")) {
      steer(request, path, body);
      return;
    }
    if (path.startsWith("/" + STORE + "/")) {
      stored(request, path.substring(STORE.length() + 1));
      return;
    }
    var media = MEDIA.matcher(path);
    if (media.matches()) {
      sendOn(request, media.group(1));
      return;
    }
    var resource = RESOURCE.matcher(path);
    boolean posted = request.method() == HttpMethod.POST;
    if (resource.matches() && resource.group(2) == null && posted) {
      create(request, resource.group(1), form(body));
      return;
    }
    var refusal = door(request, resource.matches() ? resource.group(1) : "");
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
    } else if (resource.group(2) == null) {
      list(request);
    } else {
      one(request, resource.group(2), form(body));
    }
  }

  private void sendOn(HttpServerRequest request, String account) {
    var missing =
        exchange.file(request.path()).isEmpty()
            ? Optional.of(Refusal.noSuch(request.path()))
            : Optional.<Refusal>empty();
    door(request, account)
        .or(() -> missing)
        .ifPresentOrElse(
            refusal -> refuse(request, refusal),
            () ->
                request
                    .response()
                    .setStatusCode(307)
                    .putHeader("Location", "https://" + STORE + request.path() + "?Signature=s")
                    .end());
  }

  /** A store knows who may come by the address alone, and is not to see a key. */
  private void stored(HttpServerRequest request, String path) {
    var file = exchange.file(path);
    if (file.isEmpty() || request.getHeader("Authorization") != null) {
      request.response().setStatusCode(403).end();
      return;
    }
    request
        .response()
        .putHeader("Content-Type", file.get().mediaType())
        .end(Buffer.buffer(file.get().bytes()));
  }

  /** Whether there is such an account, and this is its key. */
  private Optional<Refusal> door(HttpServerRequest request, String account) {
    if (!keys.contains(String.valueOf(request.getHeader("Authorization")))) {
      return Optional.of(Refusal.WRONG_KEY);
    }
    return account.equals(options.account)
        ? Optional.empty()
        : Optional.of(Refusal.noSuch(request.path()));
  }

  private void create(HttpServerRequest request, String account, Map<String, String> form) {
    var post = new Post(request.path(), request.getHeader("Authorization"), form);
    var manner = standIn.arrived(post);
    if (!(manner instanceof Manner.Accept)) {
      exchange.tally.count("fault " + manner.getClass().getSimpleName());
    }
    Runnable take = () -> take(request, account, form);
    switch (manner) {
      case Manner.Accept() -> take.run();
      case Manner.AcceptSlowly(var after) ->
          vertx.setTimer(Math.max(1, after.toMillis()), late -> take.run());
      case Manner.AcceptThenCut() -> {
        taken(request, account, form);
        request.connection().close();
      }
      case Manner.AcceptThenSilence() -> taken(request, account, form);
      case Manner.AcceptThenRefuse(int status) -> {
        taken(request, account, form);
        refuse(request, told(status, 20_000 + status));
      }
      case Manner.Refuse(int status, int code) -> refuse(request, told(status, code));
      case Manner.RefuseUntil(int status, int code, int seconds) -> {
        request.response().putHeader("Retry-After", Integer.toString(seconds));
        refuse(request, told(status, code));
      }
      case Manner.Cut() -> request.connection().close();
      case Manner.Silence() -> {}
      case Manner.Say(int status, String said) ->
          request.response().setStatusCode(status).end(said);
      case Manner.Redirect(String to) ->
          request.response().setStatusCode(302).putHeader("Location", to).end();
    }
  }

  private static Refusal told(int status, int code) {
    return new Refusal(status, code, "as told");
  }

  private void take(HttpServerRequest request, String account, Map<String, String> form) {
    switch (taken(request, account, form)) {
      case Outcome.Taken(var message) -> answer(request, 201, message.json());
      case Outcome.Refused(var refusal) -> refuse(request, refusal);
    }
  }

  private Outcome taken(HttpServerRequest request, String account, Map<String, String> form) {
    return door(request, account)
        .<Outcome>map(Outcome.Refused::new)
        .orElseGet(() -> exchange.take(MessageForm.of(form)));
  }

  private void list(HttpServerRequest request) {
    exchange.tally.count("lists");
    var asked = new TreeMap<String, String>();
    request.params().forEach(asked::putIfAbsent);
    var query = Book.Query.of(asked);
    var page = exchange.book.list(query);
    var found = new JsonArray();
    page.messages().forEach(message -> found.add(message.json()));
    asked.put("PageSize", Integer.toString(query.size()));
    int start = query.page() * query.size();
    answer(
        request,
        200,
        new JsonObject()
            .put("end", start + Math.max(0, found.size() - 1))
            .put("first_page_uri", page(request, asked, 0, ""))
            .put(
                "next_page_uri",
                page.more()
                    ? page(request, asked, query.page() + 1, page.messages().getLast().sid())
                    : null)
            .put("page", query.page())
            .put("page_size", query.size())
            .put("previous_page_uri", null)
            .put("messages", found)
            .put("start", start)
            .put("uri", page(request, asked, query.page(), query.after())));
  }

  private static String page(
      HttpServerRequest request, Map<String, String> asked, int page, String after) {
    var query = new TreeMap<>(asked);
    query.put("Page", Integer.toString(page));
    query.remove("PageToken");
    if (!after.isEmpty()) {
      query.put("PageToken", "PA" + after);
    }
    var uri = new StringBuilder(request.path());
    query.forEach(
        (name, value) ->
            uri.append(uri.indexOf("?") < 0 ? '?' : '&')
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return uri.toString();
  }

  private void one(HttpServerRequest request, String sid, Map<String, String> form) {
    var found = exchange.book.find(sid);
    if (found.isEmpty()) {
      refuse(request, Refusal.noSuch(request.path()));
    } else if (request.method() == HttpMethod.POST) {
      edit(request, found.get(), form);
    } else {
      answer(request, 200, found.get().json());
    }
  }

  /** Takes it back while it waits, or blanks its words once it is done. */
  private void edit(HttpServerRequest request, Message message, Map<String, String> form) {
    if (Message.CANCELED.equals(form.get("Status"))) {
      exchange
          .cancel(message)
          .ifPresentOrElse(
              canceled -> answer(request, 200, canceled.json()),
              () -> refuse(request, new Refusal(400, 30409, "This message is not cancelable")));
    } else if ("".equals(form.get("Body")) && message.isFinal()) {
      exchange.book.put(message.redacted(options.clock.instant()));
      answer(request, 200, exchange.book.find(message.sid()).orElseThrow().json());
    } else if ("".equals(form.get("Body"))) {
      refuse(request, new Refusal(400, 20009, "Cannot redact a message before it is complete"));
    } else {
      refuse(request, new Refusal(400, 20001, "Only Status=canceled or an empty Body"));
    }
  }

  /** Only from this machine, whatever address it listens on. */
  private void steer(HttpServerRequest request, String path, String body) {
    boolean near = request.remoteAddress().hostAddress() != null && loopback(request);
    var call = request.method() + " " + path.substring("/stand-in/".length());
    switch (near ? call : "") {
      case "GET report" -> {
        boolean phones = "true".equals(request.getParam("phones"));
        answer(request, 200, exchange.tally.json(options.segmentCost, phones));
      }
      case "GET messages" -> {
        var found = new JsonArray();
        var query = Book.Query.of(once(request));
        exchange.book.list(query).messages().forEach(message -> found.add(message.json()));
        answer(request, 200, new JsonObject().put("messages", found));
      }
      case "GET faults" ->
          answer(request, 200, new JsonObject().put("faults", exchange.faults.toString()));
      case "POST faults" -> set(request, body);
      case "POST replies" -> reply(request, body);
      default ->
          problem(
              request,
              404,
              "report, messages, faults and replies are here, for this machine only",
              "هنا report و messages و faults و replies، لهذا الجهاز فقط");
    }
  }

  private static boolean loopback(HttpServerRequest request) {
    var host = request.remoteAddress().hostAddress();
    return host.startsWith("127.") || host.equals("0:0:0:0:0:0:0:1") || host.equals("::1");
  }

  private static Map<String, String> once(HttpServerRequest request) {
    var asked = new HashMap<String, String>();
    request.params().forEach(asked::putIfAbsent);
    return asked;
  }

  private void set(HttpServerRequest request, String body) {
    try {
      var written = body.strip();
      exchange.faults =
          Faults.parse(
              written.startsWith("{") ? new JsonObject(written).getString("faults", "") : written);
      answer(request, 200, new JsonObject().put("faults", exchange.faults.toString()));
    } catch (Faults.Invalid e) {
      answer(request, 400, new JsonObject().put("status", 400).put("title", e.getMessage()));
    } catch (DecodeException | ClassCastException e) {
      problem(request, 400, "write {\"faults\": \"503=0.1\"}", "اكتب {\"faults\": \"503=0.1\"}");
    }
  }

  private void reply(HttpServerRequest request, String body) {
    try {
      var said = new JsonObject(body);
      var from = said.getString("from");
      var words = said.getString("body");
      if (from != null && words != null) {
        var to = Optional.ofNullable(said.getString("to"));
        var sid = exchange.write(from, to, words, Enclosed.of(said));
        answer(request, 202, new JsonObject().put("sid", sid));
        return;
      }
    } catch (DecodeException
        | ClassCastException
        | IllegalArgumentException
        | NullPointerException e) { // said below
    }
    problem(
        request,
        400,
        "write {\"from\": \"+966500000001\", \"body\": \"yes\"}",
        "اكتب {\"from\": \"+966500000001\", \"body\": \"نعم\"}");
  }

  private static void problem(
      HttpServerRequest request, int status, String english, String arabic) {
    var title = english + " · " + arabic;
    answer(request, status, new JsonObject().put("status", status).put("title", title));
  }

  private static void refuse(HttpServerRequest request, Refusal refusal) {
    answer(request, refusal.status(), refusal.json());
  }

  private static void answer(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.encode());
  }

  /** The first value of each field; a broken escape is taken as it stands. */
  private static Map<String, String> form(String body) {
    var form = new HashMap<String, String>();
    for (var pair : body.split("&")) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        form.putIfAbsent(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return form;
  }

  private static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return encoded;
    }
  }
}
