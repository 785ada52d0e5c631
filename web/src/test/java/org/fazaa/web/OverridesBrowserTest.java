package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A need wants a human: what would help is shown and done, and a ring is asked by hand. */
class OverridesBrowserTest {
  private static final int PEOPLE = 60;

  @RegisterExtension static final Program program = Program.start();
  @RegisterExtension static final Chromium chromium = new Chromium();

  @ParameterizedTest
  @CsvSource({"ar, true, 39.2, 21.55", "en, false, 46.7, 24.7"})
  void aCoordinatorTakesTheHelpThatIsOfferedAndAsksARing(
      String language, boolean javaScript, double lon, double lat) {
    var arabic = language.equals("ar");
    var caller = program.as("coordinator");
    caller.postCsv("/api/volunteers/import", volunteers(lon, lat)).ok();
    var need = need(caller, lon, lat);
    caller.post("/api/needs/" + need + "/callout", new JsonObject().put("max_texts", 40)).created();
    var visitor = chromium.signedIn(program, "coordinator", language, javaScript);
    await().until(() -> isHelped(need));

    visitor.open("/needs/" + need).see("#help");
    visitor.reads("#help", arabic ? "الاستغناء عن مهارة" : "do without the skill");
    visitor.keep("need-help-" + language);
    visitor.open("/crises/" + crisis(need));
    visitor.reads("#need-" + need, arabic ? "قد ينفع" : "This would help");
    visitor.keep("board-help-" + language);

    visitor.open("/needs/" + need).press("#help a[href*='without=']");
    assertThat(visitor.page().isChecked("[value=doctor]")).isFalse();
    assertThat(visitor.page().isChecked("[value=driver_4x4]")).isTrue();
    visitor.press("main form .actions button").see("#callout");
    visitor.keep("need-approve-anew-" + language);
    visitor.open("/needs/" + need + "?max_texts=50&km=12");
    holdRounds(true);
    visitor.press("#callout form button").see("#stop");
    visitor.press("#stop").see("#foreseen");
    visitor.keep("stop-foreseen-" + language);
    visitor.press("#confirm").see("#override");
    holdRounds(false);

    visitor.page().fill("#override [name=km]", "99");
    visitor.press("#ring").reads(".refusal", arabic ? "النطاق المعتمد" : "approved area");
    visitor.open("/needs/" + need);
    visitor.page().fill("#override [name=km]", "1.5");
    visitor.press("#ring").see("#foreseen");
    visitor.keep("ring-foreseen-" + language);
    visitor.press("#confirm").reads("body", arabic ? "يُسألون الآن" : "They are asked now");
    visitor.reads("tbody", "•••");

    visitor.open("/needs/" + need).press("#person").see("#foreseen");
    visitor.keep("person-foreseen-" + language);
    visitor.press("#confirm").reads("body", arabic ? "يُسأل هذا الشخص" : "This person is asked");
    visitor.page().fill("#override [name=phone]", "+966599999999");
    visitor.press("#person-by-phone").reads("body", arabic ? "لا متطوع" : "No volunteer has");
    assertThat(visitor.breaches()).isEmpty();
  }

  private static String volunteers(double lon, double lat) {
    var csv = new StringBuilder("name,phone,language,skills,lon,lat\n");
    for (var i = 0; i < PEOPLE; i++) {
      csv.append(
          "متطوع %d,+9665%02d0%05d,ar,driver_4x4,%f,%f%n"
              .formatted(i, (int) lon, i, lon + i * 0.001, lat));
    }
    return csv.toString();
  }

  private static long need(Caller caller, double lon, double lat) {
    var place = new JsonArray().add(lon).add(lat);
    var flood = DispatchJourneyTest.flood();
    flood.getJsonObject("area").put("center", place);
    var crisis = caller.post("/api/crises", flood).created().getLong("id");
    var draft = DispatchJourneyTest.need(4).put("place", place);
    draft.put("skills", new JsonArray().add("driver_4x4").add("doctor"));
    var path = "/api/needs/";
    var id = caller.post("/api/crises/" + crisis + "/needs", draft).created().getLong("id");
    await()
        .until(
            () -> {
              var answer = caller.get(path + id + "/help");
              return answer.status() == 200 && !answer.json().getJsonArray("steps").isEmpty();
            });
    return id;
  }

  private static boolean isHelped(long need) {
    return rows("SELECT 1 FROM dispatch.help WHERE ways <> '[]' AND need = " + need) == 1;
  }

  private static long crisis(long need) {
    var sql = "SELECT crisis FROM dispatch.need WHERE id = " + need;
    var rows = program.database().pool().query(sql).execute().await();
    return rows.iterator().next().getLong("crisis");
  }

  private static int rows(String sql) {
    return program.database().pool().query(sql).execute().await().size();
  }

  // While somebody else seems to be deciding, no round asks anybody.
  private static void holdRounds(boolean hold) {
    var until = hold ? "+ interval '1 hour'" : "";
    program
        .database()
        .superuserPool()
        .query(
            "UPDATE dispatch.lease SET holder = 'the test', fence = fence + 1,"
                + " until = clock_timestamp() "
                + until)
        .execute()
        .await();
  }
}
