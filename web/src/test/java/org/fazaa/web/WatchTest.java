package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fazaa.config.Invariant;
import org.fazaa.notifier.Outbox;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is planted is found in one look, stops what it names and no more, and is told everywhere.
 */
class WatchTest {

  @RegisterExtension static final Program program = Program.start();

  private static Caller coordinator;
  private static long need;
  private static long other;

  @BeforeAll
  static void callOut() {
    coordinator = program.as("coordinator");
    coordinator.postCsv("/api/volunteers/import", DispatchJourneyTest.volunteers(30)).ok();
    var crisis = coordinator.post("/api/crises", DispatchJourneyTest.flood()).created();
    var needs = "/api/crises/" + crisis.getLong("id") + "/needs";
    need = coordinator.post(needs, DispatchJourneyTest.need(3)).created().getLong("id");
    other = coordinator.post(needs, DispatchJourneyTest.need(3)).created().getLong("id");
    for (var one : List.of(need, other)) {
      coordinator.post("/api/needs/" + one + "/callout", new JsonObject()).created();
    }
  }

  @BeforeEach
  void allIsWell() {
    execute("UPDATE dispatch.need SET filled = 0");
    execute("DELETE FROM notify.reply WHERE provider = 'planted'");
    execute("DELETE FROM notify.text WHERE purpose = 'planted'");
    look();
    for (var line : lines()) {
      if (isUnreleased(line)) release(line.getString("number"), "a fresh start");
    }
    for (var number : List.of("10", "11", "12", "13", "14", "15", "16", "17", "18", "19")) {
      assertThat(state(line(number))).as(number).isEqualTo("holds");
    }
    assertThat(needState(need)).isEqualTo("calling");
  }

  @Test
  void aNeedThatIsNotAsItMustBeIsPausedAndNoOther() {
    plant(need);

    look();

    var line = line("10");
    assertThat(state(line)).isEqualTo("violated");
    var finding = line.getJsonArray("findings").getJsonObject(0);
    assertThat(finding.getString("subject")).isEqualTo(Long.toString(need));
    assertThat(finding.getBoolean("stops")).isTrue();
    assertThat(finding.getJsonArray("details").getString(0)).contains("need " + need);
    var paused = coordinator.get("/api/needs/" + need).ok();
    assertThat(paused.getString("state")).isEqualTo("paused");
    assertThat(paused.getString("paused_why")).isEqualTo("watch");
    assertThat(needState(other)).isEqualTo("calling");
    assertThat(metrics())
        .contains("fazaa_invariant_violated{invariant=\"10\"} 1.0")
        .contains("fazaa_invariant_stops{invariant=\"10\"} 1.0")
        .contains("fazaa_invariant_violated{invariant=\"12\"} 0.0")
        .contains("fazaa_invariant_age_seconds{invariant=\"10\"}");
  }

  @Test
  void onlyAPersonWithAReasonLetsItGoOnAndTheSameFindingStopsItNoMore() {
    plant(need);
    look();
    var path = "/api/watch/10/release";
    assertThat(program.as("manager").post(path, why("no")).status()).isEqualTo(403);
    assertThat(coordinator.post(path, new JsonObject()).status()).isEqualTo(400);
    assertThat(needState(need)).isEqualTo("paused");

    assertThat(release("10", "counted by name").getInteger("released")).isEqualTo(1);
    assertThat(needState(need)).isEqualTo("calling");
    look();
    assertThat(needState(need)).isEqualTo("calling");
    assertThat(state(line("10"))).isEqualTo("violated");
    assertThat(coordinator.post(path, why("again")).problem(409)).isEqualTo("nothing-found");

    execute("UPDATE dispatch.need SET filled = 0");
    look();
    assertThat(state(line("10"))).isEqualTo("holds");
    plant(need);
    look();
    assertThat(needState(need)).isEqualTo("paused");
  }

  @Test
  void whatIsRightAgainStaysStoppedUntilAPersonHasLooked() {
    plant(need);
    look();
    execute("UPDATE dispatch.need SET filled = 0");
    look();

    assertThat(state(line("10"))).isEqualTo("holds");
    assertThat(needState(need)).isEqualTo("paused");
    assertThat(line("10").getJsonArray("findings").getJsonObject(0).getString("cleared_at"))
        .isNotNull();
    release("10", "it mended itself");
    assertThat(needState(need)).isEqualTo("calling");
  }

  @Test
  void whatIsStartedAnewBeforeItsReleaseIsStoppedAgain() {
    plant(need);
    look();
    execute("UPDATE dispatch.need SET state = 'calling', paused_why = NULL WHERE id = " + need);

    look();

    assertThat(needState(need)).isEqualTo("paused");
  }

  @Test
  void aYesThatNobodyAnsweredStopsTheCallOutBehindIt() {
    org.awaitility.Awaitility.await()
        .until(() -> coordinator.get("/api/needs/" + need).ok().getInteger("offers_open") > 0);
    var offer =
        coordinator
            .get("/api/needs/" + need + "/offers")
            .ok()
            .getJsonArray("offers")
            .getJsonObject(0)
            .getLong("id");
    execute(
        """
        INSERT INTO notify.reply (provider, provider_id, from_phone, to_address, body, way, raw,
          arrived_at, state, meaning, purpose, about, outcome, done_at)
        VALUES ('planted', '1', '+966500000001', '+1', 'yes', 'sms', '{}', clock_timestamp(),
          'done', 'yes', 'dispatch', '%d', 'assigned', clock_timestamp())\
        """
            .formatted(offer));

    look();

    var found = line("14").getJsonArray("findings").getJsonObject(0);
    assertThat(found.getString("subject")).isEqualTo("dispatch:" + offer);
    assertThat(needState(need)).isEqualTo("paused");
    assertThat(needState(other)).isEqualTo("calling");
  }

  @Test
  void textsOfThePurposeThatIsNotAsItMustBeAreHeldAndNoOthers() {
    execute(
        """
        INSERT INTO notify.text (to_phone, language, message_class, purpose, about, body, segments,
          answerable, priority, valid_until, created_at, state, state_at, due_at, posts)
        SELECT '+96650000000' || i, 'en', 'service', 'planted', '1', 'body', 1, true, 1,
          clock_timestamp(), clock_timestamp(), 'sent', clock_timestamp(), clock_timestamp(), 1
        FROM generate_series(1, 2) i\
        """);

    look();

    var pool = program.database().pool();
    assertThat(Outbox.held(pool)).containsOnlyKeys("planted").containsValue("the watch: 16");
    release("16", "compared with the carrier's log");
    assertThat(Outbox.held(pool)).isEmpty();
    look();
    assertThat(state(line("16"))).isEqualTo("violated");
    assertThat(Outbox.held(pool)).isEmpty();
  }

  @Test
  void anAlarmIsShownUntilSomebodyHasSeenToIt() {
    execute(
        """
        INSERT INTO notify.alarm (kind, about, detail, raised_at, last_at)
        VALUES ('unreachable', '30005', 'text 1', clock_timestamp(), clock_timestamp())\
        """);
    look();
    assertThat(page("en")).contains("Phones that no text reaches", "30005 text 1");
    assertThat(metrics()).contains("fazaa_alarms_open 1.0");
    var alarms = coordinator.get("/api/watch").ok().getJsonArray("alarms");
    var path = "/api/alarms/" + alarms.getJsonObject(0).getLong("id") + "/seen";

    assertThat(program.as("manager").post(path, new JsonObject()).status()).isEqualTo(403);
    coordinator.post(path, new JsonObject()).created();

    assertThat(coordinator.get("/api/watch").ok().getJsonArray("alarms")).isEmpty();
    assertThat(coordinator.post(path, new JsonObject()).status()).isEqualTo(404);
  }

  @Test
  void thePageShowsItInBothLanguagesAndToThoseWhoMayLook() {
    plant(need);
    look();

    var english = page("en");
    assertThat(english).contains("Stopped the call-out of need", "Let it go on", "Violated");
    assertThat(page("ar")).contains("أُوقف نداء الاحتياج", "اسمح بالمتابعة", "مخالفة");
    assertThat(program.as("finance").get("/watch").status()).isEqualTo(403);
  }

  @Test
  @Tag("F27")
  void booksThatSomebodyEditedByHandFreezeTheirFundUntilAnAuditorHasLooked() {
    var finance = program.as("finance");
    var fund = finance.post("/api/funds", FundJourneyTest.fund()).created().getLong("id");
    FundJourneyTest.give(program.anybody(), finance, fund, 500_00);
    byHand(fund, "amount + 1");

    look();

    assertThat(state(line("I1"))).isEqualTo("violated");
    assertThat(isFrozen(fund)).isTrue();
    assertThat(page("en")).contains("Froze fund");
    var path = "/api/watch/I1/release";
    assertThat(coordinator.post(path, why("it is fine")).status()).isEqualTo(403);
    assertThat(isFrozen(fund)).isTrue();

    byHand(fund, "amount - 1");
    look();
    assertThat(isFrozen(fund)).as("right again, and nobody has looked").isTrue();
    for (var line : lines()) {
      if (!line.getString("pauses").equals("fund") || !isUnreleased(line)) continue;
      var release = "/api/watch/" + line.getString("number") + "/release";
      program.as("auditor").post(release, why("the row is as it was")).created();
    }
    assertThat(isFrozen(fund)).isFalse();
  }

  private static void byHand(long fund, String amount) {
    var edit = "UPDATE fund.posting SET amount = %s WHERE fund = %d AND line = 1";
    execute(
        "BEGIN; SET LOCAL session_replication_role = replica; "
            + edit.formatted(amount, fund)
            + "; COMMIT");
  }

  private static boolean isFrozen(long fund) {
    var rows = program.database().superuserPool().query("SELECT fund.is_frozen(" + fund + ")");
    return rows.execute().await().iterator().next().getBoolean(0);
  }

  @Test
  void everyNumberStandsOnceAndEachHasATestThatPlantsABreach() {
    var numbers = program.fazaa().watched().invariants().stream().map(Invariant::number).toList();
    assertThat(numbers).doesNotHaveDuplicates();
    // Those of the modules are planted beside them, each list held complete by its own test.
    var planted = new ArrayList<String>(List.of("23", "24"));
    Stream.of(org.fazaa.dispatcher.callout.Invariants.ALL, org.fazaa.notifier.Invariants.ALL)
        .forEach(all -> all.forEach(one -> planted.add(one.number())));
    Stream.of(org.fazaa.fund.ledger.Invariants.values()).forEach(one -> planted.add(one.number()));
    assertThat(numbers).containsExactlyInAnyOrderElementsOf(planted);
  }

  private static void plant(long need) {
    execute("UPDATE dispatch.need SET filled = filled + 1 WHERE id = " + need);
  }

  private static void execute(String sql) {
    program.database().superuserPool().query(sql).execute().await();
  }

  private static void look() {
    var now = Instant.now();
    program.fazaa().watched().look(now);
    program.fazaa().watched().run(now);
  }

  private static List<JsonObject> lines() {
    return coordinator.get("/api/watch").ok().getJsonArray("invariants").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private static JsonObject line(String number) {
    return lines().stream()
        .filter(line -> line.getString("number").equals(number))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isUnreleased(JsonObject line) {
    return line.getJsonArray("findings").stream()
        .anyMatch(finding -> ((JsonObject) finding).getString("released_at") == null);
  }

  private static String state(JsonObject line) {
    return line.getString("state");
  }

  private static String needState(long id) {
    return coordinator.get("/api/needs/" + id).ok().getString("state");
  }

  private static JsonObject release(String number, String reason) {
    return coordinator.post("/api/watch/" + number + "/release", why(reason)).created();
  }

  private static JsonObject why(String reason) {
    return new JsonObject().put("why", reason);
  }

  private static String metrics() {
    return program.admin().get("/metrics").text();
  }

  private static String page(String language) {
    return coordinator.with("Cookie", Preferred.COOKIE + "=" + language).get("/watch").text();
  }
}
