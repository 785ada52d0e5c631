package org.fazaa.web.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.web.Problem.Flaw;
import org.fazaa.web.session.Role;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The API as {@code openapi.yaml} promises it: which calls there are, who may make them, what they
 * take and what they give. Requests are checked against it, and in tests every answer is.
 *
 * <p>It is read here and not by vertx-openapi, which refuses a contract that has other bodies than
 * JSON, multipart and plain text: this one also has CSV, carriers' forms, pages and a live stream.
 */
public final class Contract {

  private static final String FILE = "/openapi.yaml";
  private static final String BASE = "urn:fazaa:contract";
  private static final String JSON = "application/json";
  private static final List<String> METHODS = List.of("get", "post");

  /** One call; {@code roles} is empty for what anybody may do. */
  public record Operation(
      String id,
      HttpMethod method,
      String path,
      Optional<Set<Role>> roles,
      List<Parameter> parameters,
      boolean takesJson,
      JsonObject described) {

    /** As the router writes it: {@code /api/needs/:need}. */
    String route() {
      return path.replaceAll("\\{(\\w+)}", ":$1");
    }
  }

  record Parameter(String name, String in, boolean required, JsonObject schema, String pointer) {}

  private final String text;
  private final JsonObject document;
  private final SchemaRepository schemas =
      SchemaRepository.create(
          new JsonSchemaOptions()
              .setBaseUri(BASE)
              .setDraft(Draft.DRAFT202012)
              .setOutputFormat(OutputFormat.Basic));
  private final Map<String, Operation> operations = new LinkedHashMap<>();

  private Contract(String text, JsonObject document) {
    this.text = text;
    this.document = document;
    schemas.dereference(BASE, JsonSchema.of(document.copy()));
    for (var path : document.getJsonObject("paths").fieldNames()) {
      for (var method : METHODS) addOperation(path, method);
    }
  }

  public static Contract read() {
    try (var file = Contract.class.getResourceAsStream(FILE)) {
      var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
      return new Contract(text, new JsonObject(Json.encode(yaml.load(text))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As it is served. */
  public String text() {
    return text;
  }

  public JsonObject document() {
    return document;
  }

  public List<Operation> operations() {
    return List.copyOf(operations.values());
  }

  public Operation operation(String id) {
    var operation = operations.get(id);
    if (operation == null) throw new IllegalArgumentException("the contract has no call " + id);
    return operation;
  }

  /** What is wrong with this body, in words; nothing when the call may go on. */
  List<Flaw> checkBody(Operation operation, Object body) {
    return check(pointer(operation) + "/requestBody" + contentSchema(JSON), body);
  }

  /** What is wrong with a parameter as it was written in the address or the headers. */
  List<Flaw> checkParameter(Parameter parameter, Object value) {
    var flaws = check(parameter.pointer(), value);
    return flaws.stream().map(flaw -> new Flaw(parameter.name(), flaw.words())).toList();
  }

  /**
   * Whether an answer keeps the promise.
   *
   * @throws IllegalArgumentException when the contract does not have this answer at all
   */
  public List<Flaw> checkAnswer(String operation, int status, String mediaType, Object body) {
    var found = operation(operation);
    var response = resolve(response(found, status));
    var content = response.value().getJsonObject("content", new JsonObject());
    if (!content.containsKey(mediaType)) {
      throw new IllegalArgumentException(
          "%s %d does not answer %s".formatted(operation, status, mediaType));
    }
    return check(response.pointer() + contentSchema(mediaType), body);
  }

  /** Examples in the contract, with the place of the schema that each must fit. */
  Map<String, List<Flaw>> checkExamples() {
    var checked = new LinkedHashMap<String, List<Flaw>>();
    for (var operation : operations.values()) {
      var described = operation.described();
      if (operation.takesJson()) {
        checkExample(
            checked, pointer(operation) + "/requestBody", described.getJsonObject("requestBody"));
      }
      for (var status : described.getJsonObject("responses").fieldNames()) {
        if (status.equals("default")) continue;
        var response = resolve(response(operation, Integer.parseInt(status)));
        if (response.value().getJsonObject("content", new JsonObject()).containsKey(JSON)) {
          checkExample(checked, response.pointer(), response.value());
        }
      }
    }
    return checked;
  }

  private void checkExample(Map<String, List<Flaw>> checked, String pointer, JsonObject described) {
    var example = described.getJsonObject("content").getJsonObject(JSON).getValue("example");
    checked.put(pointer, check(pointer + contentSchema(JSON), example));
  }

  private List<Flaw> check(String pointer, Object value) {
    Validator validator = schemas.validator(BASE + "#" + pointer);
    var outcome = validator.validate(value);
    return outcome.getValid() ? List.of() : SchemaWords.flaws(document, outcome, value);
  }

  private record Located(String pointer, JsonObject value) {}

  private Located response(Operation operation, int status) {
    var responses = operation.described().getJsonObject("responses");
    var named = responses.containsKey("" + status) ? "" + status : "default";
    if (named.equals("default") && status < 400) {
      throw new IllegalArgumentException("%s does not answer %d".formatted(operation.id(), status));
    }
    return new Located(pointer(operation) + "/responses/" + named, responses.getJsonObject(named));
  }

  private Located resolve(Located located) {
    var reference = located.value().getString("$ref");
    if (reference == null) return located;
    var pointer = reference.substring(1);
    var value = (JsonObject) JsonPointer.from(pointer).queryJson(document);
    return new Located(pointer, value);
  }

  private void addOperation(String path, String method) {
    var described = document.getJsonObject("paths").getJsonObject(path).getJsonObject(method);
    if (described == null) return;
    var pointer = pointer(path, method);
    var body = described.getJsonObject("requestBody", new JsonObject());
    var operation =
        new Operation(
            described.getString("operationId"),
            HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
            path,
            Optional.ofNullable(described.getJsonArray("x-roles")).map(Contract::roles),
            parameters(described.getJsonArray("parameters", new JsonArray()), pointer),
            body.getJsonObject("content", new JsonObject()).containsKey(JSON),
            described);
    operations.put(operation.id(), operation);
  }

  private List<Parameter> parameters(JsonArray described, String pointer) {
    var parameters = new ArrayList<Parameter>();
    for (int i = 0; i < described.size(); i++) {
      var located = resolve(new Located(pointer + "/parameters/" + i, described.getJsonObject(i)));
      var value = located.value();
      parameters.add(
          new Parameter(
              value.getString("name"),
              value.getString("in"),
              value.getBoolean("required", false),
              resolve(new Located("", value.getJsonObject("schema"))).value(),
              located.pointer() + "/schema"));
    }
    return List.copyOf(parameters);
  }

  private static Set<Role> roles(JsonArray codes) {
    var roles = EnumSet.noneOf(Role.class);
    for (var code : codes) roles.add(Role.find((String) code).orElseThrow());
    return roles;
  }

  private static String pointer(Operation operation) {
    return pointer(operation.path(), operation.method().name().toLowerCase(Locale.ROOT));
  }

  private static String pointer(String path, String method) {
    return "/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + method;
  }

  private static String contentSchema(String mediaType) {
    return "/content/" + mediaType.replace("/", "~1") + "/schema";
  }
}
