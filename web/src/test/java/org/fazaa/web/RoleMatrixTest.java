package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.EnumMap;
import java.util.Map;
import org.fazaa.web.api.Contract.Operation;
import org.fazaa.web.session.Role;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every call with every role: whoever the contract does not name is turned away. */
class RoleMatrixTest {

  @RegisterExtension static final Program program = Program.start();

  /** What a provider sends is known by its signature, and kept whatever it says. */
  private static final String SIGNED = "takeCardEvent";

  private static final Map<Role, Caller> CALLERS = new EnumMap<>(Role.class);

  @BeforeAll
  static void signIn() {
    for (var role : Role.values()) CALLERS.put(role, program.as(role.code()));
  }

  @Test
  void onlyTheNamedRolesPass() {
    for (var operation : program.contract().operations()) {
      if (operation.roles().isEmpty()) continue;
      for (var role : Role.values()) {
        var status = call(CALLERS.get(role), operation).status();
        if (operation.roles().get().contains(role)) {
          assertThat(status).as("%s as %s", operation.id(), role).isNotIn(401, 403, 500);
        } else {
          assertThat(status).as("%s as %s", operation.id(), role).isEqualTo(403);
        }
      }
    }
  }

  @Test
  void withoutATokenNobodyPasses() {
    for (var operation : program.contract().operations()) {
      if (operation.roles().isPresent()) {
        var answer = call(program.anybody(), operation);
        assertThat(answer.problem(401)).as(operation.id()).isEqualTo("sign-in-first");
      }
    }
  }

  @Test
  void aTokenThatIsNotOursIsNobodyEvenWhereAnybodyMayCall() {
    var stranger = program.withToken("made up");
    assertThat(stranger.get("/api/skills").problem(401)).isEqualTo("sign-in-first");
  }

  @Test
  @Tag("S26")
  void noBodyTakesWhatItsCallDoesNotName() {
    for (var operation : program.contract().operations()) {
      if (!operation.takesJson() || operation.id().equals(SIGNED)) continue;
      var caller = operation.roles().map(roles -> CALLERS.get(roles.iterator().next()));
      var path =
          operation.path().replace("{month}", "2020-01").replaceAll("\\{\\w+}", "424242424242");
      var more = new JsonObject().put("admin", true).put("filled", 0);
      var answer = caller.orElseGet(program::anybody).post(path, more);
      assertThat(answer.status()).as(operation.id()).isEqualTo(400);
      assertThat(answer.text()).as(operation.id()).contains("/admin", "/filled");
    }
  }

  // With nothing sent, whoever is let through is told what is missing, and changes nothing.
  private static Caller.Answer call(Caller caller, Operation operation) {
    var path = operation.path().replaceAll("\\{\\w+}", "424242");
    if (operation.method().name().equals("GET")) return caller.get(path);
    if (operation.takesJson()) return caller.post(path, new JsonObject().put("nobody", "knows"));
    return caller.send("POST", path, BodyPublishers.ofString(""));
  }
}
