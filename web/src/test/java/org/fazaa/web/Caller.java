package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.fazaa.web.api.Contract;

/**
 * Talks to the program over HTTP as one account. Whatever the API answers is held against its
 * contract, in every test.
 */
public final class Caller {
  private static final int TRIES_MAX = 5;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Program program;
  private final Map<String, String> headers;

  Caller(Program program, Map<String, String> headers) {
    this.program = program;
    this.headers = headers;
  }

  /** An answer, read. */
  public record Answer(int status, HttpHeaders headers, String text) {

    public JsonObject json() {
      return new JsonObject(text);
    }

    public JsonObject created() {
      assertThat(status).as(text).isEqualTo(201);
      return json();
    }

    public JsonObject ok() {
      assertThat(status).as(text).isEqualTo(200);
      return json();
    }

    /** The name of the problem that was answered. */
    public String problem(int expected) {
      assertThat(status).as(text).isEqualTo(expected);
      return json().getString("type").replace("urn:fazaa:problem:", "");
    }

    public String header(String name) {
      return headers.firstValue(name).orElse(null);
    }
  }

  public Caller with(String header, String value) {
    var more = new HashMap<>(headers);
    more.put(header, value);
    return new Caller(program, more);
  }

  public Answer get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  /** With a key of its own. */
  public Answer post(String path, JsonObject body) {
    return post(path, body, UUID.randomUUID().toString());
  }

  public Answer post(String path, JsonObject body, String key) {
    return with("Idempotency-Key", key).postJson(path, body.encode());
  }

  public Answer postJson(String path, String body) {
    return with("Content-Type", "application/json")
        .send("POST", path, BodyPublishers.ofString(body));
  }

  public Answer postForm(String path, Map<String, String> fields) {
    return with("Content-Type", "application/x-www-form-urlencoded")
        .send("POST", path, BodyPublishers.ofString(form(fields)));
  }

  public Answer postCsv(String path, String csv) {
    return with("Content-Type", "text/csv")
        .with("Idempotency-Key", UUID.randomUUID().toString())
        .send("POST", path, BodyPublishers.ofString(csv));
  }

  public Answer send(String method, String path, BodyPublisher body) {
    var request = HttpRequest.newBuilder(program.address().resolve(path)).method(method, body);
    headers.forEach(request::setHeader);
    boolean harmless = method.equals("GET") || headers.containsKey("Idempotency-Key");
    try {
      var response = CLIENT.send(request.build(), BodyHandlers.ofString());
      // What is away for a moment may be asked again: a busy machine is slow, and nothing fails.
      for (int tried = 1; harmless && response.statusCode() == 503 && tried < TRIES_MAX; tried++) {
        new CompletableFuture<Void>().completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
        response = CLIENT.send(request.build(), BodyHandlers.ofString());
      }
      var answer = new Answer(response.statusCode(), response.headers(), response.body());
      holdAgainstContract(method, path, answer);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void holdAgainstContract(String method, String path, Answer answer) {
    var plain = path.replaceAll("\\?.*", "");
    for (var operation : program.contract().operations()) {
      if (fits(operation, method, plain)) {
        var type = answer.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        if (type.endsWith("json")) {
          var body = Json.decodeValue(answer.text());
          assertThat(program.contract().checkAnswer(operation.id(), answer.status(), type, body))
              .as("%s %s answers %d %s", method, path, answer.status(), answer.text())
              .isEmpty();
        }
      }
    }
  }

  private static boolean fits(Contract.Operation operation, String method, String path) {
    return operation.method().name().equals(method)
        && path.matches(operation.path().replaceAll("\\{\\w+}", "[^/]+"));
  }
}
