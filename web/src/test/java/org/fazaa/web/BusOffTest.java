package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every message of the bus is dropped: what happens is the same, a poll later. */
@Tag("F6")
class BusOffTest {

  @RegisterExtension static final Program program = Program.start();

  @BeforeAll
  static void dropEveryMessage() {
    // An interceptor that does not pass the message on.
    program.fazaa().node().vertx().eventBus().addOutboundInterceptor(message -> {});
  }

  @Test
  void aNeedFillsFromTextsAndAnswersAlthoughNobodyHearsAnything() {
    var coordinator = program.as("coordinator");
    coordinator.postCsv("/api/volunteers/import", DispatchJourneyTest.volunteers(40)).ok();
    var crisis = coordinator.post("/api/crises", DispatchJourneyTest.flood()).created();
    var path = "/api/crises/" + crisis.getLong("id") + "/needs";
    var need = coordinator.post(path, DispatchJourneyTest.need(2)).created().getLong("id");
    coordinator
        .post("/api/needs/" + need + "/callout", new JsonObject().put("max_texts", 30))
        .created();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> DispatchJourneyTest.links(program).size() >= 2);
    for (var link : DispatchJourneyTest.links(program)) {
      DispatchJourneyTest.say(program, link, "yes");
    }
    var filled = coordinator.get("/api/needs/" + need).ok();
    assertThat(filled.getString("state")).isEqualTo("filled");
    assertThat(filled.getInteger("filled")).isEqualTo(2);
    // Only questions need the bus: without an answer in two seconds the page says so.
    assertThat(coordinator.get("/api/needs/" + need + "/candidates").status()).isEqualTo(503);
  }
}
