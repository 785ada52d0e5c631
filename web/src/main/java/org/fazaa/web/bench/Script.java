package org.fazaa.web.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** A coordinator who works by the API, as anybody's script would. */
final class Script {
  private static final double LON = 39.19;
  private static final double LAT = 21.54;

  /** Their phones, which are none of those that bare texts go to. */
  static final int VOLUNTEERS_FROM = 50_000_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI address;
  private final String coordinator;

  Script(URI address) {
    this.address = address;
    var account =
        post(
            TestBed.ADMIN,
            "/api/accounts",
            new JsonObject()
                .put("login", "bench")
                .put("name", "bench")
                .put("roles", new JsonArray().add("coordinator")));
    var token =
        post(
            TestBed.ADMIN,
            "/api/tokens",
            new JsonObject().put("account", account.getValue("id")).put("role", "coordinator"));
    coordinator = token.getString("token");
  }

  /** Registers this many first-aiders within a few kilometres of one another. */
  void importVolunteers(int many) {
    var csv = new StringBuilder("name,phone,language,skills,lon,lat\n");
    for (var i = 0; i < many; i++) {
      csv.append(
          "متطوع %d,%s,ar,first_aid,39.1%03d,21.5%03d\n"
              .formatted(i, Forms.phone(VOLUNTEERS_FROM + i), i % 997, i % 991));
    }
    send("/api/volunteers/import", coordinator, "text/csv", csv.toString());
  }

  long launchCrisis() {
    return post(
            coordinator,
            "/api/crises",
            new JsonObject()
                .put("name", new JsonObject().put("ar", "قياس").put("en", "Bench"))
                .put("kind", "flood")
                .put(
                    "area",
                    new JsonObject()
                        .put("center", new JsonArray().add(LON).add(LAT))
                        .put("radius_m", 25_000))
                .put("mode", "live")
                .put("country", "SA"))
        .getLong("id");
  }

  long openNeed(long crisis, String priority, int people, Instant now) {
    return post(
            coordinator,
            "/api/crises/" + crisis + "/needs",
            new JsonObject()
                .put("title", new JsonObject().put("ar", "إسعاف").put("en", "First aid"))
                .put("skills", new JsonArray().add("first_aid"))
                .put("people", people)
                .put("place", new JsonArray().add(LON).add(LAT))
                .put("starts_at", now.plus(Duration.ofMinutes(30)).toString())
                .put("ends_at", now.plus(Duration.ofHours(4)).toString())
                .put("priority", priority))
        .getLong("id");
  }

  /** Presses <i>Call out</i>; at most this many may be texted. */
  void callOut(long need, int texts) {
    var body = new JsonObject().put("max_texts", texts).put("typed_count", texts);
    post(coordinator, "/api/needs/" + need + "/callout", body);
  }

  private JsonObject post(String token, String path, JsonObject body) {
    return new JsonObject(send(path, token, "application/json", body.encode()));
  }

  private String send(String path, String token, String type, String body) {
    var request =
        HttpRequest.newBuilder(address.resolve(path))
            .header("Authorization", "Bearer " + token)
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(path + " answered " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
