package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import org.fazaa.fund.ledger.Terms;
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

  @Test
  void aFundThatStopsAtItsTargetClosesAndItsSurplusGoesOnOnce() {
    var finance = program.as("finance");
    var to = finance.post("/api/funds", fund()).created().getLong("id");
    var draft =
        fund().put("target", sar(10_000)).put("stops_at_target", true).put("surplus_to", to);
    assertThat(finance.post("/api/funds", draft).problem(400)).isEqualTo("invalid");
    draft.put("surplus", "successor").put("closes_on", day(9));
    var fund = finance.post("/api/funds", draft).created().getLong("id");
    var moves = "/api/funds/" + fund + "/surplus-moves";
    var move = new JsonObject().put("to", to).put("amount", sar(6_000)).put("why", "Decision 9");
    assertThat(finance.post(moves, move).problem(409)).isEqualTo("still-open");
    assertThat(page("en", "/open/" + fund).text()).contains("Closes in 9 days", "It goes to");
    assertThat(page("ar", "/open/" + fund).text()).contains("يُغلق بعد 9 أيام", "صندوق مسمى");

    var gift = giving(fund, 10_000).created();
    var line = new JsonObject().put("arrived", sar(10_000)).put("bank_line", "in " + fund);
    var transfer = "/api/transfers/" + gift.getString("transfer_reference");
    finance.post(transfer + "/confirmation", line).created();
    await().until(() -> found(fund).getString("closed_at") != null);
    await().until(() -> figure(fund, "available") == 10_000);
    assertThat(giving(fund, 1).problem(409)).isEqualTo("fund-closed");
    var home = program.as("coordinator").with("Cookie", "language=en").get("/");
    assertThat(home.text()).contains("has reached its target", "/open/" + fund);
    assertThat(finance.post(moves, move.copy().put("amount", sar(10_001))).problem(409))
        .isEqualTo("too-little");
    surplusIsMovedByTwo(fund, finance.post(moves, move).created().getLong("id"));

    assertThat(figure(fund, "moved_out")).isEqualTo(6_000);
    assertThat(figure(fund, "received")).isEqualTo(10_000);
    assertThat(figure(to, "moved_in")).isEqualTo(6_000);
    assertThat(figure(to, "received")).isZero();
    assertThat(figure(to, "available")).isEqualTo(6_000);
    assertThat(page("en", "/open/" + to).text()).contains("Came from other funds");
    assertThat(page("ar", "/open/" + fund).text()).contains("انتقل إلى صناديق أخرى");
  }

  private static void surplusIsMovedByTwo(long fund, long id) {
    var desk = "/finance/funds/" + fund;
    for (var language : new String[] {"ar", "en"}) {
      var approver = program.as("approver").with("Cookie", "language=" + language);
      assertThat(approver.get(desk + "/terms").text())
          .contains(desk + "/surplus/" + id + "/approvals", "Decision 9");
    }
    var approvals = "/api/surplus-moves/" + id + "/approvals";
    var first = program.as("approver").post(approvals, new JsonObject()).created();
    assertThat(first.getString("moved_at")).isNull();
    var moved = program.as("approver").post(approvals, new JsonObject()).created();
    assertThat(moved.getString("moved_at")).isNotNull();
    assertThat(program.as("approver").post(approvals, new JsonObject()).problem(409))
        .isEqualTo("already-moved");
    assertThat(program.as("auditor").get("/api/surplus-moves/" + id).ok()).isEqualTo(moved);
  }

  @Test
  void anotherLastDayIsSetByTwo() {
    var finance = program.as("finance");
    var past = fund().put("closes_on", "2020-01-01");
    assertThat(finance.post("/api/funds", past).problem(400)).isEqualTo("invalid");
    var draft = fund().put("closes_on", day(9));
    var fund = finance.post("/api/funds", draft).created().getLong("id");
    var terms = "/api/funds/" + fund + "/terms";
    var id = finance.post(terms, change("closing_day", "closes_on", day(30))).created();
    assertThat(found(fund).getJsonObject("terms").getString("closes_on")).isEqualTo(day(9));
    program
        .as("approver")
        .post(terms + "/" + id.getLong("id") + "/confirmation", new JsonObject())
        .created();
    assertThat(found(fund).getJsonObject("terms").getString("closes_on")).isEqualTo(day(30));
  }

  private static Caller.Answer page(String language, String path) {
    return program.anybody().with("Cookie", "language=" + language).get(path);
  }

  private static JsonObject found(long fund) {
    return program.anybody().get("/api/funds/" + fund).ok();
  }

  private static long figure(long fund, String name) {
    return found(fund).getJsonObject("figures").getJsonObject(name).getLong("minor");
  }

  private static Caller.Answer giving(long fund, long minor) {
    var gift =
        new JsonObject()
            .put("amount", sar(minor))
            .put("channel", "bank_transfer")
            .put("donor", new JsonObject().put("anonymous", true));
    return program.anybody().post("/api/funds/" + fund + "/donations", gift);
  }

  private static String day(int from) {
    return LocalDate.now(Terms.ZONE).plusDays(from).toString();
  }

  private static JsonObject sar(long minor) {
    return new JsonObject().put("minor", minor).put("currency", "SAR");
  }

  private static JsonObject fund() {
    return new JsonObject()
        .put("name", words("صندوق", "Fund"))
        .put("currency", "SAR")
        .put("purpose", words("إغاثة", "Relief"));
  }

  private static JsonObject request(long payee) {
    return new JsonObject()
        .put("amount", sar(5_000))
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
