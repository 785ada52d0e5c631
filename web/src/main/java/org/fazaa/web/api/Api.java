package org.fazaa.web.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.web.Problem;
import org.fazaa.web.Problem.Flaw;
import org.fazaa.web.Words;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.RequestKeys;
import org.fazaa.web.session.Who;

/**
 * The way of every call: the contract says where it is and who may make it, the body is checked
 * against it, a change is made once under the caller's key in one transaction, and the news goes
 * out after the commit.
 */
public final class Api {

  interface Reading {
    Answer read(Call call);
  }

  interface Writing {
    Answer write(Call call, SqlConnection tx);
  }

  /** With something that had to be made before the transaction. */
  interface PreparedWriting<P> {
    Answer write(Call call, P prepared, SqlConnection tx);
  }

  static final String KEY_HEADER = "Idempotency-Key";
  private static final int KEY_MIN = 8;
  private static final int KEY_MAX = 128;
  private static final int DEPTH_MAX = 32;

  private final Contract contract;
  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;

  public Api(Contract contract, Pool pool, Bus bus, InstantSource clock) {
    this.contract = contract;
    this.pool = pool;
    this.bus = bus;
    this.clock = clock;
  }

  /** A call that changes nothing. */
  void reads(Router router, String operation, Reading reading) {
    var found = contract.operation(operation);
    router
        .get(found.route())
        .handler(
            context -> {
              switch (reading.read(call(context, found))) {
                case Answer.Done done -> send(context, told(done));
                case Answer.Refused(var problem) -> throw problem.refused();
              }
            });
  }

  /** A call that changes something, once for each key. */
  void writes(Router router, String operation, Writing writing) {
    var found = contract.operation(operation);
    router
        .post(found.route())
        .handler(
            context -> {
              var call = call(context, found);
              write(context, call, tx -> writing.write(call, tx));
            });
  }

  /** Likewise, when a part of it takes long and may be done in vain for a repeated key. */
  <P> void writes(
      Router router, String operation, Function<Call, P> preparation, PreparedWriting<P> writing) {
    var found = contract.operation(operation);
    router
        .post(found.route())
        .handler(
            context -> {
              var call = call(context, found);
              var prepared = preparation.apply(call);
              write(context, call, tx -> writing.write(call, prepared, tx));
            });
  }

  /** A call whose use case keeps the key itself, so that many may wait for one commit. */
  void hands(Router router, String operation, Reading handing) {
    var found = contract.operation(operation);
    router
        .post(found.route())
        .handler(
            context -> {
              key(context);
              switch (handing.read(call(context, found))) {
                case Answer.Done done -> {
                  done.news().forEach(bus::publish);
                  send(context, told(done));
                }
                case Answer.Refused(var problem) -> throw problem.refused();
              }
            });
  }

  private void write(RoutingContext context, Call call, Function<SqlConnection, Answer> effect) {
    var key = key(context);
    var ask = new RequestKeys.Ask(call.caller(), key, digest(context));
    var first = new Answer.Done[1];
    var outcome =
        Database.inTransaction(
            pool,
            tx ->
                RequestKeys.run(
                    tx,
                    ask,
                    call.now(),
                    () -> {
                      first[0] = done(effect.apply(tx));
                      return kept(first[0]);
                    }));
    switch (outcome) {
      case RequestKeys.Outcome.First(var kept) -> {
        first[0].news().forEach(bus::publish);
        send(context, told(first[0]));
      }
      case RequestKeys.Outcome.Repeated(var kept) -> {
        context.response().putHeader("Idempotency-Replayed", "true");
        send(context, kept);
      }
      case RequestKeys.Outcome.Differs() -> throw Forms.differs().refused();
    }
  }

  private static Answer.Done done(Answer answer) {
    return switch (answer) {
      case Answer.Done done -> done;
      case Answer.Refused(var problem) -> throw problem.refused();
    };
  }

  private static RequestKeys.Kept told(Answer.Done done) {
    return new RequestKeys.Kept(done.status(), done.location(), done.body().encode());
  }

  /** As it may be given again: a secret is told once and kept nowhere. */
  private static RequestKeys.Kept kept(Answer.Done done) {
    if (done.secret() == null) return told(done);
    var body = done.body().copy();
    body.remove(done.secret());
    return new RequestKeys.Kept(done.status(), done.location(), body.encode());
  }

  static void send(RoutingContext context, RequestKeys.Kept kept) {
    var response = context.response().setStatusCode(kept.status());
    if (kept.location() != null) response.putHeader("Location", kept.location());
    response.putHeader("Content-Type", "application/json").end(kept.body());
  }

  private Call call(RoutingContext context, Contract.Operation operation) {
    Optional<Who> caller =
        operation.roles().isPresent()
            ? Optional.of(Guard.require(context, operation.roles().get()))
            : Guard.find(context);
    var flaws = new ArrayList<Flaw>();
    var parameters = parameters(context, operation, flaws);
    var body = operation.takesJson() ? body(context, operation, flaws) : new JsonObject();
    if (!flaws.isEmpty()) throw Problem.invalid(flaws).refused();
    var key = RequestKeys.scoped(caller, context.request().getHeader(KEY_HEADER));
    return new Call(caller, key, parameters, body, clock.instant());
  }

  private Map<String, Object> parameters(
      RoutingContext context, Contract.Operation operation, List<Flaw> flaws) {
    var parameters = new HashMap<String, Object>();
    for (var parameter : operation.parameters()) {
      var written = written(context, parameter);
      if (written == null) {
        if (parameter.required() && parameter.in().equals("query")) {
          flaws.add(new Flaw(parameter.name(), MISSING_PARAMETER));
        }
      } else {
        var value = typed(written, parameter.type());
        var found = contract.checkParameter(parameter, value);
        // An address with a word for a number leads nowhere; it is not a mistake to explain.
        if (!found.isEmpty() && parameter.in().equals("path")) throw Problem.notFound().refused();
        flaws.addAll(found);
        parameters.put(parameter.name(), value);
      }
    }
    refuseUnknownParameters(context, operation, flaws);
    return parameters;
  }

  private static void refuseUnknownParameters(
      RoutingContext context, Contract.Operation operation, List<Flaw> flaws) {
    var known = operation.parameters().stream().map(Contract.Parameter::name).toList();
    for (var name : context.queryParams().names()) {
      if (!known.contains(name)) flaws.add(new Flaw(name, UNKNOWN_PARAMETER));
    }
  }

  private static String written(RoutingContext context, Contract.Parameter parameter) {
    return switch (parameter.in()) {
      case "path" -> context.pathParam(parameter.name());
      case "query" -> context.queryParams().get(parameter.name());
      case String other -> null; // headers are looked at where they are used
    };
  }

  private static Object typed(String written, String type) {
    try {
      return switch (type) {
        case "integer" -> Long.valueOf(written);
        case "number" -> Double.valueOf(written);
        case null, default -> written;
      };
    } catch (NumberFormatException e) {
      return written; // the schema will say what is wrong with it
    }
  }

  private JsonObject body(RoutingContext context, Contract.Operation operation, List<Flaw> flaws) {
    var type = context.request().getHeader("Content-Type");
    if (type == null || !type.split(";")[0].strip().equalsIgnoreCase("application/json")) {
      throw Problem.unknownMediaType("application/json").refused();
    }
    var value = parse(context.body().buffer());
    flaws.addAll(contract.checkBody(operation, value));
    return value instanceof JsonObject object ? object : new JsonObject();
  }

  private static Object parse(Buffer body) {
    try {
      var value = MAPPER.readValue(body == null ? new byte[0] : body.getBytes(), Object.class);
      return switch (value) {
        case Map<?, ?> map -> new JsonObject(MAPPER.convertValue(map, MAP));
        case List<?> list -> new JsonArray(list);
        case null, default -> value;
      };
    } catch (JsonProcessingException e) {
      throw Problem.malformed(where(e.getLocation())).refused();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // bytes in memory
    }
  }

  private static Words where(JsonLocation at) {
    if (at == null) return TOO_DEEP;
    return new Words(
        "ليس JSON سليمًا عند السطر %d، العمود %d.".formatted(at.getLineNr(), at.getColumnNr()),
        "It stops being JSON at line %d, column %d.".formatted(at.getLineNr(), at.getColumnNr()));
  }

  /** The key that every call that changes something must carry. */
  static String key(RoutingContext context) {
    var key = context.request().getHeader(KEY_HEADER);
    if (key == null) {
      throw Problem.invalid(KEY_HEADER, MISSING_KEY).refused();
    }
    if (key.length() < KEY_MIN || key.length() > KEY_MAX) {
      throw Problem.invalid(KEY_HEADER, KEY_LENGTH).refused();
    }
    return key;
  }

  private static byte[] digest(RoutingContext context) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(context.request().path().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      var body = context.body().buffer();
      if (body != null) digest.update(body.getBytes());
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private static final Words TOO_DEEP =
      new Words(
          "تداخل JSON أعمق من %d أو نصوصه أطول من المسموح.".formatted(DEPTH_MAX),
          "This JSON is nested deeper than %d, or a text in it is too long.".formatted(DEPTH_MAX));
  private static final Words MISSING_KEY =
      new Words(
          "أضف ترويسة Idempotency-Key بقيمة جديدة لكل طلب، لتأمن التكرار.",
          "Add an Idempotency-Key header, new for each request, so that a repeat is harmless.");
  private static final Words KEY_LENGTH =
      new Words("طول المفتاح من 8 إلى 128 حرفًا.", "A key has 8 to 128 characters.");
  private static final Words MISSING_PARAMETER =
      new Words("هذه المعلمة لازمة وهي ناقصة.", "This parameter is required and is missing.");
  private static final Words UNKNOWN_PARAMETER =
      new Words("معلمة غير معروفة: احذفها.", "This parameter is not known: take it out.");
}
