package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Why somebody is not asked: told to a coordinator about anybody, and to a volunteer of herself.
 */
class WhyNotMeTest {
  private static final JsonObject WHY =
      new JsonObject().put("ar", "عادوا من مهمة طويلة").put("en", "They came home tired");

  @RegisterExtension static final Program program = Program.start();
  @RegisterExtension static final Chromium chromium = new Chromium();

  private static final AtomicInteger PHONES = new AtomicInteger(503_300_000);

  @Test
  void aProofOnFileMakesHerACandidateUntilItLapses() {
    var coordinator = program.as("coordinator");
    var sara = register(coordinator, "Sara", null);
    var need = need(coordinator, new JsonObject().put("proof", true));
    awaitRules(coordinator, need, sara, "qualified");

    var files = "/api/volunteers/" + sara + "/qualifications";
    var proof = new JsonObject().put("skill", "nurse").put("proof", "Licence 1124");
    coordinator.post(files, proof.put("valid_until", "2199-12-31")).created();
    awaitRules(coordinator, need, sara);
    coordinator.post(files, proof.copy().put("valid_until", "2020-01-01")).created();
    awaitRules(coordinator, need, sara, "qualified");

    var listed = coordinator.get(files).ok().getJsonArray("qualifications");
    assertThat(listed).hasSize(1);
    assertThat(listed.getJsonObject(0).getString("valid_until")).isEqualTo("2020-01-01");
    var found = coordinator.get("/api/needs/" + need).ok();
    assertThat(found.getBoolean("proof")).isTrue();
    assertThat(found.getInteger("age_least")).isEqualTo(18);
  }

  @Test
  void aProofThatMakesNoSenseIsRefusedByName() {
    var manager = program.as("manager");
    var sara = register(program.as("coordinator"), "Sara", null);
    var files = "/api/volunteers/" + sara + "/qualifications";
    var draft = new JsonObject().put("skill", "juggler").put("proof", "seen");
    var refused = manager.post(files, draft.put("valid_until", "soon"));
    assertThat(refused.problem(400)).isEqualTo("invalid");
    assertThat(refused.text()).contains("/skill", "/valid_until", "2027-06-30");
    assertThat(manager.get(files).ok().getJsonArray("qualifications")).isEmpty();
    var nobody = new JsonObject().put("skill", "nurse").put("proof", "seen");
    assertThat(manager.post("/api/volunteers/999999/qualifications", nobody).status())
        .isEqualTo(404);
  }

  @Test
  void anOrganisationKeepsItsPeopleBackUntilItsRuleIsClosed() {
    var coordinator = program.as("coordinator");
    var code = organisation(coordinator);
    var omar = register(coordinator, "Omar", code);
    var need = need(coordinator, new JsonObject());
    awaitRules(coordinator, need, omar);

    var rules = "/api/organisations/" + code + "/rules";
    var rule = coordinator.post(rules, new JsonObject().put("why", WHY)).created();
    assertThat(rule.getJsonArray("kinds")).hasSize(3);
    assertThat(rule.getBoolean("in_force")).isTrue();
    awaitRules(coordinator, need, omar, "not_blocked");

    var closure = "/api/organisation-rules/" + rule.getLong("id") + "/closure";
    assertThat(coordinator.post(closure, new JsonObject()).created().getBoolean("in_force"))
        .isFalse();
    awaitRules(coordinator, need, omar);
    assertThat(coordinator.get("/api/organisations").text()).contains(code, "They came home tired");
    assertThat(coordinator.post("/api/organisations/no-such/rules", why()).status()).isEqualTo(404);
    var past = why().put("until", "2020-01-01T00:00:00Z");
    assertThat(coordinator.post(rules, past).problem(400)).isEqualTo("invalid");
    var twice = new JsonObject().put("code", code).put("name", WHY);
    assertThat(coordinator.post("/api/organisations", twice).problem(409))
        .isEqualTo("organisation-code-taken");
  }

  @Test
  void aVolunteerReadsWhySheWasNotAskedAndNoMoreOfThePlaceThanItsTown() {
    var coordinator = program.as("coordinator");
    var need = need(coordinator, new JsonObject().put("skills", new JsonArray().add("boat")));
    var phone = "+966" + PHONES.incrementAndGet();
    var mona = Owner.register(program, phone, "Mona", "en");
    awaitRules(coordinator, need, mona, "skilled");
    var title = coordinator.get("/api/needs/" + need).ok().getJsonObject("title").getString("en");

    var page = new Owner(program, phone, "127.0.0.1").signedIn().get("/me").text();
    assertThat(page).contains(title, "It takes a skill that is not in your file");
    assertThat(page).doesNotContain("39.1712", "21.5512");

    var drill = need(coordinator, new JsonObject(), "drill");
    var hidden = coordinator.get("/api/needs/" + drill).ok().getJsonObject("title").getString("en");
    var again = new Owner(program, phone, "127.0.0.1").signedIn().get("/me").text();
    assertThat(again).doesNotContain(hidden);
  }

  @ParameterizedTest
  @CsvSource({"ar, true", "en, false"})
  void aCoordinatorFindsAnybodyAndReadsEveryReason(String language, boolean javaScript) {
    var coordinator = program.as("coordinator");
    var code = organisation(coordinator);
    var name = "Zaid" + PHONES.incrementAndGet();
    var zaid = register(coordinator, name, code);
    var need = need(coordinator, new JsonObject().put("proof", true));
    awaitRules(coordinator, need, zaid, "qualified");
    var staff = chromium.signedIn(program, "coordinator", language, javaScript);

    staff.open("/organisations").fill("why_ar", "في راحة").fill("why_en", "They rest");
    staff.page().selectOption("select[name='organisation']", code);
    staff.press("form[action='/organisation-rules'] button").see("[role='status']");
    staff.keep("organisations-" + language);

    staff.open("/needs/" + need).keep("need-candidates-" + language);
    staff.fill("q", name).press("#candidates form button");
    staff.keep("person-search-" + language);
    staff.press("tbody a").see("#against .against");
    staff.keep("person-" + language);
    var against = staff.page().locator("#against .against").allTextContents();
    assertThat(against).hasSize(2);
    assertThat(against.get(0)).contains(language.equals("ar") ? "بلا إثبات" : "not proven");
    assertThat(against.get(1)).contains(language.equals("ar") ? "في راحة" : "They rest");

    staff.open("/organisations");
    staff.press("form[action^='/organisation-rules/'] button").see("[role='status']");
    staff.open("/volunteers/" + zaid).fill("proof", "Licence 1124");
    staff.page().selectOption("select[name='skill']", "nurse");
    staff.press("#proofs form button").see("#proofs .tag.yes");
    staff.keep("proofs-" + language);
    awaitRules(coordinator, need, zaid);
    staff.open("/needs/" + need + "/people/" + zaid).see("#rank .merits");
    assertThat(staff.page().locator("#against .against").count()).isZero();
    staff.keep("person-asked-" + language);
    staff.open("/needs/" + need).see("#candidates .merits li").scrollIntoViewIfNeeded();
    staff.keep("need-with-candidates-" + language);
  }

  @Test
  void onlyWhoLooksAfterPeopleMaySearchThem() {
    var need = need(program.as("coordinator"), new JsonObject());
    assertThat(program.as("auditor").get("/needs/" + need + "/people?q=a").status()).isEqualTo(403);
    assertThat(program.as("coordinator").get("/needs/" + need + "/people/424242").status())
        .isEqualTo(404);
  }

  private static JsonObject why() {
    return new JsonObject().put("why", WHY);
  }

  /** Until exactly these rules forbid it: the roster hears of changes, it is not told. */
  private static void awaitRules(Caller caller, long need, long volunteer, String... rules) {
    var path = "/api/needs/" + need + "/candidates?volunteer=" + volunteer;
    await()
        .untilAsserted(
            () -> {
              var answer = caller.get(path);
              assertThat(answer.status()).as(answer.text()).isEqualTo(200);
              var one = answer.json().getJsonArray("candidates").getJsonObject(0);
              assertThat(
                      one.getJsonArray("reasons").stream()
                          .map(JsonObject.class::cast)
                          .filter(reason -> !reason.getBoolean("holds"))
                          .map(reason -> reason.getString("rule")))
                  .containsExactlyInAnyOrder(rules);
            });
  }

  private static String organisation(Caller caller) {
    var code = "aid-" + PHONES.incrementAndGet();
    var name = new JsonObject().put("ar", "العون " + code).put("en", "Aid " + code);
    caller
        .post("/api/organisations", new JsonObject().put("code", code).put("name", name))
        .created();
    return code;
  }

  private static long register(Caller caller, String name, String organisation) {
    var draft =
        new JsonObject()
            .put("name", name)
            .put("phone", "+966" + PHONES.incrementAndGet())
            .put("language", "en")
            .put("skills", new JsonArray().add("nurse"))
            .put("place", new JsonArray().add(39.17).add(21.55));
    if (organisation != null) draft.put("organisation", organisation);
    return caller.post("/api/volunteers", draft).created().getLong("id");
  }

  private static long need(Caller caller, JsonObject more) {
    return need(caller, more, "live");
  }

  private static long need(Caller caller, JsonObject more, String mode) {
    var center = new JsonArray().add(39.17).add(21.55);
    var area = new JsonObject().put("center", center).put("radius_m", 40_000);
    var crisis =
        new JsonObject()
            .put("name", new JsonObject().put("ar", "سيول").put("en", "Flood"))
            .put("kind", "flood")
            .put("area", area)
            .put("mode", mode)
            .put("country", "SA");
    var opened = caller.post("/api/crises", crisis).created().getLong("id");
    var title = "Shelter " + UUID.randomUUID();
    var starts = Instant.now().plus(2, ChronoUnit.HOURS);
    var draft =
        new JsonObject()
            .put("title", new JsonObject().put("ar", title).put("en", title))
            .put("skills", new JsonArray().add("nurse"))
            .put("people", 2)
            .put("place", new JsonArray().add(39.1712).add(21.5512))
            .put("starts_at", starts.toString())
            .put("ends_at", starts.plus(4, ChronoUnit.HOURS).toString())
            .put("priority", "planned")
            .mergeIn(more);
    return caller.post("/api/crises/" + opened + "/needs", draft).created().getLong("id");
  }
}
