package org.fazaa.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.fazaa.config.Database;
import org.fazaa.config.TestNodes;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Enclosed;
import org.fazaa.notifier.reply.Inbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The inbox as programs use it, with Twilio's webhooks at its beginning. */
class InboxTest {
  private static final String PUBLIC = "https://fazaa.example";
  private static final String PATH = "/twilio/replies";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Queue<String> HOOKS = new ConcurrentLinkedQueue<>();

  private static final int HOOK_PORT = TestNodes.freePort();
  private static final TwilioStandIn twilio =
      TwilioStandIn.start(
          new StandInOptions()
              .still()
              .repliesTo(URI.create("http://127.0.0.1:" + HOOK_PORT + PATH)));

  @RegisterExtension static final Program program = Program.with(settings());

  private static HttpServer hooks;
  private static Caller nora;
  private static Caller fahd;
  private static int people;

  private static Map<String, String> settings() {
    var settings = new HashMap<>(twilio.settings());
    settings.put("FAZAA_PUBLIC_URL", PUBLIC);
    return settings;
  }

  @BeforeAll
  static void start() {
    hooks =
        program
            .database()
            .vertx()
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              HOOKS.add(body.toString());
                              request.response().end();
                            }))
            .listen(HOOK_PORT, "127.0.0.1")
            .await();
    nora = program.as("coordinator");
    fahd = program.as("manager");
  }

  @AfterAll
  static void stop() {
    twilio.close();
  }

  @Test
  void whoeverClaimsAReplyIsNamedAndNobodyElseMayDecideIt() {
    var reply = arrive("who is this?");
    var claimed = claim(nora, reply).created();
    var until = Instant.parse(claimed.getString("until"));
    assertThat(until).isBeforeOrEqualTo(Instant.now().plus(Inbox.OPEN_FOR));

    assertThat(listed(fahd, reply).getJsonObject("claim").getString("name"))
        .isEqualTo("coordinator");
    assertThat(claim(fahd, reply).problem(409)).isEqualTo("taken");
    assertThat(decide(fahd, reply, "stop").problem(409)).isEqualTo("taken");
    assertThat(write(fahd, reply, "canned", "thanks").problem(409)).isEqualTo("taken");

    var key = UUID.randomUUID().toString();
    var meaning = new JsonObject().put("meaning", "person");
    var first = nora.post("/api/inbox/" + reply + "/decision", meaning, key).created();
    assertThat(nora.post("/api/inbox/" + reply + "/decision", meaning, key).created())
        .isEqualTo(first);
    assertThat(decide(fahd, reply, "yes").problem(409)).isEqualTo("already-decided");
    assertThat(claim(fahd, reply).problem(409)).isEqualTo("already-decided");
    assertThat(claim(fahd, 987_654).problem(404)).isEqualTo("not-found");
  }

  @Test
  void dangerIsListedFirst() {
    arrive("who is this?");
    var danger = arrive("help we are trapped");
    arrive("who are you?");
    var first = nora.get("/api/inbox").ok().getJsonArray("replies").getJsonObject(0);
    assertThat(first.getLong("id")).isEqualTo(danger);
    assertThat(first.getInteger("worth")).isEqualTo(Inbox.WORTH_DANGER);
    decide(nora, danger, "person").created();
  }

  @Test
  void anAnswerGoesOutInTheLanguageOfWhoeverWrote() {
    var reply = arrive("من معي؟");
    var text = write(nora, reply, "canned", "phone").created().getLong("text");
    assertThat(body(text)).isEqualTo("فزعة: سنتصل بك خلال دقائق.");

    var other = arrive("who is this?");
    var words = write(nora, other, "text", "  The flood desk in Jeddah. ").created();
    assertThat(body(words.getLong("text"))).isEqualTo("The flood desk in Jeddah.");
    assertThat(decide(nora, other, "person").problem(409)).isEqualTo("already-decided");
  }

  @Test
  void whoSaidStopIsNotWrittenTo() {
    var reply = arrive("who is this?");
    var phone = new Phone(listed(nora, reply).getString("from"));
    Database.inTransaction(
        program.database().pool(),
        tx -> {
          Consent.stop(tx, phone, Consent.How.PERSON, Instant.now());
          return null;
        });
    assertThat(write(nora, reply, "text", "hello").problem(409)).isEqualTo("said-stop");
    assertThat(listed(nora, reply)).isNotNull();
  }

  @Test
  void whatMakesNoSenseIsRefusedAndChangesNothing() {
    var reply = arrive("who is this?");
    var both = new JsonObject().put("text", "hello").put("canned", "thanks");
    var path = "/api/inbox/" + reply;
    for (var body : new JsonObject[] {both, new JsonObject(), new JsonObject().put("text", "  ")}) {
      assertThat(nora.post(path + "/answer", body).problem(400)).isEqualTo("invalid");
    }
    for (var hour : new String[] {"25:00", "5", "later"}) {
      var later = new JsonObject().put("meaning", "later").put("hour", hour);
      assertThat(nora.post(path + "/decision", later).problem(400)).isEqualTo("invalid");
    }
    var yes = new JsonObject().put("meaning", "yes").put("hour", "17:30");
    assertThat(nora.post(path + "/decision", yes).problem(400)).isEqualTo("invalid");
    assertThat(decide(nora, reply, "perhaps").problem(400)).isEqualTo("invalid");
    assertThat(listed(nora, reply)).isNotNull();
  }

  @Test
  void aPhotoIsFetchedAndServedToStaffAlone() {
    var photo = "not really a picture".getBytes(UTF_8);
    var reply = arrive("", Enclosed.file("image/png", photo));
    await().atMost(SOON).until(() -> state(reply).equals("kept"));

    var listed = listed(nora, reply);
    assertThat(listed.getString("why")).isEqualTo("attached");
    var url = listed.getJsonArray("attachments").getJsonObject(0).getString("url");
    var served = nora.get(url);
    assertThat(served.status()).isEqualTo(200);
    assertThat(served.text().getBytes(UTF_8)).isEqualTo(photo);
    assertThat(served.header("Content-Type")).isEqualTo("image/png");
    assertThat(served.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(served.header("Content-Disposition")).isEqualTo("inline");
    assertThat(served.header("Content-Security-Policy")).isEqualTo("default-src 'none'; sandbox");
    assertThat(program.anybody().get(url).status()).isEqualTo(401);
    assertThat(program.as("finance").get(url).status()).isEqualTo(403);
    assertThat(nora.get("/inbox/attachments/987654").status()).isEqualTo(404);
    assertThat(nora.get("/inbox/attachments/x").status()).isEqualTo(404);
  }

  @Test
  void aDocumentIsHandedOverAndNeverShown() {
    var reply = arrive("", Enclosed.file("application/pdf", "%PDF".getBytes(UTF_8)));
    await().atMost(SOON).until(() -> state(reply).equals("kept"));
    var url = attachment(reply).getString("url");
    assertThat(nora.get(url).header("Content-Disposition")).isEqualTo("attachment");
  }

  @Test
  void aPinIsListedWithItsPlace() {
    var reply = arrive("", Enclosed.pin(21.5429, 39.1728, "المدرسة"));
    var pin = attachment(reply);
    assertThat(pin.getJsonArray("place")).isEqualTo(new JsonArray().add(39.1728).add(21.5429));
    assertThat(pin.getString("label")).isEqualTo("المدرسة");
  }

  @Test
  void whatWasDecidedCanBeDownloadedForTheTables() {
    var reply = arrive("=cmd who is it, 0501234567?");
    decide(nora, reply, "who").created();
    var csv = nora.get("/inbox/suggestions.csv");
    assertThat(csv.header("Content-Type")).startsWith("text/csv");
    assertThat(csv.text())
        .startsWith("text,state,meaning\r\n")
        .contains("\"cmd who is it #\",offered,who\r\n");
    assertThat(program.as("finance").get("/inbox/suggestions.csv").status()).isEqualTo(403);
    assertThat(program.anybody().get("/inbox/suggestions").status()).isEqualTo(401);
  }

  private static long arrive(String body) {
    return arrive(body, Enclosed.NOTHING);
  }

  /** Somebody whom nobody knows writes; answers once their reply waits for a person. */
  private static long arrive(String body, Enclosed enclosed) {
    twilio.reply("+96650%07d".formatted(++people), body, enclosed);
    await().atMost(SOON).until(() -> !HOOKS.isEmpty());
    var form = form(HOOKS.remove());
    var signature =
        TwilioSign.form(twilio.settings().get("TWILIO_AUTH_TOKEN"), PUBLIC + PATH, form);
    var caller = program.anybody().with("X-Twilio-Signature", signature);
    assertThat(caller.postForm(PATH, form).status()).isEqualTo(200);
    await().atMost(SOON).until(() -> waiting(form.get("MessageSid")) != 0);
    return waiting(form.get("MessageSid"));
  }

  private static TreeMap<String, String> form(String body) {
    var form = new TreeMap<String, String>();
    for (var pair : body.split("&")) {
      var parts = pair.split("=", 2);
      form.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
    }
    return form;
  }

  private static long waiting(String sid) {
    var sql = "SELECT id FROM notify.reply WHERE provider_id = $1 AND state = 'person'";
    for (var row : program.database().pool().preparedQuery(sql).execute(Tuple.of(sid)).await()) {
      return row.getLong("id");
    }
    return 0;
  }

  private static Caller.Answer claim(Caller caller, long reply) {
    return caller.post("/api/inbox/" + reply + "/claim", new JsonObject());
  }

  private static Caller.Answer decide(Caller caller, long reply, String meaning) {
    var body = new JsonObject().put("meaning", meaning);
    return caller.post("/api/inbox/" + reply + "/decision", body);
  }

  private static Caller.Answer write(Caller caller, long reply, String what, String words) {
    return caller.post("/api/inbox/" + reply + "/answer", new JsonObject().put(what, words));
  }

  private static JsonObject listed(Caller caller, long reply) {
    var replies = caller.get("/api/inbox").ok().getJsonArray("replies");
    for (var one : replies) {
      if (((JsonObject) one).getLong("id") == reply) return (JsonObject) one;
    }
    throw new AssertionError(reply + " is not in " + replies);
  }

  private static JsonObject attachment(long reply) {
    return listed(nora, reply).getJsonArray("attachments").getJsonObject(0);
  }

  private static String state(long reply) {
    return attachment(reply).getString("state");
  }

  private static String body(long text) {
    var sql = "SELECT body FROM notify.text WHERE id = $1";
    var rows = program.database().pool().preparedQuery(sql).execute(Tuple.of(text)).await();
    return rows.iterator().next().getString("body");
  }
}
