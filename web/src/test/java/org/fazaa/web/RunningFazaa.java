package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionTimeoutException;
import org.fazaa.config.ChildJvm;

/** The whole program in a JVM of its own, spoken to over HTTP as a script would. */
final class RunningFazaa implements AutoCloseable {
  static final String ADMIN = "first-admin-token-of-the-fault-tests";
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final Duration START_LIMIT = Duration.ofSeconds(300);

  private final HttpClient http = HttpClient.newHttpClient();
  private final ChildJvm program;
  private final String host;
  private final int port;
  private String coordinator;

  private RunningFazaa(ChildJvm program, String host, int port) {
    this.program = program;
    this.host = host;
    this.port = port;
  }

  /** Starts on this port and returns once it says that it is ready. */
  static RunningFazaa start(int port, Map<String, String> settings) {
    var environment = new HashMap<>(settings);
    environment.put("FAZAA_HTTP_PORT", Integer.toString(port));
    environment.put("FAZAA_PUBLIC_URL", "http://127.0.0.1:" + port);
    environment.put("FAZAA_ADMIN_TOKEN", ADMIN);
    return of(ChildJvm.start(Fazaa.class, environment), "127.0.0.1", port).awaitReady();
  }

  /** A child that serves on this address, however it was started, ready or not. */
  static RunningFazaa of(ChildJvm program, String host, int port) {
    return new RunningFazaa(program, host, port);
  }

  RunningFazaa awaitReady() {
    try {
      await().atMost(START_LIMIT).until(() -> !program.isAlive() || ready());
      if (program.isAlive()) return this;
      throw new IllegalStateException("it ended:\n" + String.join("\n", program.said()));
    } catch (ConditionTimeoutException e) {
      close();
      throw new IllegalStateException(String.join("\n", program.said()), e);
    }
  }

  /** Reads on until it says these words. */
  String awaitLine(String words) {
    return program.awaitLine(words);
  }

  void freeze() {
    program.freeze();
  }

  void thaw() {
    program.thaw();
  }

  /** Who may speak for it, and be spoken for by another. */
  String coordinator() {
    return coordinator;
  }

  void speakAs(String token) {
    coordinator = token;
  }

  /** What it has written since it started. */
  List<String> said() {
    return program.said();
  }

  void kill() {
    program.kill();
  }

  @Override
  public void close() {
    program.close();
  }

  /** A script with the right to dispatch. */
  void signInAsCoordinator() {
    var account =
        post(
            ADMIN,
            "/api/accounts",
            new JsonObject()
                .put("login", "huda")
                .put("name", "هدى")
                .put("language", "ar")
                .put("roles", new JsonArray().add("coordinator"))
                .put("password", "correct horse battery"));
    var token =
        post(
            ADMIN,
            "/api/tokens",
            new JsonObject()
                .put("account", account.getValue("id"))
                .put("role", "coordinator")
                .put("label", "fault test")
                .put("days", 1));
    coordinator = token.getString("token");
  }

  /** Registers this many first-aiders close to one another. */
  void importVolunteers(int many) {
    importVolunteers(0, many);
  }

  /** Those of these numbers, of whom no two have the same phone. */
  void importVolunteers(int from, int to) {
    var csv = new StringBuilder("name,phone,language,skills,lon,lat\n");
    for (int i = from; i < to; i++) {
      csv.append(
          "متطوع %d,+9665%08d,ar,first_aid,39.%d,21.5%d\n".formatted(i, i, 15 + i % 9, i % 9));
    }
    var answer = send(request("/api/volunteers/import", coordinator, "text/csv", csv.toString()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  Object launchCrisis() {
    return post(
            coordinator,
            "/api/crises",
            new JsonObject()
                .put("name", new JsonObject().put("ar", "سيول جدة").put("en", "Jeddah floods"))
                .put("kind", "flood")
                .put(
                    "area",
                    new JsonObject()
                        .put("center", new JsonArray().add(39.19).add(21.54))
                        .put("radius_m", 25_000))
                .put("mode", "live")
                .put("country", "SA"))
        .getValue("id");
  }

  /** Opens a need for this many people, calls out, and returns its id. */
  Object callOut(Object crisis, String priority, int people, int texts) {
    var now = Instant.now();
    var need =
        post(
                coordinator,
                "/api/crises/" + crisis + "/needs",
                new JsonObject()
                    .put("title", new JsonObject().put("ar", "إسعاف").put("en", "First aid"))
                    .put("skills", new JsonArray().add("first_aid"))
                    .put("languages", new JsonArray())
                    .put("people", people)
                    .put("place", new JsonArray().add(39.19).add(21.54))
                    .put("starts_at", now.plusSeconds(1_800).toString())
                    .put("ends_at", now.plusSeconds(14_400).toString())
                    .put("priority", priority))
            .getValue("id");
    post(coordinator, "/api/needs/" + need + "/callout", new JsonObject().put("max_texts", texts));
    return need;
  }

  JsonObject need(Object need) {
    var request =
        HttpRequest.newBuilder(uri("/api/needs/" + need))
            .header("Authorization", "Bearer " + coordinator)
            .build();
    return new JsonObject(send(request).body());
  }

  private JsonObject post(String token, String path, JsonObject body) {
    var answer = send(request(path, token, "application/json", body.encode()));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    return new JsonObject(answer.body());
  }

  private HttpRequest request(String path, String token, String type, String body) {
    return HttpRequest.newBuilder(uri(path))
        .header("Authorization", "Bearer " + token)
        .header("Idempotency-Key", UUID.randomUUID().toString())
        .header("Content-Type", type)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  /**
   * What it answers to this address within {@link #ANSWER_LIMIT}.
   *
   * @throws IOException when it does not answer
   */
  int status(String path) throws IOException {
    try {
      var request = HttpRequest.newBuilder(uri(path)).timeout(ANSWER_LIMIT);
      boolean asSomebody = coordinator != null && !path.startsWith("/health/");
      if (asSomebody) request.header("Authorization", "Bearer " + coordinator);
      return http.send(request.build(), BodyHandlers.ofString()).statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A figure from its metrics. */
  long metric(String name) {
    var request =
        HttpRequest.newBuilder(uri("/metrics"))
            .timeout(ANSWER_LIMIT)
            .header("Authorization", "Bearer " + ADMIN)
            .build();
    return send(request)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  boolean ready() {
    try {
      return status("/health/ready") == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(String.join("\n", program.said()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private URI uri(String path) {
    return URI.create("http://" + host + ":" + port + path);
  }
}
