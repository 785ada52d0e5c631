package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Twilio's webhooks: only what is signed is kept, and only once. */
class TwilioHooksTest {

  private static final String TOKEN = "the auth token";
  private static final String PUBLIC = "https://fazaa.example";

  @RegisterExtension
  static final Program program =
      Program.with(
          Map.of(
              "TWILIO_ACCOUNT_SID", "AC0",
              "TWILIO_API_KEY", "SK0",
              "TWILIO_API_SECRET", "a secret",
              "TWILIO_AUTH_TOKEN", TOKEN,
              "TWILIO_FROM", "FAZAA",
              "TWILIO_BASE_URL", "http://127.0.0.1:9",
              "FAZAA_PUBLIC_URL", PUBLIC));

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
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(TOKEN.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      var content = new StringBuilder(address + path);
      new TreeMap<>(fields).forEach((name, value) -> content.append(name).append(value));
      var hash = mac.doFinal(content.toString().getBytes(StandardCharsets.UTF_8));
      var header = Base64.getEncoder().encodeToString(hash);
      return program.anybody().with("X-Twilio-Signature", header);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
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
