package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.fazaa.web.session.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The routes and the contract say the same, in both directions. */
class ContractTest {

  @RegisterExtension static final Program program = Program.start();

  /** Pages for people are not part of the contract; these roots are for programs. */
  private static final List<String> ROOTS =
      List.of("/api", "/twilio", "/payments", "/a/", "/live", "/health", "/metrics");

  @Test
  void everyRouteIsInTheContractAndEveryCallOfTheContractHasARoute() {
    var promised = new TreeSet<String>();
    for (var operation : program.contract().operations()) {
      promised.add(operation.method() + " " + operation.route());
    }
    assertThat(routes()).containsExactlyElementsOf(promised);
  }

  @Test
  void everyExampleFitsItsOwnSchema() {
    var contract = program.contract();
    for (var operation : contract.operations()) {
      var body = json(operation.described().getJsonObject("requestBody"));
      if (body != null) {
        assertThat(contract.checkBody(operation, body.getValue("example")))
            .as(operation.id())
            .isEmpty();
      }
      var responses = operation.described().getJsonObject("responses");
      for (var status : responses.fieldNames()) {
        var answer = json(responses.getJsonObject(status));
        if (answer != null) {
          var example = answer.getValue("example");
          assertThat(example).as("%s %s has an example", operation.id(), status).isNotNull();
          var code = Integer.parseInt(status);
          assertThat(contract.checkAnswer(operation.id(), code, "application/json", example))
              .as("%s %s", operation.id(), status)
              .isEmpty();
        }
      }
    }
  }

  @Test
  void everyCallThatChangesSomethingTakesAKeyAndSaysWhoMayMakeIt() {
    var open =
        Set.of(
            "recordDonation",
            "recordPledge",
            "stopPledge",
            "answerOffer",
            "takeTwilioReply",
            "takeTwilioStatus");
    for (var operation : program.contract().operations()) {
      if (operation.method().name().equals("POST") && operation.path().startsWith("/api/")) {
        assertThat(operation.described().getJsonArray("parameters").encode())
            .as(operation.id())
            .contains("#/components/parameters/Key");
        assertThat(operation.roles().isPresent() || open.contains(operation.id()))
            .as(operation.id())
            .isTrue();
      }
    }
  }

  @Test
  void noAdminMayDispatchOrMoveMoney() {
    for (var id :
        List.of(
            "startCallOut",
            "confirmCallOut",
            "requestDisbursement",
            "approveDisbursement",
            "payDisbursement")) {
      var roles = program.contract().operation(id).roles().orElseThrow();
      assertThat(roles).as(id).doesNotContain(Role.ADMIN);
    }
    assertThat(program.contract().operation("approveDisbursement").roles().orElseThrow())
        .containsExactly(Role.APPROVER);
  }

  @Test
  void theContractIsServedAsAFileAndAsAPage() {
    var file = program.anybody().get("/api/openapi.yaml");
    assertThat(file.text()).isEqualTo(program.contract().text());
    assertThat(program.anybody().get("/api").status()).isEqualTo(200);
  }

  private static JsonObject json(JsonObject described) {
    if (described == null || !described.containsKey("content")) return null;
    return described.getJsonObject("content").getJsonObject("application/json");
  }

  private static Set<String> routes() {
    var vertx = Vertx.vertx();
    try {
      var router = Router.router(vertx);
      program.fazaa().routes().forEach(route -> route.accept(router));
      var routes = new TreeSet<String>();
      for (var route : router.getRoutes()) {
        if (isForPrograms(route))
          routes.add(route.methods().iterator().next() + " " + route.getPath());
      }
      return routes;
    } finally {
      vertx.close().await();
    }
  }

  private static boolean isForPrograms(Route route) {
    return route.getPath() != null
        && route.methods() != null
        && ROOTS.stream().anyMatch(route.getPath()::startsWith);
  }
}
