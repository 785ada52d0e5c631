package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Signing in, staying in, and what another site cannot make a browser do. */
class SessionsTest {

  @RegisterExtension static final Program program = Program.start();

  private static final String PASSWORD = "correct horse battery";
  private static int people;

  @Test
  void theCookieIsForThisHostOnlyAndOutOfReachOfScripts() {
    var cookie = signIn(person(), PASSWORD).header("Set-Cookie");
    assertThat(cookie.replaceAll("=[A-Za-z0-9_-]{43};", "=SECRET;"))
        .isEqualTo("__Host-fazaa=SECRET; Path=/; Secure; HTTPOnly; SameSite=Lax");
  }

  @Test
  void eachSignInIsANewSessionAndSigningOutEndsIt() {
    var login = person();
    var first = session(signIn(login, PASSWORD));
    var second = session(signIn(login, PASSWORD));
    assertThat(first).isNotEqualTo(second);
    var inside = withSession(second);
    assertThat(inside.get("/api/crises").status()).isEqualTo(200);
    assertThat(inside.postForm("/sign-out", Map.of("csrf", csrf(second))).status()).isEqualTo(303);
    assertThat(inside.get("/api/crises").status()).isEqualTo(401);
    assertThat(withSession(first).get("/api/crises").status()).isEqualTo(200);
  }

  @Test
  void aWrongPasswordAndAnUnknownLoginGetTheSameWords() {
    var wrong = signIn(person(), "not the password");
    var unknown = signIn("nobody-here", "not the password");
    assertThat(wrong.status()).isEqualTo(401).isEqualTo(unknown.status());
    assertThat(wrong.header("Set-Cookie")).isNull();
  }

  @Test
  void afterFiveWrongTriesTheSixthWaitsEvenWhenItIsRight() {
    var login = person();
    for (var i = 0; i < 5; i++) assertThat(signIn(login, "guess " + i).status()).isEqualTo(401);
    var sixth = signIn(login, PASSWORD);
    assertThat(sixth.status()).isEqualTo(429);
    assertThat(Integer.parseInt(sixth.header("Retry-After"))).isPositive();
  }

  @Test
  void aFormWithoutItsTokenOrFromAnotherSiteIsRefused() {
    var secret = session(signIn(person(), PASSWORD));
    var inside = withSession(secret);
    assertThat(inside.postForm("/sign-out", Map.of()).problem(403)).isEqualTo("stale-page");
    assertThat(inside.postForm("/sign-out", Map.of("csrf", "guess")).status()).isEqualTo(403);
    var elsewhere = inside.with("Origin", "https://evil.example");
    assertThat(elsewhere.postForm("/sign-out", Map.of("csrf", csrf(secret))).status())
        .isEqualTo(403);
    assertThat(inside.get("/api/crises").status()).isEqualTo(200);
  }

  @Test
  void noOriginOfOthersIsAllowedToReadUs() {
    var answer = program.anybody().with("Origin", "https://evil.example").get("/api/skills");
    assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
  }

  @Test
  void aSignInFromAnotherSiteIsRefused() {
    var elsewhere = program.anybody().with("Origin", "https://evil.example");
    var form = Map.of("login", person(), "password", PASSWORD);
    assertThat(elsewhere.postForm("/sign-in", form).status()).isEqualTo(403);
  }

  @Test
  void whereSomethingRealIsConnectedThereAreNoDemoLinks() {
    assertThat(program.fazaa().demoLinks()).isEmpty();
    assertThat(program.anybody().postForm("/demo/guess", Map.of()).status()).isEqualTo(410);
  }

  @Test
  void afterSignInTheBrowserStaysOnOurSite() {
    var form = Map.of("login", person(), "password", PASSWORD, "back", "//evil.example/");
    var answer = program.anybody().postForm("/sign-in", form);
    assertThat(answer.header("Location")).isEqualTo("/");
  }

  private static String person() {
    var login = "person-" + ++people;
    var draft =
        new JsonObject()
            .put("login", login)
            .put("name", "شخص")
            .put("roles", new JsonArray().add("coordinator"))
            .put("password", PASSWORD);
    program.admin().post("/api/accounts", draft).created();
    return login;
  }

  private static Caller.Answer signIn(String login, String password) {
    return program.anybody().postForm("/sign-in", Map.of("login", login, "password", password));
  }

  private static String session(Caller.Answer signedIn) {
    assertThat(signedIn.status()).isEqualTo(303);
    return signedIn.header("Set-Cookie").split("[=;]")[1];
  }

  private static Caller withSession(String secret) {
    return program.anybody().with("Cookie", "__Host-fazaa=" + secret);
  }

  /** As it stands in the forms of a page. */
  private static String csrf(String secret) {
    var page = withSession(secret).with("Accept", "text/html").get("/").text();
    return page.replaceAll("(?s).*?name=\"csrf\" value=\"([^\"]+)\".*", "$1");
  }
}
