package org.fazaa.web.bench;

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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** A coordinator who works by the API, as anybody's script would. */
final class Script {
  private static final double WEST = 0;
  private static final double EAST = 60;
  private static final double SOUTH = -30;
  private static final double NORTH = 30;
  private static final Site SW = new Site(WEST, SOUTH);
  private static final Site SE = new Site(EAST, SOUTH);
  private static final Site NE = new Site(EAST, NORTH);
  private static final Site NW = new Site(WEST, NORTH);

  /** Their phones, which are none of those that bare texts go to. */
  static final int VOLUNTEERS_FROM = 50_000_000;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI address;
  private final String coordinator;
  private int volunteers;

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

  /** A place on the map with nobody of another place in reach. */
  record Site(double lon, double lat) {
    private static final double STEP = 0.6;
    private static final int IN_A_ROW = 100;

    static Site of(int number) {
      return new Site(
          WEST + STEP / 2 + STEP * (number % IN_A_ROW),
          SOUTH + STEP / 2 + STEP * (number / IN_A_ROW));
    }

    JsonArray json() {
      return new JsonArray().add(lon).add(lat);
    }
  }

  /** Registers so many first-aiders within a few kilometres of each site. */
  void importVolunteers(List<Site> sites, int perSite) {
    var csv = new StringBuilder("name,phone,language,skills,lon,lat\n");
    for (var site : sites) {
      for (var i = 0; i < perSite; i++, volunteers++) {
        csv.append("متطوع ").append(volunteers).append(',');
        csv.append(Forms.phone(VOLUNTEERS_FROM + volunteers)).append(",ar,first_aid,");
        csv.append(site.lon + 0.0001 * (i % 97)).append(',');
        csv.append(site.lat + 0.0001 * (i % 89)).append('\n');
      }
    }
    send("/api/volunteers/import", coordinator, "text/csv", csv.toString());
  }

  /** Registers the owners of these phones at one site. */
  void importVolunteers(Site site, List<String> phones) {
    var csv = new StringBuilder("name,phone,language,skills,lon,lat\n");
    for (var phone : phones) {
      csv.append("متطوع,").append(phone).append(",ar,first_aid,");
      csv.append(site.lon).append(',').append(site.lat).append('\n');
    }
    send("/api/volunteers/import", coordinator, "text/csv", csv.toString());
  }

  /** One crisis that covers every site. */
  long launchCrisis() {
    var corners = new JsonArray();
    for (var corner : List.of(SW, SE, NE, NW, SW)) corners.add(corner.json());
    return post(
            coordinator,
            "/api/crises",
            new JsonObject()
                .put("name", new JsonObject().put("ar", "قياس").put("en", "Bench"))
                .put("kind", "flood")
                .put(
                    "area",
                    new JsonObject()
                        .put("type", "Polygon")
                        .put("coordinates", new JsonArray().add(corners)))
                .put("mode", "live")
                .put("country", "SA"))
        .getLong("id");
  }

  /** Lives are in danger: such texts leave by night too. */
  long openNeed(long crisis, Site site, int people, Instant now) {
    return post(
            coordinator,
            "/api/crises/" + crisis + "/needs",
            new JsonObject()
                .put("title", new JsonObject().put("ar", "إسعاف").put("en", "First aid"))
                .put("skills", new JsonArray().add("first_aid"))
                .put("people", people)
                .put("place", site.json())
                .put("starts_at", now.plus(Duration.ofMinutes(30)).toString())
                .put("ends_at", now.plus(Duration.ofHours(4)).toString())
                .put("priority", "life"))
        .getLong("id");
  }

  /** Presses <i>Call out</i>; at most this many may be texted. */
  void callOut(long need, int texts) {
    var body = new JsonObject().put("max_texts", texts).put("typed_count", texts);
    post(coordinator, "/api/needs/" + need + "/callout", body);
  }

  /** Whoever was imported is found a moment later, when the roster has heard of them. */
  void awaitCandidates(long need) {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (candidates(need) == 0) {
      if (System.nanoTime() > end) throw new IllegalStateException("nobody for need " + need);
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private int candidates(long need) {
    var answer = send(request("/api/needs/" + need + "/candidates?limit=1", coordinator).GET());
    return answer.statusCode() == 503
        ? 0
        : new JsonObject(body(answer)).getJsonArray("candidates").size();
  }

  private JsonObject post(String token, String path, JsonObject body) {
    return new JsonObject(send(path, token, "application/json", body.encode()));
  }

  private String send(String path, String token, String type, String body) {
    return body(
        send(
            request(path, token)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))));
  }

  private HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(address.resolve(path)).header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String body(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(answer.uri() + " answered " + answer.body());
    }
    return answer.body();
  }
}
