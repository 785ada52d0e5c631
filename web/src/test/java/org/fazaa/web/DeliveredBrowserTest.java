package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a gift to the word of the person for whom it was meant, by pages alone. */
class DeliveredBrowserTest {
  @RegisterExtension static final Chromium chromium = new Chromium();
  @RegisterExtension static final Program program = Program.start();

  private static final String ALL_BUT_LINK = "(?s).*(/a/[A-Za-z0-9_-]+).*";

  private Visitor finance;
  private Visitor treasurer;
  private Visitor verifier;

  @ParameterizedTest
  @CsvSource({
    "ar, SA5210000000000012345678, +966501230001, 1012345672",
    "en, SA0380000000608010167519, +966501230002, 1098765436"
  })
  void aGiftIsFollowedUntilThePersonSaysThatItCame(
      String language, String iban, String phone, String id) {
    finance = chromium.signedIn(program, "finance", language, true);
    treasurer = chromium.signedIn(program, "finance", language, true);
    verifier = chromium.signedIn(program, "approver", language, true);
    var fund = openFund();
    give(chromium.visitor(program, language), fund);
    addPayee(iban);
    var programme = openProgramme(fund);
    pay(fund, enrol(programme, phone, id), language);

    var person = chromium.visitor(program, language);
    person.open(linkFor(phone)).reads("main", "500").keep("delivery-asked-" + language);
    person.press("main button.yes").see(".result.yes");
    person.keep("delivery-said-" + language);

    var donor = chromium.visitor(program, language);
    donor.open("/open/" + fund).keep("fund-delivered-" + language);
    assertThat(figure(fund, "received")).isEqualTo(500_000);
    assertThat(figure(fund, "paid")).isEqualTo(50_000);
    assertThat(figure(fund, "delivered")).isEqualTo(50_000);
  }

  private static long openFund() {
    var draft =
        new JsonObject()
            .put("name", SpendingJourneyTest.words("صندوق السيول", "Flood fund"))
            .put("currency", "SAR")
            .put("purpose", SpendingJourneyTest.words("إعاشة", "Support"));
    return program.as("finance").post("/api/funds", draft).created().getLong("id");
  }

  private void give(Visitor donor, long fund) {
    donor.open("/give/" + fund).fill("name", "أم خالد").choose("channel", "bank_transfer");
    donor.choose("amount", "other").fill("other_amount", "5000").press("main form button.full");
    var reference = donor.see("main .code").textContent();
    finance.open("/finance/transfers").reads("tbody", reference);
    finance.fill("bank_line", "LINE-" + reference).press("main tbody button");
    await().until(() -> figure(fund, "available") == 500_000);
  }

  private void addPayee(String iban) {
    finance.open("/finance/payees").fill("name_ar", "جمعية الدفء").fill("name_en", "Warmth");
    finance.page().fill("form[action='/finance/payees'] [name=iban]", iban);
    finance.press("form[action='/finance/payees'] button");
    verifier.open("/finance/payees").fill("evidence", "letter 118");
    var verification = "form[action$='/verification']";
    var payee = verifier.see(verification).getAttribute("action").replaceAll("\\D", "");
    verifier.press(verification + " button");
    var entered = "form[action='/finance/payees/" + payee + "/accreditation']";
    finance.open("/finance/payees").page().locator("details:has(" + entered + ") summary").click();
    finance.page().fill(entered + " [name=authority]", "National Centre");
    finance.page().fill(entered + " [name=licence]", "NC-118");
    finance.page().fill(entered + " [name=from]", "2020-01-01");
    finance.page().fill(entered + " [name=until]", "2036-12-31");
    finance.press(entered + " button");
    verifier.open("/finance/payees").press("form[action$='/accreditation/confirmation'] button");
  }

  private long openProgramme(long fund) {
    finance.open("/finance/programmes").page().selectOption("[name=fund]", "" + fund);
    finance.fill("name_ar", "إعاشة").fill("name_en", "Support").fill("benefit", "500");
    finance.page().selectOption("[name=every]", "month");
    finance.fill("periods", "3").fill("starts_on", "2026-12-01").press("aside form button");
    return finance.number();
  }

  private String enrol(long programme, String phone, String id) {
    finance.open("/finance/programmes/" + programme).fill("number", id).fill("phone", phone);
    finance.press("aside form button").keep("programme-" + phone);
    verifier.open("/finance/programmes/" + programme).fill("evidence", "seen at home");
    verifier.press("form[action$='/verification'] button");
    return finance.open("/finance/programmes/" + programme).see("tbody td").textContent();
  }

  private void pay(long fund, String entitlement, String language) {
    finance.open("/finance/requests/new").page().selectOption("[name=fund]", "" + fund);
    finance.fill("amount", "500").fill("purpose", "Support").fill("evidence", "list 7");
    finance.page().selectOption("[name=category]", "food");
    finance.page().selectOption("[name=region]", "SA-02");
    finance.page().selectOption("[name=target_group]", "widows");
    finance.fill("entitlements", entitlement).press("main form button");
    var request = finance.number();
    for (var i = 0; i < 2; i++) {
      var approver = chromium.signedIn(program, "approver", language, true);
      approver.open("/finance/requests/" + request);
      approver.keep("request-" + language).press("form[action$='/approvals'] button");
    }
    treasurer.open("/finance/requests/" + request).press("form[action$='/payment'] button");
    treasurer.open("/finance/payments");
    treasurer.page().selectOption("form[action$='/account'] [name=fund]", "" + fund);
    treasurer.fill("holder", "Fazaa").fill("iban", "SA4420000001234567891234");
    treasurer.press("form[action$='/account'] button");
    treasurer.press("form[action='/finance/payments/files'] button").keep("payments-" + language);
    treasurer.press("form[action$='/sending'] button");
    treasurer.open("/finance/requests/" + request).page().selectOption("[name=state]", "confirmed");
    treasurer.fill("bank_line", "2026-12-02/" + request).press("form[action$='/step'] button");
    treasurer.keep("paid-" + language);
  }

  /** In the text to them, which at night waits for the morning. */
  private static String linkFor(String phone) {
    var body = await().until(() -> textsTo(phone), text -> text.contains("/a/"));
    return body.replaceAll(ALL_BUT_LINK, "$1");
  }

  private static String textsTo(String phone) {
    var sql = "SELECT coalesce(max(body), '') FROM notify.text WHERE to_phone = $1";
    var rows =
        program.database().superuserPool().preparedQuery(sql).execute(Tuple.of(phone)).await();
    return rows.iterator().next().getString(0);
  }

  private static long figure(long fund, String name) {
    var figures = program.anybody().get("/api/funds/" + fund).ok().getJsonObject("figures");
    return figures.getJsonObject(name).getLong("minor");
  }
}
