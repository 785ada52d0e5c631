package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is refused is refused with words, in both languages, and changes nothing. */
class BadInputTest {

  @RegisterExtension static final Program program = Program.start();

  private static Caller coordinator;

  @BeforeAll
  static void signIn() {
    coordinator = program.as("coordinator");
  }

  @Test
  void malformedJsonIsAnsweredWithItsLineAndColumn() {
    var answer = keyed().postJson("/api/crises", "{\n  \"name\": {\"ar\": \"س\",\n}");
    assertThat(answer.problem(400)).isEqualTo("malformed");
    assertThat(answer.json().getString("detail")).contains("line 3");
    assertThat(answer.json().getJsonObject("ar").getString("detail")).contains("السطر 3");
  }

  @Test
  void aFieldThatStandsTwiceAndANestTooDeepAreMalformed() {
    var twice = keyed().postJson("/api/crises", "{\"kind\":\"flood\",\"kind\":\"fire\"}");
    assertThat(twice.problem(400)).isEqualTo("malformed");
    var deep = keyed().postJson("/api/crises", "[".repeat(40) + "]".repeat(40));
    assertThat(deep.problem(400)).isEqualTo("malformed");
  }

  @Test
  void anUnknownFieldIsNamed() {
    var crisis = DispatchJourneyTest.flood().put("filled", 0);
    assertThat(field(coordinator.post("/api/crises", crisis))).isEqualTo("/filled");
  }

  @Test
  void aWrongTypeIsNamedByItsField() {
    var need = DispatchJourneyTest.need(2).put("people", "two");
    var path = "/api/crises/" + crisis() + "/needs";
    assertThat(field(coordinator.post(path, need))).isEqualTo("/people");
  }

  @Test
  void aMissingFieldIsNamed() {
    var crisis = DispatchJourneyTest.flood();
    crisis.remove("mode");
    assertThat(field(coordinator.post("/api/crises", crisis))).isEqualTo("/mode");
  }

  @Test
  void anEmptyAreaIsRefused() {
    var nothing = DispatchJourneyTest.flood().put("area", new JsonObject());
    assertThat(field(coordinator.post("/api/crises", nothing))).startsWith("/area");
    var line =
        new JsonArray()
            .add(new JsonArray().add(point(39, 21)).add(point(39, 22)).add(point(39, 21)));
    var flat =
        DispatchJourneyTest.flood()
            .put("area", new JsonObject().put("type", "Polygon").put("coordinates", line));
    assertThat(field(coordinator.post("/api/crises", flat))).startsWith("/area");
  }

  @Test
  void anUnknownSkillIsNamed() {
    var need = DispatchJourneyTest.need(2).put("skills", new JsonArray().add("juggling"));
    var answer = coordinator.post("/api/crises/" + crisis() + "/needs", need);
    assertThat(field(answer)).isEqualTo("/skills");
    assertThat(answer.text()).contains("juggling");
  }

  @Test
  void aPhoneThatIsNotE164IsRefused() {
    var volunteer =
        new JsonObject()
            .put("name", "سارة")
            .put("phone", "0500000001")
            .put("language", "ar")
            .put("place", point(39.2, 21.5));
    assertThat(field(coordinator.post("/api/volunteers", volunteer))).isEqualTo("/phone");
  }

  @Test
  void aTimeThatDoesNotExistIsRefused() {
    var need = DispatchJourneyTest.need(2).put("ends_at", "2026-02-30T10:00:00Z");
    assertThat(field(coordinator.post("/api/crises/" + crisis() + "/needs", need)))
        .isEqualTo("/ends_at");
  }

  @Test
  void aPlaceThatIsNotOnEarthIsRefused() {
    var need = DispatchJourneyTest.need(2).put("place", point(200, 95));
    assertThat(field(coordinator.post("/api/crises/" + crisis() + "/needs", need)))
        .isEqualTo("/place");
  }

  @Test
  void aBodyAboveSixtyFourKilobytesIsRefusedUnread() {
    var body = "{\"name\":\"" + "x".repeat(WebServer.BODY_MAX) + "\"}";
    assertThat(keyed().postJson("/api/crises", body).problem(413)).isEqualTo("too-large");
  }

  @Test
  void headersAboveEightKilobytesAreRefused() {
    var answer = program.anybody().with("X-Much", "x".repeat(9_000)).get("/api/skills");
    assertThat(answer.problem(431)).isEqualTo("headers-too-large");
  }

  @Test
  void anotherContentTypeIsRefused() {
    var answer = keyed().postForm("/api/crises", Map.of("kind", "flood"));
    assertThat(answer.problem(415)).isEqualTo("unknown-media-type");
  }

  @Test
  void anUnknownMethodIsRefusedAndKnownOnesAreNamed() {
    for (var method : new String[] {"PROPPATCH", "DELETE", "TRACE"}) {
      var answer = coordinator.send(method, "/api/crises", BodyPublishers.noBody());
      assertThat(answer.problem(405)).as(method).isEqualTo("unknown-method");
      assertThat(answer.header("Allow")).contains("GET");
    }
  }

  @Test
  void anAddressThatLeadsNowhereIsNotFound() {
    for (var path : new String[] {"/api/crises/999999", "/api/crises/x", "/api/nothing"}) {
      assertThat(coordinator.get(path).problem(404)).as(path).isEqualTo("not-found");
    }
  }

  @Test
  void anUnknownParameterIsNamed() {
    assertThat(field(coordinator.get("/api/crises?color=red"))).isEqualTo("color");
  }

  @Test
  void aProblemSpeaksTheLanguageThatIsAskedForAndCarriesBoth() {
    var arabic = program.anybody().with("Accept-Language", "ar-SA").get("/api/nothing").json();
    assertThat(arabic.getString("title")).isEqualTo("غير موجود");
    assertThat(arabic.getJsonObject("en").getString("title")).isEqualTo("Not found");
  }

  @Test
  void aFaultTellsAnIdAndNothingOfOurInside() {
    program
        .database()
        .superuserPool()
        .query("ALTER TABLE notify.halt RENAME TO halt_gone")
        .execute()
        .await();
    try {
      var answer = coordinator.get("/api/silence");
      assertThat(answer.problem(500)).isEqualTo("broken");
      assertThat(answer.text()).doesNotContain("halt").doesNotContain("SELECT").contains("id ");
      assertThat(answer.header("Content-Security-Policy")).isNotNull();
    } finally {
      program
          .database()
          .superuserPool()
          .query("ALTER TABLE notify.halt_gone RENAME TO halt")
          .execute()
          .await();
    }
  }

  private static Caller keyed() {
    return coordinator.with("Idempotency-Key", java.util.UUID.randomUUID().toString());
  }

  private static long crisis() {
    return coordinator.post("/api/crises", DispatchJourneyTest.flood()).created().getLong("id");
  }

  private static JsonArray point(double lon, double lat) {
    return new JsonArray().add(lon).add(lat);
  }

  private static String field(Caller.Answer answer) {
    assertThat(answer.problem(400)).isEqualTo("invalid");
    var flaw = answer.json().getJsonArray("errors").getJsonObject(0);
    assertThat(flaw.getString("ar")).isNotBlank().isNotEqualTo(flaw.getString("en"));
    return flaw.getString("field");
  }
}
