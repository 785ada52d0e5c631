package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.NOW;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fazaa.config.Secret;
import org.fazaa.fund.giving.provider.CardProvider;
import org.fazaa.fund.giving.provider.MoyasarProvider;
import org.fazaa.fund.giving.provider.StripeProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ProviderEventsTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String SECRET = "whsec_of_ours";
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");
  private static final String BODY =
      """
      {"id": "evt_1", "type": "checkout.session.completed",
       "data": {"object": {"id": "cs_1", "object": "checkout.session"}}}\
      """;

  private final CardProvider stripe =
      new StripeProvider(VERTX, NOWHERE, new Secret("key"), new Secret(SECRET));
  private final CardProvider moyasar =
      new MoyasarProvider(VERTX, NOWHERE, new Secret("key"), new Secret(SECRET), NOWHERE);

  @AfterAll
  static void stop() {
    VERTX.close().await();
  }

  private static String sign(String secret, long at, String body) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    var signed = mac.doFinal((at + "." + body).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(signed);
  }

  private boolean isAuthentic(String signature) {
    return stripe.isAuthentic(BODY, Optional.of(signature), NOW);
  }

  @Test
  void aSignatureIsOfTheBodyTheTimeAndTheSecret() throws Exception {
    long now = NOW.getEpochSecond();
    var good = sign(SECRET, now, BODY);
    assertThat(isAuthentic("t=" + now + ",v1=" + good)).isTrue();
    assertThat(isAuthentic("t=" + now + ",v1=" + "0".repeat(64) + ",v1=" + good)).isTrue();
    assertThat(isAuthentic("t=" + (now + 1) + ",v1=" + good)).isFalse();
    assertThat(isAuthentic("t=" + now + ",v0=" + good)).isFalse();
    assertThat(isAuthentic("t=" + now + ",v1=" + sign("other", now, BODY))).isFalse();
    assertThat(isAuthentic("t=" + now + ",v1=" + sign(SECRET, now, BODY + " "))).isFalse();
    assertThat(isAuthentic("v1=" + good)).isFalse();
    assertThat(isAuthentic("t=x,v1=" + good)).isFalse();
    assertThat(isAuthentic("")).isFalse();
    assertThat(stripe.isAuthentic(BODY, Optional.empty(), NOW)).isFalse();
  }

  @Test
  void aSignatureIsGoodForFiveMinutes() throws Exception {
    long now = NOW.getEpochSecond();
    for (long age : new long[] {300, -300}) {
      assertThat(isAuthentic("t=" + (now - age) + ",v1=" + sign(SECRET, now - age, BODY))).isTrue();
    }
    for (long age : new long[] {301, -301}) {
      assertThat(isAuthentic("t=" + (now - age) + ",v1=" + sign(SECRET, now - age, BODY)))
          .isFalse();
    }
  }

  @Test
  void aSharedSecretIsComparedAndNotKept() {
    var body =
        """
        {"id": "e-1", "type": "payment_faild", "secret_token": "%s",
         "data": {"id": "pay-1", "invoice_id": "inv-1"}}\
        """;
    var good = body.formatted(SECRET);
    assertThat(moyasar.isAuthentic(good, Optional.empty(), NOW)).isTrue();
    assertThat(moyasar.isAuthentic(body.formatted("guess"), Optional.empty(), NOW)).isFalse();
    assertThat(moyasar.isAuthentic(body.formatted(""), Optional.empty(), NOW)).isFalse();
    assertThat(moyasar.isAuthentic("{}", Optional.empty(), NOW)).isFalse();
    assertThat(moyasar.isAuthentic("not json", Optional.empty(), NOW)).isFalse();
    var event = moyasar.read(good).orElseThrow();
    assertThat(event.id()).isEqualTo("e-1");
    assertThat(event.subject()).contains("inv-1");
    assertThat(event.body()).doesNotContain(SECRET);
  }

  @Test
  void anEventSaysWhatToAskAbout() {
    assertThat(stripe.read(BODY).orElseThrow().subject()).contains("cs_1");
    var dispute =
        """
        {"id": "evt_2", "data": {"object": {"object": "dispute", "payment_intent": "pi_1"}}}\
        """;
    assertThat(stripe.read(dispute).orElseThrow().subject()).contains("pi_1");
    assertThat(stripe.read("{\"id\": \"evt_3\"}").orElseThrow().subject()).isEmpty();
    assertThat(stripe.read("{}")).isEmpty();
    assertThat(stripe.read("[]")).isEmpty();
  }
}
