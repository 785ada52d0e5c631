package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What was decided over HTTP is read there with its reasons, and decided again on the line. */
class ReplayCommandTest {
  @RegisterExtension static final Program program = Program.with(Map.of());

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aDecisionIsExplainedReplayedAndFoundOutWhenChanged() {
    var decision = decided();
    var says = decision.getJsonObject("says").getString("en");
    var person = decision.getJsonArray("people").getJsonObject(0);
    assertThat(person.getJsonObject("why").getString("en")).contains("km away", "first wave");

    assertThat(run("--decision", String.valueOf(decision.getLong("id")))).isZero();
    assertThat(out.toString())
        .contains(says, decision.getJsonObject("says").getString("ar"))
        .contains(person.getString("name"), person.getJsonObject("why").getString("en"))
        .contains("the same again: " + decision.getInteger("asked") + " chosen");
    assertThat(run("--all", "--since", "2026-01-01")).isZero();
    assertThat(out.toString()).contains(" 0 differ");

    execute("UPDATE dispatch.offer SET km = km + 1 WHERE id = " + person.getLong("offer"));

    assertThat(run("--decision", String.valueOf(decision.getLong("id")))).isOne();
    assertThat(out.toString()).contains("volunteer " + person.getLong("volunteer") + " km: was");
    assertThat(run("--all")).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--decision 999999 | there is no decision 999999",
        "--all --since yesterday | --since is such as",
        "--since 2026-01-01 | --decision",
        "--all --decision 1 | mutually exclusive",
      })
  void whatCannotBeReplayedIsNamedAndEndsWithTwo(String arguments, String named) {
    assertThat(run(arguments.strip().split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(named.strip());
  }

  private static JsonObject decided() {
    var coordinator = program.as("coordinator");
    coordinator.postCsv("/api/volunteers/import", DispatchJourneyTest.volunteers(20)).ok();
    var crisis = coordinator.post("/api/crises", DispatchJourneyTest.flood()).created();
    var needs = "/api/crises/" + crisis.getLong("id") + "/needs";
    var need = coordinator.post(needs, DispatchJourneyTest.need(2)).created().getLong("id");
    var path = "/api/needs/" + need;
    await().until(() -> coordinator.get(path + "/candidates").status() == 200);
    coordinator.post(path + "/callout", new JsonObject().put("max_texts", 20)).created();
    await().until(() -> asked(coordinator, path).size() > 0);
    return asked(coordinator, path).getFirst();
  }

  private static List<JsonObject> asked(Caller caller, String need) {
    return caller.get(need + "/decisions?limit=5").ok().getJsonArray("decisions").stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getInteger("asked") > 0)
        .toList();
  }

  private static void execute(String sql) {
    program.database().superuserPool().query(sql).execute().await();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    return new CommandLine(new ReplayCommand(program::settings))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
