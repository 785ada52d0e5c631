package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same key is one effect, however often and however much at once it comes. */
class OnceOnlyTest {

  @RegisterExtension static final Program program = Program.start();

  private static Caller coordinator;

  @BeforeAll
  static void signIn() {
    coordinator = program.as("coordinator");
  }

  @Test
  @Tag("S30")
  void theSameKeyAndBodyGetTheFirstAnswer() {
    var first = coordinator.post("/api/crises", named("one"), "key of one");
    var again = coordinator.post("/api/crises", named("one"), "key of one");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(crises("one")).isEqualTo(1);
  }

  @Test
  @Tag("S30")
  void theSameKeyWithAnotherBodyIsRefused() {
    coordinator.post("/api/crises", named("two"), "key of two").created();
    var other = coordinator.post("/api/crises", named("three"), "key of two");
    assertThat(other.problem(422)).isEqualTo("key-used-differently");
    assertThat(crises("three")).isZero();
  }

  @Test
  @Tag("S30")
  void aCallWithoutAKeyIsRefused() {
    var answer = coordinator.postJson("/api/crises", named("four").encode());
    assertThat(answer.problem(400)).isEqualTo("invalid");
    assertThat(answer.text()).contains("Idempotency-Key");
    assertThat(crises("four")).isZero();
  }

  @Test
  void twoAccountsMayUseTheSameKey() {
    coordinator.post("/api/crises", named("five"), "a common key").created();
    program.as("coordinator").post("/api/crises", named("six"), "a common key").created();
    assertThat(crises("six")).isEqualTo(1);
  }

  @Test
  void aRefusedCallLeavesItsKeyFree() {
    var empty = named("seven").put("area", new JsonObject());
    assertThat(coordinator.post("/api/crises", empty, "key of seven").status()).isEqualTo(400);
    coordinator.post("/api/crises", named("seven"), "key of seven").created();
  }

  @Test
  void aSecretIsToldOnceAndKeptNowhere() {
    var draft = new JsonObject().put("account", program.account("auditor")).put("role", "auditor");
    var first = program.admin().post("/api/tokens", draft, "key of a token").created();
    var again = program.admin().post("/api/tokens", draft, "key of a token").created();
    assertThat(first.getString("token")).isNotBlank();
    assertThat(again.containsKey("token")).isFalse();
    assertThat(again.getLong("id")).isEqualTo(first.getLong("id"));
  }

  @Test
  void manyAtOnceWithOneKeyAreOneEffectAndOneAnswer() throws Exception {
    Callable<Caller.Answer> call =
        () -> coordinator.post("/api/crises", named("eight"), "key of eight");
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = callers.invokeAll(IntStream.range(0, 12).mapToObj(i -> call).toList());
      var ids = answers.stream().map(OnceOnlyTest::id).distinct().toList();
      assertThat(ids).hasSize(1);
    }
    assertThat(crises("eight")).isEqualTo(1);
  }

  private static long id(java.util.concurrent.Future<Caller.Answer> answer) {
    try {
      return answer.get().created().getLong("id");
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonObject named(String name) {
    var words = new JsonObject().put("ar", name).put("en", name);
    return DispatchJourneyTest.flood().put("name", words);
  }

  private static long crises(String name) {
    return program
        .database()
        .pool()
        .preparedQuery("SELECT count(*) FROM dispatch.crisis WHERE name_en = $1")
        .execute(Tuple.of(name))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }
}
