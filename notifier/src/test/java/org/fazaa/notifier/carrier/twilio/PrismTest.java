package org.fazaa.notifier.carrier.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.fazaa.config.Secret;
import org.fazaa.config.TestNodes;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Twilio's own published description of its API is the second witness: Prism reads it, answers our
 * client from it, and judges what our stand-in answers. It needs Node and the registry of npm, so
 * it runs only where {@code FAZAA_PRISM} is set to 1.
 */
@Tag("prism")
@EnabledIfEnvironmentVariable(named = "FAZAA_PRISM", matches = "1")
class PrismTest {
  private static final Path HOME = Path.of("target", "prism").toAbsolutePath();
  private static final String DESCRIPTION =
      "node_modules/@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String ACCOUNT = "AC" + "0".repeat(32);
  private static final String SERVICE = "MG" + "0".repeat(32);
  private static final String MESSAGES = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages";

  /**
   * The description says that these are whole addresses; Twilio answers with paths, and so do we.
   */
  private static final Set<String> PATHS =
      Set.of("first_page_uri", "next_page_uri", "previous_page_uri", "uri");

  private static final List<Process> STARTED = new ArrayList<>();
  private static Vertx vertx;
  private static WebClient web;
  private static TwilioStandIn standIn;
  private static URI mock;
  private static URI judge;

  @BeforeAll
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  static void start() throws Exception {
    if (!Files.exists(HOME.resolve(DESCRIPTION))) {
      Files.createDirectories(HOME);
      int code =
          node(
                  "npm",
                  "i",
                  "--prefix",
                  ".",
                  "--ignore-scripts",
                  "--no-audit",
                  "--no-fund",
                  "@stoplight/prism-cli@5.14.2",
                  "@twilio/cli-core@8.3.2")
              .waitFor();
      assertThat(code).as(log()).isZero();
    }
    vertx = Vertx.vertx();
    web = WebClient.create(vertx);
    var secret = new Secret("secret");
    var options = new StandInOptions().account(ACCOUNT, "SKkey", secret, new Secret("token"));
    standIn = TwilioStandIn.start(vertx, options.delivery(Duration.ofMillis(20)));
    mock = prism("mock", DESCRIPTION);
    judge = prism("proxy", DESCRIPTION, standIn.url().toString(), "--errors");
  }

  @AfterAll
  static void stop() {
    STARTED.forEach(Process::destroy);
    if (standIn != null) {
      standIn.close();
    }
    if (vertx != null) {
      vertx.close().await();
    }
  }

  @Test
  void whatOurClientSendsAndAsksFitsTheDescription() {
    var to = new PhoneNumber("+966501234567");
    var message =
        Message.creator(to, SERVICE, "نعم F7K2")
            .setStatusCallback(URI.create("https://fazaa.example/twilio/statuses?m=42"))
            .setValidityPeriod(900)
            .create(client(mock));

    assertThat(message.getSid()).startsWith("SM");
    assertThat(message.getStatus()).isEqualTo(Message.Status.QUEUED);
    var page = Message.reader().setTo(to).setPageSize(50L).firstPage(client(mock));
    assertThat(page.getRecords()).isNotEmpty();
  }

  @Test
  void whatTheStandInAnswersFitsTheDescription() {
    var byNumber = created(Map.of("From", "+15005550006"));
    var byService = created(Map.of("MessagingServiceSid", SERVICE));

    assertFits(201, byNumber);
    assertFits(201, byService);
    for (var answer : List.of(byNumber, byService)) {
      var path = MESSAGES + "/" + answer.bodyAsJsonObject().getString("sid") + ".json";
      await().until(() -> "delivered".equals(get(path).bodyAsJsonObject().getString("status")));
      assertFits(200, get(path));
    }
    assertFits(400, post(Map.of("To", "+15005550009", "From", "+15005550006", "Body", "a")));
  }

  @Test
  void whatTheStandInListsFitsTheDescriptionButForItsPaths() {
    created(Map.of("From", "+15005550006"));
    created(Map.of("From", "+15005550006"));

    var answer = get(MESSAGES + ".json?PageSize=1&To=%2B966501234567");

    var wrong =
        answer.bodyAsJsonObject().getJsonArray("validation", new JsonArray()).stream()
            .map(JsonObject.class::cast)
            .collect(Collectors.partitioningBy(PrismTest::isPath));
    assertThat(wrong.get(false)).isEmpty();
    assertThat(wrong.get(true)).as(answer.bodyAsString()).isNotEmpty();
  }

  @Test
  void theJudgeFindsWhatDoesNotFit() {
    assertThat(post(Map.of("Body", "nobody is meant")).statusCode()).isEqualTo(422);
  }

  private static boolean isPath(JsonObject wrong) {
    var at = wrong.getJsonArray("location");
    return wrong.getString("code").equals("format") && PATHS.contains(at.getString(at.size() - 1));
  }

  private static void assertFits(int status, HttpResponse<?> answer) {
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
    assertThat(answer.bodyAsString()).doesNotContain("stoplight.io");
  }

  private static HttpResponse<?> created(Map<String, String> sender) {
    var form = new HashMap<>(sender);
    form.putAll(Map.of("To", "+966501234567", "Body", "نعم", "ValidityPeriod", "900"));
    return post(form);
  }

  private static HttpResponse<?> post(Map<String, String> fields) {
    return web.postAbs(judge + MESSAGES + ".json")
        .basicAuthentication("SKkey", "secret")
        .sendForm(MultiMap.caseInsensitiveMultiMap().addAll(fields))
        .await();
  }

  private static HttpResponse<?> get(String path) {
    return web.getAbs(judge + path).basicAuthentication("SKkey", "secret").send().await();
  }

  private static TwilioRestClient client(URI base) {
    var shot = new OneShot(new WayOut(vertx, Map.of("api.twilio.com", base), 1), PATIENCE);
    return new TwilioRestClient.Builder("SKkey", "secret")
        .accountSid(ACCOUNT)
        .httpClient(shot)
        .build();
  }

  private static URI prism(String... arguments) throws IOException {
    int port = TestNodes.freePort();
    var command = new ArrayList<>(List.of("node", "node_modules/.bin/prism"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-h", "127.0.0.1", "-p", Integer.toString(port)));
    var prism = node(command.toArray(String[]::new));
    await()
        .atMost(PATIENCE)
        .until(() -> !prism.isAlive() || log().contains("listening on http://127.0.0.1:" + port));
    assertThat(prism.isAlive()).as(log()).isTrue();
    return URI.create("http://127.0.0.1:" + port);
  }

  private static Process node(String... command) throws IOException {
    var builder = new ProcessBuilder(command).directory(HOME.toFile()).redirectErrorStream(true);
    var log = HOME.resolve("prism.log").toFile();
    var process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start();
    STARTED.add(process);
    return process;
  }

  private static String log() {
    try {
      return Files.readString(HOME.resolve("prism.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
