package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a fund says of its money, by HTTP: its uses, how two people change them, its pages. */
class FundTermsTest {
  @RegisterExtension static final Program program = Program.start();

  private static int ibans = 100;

  @Test
  void aRequestNamesAUseThatItsFundAllows() {
    var finance = program.as("finance");
    var food = use("food", "SA-09", "displaced");
    var fund = finance.post("/api/funds", fund().put("uses", new JsonArray().add(food))).created();
    var rule = fund.getJsonObject("terms").getJsonArray("rules").getJsonObject(0);
    assertThat(rule.getJsonObject("use")).isEqualTo(food);
    assertThat(rule.getString("origin")).isEqualTo("opening");
    var requests = "/api/funds/" + fund.getLong("id") + "/disbursements";
    var draft = request(payee(finance));

    for (var refused : new JsonObject[] {use("water", "SA-09", "displaced"), new JsonObject()}) {
      var answer = finance.post(requests, draft.copy().put("use", refused));
      assertThat(answer.problem(409)).isEqualTo("use-not-allowed");
      assertThat(answer.text()).contains("Food, Jazan, Displaced people", "غذاء، جازان، نازحون");
    }
    assertThat(finance.post(requests, draft).problem(409)).isEqualTo("use-not-allowed");
    var nowhere = draft.copy().put("use", use("food", "SA-13", "displaced"));
    assertThat(finance.post(requests, nowhere).problem(400)).isEqualTo("invalid");
    var asked = finance.post(requests, draft.copy().put("use", food)).created();
    assertThat(asked.getJsonObject("use")).isEqualTo(food);
  }

  @Test
  void anotherUseIsAllowedByTwoAndEndedByTwo() {
    var finance = program.as("finance");
    var approver = program.as("approver");
    var fund = finance.post("/api/funds", fund().put("restriction", "zakat")).created();
    var id = fund.getLong("id");
    var requests = "/api/funds/" + id + "/disbursements";
    var debts = use("debts", "SA-14", "zakat_debtors");
    var draft = request(payee(finance)).put("use", debts);
    assertThat(finance.post(requests, draft).problem(409)).isEqualTo("use-not-allowed");

    var terms = "/api/funds/" + id + "/terms";
    var widows = change("rule", "use", use("any", "any", "widows"));
    assertThat(finance.post(terms, widows).problem(400)).isEqualTo("invalid");
    var nothing = new JsonObject().put("kind", "rule").put("why", "Nothing is named");
    assertThat(finance.post(terms, nothing).problem(400)).isEqualTo("invalid");
    var rule = change("rule", "use", use("any", "any", "zakat_debtors"));
    var proposed = finance.post(terms, rule).created().getLong("id");
    var confirmation = terms + "/" + proposed + "/confirmation";
    assertThat(finance.post(confirmation, new JsonObject()).problem(403)).isEqualTo("own-proposal");
    approver.post(confirmation, new JsonObject()).created();
    finance.post(requests, draft).created();

    var found = finance.get(terms).ok();
    assertThat(found.getJsonArray("changes")).hasSize(1);
    var rules = found.getJsonObject("terms").getJsonArray("rules");
    var end = change("end_rule", "rule", rules.getJsonObject(0).getLong("id"));
    var ended = approver.post(terms, end).created().getLong("id");
    finance.post(terms + "/" + ended + "/confirmation", new JsonObject()).created();
    assertThat(finance.post(requests, draft).problem(409)).isEqualTo("use-not-allowed");
  }

  @ParameterizedTest
  @CsvSource({"ar, غذاء، جازان، نازحون", "en, 'Food, Jazan, Displaced people'"})
  void itsPagesSayItInBothLanguages(String language, String use) {
    var finance = program.as("finance");
    var uses = new JsonArray().add(use("food", "SA-09", "displaced"));
    var fund = finance.post("/api/funds", fund().put("uses", uses)).created().getLong("id");
    var words = language.equals("ar") ? "شروط الصندوق" : "Terms";

    for (var page : new String[] {"/open/" + fund, "/finance/funds/" + fund + "/terms"}) {
      var shown = finance.with("Cookie", "language=" + language).get(page);
      assertThat(shown.status()).as(page).isEqualTo(200);
      assertThat(shown.text()).as(page).contains(use);
    }
    var desk = finance.with("Cookie", "language=" + language).get("/finance");
    assertThat(desk.text()).contains("/finance/funds/" + fund + "/terms", words);
    var form = finance.with("Cookie", "language=" + language).get("/finance/requests/new");
    assertThat(form.text())
        .contains("name=\"category\"", "value=\"SA-09\"", "value=\"zakat_wayfarers\"")
        .doesNotContain("value=\"any\"");
  }

  private static JsonObject fund() {
    return new JsonObject()
        .put("name", words("صندوق", "Fund"))
        .put("currency", "SAR")
        .put("purpose", words("إغاثة", "Relief"));
  }

  private static JsonObject request(long payee) {
    return new JsonObject()
        .put("amount", new JsonObject().put("minor", 5_000).put("currency", "SAR"))
        .put("payee", payee)
        .put("purpose", "Parcels")
        .put("evidence", "List 8");
  }

  private static long payee(Caller finance) {
    var account = "80000000608010168%03d".formatted(ibans++);
    var rest = new java.math.BigInteger(account + "281000").mod(java.math.BigInteger.valueOf(97));
    var draft =
        new JsonObject()
            .put("name", words("جمعية", "Society"))
            .put("iban", "SA%02d%s".formatted(98 - rest.intValue(), account));
    return finance.post("/api/payees", draft).created().getLong("id");
  }

  private static JsonObject change(String kind, String field, Object value) {
    return new JsonObject().put("kind", kind).put(field, value).put("why", "The board said so");
  }

  private static JsonObject use(String category, String region, String group) {
    return new JsonObject()
        .put("category", category)
        .put("region", region)
        .put("target_group", group);
  }

  private static JsonObject words(String ar, String en) {
    return new JsonObject().put("ar", ar).put("en", en);
  }
}
