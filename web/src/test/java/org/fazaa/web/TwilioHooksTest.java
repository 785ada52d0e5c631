package org.fazaa.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fazaa.config.Settings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Twilio's webhooks: only what is signed is kept, and only once. */
class TwilioHooksTest {

  private static final String TOKEN = "the auth token";
  private static final String OLD_TOKEN = "the token before it";
  private static final String PUBLIC = "https://fazaa.example";

  @RegisterExtension
  static final Program program =
      Program.with(
          Map.of(
              "TWILIO_ACCOUNT_SID", "AC0",
              "TWILIO_API_KEY", "SK0",
              "TWILIO_API_SECRET", "a secret",
              "TWILIO_AUTH_TOKEN", TOKEN,
              "TWILIO_AUTH_TOKEN_SECONDARY", OLD_TOKEN,
              "TWILIO_FROM", "FAZAA",
              "TWILIO_BASE_URL", "http://127.0.0.1:9",
              "FAZAA_PUBLIC_URL", PUBLIC));

  @Test
  @Tag("S5")
  void bothTokensCountWhileTheyAreRotated() {
    var path = "/twilio/replies";
    for (var token : List.of(TOKEN, OLD_TOKEN)) {
      var reply = reply("SMrot" + token.length(), "1");
      var signed = TwilioSign.form(token, PUBLIC + path, reply);
      var caller = program.anybody().with("X-Twilio-Signature", signed);
      assertThat(caller.postForm(path, reply).status()).isEqualTo(200);
    }
    var reply = reply("SMretired", "1");
    var retired = TwilioSign.form("an older token", PUBLIC + path, reply);
    assertThat(program.anybody().with("X-Twilio-Signature", retired).postForm(path, reply).status())
        .isEqualTo(403);
  }

  @Test
  @Tag("S5")
  void aProcessWithACarrierAndNoTokenDoesNotStart() {
    var settings =
        Map.of(
            "TWILIO_ACCOUNT_SID", "AC0",
            "TWILIO_API_KEY", "SK0",
            "TWILIO_API_SECRET", "a secret",
            "TWILIO_FROM", "FAZAA",
            "FAZAA_PUBLIC_URL", PUBLIC);
    assertThatThrownBy(() -> Settings.load(settings, Path.of("none.properties")))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageContaining("TWILIO_AUTH_TOKEN is missing");
  }

  @Test
  @Tag("S1")
  void whatWasChangedOnTheWayIsRefusedLeavesNoRowAndIsCounted() {
    var path = "/twilio/replies";
    var before = refused();
    var changes = new ArrayList<TreeMap<String, String>>();
    for (var change : List.of("changed", "added", "dropped")) {
      var reply = reply("SMs1" + change, "1");
      var forged = new TreeMap<>(reply);
      switch (change) {
        case "changed" -> forged.put("From", "+966500000002");
        case "added" -> forged.put("Extra", "x");
        default -> forged.remove("To");
      }
      changes.add(reply);
      var caller = signed(path, reply, PUBLIC);
      assertThat(caller.postForm(path, forged).problem(403)).isEqualTo("not-allowed");
    }
    assertThat(program.anybody().postForm(path, changes.getFirst()).status()).isEqualTo(403);
    assertThat(refused()).isEqualTo(before + 4);
    assertThat(changes).allMatch(reply -> replies(reply.get("MessageSid")) == 0);
  }

  @Test
  @Tag("S2")
  void whatARequestSaysAboutItsHostProvesNothing() {
    var path = "/twilio/replies";
    var odd = reply("SMs2", "1");
    var caller =
        signed(path, odd, PUBLIC)
            .with("X-Forwarded-Host", "evil.example")
            .with("X-Forwarded-Proto", "http")
            .with("Forwarded", "host=evil.example;proto=http");
    assertThat(caller.postForm(path, odd).status()).isEqualTo(200);
    assertThat(replies("SMs2")).isEqualTo(1);

    var forged = reply("SMs2f", "1");
    var elsewhere =
        signed(path, forged, "https://evil.example").with("X-Forwarded-Host", "evil.example");
    assertThat(elsewhere.postForm(path, forged).status()).isEqualTo(403);
    assertThat(replies("SMs2f")).isZero();
  }

  @Test
  @Tag("S4")
  void anOldWebhookThatIsPlayedAgainChangesNothing() {
    var reply = reply("SMs4", "1");
    var caller = signed("/twilio/replies", reply, PUBLIC);
    for (var i = 0; i < 2; i++) {
      assertThat(caller.postForm("/twilio/replies", reply).status()).isEqualTo(200);
    }
    assertThat(replies("SMs4")).isEqualTo(1);

    var text = text();
    for (var word : List.of("sent", "delivered", "sent", "queued", "delivered")) {
      var status = new TreeMap<>(Map.of("MessageSid", "SMs4out", "MessageStatus", word));
      var path = "/twilio/statuses?m=" + text;
      assertThat(signed(path, status, PUBLIC).postForm(path, status).status()).isEqualTo(204);
    }
    assertThat(one("SELECT state::text FROM notify.text WHERE id = " + text))
        .isEqualTo("delivered");
  }

  @Test
  @Tag("S7")
  void aJsonWebhookIsHeldAgainstTheHashOfItsBody() throws Exception {
    var body = "{\"MessageSid\":\"SMs7\",\"From\":\"+966500000001\",\"Body\":\"1\"}";
    var digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(UTF_8));
    var path = "/twilio/replies?bodySHA256=" + HexFormat.of().formatHex(digest);
    var signed = TwilioSign.text(TOKEN, PUBLIC + path);
    var caller = program.anybody().with("X-Twilio-Signature", signed);
    assertThat(caller.postJson(path, body.replace("\"1\"", "\"2\"")).status()).isEqualTo(403);
    assertThat(caller.postJson("/twilio/replies", body).status()).isEqualTo(403);
    assertThat(replies("SMs7")).isZero();
    assertThat(caller.postJson(path, body).status()).isEqualTo(200);
    assertThat(replies("SMs7")).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("poison")
  @Tag("F23")
  void whatNobodyCouldMakeSenseOfIsRefusedOrKeptAndTheNextReplyIsKept(
      String what, String field, String value, int status) {
    var reply = reply("SMpoison" + Math.abs(what.hashCode()), "1");
    reply.put(field, value);
    var path = "/twilio/replies";
    assertThat(signed(path, reply, PUBLIC).postForm(path, reply).status()).isEqualTo(status);
    var next = reply("SMnext" + Math.abs(what.hashCode()), "1");
    assertThat(signed(path, next, PUBLIC).postForm(path, next).status()).isEqualTo(200);
    assertThat(replies(next.get("MessageSid"))).isEqualTo(1);
  }

  static Stream<Arguments> poison() {
    return Stream.of(
        Arguments.of("a body of a megabyte", "Body", "x".repeat(1 << 20), 413),
        Arguments.of("a text of ten thousand segments", "Body", "ن".repeat(670_000), 413),
        Arguments.of("emoji", "Body", "👍🏽".repeat(400), 200),
        Arguments.of("marks that turn the line around", "Body", "\u202E\u200F\u2066 1", 200),
        Arguments.of("NUL in the body", "Body", "1\u0000", 200),
        Arguments.of("NUL in a field of theirs", "FromCity", "Jed\u0000dah", 200),
        Arguments.of("NUL in the id", "MessageSid", "SM\u0000", 400),
        Arguments.of("a blank id", "MessageSid", "", 400),
        Arguments.of("SQL for an id", "MessageSid", "'; DROP TABLE", 400),
        Arguments.of("a sender that is a name", "From", "STC", 400),
        Arguments.of("a sender on another channel", "From", "messenger:+966500000001", 400),
        Arguments.of("a number that is too long", "From", "+9665000000011111", 400),
        Arguments.of("half a surrogate pair", "Body", "a\uFFFD", 200));
  }

  @Test
  @Tag("F23")
  void bytesThatAreNoUtf8AreRefusedOrKept() {
    var path = "/twilio/replies";
    var body = "MessageSid=SMutf8&From=%2B966500000001&To=FAZAA&Body=%FF%FE%C3";
    var content = PUBLIC + path + "Body\uFFFD\uFFFD\uFFFDFrom+966500000001MessageSidSMutf8ToFAZAA";
    var answer =
        program
            .anybody()
            .with("X-Twilio-Signature", TwilioSign.text(TOKEN, content))
            .with("Content-Type", "application/x-www-form-urlencoded")
            .send("POST", path, BodyPublishers.ofString(body));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(replies("SMutf8")).isEqualTo(1);
  }

  @Test
  void aSignedReplyIsKeptAndAnsweredWithNothingToSay() {
    var reply = reply("SM1", "بعد المغرب");
    var answer = signed("/twilio/replies", reply, PUBLIC).postForm("/twilio/replies", reply);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).endsWith("<Response/>");
    assertThat(replies("SM1")).isEqualTo(1);
  }

  @Test
  void aMissingOrForgedSignatureIsRefusedAndLeavesNoRow() {
    var reply = reply("SM2", "1");
    var path = "/twilio/replies";
    assertThat(program.anybody().postForm(path, reply).problem(403)).isEqualTo("not-allowed");
    var forged = program.anybody().with("X-Twilio-Signature", "AAAA");
    assertThat(forged.postForm(path, reply).status()).isEqualTo(403);
    var elsewhere = signed(path, reply, "https://evil.example");
    assertThat(elsewhere.with("X-Forwarded-Host", "evil.example").postForm(path, reply).status())
        .isEqualTo(403);
    var changed = new TreeMap<>(reply);
    changed.put("Body", "2");
    assertThat(signed(path, reply, PUBLIC).postForm(path, changed).status()).isEqualTo(403);
    assertThat(replies("SM2")).isZero();
  }

  @Test
  void theSameMessageThreeTimesAtOnceIsOneReply() throws Exception {
    var reply = reply("SM3", "1");
    var caller = signed("/twilio/replies", reply, PUBLIC);
    Callable<Integer> post = () -> caller.postForm("/twilio/replies", reply).status();
    try (var carriers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var status : carriers.invokeAll(IntStream.range(0, 3).mapToObj(i -> post).toList())) {
        assertThat(status.get()).isEqualTo(200);
      }
    }
    assertThat(replies("SM3")).isEqualTo(1);
  }

  @Test
  void aStatusMayComeBeforeItsTextIsKnownAndAgain() {
    var status = new TreeMap<>(Map.of("MessageSid", "SM4", "MessageStatus", "delivered"));
    var path = "/twilio/statuses?m=1";
    for (var i = 0; i < 2; i++) {
      assertThat(signed(path, status, PUBLIC).postForm(path, status).status()).isEqualTo(204);
    }
  }

  @Test
  void aWebhookAboveSixteenKilobytesIsRefused() {
    var reply = reply("SM5", "x".repeat(WebServer.WEBHOOK_MAX));
    var answer = signed("/twilio/replies", reply, PUBLIC).postForm("/twilio/replies", reply);
    assertThat(answer.problem(413)).isEqualTo("too-large");
    assertThat(replies("SM5")).isZero();
  }

  @Test
  void aSignedFormThatSaysNothingIsMalformed() {
    var nothing = new TreeMap<>(Map.of("Hello", "there"));
    var answer = signed("/twilio/replies", nothing, PUBLIC).postForm("/twilio/replies", nothing);
    assertThat(answer.problem(400)).isEqualTo("malformed");
  }

  private static TreeMap<String, String> reply(String sid, String body) {
    var fields = new TreeMap<String, String>();
    fields.put("MessageSid", sid);
    fields.put("From", "+966500000001");
    fields.put("To", "FAZAA");
    fields.put("Body", body);
    return fields;
  }

  private static Caller signed(String path, Map<String, String> fields, String address) {
    var signature = TwilioSign.form(TOKEN, address + path, fields);
    return program.anybody().with("X-Twilio-Signature", signature);
  }

  private static double refused() {
    var name = "fazaa_webhook_signature_refused_total ";
    return program
        .anybody()
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  /** A text that has been posted. */
  private static long text() {
    return Long.parseLong(
        one(
            """
            INSERT INTO notify.text (to_phone, language, message_class, purpose, about, body,
              segments, answerable, priority, valid_until, created_at, state, state_at, due_at,
              posts)
            VALUES ('+966500000001', 'en', 'service', 'fund', '1', 'x', 1, false, 1,
              now() + interval '1 hour', now(), 'submitting', now(), now(), 1)
            RETURNING id::text\
            """));
  }

  private static String one(String sql) {
    return program
        .database()
        .superuserPool()
        .query(sql)
        .execute()
        .await()
        .iterator()
        .next()
        .getString(0);
  }

  private static long replies(String sid) {
    return program
        .database()
        .pool()
        .preparedQuery("SELECT count(*) FROM notify.reply WHERE provider_id = $1")
        .execute(io.vertx.sqlclient.Tuple.of(sid))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }
}
