package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every response protects whoever reads it, whatever became of the request. */
class HeadersTest {

  @RegisterExtension static final Program program = Program.start();

  @Test
  void everyCallAndEveryErrorHasTheHeaders() {
    var caller = program.as("coordinator");
    for (var operation : program.contract().operations()) {
      if (operation.path().equals("/live")) continue; // it does not end
      var path = operation.path().replaceAll("\\{\\w+}", "424242");
      var answer =
          operation.method().name().equals("GET")
              ? caller.get(path)
              : caller.post(path, new JsonObject());
      assertProtected(operation.id() + " " + answer.status(), answer);
    }
  }

  @Test
  void pagesAndTheirErrorsHaveThemToo() {
    var browser = program.anybody().with("Accept", "text/html");
    for (var path : List.of("/", "/sign-in", "/nothing", "/crises/1", "/open/1", "/a/forged")) {
      var answer = browser.get(path);
      assertProtected(path + " " + answer.status(), answer);
    }
  }

  @Test
  void refusalsBeforeAnyRouteHaveThem() {
    var answers = new ArrayList<Caller.Answer>();
    var caller = program.anybody();
    answers.add(caller.send("PROPPATCH", "/", BodyPublishers.noBody()));
    answers.add(caller.postJson("/api/crises", "x".repeat(WebServer.BODY_MAX + 1)));
    answers.add(caller.with("X-Much", "x".repeat(9_000)).get("/"));
    answers.add(caller.with("Authorization", "Basic eDp5").get("/api/crises"));
    for (var answer : answers) assertProtected("" + answer.status(), answer);
  }

  @Test
  void aNonceIsNeverUsedTwice() {
    var one = program.anybody().get("/health/live").header("Content-Security-Policy");
    var other = program.anybody().get("/health/live").header("Content-Security-Policy");
    assertThat(one).isNotEqualTo(other);
  }

  private static void assertProtected(String what, Caller.Answer answer) {
    assertThat(answer.header("Content-Security-Policy"))
        .as(what)
        .startsWith("default-src 'none'; script-src ")
        .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
        .doesNotContain("unsafe");
    assertThat(answer.header("X-Content-Type-Options")).as(what).isEqualTo("nosniff");
    assertThat(answer.header("Strict-Transport-Security")).as(what).contains("max-age=31536000");
    assertThat(answer.header("Referrer-Policy")).as(what).isEqualTo("same-origin");
    assertThat(answer.header("Cache-Control")).as(what).isEqualTo("no-store");
  }
}
