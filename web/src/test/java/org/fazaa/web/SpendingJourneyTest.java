package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Policy, initiative, people, the bank's file and what people say, by HTTP alone. */
class SpendingJourneyTest {

  @RegisterExtension static final Program program = Program.start();

  private static int ibans = 500;

  @Test
  void moneyForPeopleGoesThroughSevenHandsToTheirOwnWord() {
    var finance = program.as("finance");
    var fund = fund(finance, 1_000_000);
    var payee = payee(finance);
    var initiative = initiative(finance, fund, 100_000);
    var programme = programme(finance, fund, initiative);
    var entitlement = enrol(finance, programme, payee, "1012345678").created();
    assertThat(enrol(finance, programme, payee, "1012345678").problem(409))
        .isEqualTo("entitled-already");
    var one = entitlement.getLong("id");
    var verification = new JsonObject().put("method", "visit").put("evidence", "seen at home");
    var verify = "/api/entitlements/" + one + "/verification";
    assertThat(finance.post(verify, verification).problem(403)).isEqualTo("own-enrolment");
    var verifier = program.as("approver");
    verifier.post(verify, verification).created();

    var request = request(finance, fund, payee, initiative, one);
    var path = "/api/disbursements/" + request.getLong("id");
    var seen = new JsonObject().put("version", 1);
    assertThat(verifier.post(path + "/approvals", seen).problem(403))
        .isEqualTo("handles-its-people");
    program.as("approver").post(path + "/approvals", seen).created();
    program.as("approver").post(path + "/approvals", seen).created();
    var treasurer = program.as("finance");
    assertThat(finance.post(path + "/payment", new JsonObject()).problem(403))
        .as("who enrolled does not pay")
        .isEqualTo("handles-its-people");
    treasurer.post(path + "/payment", new JsonObject()).created();

    var file = file(treasurer, fund);
    assertThat(file.getString("content")).contains("pain.001.001.09", "500.00");
    assertThat(treasurer.get("/api/payment-files/" + file.getLong("id")).ok().getString("content"))
        .isEqualTo(file.getString("content"));
    treasurer
        .post("/api/payment-files/" + file.getLong("id") + "/sending", new JsonObject())
        .created();
    var left = new JsonObject().put("state", "confirmed").put("bank_line", "2026-11-23/14");
    treasurer.post(path + "/payment/step", left).created();
    await().until(() -> state(finance, one).equals("asked"));
  }

  @Test
  void aPolicyTakesTwoAndHoldsFromThenOn() {
    var finance = program.as("finance");
    var steps =
        new JsonArray()
            .add(new JsonObject().put("from_minor", 0).put("needed", 2))
            .add(new JsonObject().put("from_minor", 500_000).put("needed", 3));
    var draft = new JsonObject().put("currency", "KWD").put("steps", steps).put("why", "board");
    var version = finance.post("/api/approval-policies", draft).created().getInteger("version");
    var confirmation = "/api/approval-policies/" + version + "/confirmation";
    assertThat(finance.post(confirmation, new JsonObject()).problem(403)).isEqualTo("own-proposal");
    assertThat(inForce(finance)).isEqualTo(1);
    program.as("approver").post(confirmation, new JsonObject()).created();
    assertThat(inForce(finance)).isEqualTo(2);
    var fewer = new JsonArray().add(new JsonObject().put("from_minor", 0).put("needed", 1));
    assertThat(
            finance.post("/api/approval-policies", draft.copy().put("steps", fewer)).problem(400))
        .isEqualTo("invalid");
  }

  @Test
  void whoBearsFeesTakesTwo() {
    var finance = program.as("finance");
    assertThat(finance.get("/api/fee-policy").ok().getValue("operator_fund")).isNull();
    var fund =
        new JsonObject()
            .put("name", words("صندوق التشغيل", "Operations"))
            .put("currency", "SAR")
            .put("restriction", "unrestricted")
            .put("purpose", words("التشغيل", "Operations"));
    var operator = finance.post("/api/funds", fund).created().getLong("id");
    var draft = new JsonObject().put("operator_fund", operator).put("why", "board");
    var id = finance.post("/api/fee-policies", draft).created().getLong("id");
    var confirmation = "/api/fee-policies/" + id + "/confirmation";
    assertThat(finance.post(confirmation, new JsonObject()).problem(403)).isEqualTo("own-proposal");
    assertThat(finance.get("/api/fee-policy").ok().getValue("operator_fund")).isNull();
    program.as("approver").post(confirmation, new JsonObject()).created();
    assertThat(finance.get("/api/fee-policy").ok().getLong("operator_fund")).isEqualTo(operator);
    var restricted = draft.copy().put("operator_fund", fund(finance, 1_000));
    assertThat(finance.post("/api/fee-policies", restricted).problem(409)).isEqualTo("restricted");
  }

  @Test
  void whatTheBankRefusedIsPaidByTheNextVersionAndAChangedIbanWaits() {
    var finance = program.as("finance");
    var fund = fund(finance, 1_000_000);
    var payee = payee(finance);
    var request = request(finance, fund, payee, null, null);
    var path = "/api/disbursements/" + request.getLong("id");
    approve(path, 1);
    finance.post(path + "/payment", new JsonObject()).created();
    var refused = new JsonObject().put("state", "rejected").put("why", "AC04 closed account");
    assertThat(finance.post(path + "/payment/step", refused).created().getString("state"))
        .isEqualTo("came_back");
    assertThat(finance.post(path + "/payment", new JsonObject()).problem(409))
        .isEqualTo("came-back");

    var iban = new JsonObject().put("iban", iban());
    finance.post("/api/payees/" + payee + "/iban", iban).created();
    var look = new JsonObject().put("iban_version", 2).put("evidence", "letter");
    program.as("approver").post("/api/payees/" + payee + "/verification", look).created();
    var again = draft(payee, null, null).put("version", 1);
    finance.post(path + "/edit", again).created();
    approve(path, 2);
    assertThat(finance.post(path + "/payment", new JsonObject()).problem(409))
        .isEqualTo("payee-not-ready");
    finance.post(path + "/withdrawal", new JsonObject().put("why", "account is new")).created();
  }

  private static void approve(String path, int version) {
    var seen = new JsonObject().put("version", version);
    program.as("approver").post(path + "/approvals", seen).created();
    program.as("approver").post(path + "/approvals", seen).created();
  }

  private static String state(Caller finance, long entitlement) {
    return finance.get("/api/entitlements/" + entitlement).ok().getString("state");
  }

  private static int inForce(Caller finance) {
    return finance.get("/api/approval-policy?currency=KWD").ok().getJsonArray("steps").size();
  }

  private static long fund(Caller finance, long minor) {
    var draft =
        new JsonObject()
            .put("name", words("صندوق", "Fund"))
            .put("currency", "SAR")
            .put("purpose", words("إيواء", "Shelter"));
    var fund = finance.post("/api/funds", draft).created().getLong("id");
    var gift =
        new JsonObject()
            .put("amount", sar(minor))
            .put("channel", "bank_transfer")
            .put("donor", new JsonObject().put("anonymous", true));
    var promised = program.anybody().post("/api/funds/" + fund + "/donations", gift).created();
    var line = new JsonObject().put("arrived", sar(minor)).put("bank_line", "in " + fund);
    var reference = promised.getString("transfer_reference");
    finance.post("/api/transfers/" + reference + "/confirmation", line).created();
    await()
        .until(
            () ->
                program
                        .anybody()
                        .get("/api/funds/" + fund)
                        .ok()
                        .getJsonObject("figures")
                        .getJsonObject("available")
                        .getLong("minor")
                    == minor);
    return fund;
  }

  private static long payee(Caller finance) {
    var draft =
        new JsonObject()
            .put("name", words("جمعية", "Society"))
            .put("iban", iban())
            .put("phone", "+966500000077")
            .put("language", "en");
    var payee = finance.post("/api/payees", draft).created().getLong("id");
    var path = "/api/payees/" + payee;
    var look = new JsonObject().put("iban_version", 1).put("evidence", "letter");
    program.as("approver").post(path + "/verification", look).created();
    var entered =
        new JsonObject()
            .put("authority", "National Centre")
            .put("licence", "NC-118")
            .put("from", "2020-01-01")
            .put("until", "2036-12-31");
    finance.post(path + "/accreditation", entered).created();
    var seen = new JsonObject().put("n", 1);
    program.as("approver").post(path + "/accreditation/confirmation", seen).created();
    assertThat(finance.get(path).ok().getJsonObject("accreditation").getBoolean("confirmed"))
        .isTrue();
    return payee;
  }

  private static long initiative(Caller finance, long fund, long minor) {
    var draft =
        new JsonObject()
            .put("name", words("إعاشة", "Support"))
            .put("budget", sar(minor))
            .put("why", "families of the flood");
    var path = "/api/funds/" + fund + "/initiatives";
    var id = finance.post(path, draft).created().getLong("id");
    var budget = "/api/initiatives/" + id + "/budget";
    var seen = new JsonObject().put("n", 1);
    assertThat(finance.post(budget + "/confirmation", seen).problem(403)).isEqualTo("own-proposal");
    program.as("approver").post(budget + "/confirmation", seen).created();
    return id;
  }

  private static long programme(Caller finance, long fund, long initiative) {
    var draft =
        new JsonObject()
            .put("name", words("إعاشة", "Support"))
            .put("benefit", sar(50_000))
            .put("initiative", initiative)
            .put("starts_on", "2026-12-01")
            .put("every", "month")
            .put("periods", 3);
    return finance.post("/api/funds/" + fund + "/programmes", draft).created().getLong("id");
  }

  private static Caller.Answer enrol(Caller finance, long programme, long payee, String number) {
    var draft =
        new JsonObject()
            .put("period", 1)
            .put("id_kind", "national")
            .put("number", number)
            .put("payee", payee)
            .put("phone", "+966500000078");
    return finance.post("/api/programmes/" + programme + "/entitlements", draft);
  }

  private static JsonObject request(
      Caller finance, long fund, long payee, Long initiative, Long entitlement) {
    var path = "/api/funds/" + fund + "/disbursements";
    return finance.post(path, draft(payee, initiative, entitlement)).created();
  }

  private static JsonObject draft(long payee, Long initiative, Long entitlement) {
    var draft =
        new JsonObject()
            .put("amount", sar(50_000))
            .put("payee", payee)
            .put("purpose", "Support of December")
            .put("evidence", "programme");
    if (initiative != null) draft.put("initiative", initiative);
    if (entitlement != null) draft.put("entitlements", new JsonArray().add(entitlement));
    return draft;
  }

  private static JsonObject file(Caller treasurer, long fund) {
    var path = "/api/funds/" + fund;
    assertThat(treasurer.post(path + "/payment-files", new JsonObject()).problem(409))
        .isEqualTo("no-account");
    var account = new JsonObject().put("holder", "Fazaa Fund").put("iban", iban());
    treasurer.post(path + "/paying-account", account).created();
    var file = treasurer.post(path + "/payment-files", new JsonObject()).created();
    assertThat(treasurer.post(path + "/payment-files", new JsonObject()).problem(409))
        .isEqualTo("nothing-prepared");
    return file;
  }

  private static String iban() {
    var account = "80000000608010167%03d".formatted(ibans++);
    var check = 98 - new BigInteger(account + "281000").mod(NINETY_SEVEN).intValue();
    return "SA%02d%s".formatted(check, account);
  }

  static JsonObject words(String ar, String en) {
    return new JsonObject().put("ar", ar).put("en", en);
  }

  private static JsonObject sar(long minor) {
    return new JsonObject().put("minor", minor).put("currency", "SAR");
  }

  private static final BigInteger NINETY_SEVEN = BigInteger.valueOf(97);
}
