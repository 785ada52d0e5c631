package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** By which ways somebody is reached: imported, set, and shown before anybody is asked. */
class WishedWaysTest {

  @RegisterExtension static final Program program = Program.start();

  @Test
  void aFileAndTheApiSayThemAndTheForecastShowsWhoIsAskedHow() {
    var coordinator = program.as("coordinator");
    var csv =
        """
        name,phone,language,skills,lon,lat,ways
        Huda,+966500009001,en,driver_4x4,39.22,21.56,whatsapp;sms
        Omar,+966500009002,en,driver_4x4,39.22,21.56,pigeon
        """;
    var imported = coordinator.postCsv("/api/volunteers/import", csv).ok();
    assertThat(imported.getInteger("inserted")).isOne();
    var refused = imported.getJsonArray("refused").getJsonObject(0);
    assertThat(refused.getString("field")).isEqualTo("ways");
    assertThat(refused.getInteger("column")).isEqualTo(7);

    var crisis = coordinator.post("/api/crises", DispatchJourneyTest.flood()).created();
    var needs = "/api/crises/" + crisis.getLong("id") + "/needs";
    var opened = coordinator.post(needs, DispatchJourneyTest.need(1)).created();
    var need = "/api/needs/" + opened.getLong("id");
    await().until(() -> coordinator.get(need + "/forecast").status() == 200);
    await().until(() -> !reach(coordinator, need).isEmpty());
    var asked = reach(coordinator, need).getJsonObject(0);
    assertThat(asked.getString("country")).isEqualTo("SA");
    assertThat(asked.getString("way")).as("no other is open").isEqualTo("sms");
    assertThat(asked.getInteger("people")).isOne();
    assertThat(asked.getInteger("segments")).isPositive();

    var found = coordinator.get(need + "/candidates?limit=1").ok().getJsonArray("candidates");
    var volunteer = "/api/volunteers/" + found.getJsonObject(0).getLong("volunteer");
    assertThat(coordinator.get(volunteer).ok().getJsonArray("ways"))
        .isEqualTo(new JsonArray(List.of("whatsapp", "sms")));
    var wish = new JsonObject().put("ways", new JsonArray(List.of("voice", "sms")));
    assertThat(coordinator.post(volunteer + "/ways", wish).created().getJsonArray("ways"))
        .isEqualTo(new JsonArray(List.of("voice", "sms")));
    var unknown = new JsonObject().put("ways", new JsonArray(List.of("pigeon")));
    coordinator.post(volunteer + "/ways", unknown).problem(400);
    coordinator.post("/api/volunteers/999999/ways", wish).problem(404);
  }

  private static JsonArray reach(Caller caller, String need) {
    return caller.get(need + "/forecast").ok().getJsonArray("reach");
  }
}
