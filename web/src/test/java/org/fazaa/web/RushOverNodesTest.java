package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.Settings;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two hundred people text yes at the same moment for five places, to three nodes that do not know
 * of one another.
 */
@Tag("F21")
class RushOverNodesTest {
  @RegisterExtension
  static final TestDatabase db = TestDatabase.of("notify", "dispatch", "fund", "web");

  private static final String PUBLIC = "https://fazaa.example";
  private static final int PEOPLE = 200;
  private static final int PLACES = 5;
  private static final int NODES = 3;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final List<Fazaa> nodes = new ArrayList<>();
  private static TwilioStandIn carrier;

  @BeforeAll
  static void startNodes() {
    carrier = TwilioStandIn.start(new StandInOptions().still());
    var settings = new HashMap<>(carrier.settings());
    settings.put("DATABASE_URL", Program.written(db.url()));
    settings.put("DATABASE_OWNER_URL", Program.written(db.ownerUrl()));
    settings.put("FAZAA_HTTP_PORT", "0");
    settings.put("FAZAA_PUBLIC_URL", PUBLIC);
    for (int i = 0; i < NODES; i++) {
      nodes.add(Fazaa.start(Settings.load(settings, Path.of("none.properties"))));
    }
  }

  @AfterAll
  static void stopNodes() {
    nodes.forEach(Fazaa::close);
    carrier.close();
  }

  @Test
  void exactlyFiveComeAndEverybodyElseIsTold() throws Exception {
    var asked = PlantedOffers.plant(db.superuserPool(), PEOPLE, PLACES);
    assertThat(asked).hasSize(PEOPLE);

    var texts = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < asked.size(); i++) {
      var request = request(i, asked.get(i));
      texts.add(() -> send(request));
    }
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var status : people.invokeAll(texts)) assertThat(status.get()).isEqualTo(200);
    }

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> count("notify.reply WHERE state = 'done'") == PEOPLE);
    assertThat(count("dispatch.offer WHERE state = 'assigned'")).isEqualTo(PLACES);
    assertThat(count("dispatch.offer WHERE state = 'standby'")).isEqualTo(1);
    assertThat(count("dispatch.offer WHERE state = 'too_late'")).isEqualTo(PEOPLE - PLACES - 1);
    assertThat(count("dispatch.need WHERE filled = 5 AND standby = 1")).isEqualTo(1);
    assertThat(count(ANSWERS_IN_THE_COMMIT_OF_THE_EFFECT)).isEqualTo(PEOPLE);
  }

  private static int send(HttpRequest request) throws IOException, InterruptedException {
    var answer = HTTP.send(request, BodyHandlers.discarding());
    // A full waiting room is an answer too: the same text may come again, and counts once.
    while (answer.statusCode() == 503) answer = HTTP.send(request, BodyHandlers.discarding());
    return answer.statusCode();
  }

  private static HttpRequest request(int number, PlantedOffers.Asked asked) {
    var fields = new TreeMap<String, String>();
    fields.put("MessageSid", "SM" + number);
    fields.put("From", asked.phone());
    fields.put("To", "+15005550006");
    fields.put("Body", "1 " + asked.code());
    var path = "/twilio/replies";
    var node =
        nodes.get(number % NODES).localAddress().toString().replace("localhost", "127.0.0.1");
    return HttpRequest.newBuilder(URI.create(node + path))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header(
            "X-Twilio-Signature",
            TwilioSign.form(carrier.settings().get("TWILIO_AUTH_TOKEN"), PUBLIC + path, fields))
        .POST(BodyPublishers.ofString(Caller.form(fields)))
        .build();
  }

  private static long count(String from) {
    var sql = "SELECT count(*) FROM " + from;
    return db.pool().preparedQuery(sql).execute(Tuple.tuple()).await().iterator().next().getLong(0);
  }

  private static final String ANSWERS_IN_THE_COMMIT_OF_THE_EFFECT =
      """
      notify.reply r WHERE EXISTS (
        SELECT FROM notify.text t
        WHERE t.to_phone = r.from_phone AND NOT t.answerable AND t.created_at = r.done_at)\
      """;
}
