package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fazaa.config.TestNodes;
import org.fazaa.fund.giving.provider.standin.PaymentOptions;
import org.fazaa.fund.giving.provider.standin.PaymentsStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gifts by card, through a provider whose events come doubled, late and in any order. */
class CardGiftsTest {
  private static final String ADDRESS = "http://localhost:" + TestNodes.freePort();
  private static final PaymentOptions OPTIONS =
      PaymentOptions.of("stripe", URI.create(ADDRESS + "/payments/events"))
          .unreliable(Duration.ofSeconds(1));
  private static final PaymentsStandIn STAND_IN = PaymentsStandIn.start(OPTIONS);

  @RegisterExtension static final Program program = program();
  @RegisterExtension static final Chromium chromium = new Chromium();

  private final HttpClient http = HttpClient.newHttpClient();

  private static Program program() {
    var settings = new HashMap<>(STAND_IN.settings());
    settings.put("FAZAA_PUBLIC_URL", ADDRESS);
    return Program.at(URI.create(ADDRESS).getPort(), settings);
  }

  @AfterAll
  static void stop() {
    STAND_IN.close();
  }

  @ParameterizedTest
  @CsvSource({"ar, true", "en, false"})
  void aDonorIsDeclinedTriesAgainPaysAndComesBackToTheReceipt(String language, boolean script) {
    var fund = fund();
    var donor = chromium.visitor(program, language, script).open("/give/" + fund);
    donor.choose("channel", "card").press("form[action^='/give/'] button.full");
    var gift = donor.page().url();
    donor.press("a[href^='/pay/']").press("button[value=declined]");
    assertThat(donor.page().url()).isEqualTo(gift);
    donor.press("a[href^='/pay/']").press("button[value=paid]");
    assertThat(donor.page().url()).isEqualTo(gift);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              donor.page().reload();
              return donor.page().locator(".receipt .code").count() > 0;
            });
    assertThat(donor.page().locator(".receipt .code").first().textContent()).startsWith("M-");
    assertThat(received(fund)).isEqualTo(150_00);
  }

  @Test
  void whatIsForgedOldOrUnsignedIsRefusedAndWhatIsSignedIsTakenOnce() throws Exception {
    var body = "{\"id\": \"evt_by_hand\", \"data\": {\"object\": {\"payment_intent\": null}}}";
    long now = Instant.now().getEpochSecond();
    var secret = OPTIONS.webhookSecret().value();
    assertThat(tell(body, null)).isEqualTo(403);
    assertThat(tell(body, "t=" + now + ",v1=" + sign("guess", now, body))).isEqualTo(403);
    long old = now - 400;
    assertThat(tell(body, "t=" + old + ",v1=" + sign(secret, old, body))).isEqualTo(403);
    var good = "t=" + now + ",v1=" + sign(secret, now, body);
    assertThat(tell(body + " ", good)).isEqualTo(403);
    assertThat(tell(body, good)).isEqualTo(204);
    assertThat(tell(body, good)).isEqualTo(204);
    var kept =
        program
            .database()
            .superuserPool()
            .query("SELECT count(*) FROM fund.psp_event WHERE event = 'evt_by_hand'")
            .execute()
            .await();
    assertThat(kept.iterator().next().getLong(0)).isEqualTo(1);
  }

  @Test
  void anEventThatLiesBooksNothing() throws Exception {
    var fund = fund();
    var gift = give(fund);
    var url = payUrl(gift);
    var session = "cs_test_" + url.substring(url.lastIndexOf('/') + 1);
    var object =
        new JsonObject()
            .put("id", session)
            .put("object", "checkout.session")
            .put("payment_status", "paid")
            .put("amount_total", 15_000);
    var body =
        new JsonObject()
            .put("id", "evt_that_lies")
            .put("data", new JsonObject().put("object", object))
            .encode();
    long now = Instant.now().getEpochSecond();
    var signature = "t=" + now + ",v1=" + sign(OPTIONS.webhookSecret().value(), now, body);
    assertThat(tell(body, signature)).isEqualTo(204);
    await().until(() -> asked(session));
    assertThat(state(gift)).isEqualTo("awaiting_payment");
    assertThat(received(fund)).isZero();
  }

  private boolean asked(String session) {
    var sql = "SELECT tries > 0 FROM fund.card_due WHERE subject = '" + session + "'";
    var rows = program.database().superuserPool().query(sql).execute().await();
    return rows.iterator().next().getBoolean(0);
  }

  @Test
  void aRefundIsAskedByOneConfirmedByAnotherAndSubtractedAtOnce() throws Exception {
    var fund = fund();
    var gift = give(fund);
    pay(gift);
    await().atMost(Duration.ofSeconds(30)).until(() -> state(gift).equals("paid"));

    var code = gift.getString("code");
    var ask = new JsonObject().put("amount", sar(5_000)).put("why", "Asked for");
    var finance = program.as("finance");
    var refund = finance.post("/api/donations/" + code + "/refunds", ask).created();
    var path = "/api/refunds/" + refund.getLong("id") + "/confirmation";
    assertThat(finance.post(path, new JsonObject()).problem(403)).isEqualTo("not-allowed");
    assertThat(received(fund)).isEqualTo(15_000);
    var confirmed = program.as("approver").post(path, new JsonObject()).created();
    assertThat(confirmed.getString("out_of")).isIn("received", "available");
    assertThat(received(fund)).isEqualTo(10_000);
    assertThat(state(gift)).isEqualTo("partly_refunded");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> finance.get("/api/refunds").ok().encode().contains("\"sent\""));
    var tooMuch = new JsonObject().put("amount", sar(10_001)).put("why", "More than is left");
    assertThat(finance.post("/api/donations/" + code + "/refunds", tooMuch).problem(409))
        .isEqualTo("more-than-given");
  }

  @Test
  void financeAsksOnItsPageAndAnApproverConfirmsThere() throws Exception {
    var gift = give(fund());
    pay(gift);
    await().atMost(Duration.ofSeconds(30)).until(() -> state(gift).equals("paid"));
    var finance = chromium.signedIn(program, "finance", "ar", true).open("/finance/refunds");
    finance.fill("gift", gift.getString("code")).fill("why", "دُفع مرتين");
    finance.page().fill("form[action='/finance/refunds'] [name=amount]", "150");
    finance.press("form[action='/finance/refunds'] button");
    finance.see("td:has-text('دُفع مرتين')");
    var approver = chromium.signedIn(program, "approver", "en", false).open("/finance/refunds");
    approver.press("tr:has-text('" + gift.getString("code") + "') button");
    assertThat(state(gift)).isEqualTo("refunded");
  }

  private static long fund() {
    var draft =
        new JsonObject()
            .put("name", words("صندوق", "Fund"))
            .put("currency", "SAR")
            .put("purpose", words("إيواء", "Shelter"));
    return program.as("finance").post("/api/funds", draft).created().getLong("id");
  }

  private static JsonObject give(long fund) {
    var gift = new JsonObject().put("amount", sar(15_000)).put("channel", "card");
    var asked = program.anybody().post("/api/funds/" + fund + "/donations", gift).created();
    assertThat(asked.getString("state")).isEqualTo("awaiting_payment");
    assertThat(asked.getJsonObject("receipt")).isNull();
    return asked;
  }

  private static String payUrl(JsonObject gift) {
    var go = program.anybody().get(gift.getString("pay_url"));
    assertThat(go.status()).isEqualTo(303);
    return go.header("Location");
  }

  private void pay(JsonObject gift) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(payUrl(gift)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("choice=paid"))
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(303);
  }

  private int tell(String body, String signature) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(program.address() + "/payments/events"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (signature != null) request.header("Stripe-Signature", signature);
    return http.send(request.build(), BodyHandlers.ofString()).statusCode();
  }

  private static String sign(String secret, long at, String body) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    var signed = mac.doFinal((at + "." + body).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(signed);
  }

  private static String state(JsonObject gift) {
    var path = "/api/donations/" + gift.getString("code");
    return program.anybody().get(path).ok().getString("state");
  }

  private static long received(long fund) {
    var figures = program.anybody().get("/api/funds/" + fund).ok().getJsonObject("figures");
    return figures.getJsonObject("received").getLong("minor");
  }

  private static JsonObject words(String ar, String en) {
    return new JsonObject().put("ar", ar).put("en", en);
  }

  private static JsonObject sar(long minor) {
    return new JsonObject().put("minor", minor).put("currency", "SAR");
  }
}
