package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.Database;
import org.fazaa.notifier.reply.AnswerLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two hundred people say yes at the same moment for five places. */
class RushTest {

  @RegisterExtension static final Program program = Program.start();

  private static final int PEOPLE = 200;
  private static final int PLACES = 5;

  @Test
  void exactlyFiveGetAPlaceAndEverybodyGetsAnAnswer() throws Exception {
    var coordinator = program.as("coordinator");
    var csv = DispatchJourneyTest.volunteers(PEOPLE);
    assertThat(coordinator.postCsv("/api/volunteers/import", csv).ok().getInteger("inserted"))
        .isEqualTo(PEOPLE);
    var crisis = coordinator.post("/api/crises", DispatchJourneyTest.flood()).created();
    var path = "/api/crises/" + crisis.getLong("id") + "/needs";
    var need = coordinator.post(path, DispatchJourneyTest.need(PLACES)).created().getLong("id");
    var links = offers(need);
    assertThat(links).hasSize(PEOPLE);

    var presses = new ArrayList<Callable<Integer>>();
    for (var link : links) presses.add(() -> pressYes(link));
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var status : people.invokeAll(presses)) assertThat(status.get()).isEqualTo(200);
    }

    var filled = coordinator.get("/api/needs/" + need).ok();
    assertThat(filled.getInteger("filled")).isEqualTo(PLACES);
    assertThat(filled.getString("state")).isEqualTo("filled");
    var held =
        coordinator.get("/api/needs/" + need + "/offers").ok().getJsonArray("offers").stream()
            .map(offer -> ((JsonObject) offer).getString("state"))
            .filter("assigned"::equals)
            .count();
    assertThat(held).isEqualTo(PLACES);
  }

  private static int pressYes(String link) {
    var form = Map.of("answer", "yes");
    var answer = program.anybody().postForm(link, form);
    // A full waiting room is an answer too: the same press may come again, and counts once.
    while (answer.status() == 503) answer = program.anybody().postForm(link, form);
    return answer.status();
  }

  /** Everybody is asked at once, as no policy of ours would; the answers must bear it. */
  private static List<String> offers(long need) {
    var pool = program.database().superuserPool();
    var now = Database.utc(Instant.now());
    var rows = pool.preparedQuery(PLANT).execute(Tuple.of(need, now, now.plusHours(3))).await();
    var links =
        Database.inTransaction(
            program.database().pool(), tx -> AnswerLink.open(tx, new java.util.Random()));
    var until = Instant.now().plusSeconds(3_600);
    var paths = new ArrayList<String>();
    for (var row : rows) {
      paths.add("/a/" + links.token("dispatch", Long.toString(row.getLong("id")), until));
    }
    return paths;
  }

  private static final String PLANT =
      """
      INSERT INTO dispatch.offer (need, volunteer, entered_by, code, life, simulated, state,
        asked_at, valid_until, changed_at, km, rate, useful, gain, price, rarer, recent, said_yes,
        said_no)
      SELECT $1, v.id, s.account, 'P' || v.id, false, true, 'open',
        $2, $3, $2, 1, 0.5, 1, 1, 1, 0, 0, 0, 0
      FROM dispatch.volunteer v, dispatch.staff s
      ORDER BY v.id
      RETURNING id\
      """;
}
