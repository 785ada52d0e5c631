package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.fazaa.config.TestNodes;
import org.fazaa.fund.giving.provider.standin.PaymentOptions;
import org.fazaa.fund.giving.provider.standin.PaymentsStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A giver promises for each month, is texted, pays with one press, and stops. */
class PledgesTest {
  private static final String ADDRESS = "http://localhost:" + TestNodes.freePort();
  private static final PaymentsStandIn STAND_IN =
      PaymentsStandIn.start(PaymentOptions.of("stripe", URI.create(ADDRESS + "/payments/events")));
  private static final Pattern LINK = Pattern.compile("/a/[A-Za-z0-9_-]+");

  @RegisterExtension static final Program program = program();
  @RegisterExtension static final Chromium chromium = new Chromium();

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
  @CsvSource({"ar, +966504420001, true", "en, +966504420002, false"})
  void thePageTakesAPledgeOnePressPaysItAndTheStatementStopsIt(
      String language, String phone, boolean script) {
    long fund = fund();
    var giver = chromium.visitor(program, language, script).open("/give/" + fund);
    giver.choose("often", "month").press("form[action^='/give/'] button.full");
    giver.see(".flaws, [role=alert]");
    giver.fill("phone", phone).press("form[action^='/give/'] button.full");
    giver.keep("pledge-" + language);
    var page = giver.page().url();
    assertThat(page).contains("/pledges/");
    giver.open("/open/" + fund).see("#regular").textContent();
    giver.reads("#regular", "150.00 SAR").keep("pledged-fund-" + language);
    assertThat(figure(fund, "received")).isZero();

    giver.open(URI.create(page).getPath()).press("a[href$='/card']").press("button[value=paid]");
    assertThat(giver.page().url()).contains("/receipts/");
    await().atMost(Duration.ofSeconds(30)).until(() -> figure(fund, "received") == 15_000);

    giver.open("/my-gifts").fill("phone", phone);
    giver.press("form[action='/my-gifts/code'] button");
    var owner = new Owner(program, phone, "127.0.0.1");
    giver.fill("code", owner.code(0)).press("form[action='/my-gifts/proof'] button");
    giver.reads("#pledges", "150.00").keep("pledges-statement-" + language);
    giver.press("#pledges form button").open(URI.create(page).getPath()).see("#ended");
    giver.open("/open/" + fund);
    assertThat(giver.page().locator("#regular").count()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"ar, +966504420011", "en, +966504420012"})
  void theLinkOfATextOpensThePageThatPaysByTransferOrStops(String language, String phone) {
    long fund = fund();
    var tomorrow = LocalDate.now(ZoneId.of("Asia/Riyadh")).plusDays(1);
    var pledge = pledge(fund, draft(phone, language).put("first_day", tomorrow.toString()));
    assertThat(pledge.getString("next_day")).isEqualTo(tomorrow.toString());
    due(pledge);
    await().atMost(Duration.ofSeconds(30)).until(() -> texted(phone).contains("/a/"));
    var matcher = LINK.matcher(texted(phone));
    assertThat(matcher.find()).isTrue();

    var giver = chromium.visitor(program, language, false).open(matcher.group());
    giver.press("button[value=bank_transfer]");
    var gift = giver.page().url();
    assertThat(gift).contains("/receipts/");
    assertThat(figure(fund, "received")).isZero();
    assertThat(figure(fund, "pledged")).isEqualTo(15_000);
    giver.open(matcher.group());
    assertThat(giver.page().locator("button[value=bank_transfer]").count()).isZero();
    giver.press("form[action$='/stop'] button").see("#ended");
    var found = program.anybody().get("/api/pledges/" + pledge.getString("code")).ok();
    assertThat(found.getString("ended")).isEqualTo("stopped");
    var opened = found.getJsonArray("opened").getJsonObject(0);
    assertThat(opened.getString("state")).isEqualTo("awaiting_transfer");
    assertThat(gift).endsWith(opened.getString("donation"));
  }

  @Test
  void theApiTakesShowsAndStopsAndSaysWhatIsWrong() {
    long fund = fund();
    var draft = draft("+966504420021", "ar").put("instalments", 12);
    var pledge = pledge(fund, draft);
    assertThat(pledge.getString("pay_url")).startsWith("/pledges/");
    var shown = program.anybody().get("/api/funds/" + fund).ok().getJsonArray("pledges");
    assertThat(shown.getJsonObject(0).getInteger("count")).isEqualTo(1);
    assertThat(figure(fund, "pledged")).isZero();

    var path = "/api/funds/" + fund + "/pledges";
    var late = draft.copy().put("first_day", "2020-01-01");
    assertThat(program.anybody().post(path, late).problem(400)).isEqualTo("invalid");
    assertThat(program.anybody().post("/api/funds/424242/pledges", draft).problem(404))
        .isEqualTo("no-such-fund");
    var stop = "/api/pledges/" + pledge.getString("code") + "/stop";
    var stopped = program.anybody().post(stop, new JsonObject()).created();
    assertThat(stopped.getString("ended")).isEqualTo("stopped");
    assertThat(program.anybody().post("/api/pledges/7-NOBODYKNOWSIT222/stop", new JsonObject()))
        .matches(answer -> answer.status() == 404);
  }

  @Test
  void nobodyStopsThePledgeOfAPhoneThatIsNotProven() {
    var pledge = pledge(fund(), draft("+966504420031", "ar"));
    var id = pledge.getString("code").split("-")[0];
    var answer = program.anybody().postForm("/my-gifts/pledges/" + id + "/stop", Map.of());
    assertThat(answer.status()).isGreaterThanOrEqualTo(400);
    var found = program.anybody().get("/api/pledges/" + pledge.getString("code")).ok();
    assertThat(found.getString("ended")).isNull();
  }

  // The day comes, as far as the list of what is due knows.
  private static void due(JsonObject pledge) {
    var id = pledge.getString("code").split("-")[0];
    var sql = "UPDATE fund.pledge_due SET due_at = '2020-01-01Z' WHERE pledge = " + id;
    program.database().superuserPool().query(sql).execute().await();
  }

  private static String texted(String phone) {
    var sql =
        "SELECT coalesce(string_agg(body, ' '), '') FROM notify.text WHERE purpose = 'pledge'"
            + " AND to_phone = '"
            + phone
            + "'";
    var rows = program.database().superuserPool().query(sql).execute().await();
    return rows.iterator().next().getString(0);
  }

  private static JsonObject draft(String phone, String language) {
    return new JsonObject()
        .put("amount", new JsonObject().put("minor", 15_000).put("currency", "SAR"))
        .put("every", "month")
        .put("donor", new JsonObject().put("phone", phone).put("language", language));
  }

  private static JsonObject pledge(long fund, JsonObject draft) {
    return program.anybody().post("/api/funds/" + fund + "/pledges", draft).created();
  }

  private static long fund() {
    var draft =
        new JsonObject()
            .put("name", new JsonObject().put("ar", "صندوق").put("en", "Fund"))
            .put("currency", "SAR")
            .put("purpose", new JsonObject().put("ar", "إيواء").put("en", "Shelter"));
    return program.as("finance").post("/api/funds", draft).created().getLong("id");
  }

  private static long figure(long fund, String name) {
    var figures = program.anybody().get("/api/funds/" + fund).ok().getJsonObject("figures");
    return figures.getJsonObject(name).getLong("minor");
  }
}
