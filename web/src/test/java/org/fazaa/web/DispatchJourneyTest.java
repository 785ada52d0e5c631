package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Launch, need, call-out, answers, filled, stood down: by HTTP alone. */
class DispatchJourneyTest {

  @RegisterExtension static final Program program = Program.start();

  @Test
  void aCoordinatorLaunchesACrisisAndItsNeedFillsFromTheAnswersOfVolunteers() {
    var coordinator = program.as("coordinator");
    coordinator.postCsv("/api/volunteers/import", volunteers(60)).ok();
    var crisis = coordinator.post("/api/crises", flood()).created().getLong("id");
    var need = coordinator.post("/api/crises/" + crisis + "/needs", need(2)).created();
    assertThat(need.getString("state")).isEqualTo("open");

    var path = "/api/needs/" + need.getLong("id");
    await().until(() -> candidates(coordinator, path).size() == 5); // who is found comes bit by bit
    var first = candidates(coordinator, path).getJsonObject(0);
    assertThat(first.getBoolean("may_be_asked")).isTrue();
    assertThat(coordinator.get(path + "/forecast?texts=30").ok().getDouble("chance")).isPositive();

    coordinator.post(path + "/callout", new JsonObject().put("max_texts", 30)).created();
    await().until(() -> links(program).size() >= 2);
    for (var link : links(program)) say(program, link, "yes");

    var filled = coordinator.get(path).ok();
    assertThat(filled.getString("state")).isEqualTo("filled");
    assertThat(filled.getInteger("filled")).isEqualTo(2);
    assertThat(filled.getInteger("offers_open")).isZero();

    var money = "/api/crises/" + crisis + "/budget";
    var spent = coordinator.get(money).ok().getJsonObject("spent").getLong("minor");
    assertThat(spent).isPositive();
    assertThat(coordinator.post(money, cap(spent - 1)).problem(400)).isEqualTo("invalid");
    var set = coordinator.post(money, cap(spent + 4_000)).created();
    assertThat(set.getJsonObject("cap").getLong("minor")).isEqualTo(spent + 4_000);

    var closed = coordinator.post(path + "/closure", new JsonObject().put("why", "done")).created();
    assertThat(closed.getString("state")).isEqualTo("closed");
    assertThat(offers(coordinator, path).size()).isGreaterThanOrEqualTo(2);
    var over = coordinator.post("/api/crises/" + crisis + "/closure", new JsonObject()).created();
    assertThat(over.getString("closed_at")).isNotNull();
  }

  private static JsonObject cap(long minor) {
    var cap = new JsonObject().put("minor", minor).put("currency", "SAR");
    return new JsonObject().put("cap", cap).put("why", "the water still rises");
  }

  private static JsonArray candidates(Caller caller, String need) {
    var answer = caller.get(need + "/candidates?limit=5");
    return answer.status() == 200 ? answer.json().getJsonArray("candidates") : new JsonArray();
  }

  private static JsonArray offers(Caller caller, String need) {
    return caller.get(need + "/offers").ok().getJsonArray("offers");
  }

  /** The links in the offers that have reached the simulated phones. */
  static List<String> links(Program program) {
    var links = new ArrayList<String>();
    var rows =
        program
            .database()
            .pool()
            .preparedQuery("SELECT body FROM notify.text WHERE answerable AND purpose = $1")
            .execute(Tuple.of("dispatch"))
            .await();
    for (var row : rows) {
      var body = row.getString("body");
      links.add(body.substring(body.indexOf("/a/")).split("\\s")[0]);
    }
    return links;
  }

  static void say(Program program, String link, String answer) {
    var page = program.anybody().get(link);
    assertThat(page.status()).isEqualTo(200);
    var said = program.anybody().postForm(link, Map.of("answer", answer));
    assertThat(said.status()).as(said.text()).isEqualTo(200);
  }

  static String volunteers(int count) {
    var csv = new StringBuilder("name,phone,language,skills,lon,lat\n");
    for (var i = 0; i < count; i++) {
      csv.append(
          "متطوع %d,+96650000%04d,%s,driver_4x4;first_aid,%f,%f%n"
              .formatted(i, i, i % 2 == 0 ? "ar" : "en", 39.20 + i * 0.001, 21.55));
    }
    return csv.toString();
  }

  static JsonObject flood() {
    return new JsonObject()
        .put("name", new JsonObject().put("ar", "سيول").put("en", "Floods"))
        .put("kind", "flood")
        .put(
            "area",
            new JsonObject()
                .put("center", new JsonArray().add(39.2).add(21.55))
                .put("radius_m", 30_000))
        .put("mode", "live")
        .put("country", "SA");
  }

  static JsonObject need(int people) {
    return new JsonObject()
        .put("title", new JsonObject().put("ar", "إخلاء").put("en", "Evacuate"))
        .put("skills", new JsonArray().add("driver_4x4"))
        .put("languages", new JsonArray())
        .put("people", people)
        .put("place", new JsonArray().add(39.21).add(21.56))
        .put("starts_at", Instant.now().toString())
        .put("ends_at", Instant.now().plus(Duration.ofHours(4)).toString())
        .put("priority", "urgent");
  }
}
