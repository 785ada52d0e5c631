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
  private static final String DEFAULT = "default";
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
    public String route() {
      return path.replaceAll("\\{(\\w+)}", ":$1");
    }
  }

  /** {@code rule} is where its schema is kept. */
  record Parameter(String name, String in, boolean required, String type, String rule) {}

  private final String text;
  private final JsonObject document;

  /** Every schema of the contract under a name of its own, beside those that they refer to. */
  private final JsonObject rules;

  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final SchemaRepository schemas =
      SchemaRepository.create(
          new JsonSchemaOptions()
              .setBaseUri(BASE)
              .setDraft(Draft.DRAFT202012)
              .setOutputFormat(OutputFormat.Basic));

  private Contract(String text, JsonObject document) {
    this.text = text;
    this.document = document;
    this.rules = new JsonObject().put("components", document.getJsonObject("components"));
    rules.put("$defs", new JsonObject());
    var paths = document.getJsonObject("paths");
    for (var path : paths.fieldNames()) {
      for (var method : METHODS) {
        var described = paths.getJsonObject(path).getJsonObject(method);
        if (described != null) add(path, method, described);
      }
    }
    schemas.dereference(BASE, JsonSchema.of(rules.copy())); // it writes into what it reads
  }

  public static Contract read() {
    try (var file = Contract.class.getResourceAsStream(FILE)) {
      var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      var limits = new LoaderOptions();
      limits.setMaxAliasesForCollections(Integer.MAX_VALUE); // our own file, and no stranger's
      var yaml = new Yaml(new SafeConstructor(limits));
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
  public List<Flaw> checkBody(Operation operation, Object body) {
    return check(bodyRule(operation.id()), body);
  }

  /** What is wrong with a parameter as it was written in the address. */
  List<Flaw> checkParameter(Parameter parameter, Object value) {
    return check(parameter.rule(), value).stream()
        .map(flaw -> new Flaw(parameter.name(), flaw.words()))
        .toList();
  }

  /**
   * What an answer has that the contract does not promise.
   *
   * @throws IllegalArgumentException when the contract does not have this answer at all
   */
  public List<Flaw> checkAnswer(String operation, int status, String mediaType, Object body) {
    var responses = operation(operation).described().getJsonObject("responses");
    var named = responses.containsKey("" + status) || status < 400 ? "" + status : DEFAULT;
    var rule = answerRule(operation, named, mediaType);
    if (!rules.getJsonObject("$defs").containsKey(rule)) {
      throw new IllegalArgumentException(
          "%s does not answer %d as %s".formatted(operation, status, mediaType));
    }
    return check(rule, body);
  }

  private List<Flaw> check(String rule, Object value) {
    var place = "/$defs/" + rule;
    var outcome = schemas.validator(BASE + "#" + place).validate(value);
    return outcome.getValid() ? List.of() : SchemaWords.flaws(rules, place, outcome, value);
  }

  private void add(String path, String method, JsonObject described) {
    var id = described.getString("operationId");
    var body = content(described.getJsonObject("requestBody"));
    if (body.containsKey(JSON)) keep(bodyRule(id), body.getJsonObject(JSON));
    var responses = described.getJsonObject("responses");
    for (var status : responses.fieldNames()) {
      var content = content(resolve(responses.getJsonObject(status)));
      for (var type : content.fieldNames()) {
        keep(answerRule(id, status, type), content.getJsonObject(type));
      }
    }
    operations.put(
        id,
        new Operation(
            id,
            HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
            path,
            Optional.ofNullable(described.getJsonArray("x-roles")).map(Contract::roles),
            parameters(id, described.getJsonArray("parameters", new JsonArray())),
            body.containsKey(JSON),
            described));
  }

  private List<Parameter> parameters(String id, JsonArray described) {
    var parameters = new ArrayList<Parameter>();
    for (int i = 0; i < described.size(); i++) {
      var parameter = resolve(described.getJsonObject(i));
      var name = parameter.getString("name");
      var rule = id + "-parameter-" + name;
      keep(rule, parameter);
      parameters.add(
          new Parameter(
              name,
              parameter.getString("in"),
              parameter.getBoolean("required", false),
              resolve(parameter.getJsonObject("schema")).getString("type"),
              rule));
    }
    return List.copyOf(parameters);
  }

  private void keep(String rule, JsonObject described) {
    rules.getJsonObject("$defs").put(rule, described.getJsonObject("schema"));
  }

  private JsonObject resolve(JsonObject described) {
    var reference = described.getString("$ref");
    if (reference == null) return described;
    return (JsonObject) JsonPointer.from(reference.substring(1)).queryJson(document);
  }

  private static JsonObject content(JsonObject described) {
    var none = new JsonObject();
    return described == null ? none : described.getJsonObject("content", none);
  }

  private static Set<Role> roles(JsonArray codes) {
    var roles = EnumSet.noneOf(Role.class);
    for (var code : codes) roles.add(Role.find((String) code).orElseThrow());
    return roles;
  }

  private static String bodyRule(String id) {
    return id + "-body";
  }

  private static String answerRule(String id, String status, String mediaType) {
    return id + "-" + status + "-" + mediaType.replaceAll("[^a-z]", "-");
  }
}
