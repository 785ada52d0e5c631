package org.fazaa.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A volunteer's own page: opened by a code to their phone, by nothing else, and only to them. */
class OwnPageTest {
  @RegisterExtension
  static final Program program = Program.with(Map.of("FAZAA_PROXIES", "127.0.0.1"));

  private static final AtomicInteger people = new AtomicInteger();

  @Test
  @Tag("S10")
  void aCodeHasSixDigitsAndOpensThePageOnce() {
    var owner = registered("en");
    assertThat(owner.ask().header("Location")).isEqualTo("/me/code");
    var code = owner.code(0);
    var asked = Map.copyOf(owner.cookies());
    assertThat(owner.prove(code).header("Location")).isEqualTo("/me");
    assertThat(owner.get("/me").text()).contains(owner.phone(), "First aid", "Jeddah");

    owner.cookies().putAll(asked);
    var again = owner.prove(code);
    assertThat(again.status()).isEqualTo(401);
    assertThat(again.text()).contains("A new code is needed");
  }

  @Test
  @Tag("S10")
  void theSixthTryMakesTheCodeVoid() {
    var owner = registered("en");
    owner.ask();
    var code = owner.code(0);
    var wrong = code.equals("000000") ? "111111" : "000000";
    for (var i = 0; i < 5; i++) assertThat(owner.prove(wrong).status()).isEqualTo(401);
    assertThat(owner.prove(wrong).status()).isEqualTo(429);
    assertThat(owner.prove(code).status()).isEqualTo(429);
    assertThat(owner.get("/me").text()).contains("name=\"phone\"");
  }

  @Test
  @Tag("S10")
  void aCodeIsGoodTenMinutesAndOnlyInTheBrowserThatAskedForIt() {
    var owner = registered("en");
    owner.ask();
    var code = owner.code(0);
    var other = new Owner(program, owner.phone(), "192.0.2.250");
    assertThat(other.prove(code).status()).isEqualTo(401);
    other.ask();
    var ofOther = owner.code(1);
    if (!ofOther.equals(code)) assertThat(owner.prove(ofOther).status()).isEqualTo(401);

    var life = "SELECT extract(epoch FROM expires_at - asked_at)::int FROM web.phone_code LIMIT 1";
    assertThat(number(life)).isEqualTo(600);
    program
        .database()
        .pool()
        .preparedQuery("UPDATE web.phone_code SET expires_at = asked_at WHERE phone = $1")
        .execute(Tuple.of(owner.phone()))
        .await();
    assertThat(owner.prove(code).status()).isEqualTo(401);
  }

  @Test
  @Tag("S10")
  void neitherTheCodeNorTheSecretOfTheBrowserIsKept() {
    var owner = registered("ar");
    owner.ask();
    var code = owner.code(0);
    var kept =
        one("SELECT p::text FROM web.phone_code p WHERE phone = '" + owner.phone() + "' LIMIT 1");
    assertThat(kept).doesNotContain(code, owner.cookies().get("__Host-fazaa-code"));
  }

  @Test
  @Tag("S11")
  void aFourthCodeForANumberIsRefusedAndNotSent() {
    var owner = registered("en");
    for (var i = 0; i < 3; i++) {
      assertThat(owner.ask().status()).isEqualTo(303);
      owner.code(i);
    }
    var fourth = new Owner(program, owner.phone(), "192.0.2.251").ask();
    assertThat(fourth.status()).isEqualTo(429);
    assertThat(Integer.parseInt(fourth.header("Retry-After"))).isBetween(1, 600);
    assertThat(owner.codes()).hasSize(3);
    assertThat(number("SELECT count(*)::int FROM web.phone_code WHERE phone = '%s'", owner.phone()))
        .isEqualTo(3);
  }

  @Test
  @Tag("S11")
  void anEleventhCodeFromAnAddressIsRefused() {
    for (var i = 0; i < 10; i++) {
      assertThat(stranger("192.0.2.7").ask().status()).isEqualTo(303);
    }
    assertThat(stranger("192.0.2.7").ask().status()).isEqualTo(429);
    // Whatever stands before the last entry, anybody may have written.
    assertThat(stranger("198.51.100.1, 192.0.2.7").ask().status()).isEqualTo(429);
    assertThat(stranger("192.0.2.8").ask().status()).isEqualTo(303);
  }

  @Test
  @Tag("S11")
  void aHouseWithManyAddressesIsOneAddress() {
    for (var i = 1; i <= 10; i++) {
      assertThat(stranger("2001:db8:1:2::" + i).ask().status()).isEqualTo(303);
    }
    assertThat(stranger("2001:db8:1:2:aaaa:bbbb:cccc:dddd").ask().status()).isEqualTo(429);
    assertThat(stranger("2001:db8:1:3::1").ask().status()).isEqualTo(303);
  }

  @Test
  @Tag("S11")
  void numbersThatBeginAlikeAreRefusedTogether() {
    var statuses =
        IntStream.range(0, 31)
            .mapToObj(i -> new Owner(program, "+96655777%04d".formatted(i), "192.0.3." + i))
            .map(owner -> owner.ask().status())
            .toList();
    assertThat(statuses.subList(0, 30)).containsOnly(303);
    assertThat(statuses.getLast()).isEqualTo(429);
    assertThat(new Owner(program, "+966557780000", "192.0.3.99").ask().status()).isEqualTo(303);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+882165555555", // a satellite
        "+8821234567890", // a network of no country
        "+2215551234567", // Senegal has no line of its own
        "+37259120000",
        "+00000000",
        "hello",
        "",
        "+966500000001; DROP TABLE",
      })
  @Tag("S11")
  void numbersThatWeTextNobodyAtAreRefusedAndNothingIsSent(String number) {
    var before = number("SELECT count(*)::int FROM web.phone_code");
    var answer = new Owner(program, number, "192.0.2.9").ask();
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("name=\"phone\"");
    assertThat(number("SELECT count(*)::int FROM web.phone_code")).isEqualTo(before);
    assertThat(Owner.texts(program, number)).isEmpty();
  }

  @Test
  @Tag("S12")
  void aKnownAndAnUnknownNumberAreAnsweredAlike() {
    for (var i = 0; i < 5; i++) {
      var known = registered("en");
      var unknown = stranger("192.0.4." + i);
      assertAlike(known.ask(), unknown.ask());
      assertAlike(known.get("/me/code"), unknown.get("/me/code"));
      var wrong = known.code(0).equals("000000") ? "111111" : "000000";
      for (var tries = 0; tries < 6; tries++) assertAlike(known.prove(wrong), unknown.prove(wrong));
      assertAlike(known.get("/me"), unknown.get("/me"));
      assertThat(unknown.codes()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void whoComesSeesWhatIsTheirsInTheirLanguageWithoutJavaScriptAndLight(String language) {
    var owner = registered(language).signedIn();
    var page = owner.get("/me");
    assertThat(page.text())
        .contains("lang=\"" + language + "\" dir=\"" + (language.equals("ar") ? "rtl" : "ltr"))
        .doesNotContain("<script");
    assertThat(page.text().getBytes(UTF_8)).hasSizeLessThan(10 * 1024);
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void whoComesStopsTextsAndStartsThemAgain() {
    var owner = registered("en").signedIn();
    assertThat(owner.press("/me/texts", "texts", "stop").status()).isEqualTo(303);
    assertThat(stopped(owner.phone())).isTrue();
    await().until(() -> isStopped(owner));
    assertThat(owner.get("/me").text()).contains("value=\"start\"");

    // A code comes all the same to whoever asks for it: it is the way back.
    owner.post("/me/leave", Map.of());
    owner.signedIn();
    assertThat(owner.press("/me/texts", "texts", "start").status()).isEqualTo(303);
    assertThat(stopped(owner.phone())).isFalse();
    await().until(() -> !isStopped(owner));
  }

  @Test
  void whoComesChoosesTheLanguageOfTheirTexts() {
    var owner = registered("ar").signedIn();
    assertThat(owner.press("/me/language", "language", "en").status()).isEqualTo(303);
    assertThat(volunteer(owner).getString("language")).isEqualTo("en");
    assertThat(owner.press("/me/language", "language", "xx").status()).isEqualTo(400);
  }

  @Test
  void anotherPhoneIsTakenOnceItIsProvenAndTheOldOneIsTold() {
    var owner = registered("en").signedIn();
    var next = number();
    var elsewhere = new Owner(program, owner.phone(), "192.0.5.1").signedIn();
    assertThat(owner.press("/me/phone", "phone", next).header("Location")).isEqualTo("/me/code");
    assertThat(volunteer(owner).getString("phone")).isEqualTo(owner.phone());
    assertThat(owner.prove(owner.code(next, 0)).header("Location"))
        .isEqualTo("/me?said=phone_changed");

    assertThat(owner.get("/me").text()).contains(next).doesNotContain(owner.phone());
    assertThat(one("SELECT name FROM dispatch.volunteer WHERE phone = '" + next + "'")).isNotNull();
    assertThat(Owner.texts(program, owner.phone()).getLast()).contains("your phone with us was");
    assertThat(elsewhere.get("/me").text()).contains("name=\"phone\"").doesNotContain(next);
  }

  @Test
  void aPhoneOfSomebodyElseIsNotTaken() {
    var owner = registered("en").signedIn();
    var other = registered("en");
    owner.press("/me/phone", "phone", other.phone());
    assertThat(owner.prove(owner.code(other.phone(), 0)).status()).isEqualTo(409);
    assertThat(volunteer(owner).getString("phone")).isEqualTo(owner.phone());
  }

  @Test
  void whoWantsNoTextsWantsNoneOnAnotherPhoneEither() {
    var owner = registered("en").signedIn();
    owner.press("/me/texts", "texts", "stop");
    var next = number();
    owner.press("/me/phone", "phone", next);
    owner.prove(owner.code(next, 0));
    assertThat(stopped(next)).isTrue();
  }

  @Test
  void aFormThatDidNotComeFromThePageChangesNothing() {
    var owner = registered("en").signedIn();
    for (var forged : List.of("", "forged")) {
      var answer = owner.post("/me/texts", Map.of("own", forged, "texts", "stop"));
      assertThat(answer.status()).isEqualTo(401);
    }
    assertThat(stopped(owner.phone())).isFalse();
    var stranger = stranger("192.0.2.77");
    var another = Map.of("phone", "+966500000009");
    assertThat(stranger.post("/me/phone", another).status()).isEqualTo(401);
  }

  @Test
  @Tag("S14")
  void staffLetTextsStartAgainOnlyForAReasonThatIsKept() {
    var owner = registered("en").signedIn();
    owner.press("/me/texts", "texts", "stop");
    await().until(() -> isStopped(owner));
    var path = "/api/volunteers/" + id(owner) + "/start-texts";
    var coordinator = program.as("coordinator");
    for (var nothing : List.of("", "   ")) {
      var answer = coordinator.post(path, new JsonObject().put("why", nothing));
      assertThat(answer.problem(400)).isEqualTo("invalid");
    }
    assertThat(coordinator.post(path, new JsonObject()).status()).isEqualTo(400);
    assertThat(program.as("finance").post(path, new JsonObject().put("why", "x")).status())
        .isEqualTo(403);
    assertThat(stopped(owner.phone())).isTrue();

    var why = new JsonObject().put("why", "she phoned and asked");
    assertThat(coordinator.post(path, why).created().getBoolean("stopped")).isFalse();
    assertThat(stopped(owner.phone())).isFalse();
    var kept = "SELECT why FROM notify.consent_change WHERE account > 0 AND phone = '%s'";
    assertThat(one(kept.formatted(owner.phone()))).isEqualTo("she phoned and asked");
  }

  private static void assertAlike(Caller.Answer known, Caller.Answer unknown) {
    assertThat(unknown.status()).isEqualTo(known.status());
    assertThat(plain(unknown.text())).isEqualTo(plain(known.text()));
    assertThat(headers(unknown)).isEqualTo(headers(known));
  }

  // Each page and each cookie has secrets of its own, of the same length.
  private static String plain(String text) {
    return text.replaceAll("(?<=name=\"once\" value=\")[\\w-]{43}(?=\")", "")
        .replaceAll("(?<=__Host-fazaa-code=)[\\w-]{43}(?=;)", "")
        .replaceAll("(?<='nonce-)[\\w+/]{22}==(?=')", "")
        .replaceAll("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT", "");
  }

  private static String headers(Caller.Answer answer) {
    return plain(answer.headers().map().toString());
  }

  private static Owner registered(String language) {
    var owner = stranger("192.0.6." + people.get());
    Owner.register(program, owner.phone(), "Sara " + people.get(), language);
    return owner;
  }

  private static Owner stranger(String address) {
    return new Owner(program, number(), address);
  }

  /** No two begin alike. */
  private static String number() {
    return "+9665%04d0001".formatted(people.incrementAndGet());
  }

  private static boolean stopped(String phone) {
    return number("SELECT count(*)::int FROM notify.stopped WHERE phone = '%s'", phone) == 1;
  }

  private static boolean isStopped(Owner owner) {
    return volunteer(owner).getBoolean("stopped");
  }

  private static JsonObject volunteer(Owner owner) {
    return program.as("coordinator").get("/api/volunteers/" + id(owner)).ok();
  }

  private static long id(Owner owner) {
    return number("SELECT id::int FROM dispatch.volunteer WHERE phone = '%s'", owner.phone());
  }

  private static int number(String sql, Object... values) {
    return Integer.parseInt(one(sql.formatted(values).replaceFirst("::int", "::int::text")));
  }

  private static String one(String sql) {
    return program.database().pool().query(sql).execute().await().iterator().next().getString(0);
  }
}
