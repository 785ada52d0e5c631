package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fazaa.config.TestNodes;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.carrier.standin.Faults;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Post;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A drill message by each way, over HTTP and through the stand-in of the carrier. */
class ReachTestsTest {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String ADDRESS = "http://localhost:" + TestNodes.freePort();

  /** Of a country where it is day: nothing of this leaves at night. */
  private static final String DIALS =
      Map.of("SA", "+96650000", "US", "+1202555").entrySet().stream()
          .filter(one -> isDay(one.getKey()))
          .findFirst()
          .orElseThrow()
          .getValue();

  private static final TwilioStandIn twilio =
      TwilioStandIn.start(
          new StandInOptions()
              .delivery(Duration.ofMillis(20))
              .repliesTo(URI.create(ADDRESS + "/twilio/replies")));

  @RegisterExtension
  static final Program program = Program.behind(twilio, ADDRESS, "reach-test/en");

  @RegisterExtension static final Chromium chromium = new Chromium();

  private static boolean isDay(String country) {
    return CountryRules.of(country)
        .quietUntil(MessageClass.SERVICE, Occasion.ASK, Instant.now())
        .isEmpty();
  }

  @AfterAll
  static void stop() {
    twilio.close();
  }

  @Test
  void aButtonAKeyAndAPressBehindTheLinkEachShowThatTheirWayWorks() {
    var phone = DIALS + "0143";
    var sara = register(phone, "whatsapp", "sms", "voice");
    twilio.keys(phone, "1");
    var test = start(new JsonObject().put("volunteers", new JsonArray().add(sara)));
    twilio.press("whatsapp:" + posted("whatsapp:" + phone).form().get("To").substring(9), 1);
    var body = posted(phone).form().get("Body");
    assertThat(body).startsWith("DRILL");
    var link = URI.create(body.substring(body.indexOf(ADDRESS)).strip()).getPath();
    assertThat(program.anybody().get(link).text()).contains("Press the button");
    await()
        .atMost(SOON)
        .until(() -> results(test).equals(List.of("answered", "delivered", "answered")));

    var pressed = program.anybody().postForm(link, new TreeMap<>());
    assertThat(pressed.text()).contains("Thank you");
    assertThat(results(test)).containsExactly("answered", "answered", "answered");
    var found = find(test);
    assertThat(found.getInteger("answered")).isOne();
    assertThat(count("SELECT count(*) FROM dispatch.offer WHERE volunteer = $1", sara)).isZero();
    program.as("coordinator").get("/api/reach-tests").ok();
  }

  @Test
  void aCallThatNobodyTakesFailsAndNoSmsGoesInsteadOfIt() {
    var phone = DIALS + "0144";
    var omar = register(phone, "voice", "sms");
    twilio.faults(Faults.parse("no-answer=1"));
    try {
      var test = start(new JsonObject().put("volunteers", new JsonArray().add(omar)));
      await().atMost(SOON).until(() -> results(test).getFirst().equals("failed"));
      await().atMost(SOON).until(() -> failing(omar).contains("voice"));
      await().atMost(SOON).until(() -> results(test).get(1).equals("delivered"));
      assertThat(
              count("SELECT count(*) FROM notify.text WHERE to_phone = $1 AND way = 'sms'", phone))
          .isOne();
      twilio.reply(phone, "1");
      await().atMost(SOON).until(() -> results(test).get(1).equals("answered"));
    } finally {
      twilio.faults(Faults.NONE);
    }
  }

  @Test
  void whatCannotBeTestedIsSaid() {
    var coordinator = program.as("manager");
    var path = "/api/reach-tests";
    coordinator.post(path, new JsonObject()).problem(400);
    coordinator
        .post(path, new JsonObject().put("sample", 1).put("organisation", "x1"))
        .problem(400);
    coordinator.post(path, new JsonObject().put("organisation", "nobody")).problem(400);
    var missing = new JsonObject().put("volunteers", new JsonArray().add(999_999));
    coordinator.post(path, missing).problem(400);
    coordinator.get(path + "/999999").problem(404);
    assertThat(program.as("finance").get("/reach-tests").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void aCoordinatorStartsOneAndSeesItsResults(String language) {
    var ids =
        Stream.of("1", "2")
            .map(n -> register(DIALS + "01" + (language.equals("ar") ? "5" : "6") + n, "sms"))
            .toList();
    var coordinator = chromium.signedIn(program, "coordinator", language, true);

    coordinator.open("/volunteers").press("a[href='/reach-tests']");
    coordinator.see("input[value=listed]").check();
    coordinator.fill("ids", "صفر").press("main form[action='/reach-tests'] button");
    coordinator.reads(
        ".refusal", language.equals("ar") ? "أرقام المتطوعين" : "numbers of volunteers");
    coordinator.fill("ids", ids.get(0) + "، " + ids.get(1));
    coordinator.keep("reach-tests-" + language);
    coordinator.press("main form[action='/reach-tests'] button");
    coordinator.reads("main .meta", language.equals("ar") ? "حتى" : "until");
    await().atMost(SOON).untilAsserted(() -> assertThat(newest()).containsOnly("delivered"));
    coordinator.open("/reach-tests").press("tbody tr:first-child a");
    coordinator.reads("main", language.equals("ar") ? "وصلت" : "Delivered");
    coordinator.keep("reach-test-" + language);
  }

  private static long register(String phone, String... ways) {
    var draft =
        new JsonObject()
            .put("name", "Sara " + phone.substring(phone.length() - 3))
            .put("phone", phone)
            .put("language", "en")
            .put("skills", new JsonArray().add("first_aid"))
            .put("place", new JsonArray().add(39.17).add(21.55))
            .put("ways", new JsonArray(List.of(ways)));
    return program.as("coordinator").post("/api/volunteers", draft).created().getLong("id");
  }

  private static long start(JsonObject selection) {
    return program.as("manager").post("/api/reach-tests", selection).created().getLong("id");
  }

  private static JsonObject find(long test) {
    return program.as("coordinator").get("/api/reach-tests/" + test).ok();
  }

  /** Of each person in the order of their ways. */
  private static List<String> results(long test) {
    return find(test).getJsonArray("results").stream()
        .flatMap(person -> ((JsonObject) person).getJsonArray("ways").stream())
        .map(one -> ((JsonObject) one).getString("result"))
        .toList();
  }

  private static List<String> newest() {
    var tests = program.as("coordinator").get("/api/reach-tests").ok().getJsonArray("tests");
    return results(tests.getJsonObject(0).getLong("id"));
  }

  private static JsonArray failing(long volunteer) {
    var found = program.as("coordinator").get("/api/volunteers/" + volunteer).ok();
    return found.getJsonArray("failing_ways");
  }

  /** The first message to this address. */
  private static Post posted(String to) {
    await().atMost(SOON).until(() -> postTo(to).findFirst().isPresent());
    return postTo(to).findFirst().orElseThrow();
  }

  private static Stream<Post> postTo(String to) {
    return twilio.posts().stream()
        .filter(post -> to.equals(post.form().get("To")))
        .filter(post -> !post.form().containsKey("Url"));
  }

  private static long count(String sql, Object about) {
    var rows = program.database().superuserPool().preparedQuery(sql).execute(Tuple.of(about));
    return rows.await().iterator().next().getLong(0);
  }
}
