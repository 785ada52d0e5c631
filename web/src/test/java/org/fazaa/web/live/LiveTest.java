package org.fazaa.web.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.fazaa.config.Fact;
import org.fazaa.web.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Open pages hear what changed, and only what they may see. */
class LiveTest {

  @RegisterExtension static final Program program = Program.start();

  /** A page that keeps its stream open. */
  private static final class Page implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpResponse<InputStream> response;
    private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

    Page(String query, Map<String, String> headers) throws Exception {
      var request = HttpRequest.newBuilder(program.address().resolve("/live" + query));
      headers.forEach(request::header);
      response = client.send(request.build(), BodyHandlers.ofInputStream());
      Thread.startVirtualThread(this::listen);
    }

    private void listen() {
      try (var lines = new java.util.Scanner(response.body(), StandardCharsets.UTF_8)) {
        while (lines.hasNextLine()) heard.add(lines.nextLine());
      }
    }

    boolean hears(String words) {
      return heard.stream().anyMatch(line -> line.contains(words));
    }

    @Override
    public void close() throws IOException {
      response.body().close();
      client.shutdownNow();
    }
  }

  @Test
  void aBoardHearsOfItsOwnCrisisAndNoOther() throws Exception {
    try (var board = new Page("?crisis=1", bearer("coordinator"))) {
      await().until(() -> board.hears("retry"));
      program.publish(new Fact.NeedChanged(2, 20));
      program.publish(new Fact.NeedChanged(1, 10));
      await().until(() -> board.hears("\"need\":10"));
      assertThat(board.hears("event: changed")).isTrue();
      assertThat(board.hears("id: ")).isTrue();
      assertThat(board.hears("\"need\":20")).isFalse();
    }
  }

  @Test
  void moneyIsNotForCoordinatorsNorCallOutsForFinance() throws Exception {
    try (var coordinator = new Page("", bearer("coordinator"));
        var finance = new Page("", bearer("finance"))) {
      await().until(() -> coordinator.hears("retry") && finance.hears("retry"));
      program.publish(new Fact.OfferChanged(3, 30, 300));
      program.publish(new Fact.DisbursementChanged(4, 40));
      await().until(() -> coordinator.hears("\"offer\":300"));
      await().until(() -> finance.hears("\"disbursement\":40"));
      assertThat(coordinator.hears("disbursement")).isFalse();
      assertThat(finance.hears("offer")).isFalse();
    }
  }

  @Test
  void anybodyMayWatchGiftsArriveAtOneFund() throws Exception {
    try (var donor = new Page("?fund=5", Map.of())) {
      await().until(() -> donor.hears("retry"));
      program.publish(new Fact.DisbursementChanged(5, 50));
      program.publish(new Fact.DonationRecorded(5));
      await().until(() -> donor.hears("\"what\":\"gift\""));
      assertThat(donor.hears("disbursement")).isFalse();
    }
    assertThat(program.anybody().get("/live").problem(401)).isEqualTo("sign-in-first");
  }

  @Test
  void whoComesBackLooksAtEverything() throws Exception {
    var headers = new java.util.HashMap<>(bearer("coordinator"));
    headers.put("Last-Event-ID", "from another node, long ago");
    try (var board = new Page("?crisis=1", headers)) {
      await().until(() -> board.hears("\"what\":\"everything\""));
    }
  }

  @Test
  void aFloodOfFactsIsTheSameFewHints() throws Exception {
    try (var board = new Page("?crisis=6", bearer("coordinator"))) {
      await().until(() -> board.hears("retry"));
      for (var i = 0; i < 5_000; i++) program.publish(new Fact.NeedChanged(6, 60));
      program.publish(new Fact.NeedChanged(6, 61));
      await().until(() -> board.hears("\"need\":61"));
      var told = board.heard.stream().filter(line -> line.contains("\"need\":60")).count();
      assertThat(told).isBetween(1L, 500L);
    }
  }

  private static Map<String, String> bearer(String role) {
    var token = program.token(program.account(role), role);
    return Map.of("Authorization", "Bearer " + token);
  }
}
