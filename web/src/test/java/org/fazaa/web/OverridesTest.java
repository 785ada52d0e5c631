package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Asking beside the rounds, and what would help, by HTTP alone. */
class OverridesTest {

  @RegisterExtension static final Program program = Program.start();

  private static Caller coordinator;
  private static String needs;

  @BeforeAll
  static void people() {
    coordinator = program.as("coordinator");
    coordinator.postCsv("/api/volunteers/import", DispatchJourneyTest.volunteers(60)).ok();
    var crisis = coordinator.post("/api/crises", DispatchJourneyTest.flood()).created();
    needs = "/api/crises/" + crisis.getLong("id") + "/needs";
    var path = need(1);
    await().until(() -> candidates(path) == 60);
  }

  @Test
  void aRingIsForeseenThenAskedOnceAndRefusedWhereTheEnvelopeEnds() {
    var path = need(2);
    assertThat(coordinator.get(path + "/ring?km=5").problem(409)).isEqualTo("not-called-out");
    paused(path, 30);

    var shown = coordinator.get(path + "/ring?km=1.5").ok();
    assertThat(shown.getInteger("people")).isPositive();
    assertThat(shown.getDouble("chance")).isGreaterThan(shown.getDouble("chance_now"));
    assertThat(shown.getInteger("texts_left")).isEqualTo(30);
    assertThat(asked(path)).isZero();

    var draft = new JsonObject().put("km", 1.5).put("people", 3);
    var asked = coordinator.post(path + "/ring", draft, "a key for one ring").created();
    assertThat(asked.getInteger("people")).isEqualTo(3);
    var again = coordinator.post(path + "/ring", draft, "a key for one ring").created();
    assertThat(again).isEqualTo(asked);
    assertThat(asked(path)).isEqualTo(3);
    var most = new JsonObject().put("km", 5).put("people", 40);
    var refused = coordinator.with("Accept-Language", "ar").post(path + "/ring", most);
    assertThat(refused.problem(409)).isEqualTo("exceeds-envelope");
    assertThat(refused.text()).contains("اعتمد");
    assertThat(coordinator.get(path + "/ring?km=99").problem(409)).isEqualTo("beyond-area");
    assertThat(asked(path)).isEqualTo(3);
  }

  @Test
  void whatIsNotANumberOrNotTypedAgainIsRefusedInBothLanguages() {
    var path = need(2);
    paused(path, 100);

    assertThat(coordinator.get(path + "/ring?km=far").problem(400)).isEqualTo("invalid");
    assertThat(coordinator.get(path + "/ring?km=0").problem(400)).isEqualTo("invalid");
    assertThat(coordinator.get(path + "/ring").problem(400)).isEqualTo("invalid");
    var many = new JsonObject().put("km", 5).put("people", 60);
    var english = coordinator.with("Accept-Language", "en").post(path + "/ring", many);
    var arabic = coordinator.with("Accept-Language", "ar").post(path + "/ring", many);
    assertThat(english.problem(409)).isEqualTo("type-the-count");
    assertThat(english.text()).contains("60 people");
    assertThat(arabic.text()).contains("أعد كتابة");
    assertThat(asked(path)).isZero();
  }

  @Test
  void onePersonIsAskedByNameAndNeverTwice() {
    var path = need(1);
    paused(path, 8);
    var person =
        coordinator
            .get(path + "/candidates?limit=1")
            .ok()
            .getJsonArray("candidates")
            .getJsonObject(0)
            .getLong("volunteer");

    var shown = coordinator.get(path + "/person?volunteer=" + person).ok();
    assertThat(shown.getJsonArray("broken")).isEmpty();
    assertThat(shown.getDouble("chance")).isGreaterThan(shown.getDouble("chance_now"));
    assertThat(coordinator.get(path + "/person?volunteer=99999999").problem(404))
        .isEqualTo("not-found");
    var draft = new JsonObject().put("volunteer", person);
    coordinator.post(path + "/person", draft).created();
    var again = coordinator.post(path + "/person", draft.copy().put("anyway", true)).status();
    assertThat(again).isEqualTo(409);
    assertThat(asked(path)).isEqualTo(1);
  }

  @Test
  void stoppingIsForeseenAndChangesNothing() {
    var path = need(2);
    coordinator.post(path + "/callout", new JsonObject().put("max_texts", 10)).created();

    var stop = coordinator.get(path + "/pause").ok();

    assertThat(stop.getDouble("chance")).isLessThanOrEqualTo(stop.getDouble("chance_going_on"));
    assertThat(coordinator.get(path).ok().getString("state")).isEqualTo("calling");
  }

  @Test
  void aNeedThatWantsAHumanSaysWhatWouldHelp() {
    var draft = DispatchJourneyTest.need(2);
    draft.put("skills", new JsonArray().add("driver_4x4").add("doctor"));
    var made = coordinator.post(needs, draft);
    var path = "/api/needs/" + made.created().getLong("id");
    coordinator.post(path + "/callout", new JsonObject().put("max_texts", 20)).created();

    var help = coordinator.get(path + "/help").ok();
    var best = help.getJsonArray("steps").getJsonObject(0);
    assertThat(best.getString("what")).isEqualTo("without_skill");
    assertThat(best.getDouble("chance")).isGreaterThan(help.getDouble("chance") + 0.3);
    assertThat(best.getString("ar")).startsWith("الاستغناء");

    var revision = new JsonObject().put("version", 1);
    revision.put("skills", new JsonArray().add("driver_4x4"));
    var revised = coordinator.post(path + "/revision", revision).created();
    assertThat(revised.getString("state")).isEqualTo("paused");
    assertThat(revised.getString("paused_why")).isEqualTo("rules");
    var wider = new JsonObject().put("max_texts", 20).put("km", 12);
    coordinator.post(path + "/callout", wider).created();
    assertThat(coordinator.get(path).ok().getString("state")).isEqualTo("calling");
  }

  private static String need(int people) {
    var made = coordinator.post(needs, DispatchJourneyTest.need(people)).created();
    return "/api/needs/" + made.getLong("id");
  }

  // For which only people ask: paused at once, before a round has looked at it, or soon after.
  private static void paused(String path, int texts) {
    var draft = new JsonObject().put("max_texts", texts).put("typed_count", texts);
    program.database().superuserPool().query(HOLD).execute().await();
    coordinator.post(path + "/callout", draft).created();
    coordinator.post(path + "/pause", new JsonObject()).created();
    program.database().superuserPool().query(LET_GO).execute().await();
  }

  private static int candidates(String path) {
    var answer = coordinator.get(path + "/candidates?limit=100");
    return answer.status() == 200 ? answer.json().getJsonArray("candidates").size() : 0;
  }

  private static int asked(String path) {
    return coordinator.get(path + "/offers").ok().getJsonArray("offers").size();
  }

  // Somebody else seems to be deciding.
  private static final String HOLD =
      """
      INSERT INTO dispatch.lease (name, holder, fence, until)
      VALUES ('round', 'the test', 1, clock_timestamp() + interval '1 hour')
      ON CONFLICT (name) DO UPDATE
      SET holder = 'the test', fence = lease.fence + 1, until = excluded.until
      """;

  private static final String LET_GO = "UPDATE dispatch.lease SET until = clock_timestamp()";
}
