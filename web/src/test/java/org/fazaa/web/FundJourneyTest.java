package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gift, receipt, request, two approvals, payment: by HTTP alone. */
class FundJourneyTest {

  @RegisterExtension static final Program program = Program.start();

  @Test
  @Tag("S27")
  void aGiftGetsAReceiptAndMoneyLeavesOnlyWithTwoApprovalsOfOthers() {
    var finance = program.as("finance");
    var fund = finance.post("/api/funds", fund()).created().getLong("id");
    var gift = give(program.anybody(), finance, fund, 1_000_000);
    assertThat(gift.getJsonObject("receipt").getString("number")).isNotBlank();
    await().until(() -> available(fund) == 1_000_000);

    var request = request(finance, fund, payee(finance));
    var path = "/api/disbursements/" + request.getLong("id");
    var version = new JsonObject().put("version", request.getInteger("version"));
    var nothing = new JsonObject();

    assertThat(finance.post(path + "/approvals", version).problem(403)).isEqualTo("not-allowed");
    assertThat(program.admin().post(path + "/payment", nothing).problem(403))
        .isEqualTo("not-allowed");
    program.as("approver").post(path + "/approvals", version).created();
    assertThat(finance.post(path + "/payment", nothing).problem(409)).isEqualTo("not-approved");
    program.as("approver").post(path + "/approvals", version).created();

    var paid = finance.post(path + "/payment", nothing).created();
    assertThat(paid.getString("state")).isEqualTo("paid");
    assertThat(paid.getJsonObject("payment").getString("end_to_end")).isNotBlank();
    assertThat(available(fund)).isEqualTo(100_000);

    var seen = program.anybody().get("/api/donations/" + gift.getString("code")).ok();
    var payments = seen.getJsonObject("paid_for").getJsonArray("payments");
    assertThat(payments.getJsonObject(0).getString("purpose")).isEqualTo("200 blankets");
  }

  @Test
  void aPaymentOrderedTwiceIsOnePayment() {
    var finance = program.as("finance");
    var fund = finance.post("/api/funds", fund()).created().getLong("id");
    give(program.anybody(), finance, fund, 2_000_000);
    await().until(() -> available(fund) == 2_000_000);
    var request = request(finance, fund, payee(finance));
    var path = "/api/disbursements/" + request.getLong("id");
    for (var i = 0; i < 2; i++) {
      program.as("approver").post(path + "/approvals", new JsonObject().put("version", 1));
    }
    var first = finance.post(path + "/payment", new JsonObject()).created();
    var second = finance.post(path + "/payment", new JsonObject()).created();
    assertThat(second.getJsonObject("payment")).isEqualTo(first.getJsonObject("payment"));
    assertThat(available(fund)).isEqualTo(1_100_000);
  }

  @Test
  void anApprovalNamesTheVersionThatWasSeen() {
    var finance = program.as("finance");
    var fund = finance.post("/api/funds", fund()).created().getLong("id");
    var request = request(finance, fund, payee(finance));
    var other = new JsonObject().put("version", 7);
    var path = "/api/disbursements/" + request.getLong("id") + "/approvals";
    assertThat(program.as("approver").post(path, other).problem(409)).isEqualTo("version-moved");
  }

  @Test
  void noMoneyLeavesAFundThatIsFrozen() {
    var finance = program.as("finance");
    var fund = finance.post("/api/funds", fund()).created().getLong("id");
    give(program.anybody(), finance, fund, 1_100_000);
    await().until(() -> available(fund) == 1_100_000);
    var request = request(finance, fund, payee(finance));
    var path = "/api/disbursements/" + request.getLong("id") + "/approvals";
    var version = new JsonObject().put("version", request.getInteger("version"));
    program.as("approver").post(path, version).created();

    var freeze = "SELECT fund.freeze_fund(%d, 'I1', 'entry 1', '2026-11-01T00:00:00Z')";
    program.database().superuserPool().query(freeze.formatted(fund)).execute().await();

    assertThat(program.as("approver").post(path, version).problem(409)).isEqualTo("fund-frozen");
    assertThat(available(fund)).isEqualTo(1_100_000);
    give(program.anybody(), finance, fund, 1_200_000);
    await().until(() -> available(fund) == 2_300_000);
  }

  static JsonObject fund() {
    return new JsonObject()
        .put("name", words("صندوق", "Fund"))
        .put("currency", "SAR")
        .put("purpose", words("إيواء", "Shelter"))
        .put("target", sar(5_000_000));
  }

  /** A promised transfer that has come. */
  static JsonObject give(Caller anybody, Caller finance, long fund, long minor) {
    var gift =
        new JsonObject()
            .put("amount", sar(minor))
            .put("channel", "bank_transfer")
            .put("donor", new JsonObject().put("anonymous", true));
    var path = "/api/funds/" + fund + "/donations";
    var promised = anybody.post(path, gift).created();
    assertThat(promised.getString("state")).isEqualTo("awaiting_transfer");
    assertThat(promised.getJsonObject("receipt")).isNull();
    var line = new JsonObject().put("arrived", sar(minor)).put("bank_line", "line of " + minor);
    var reference = promised.getString("transfer_reference");
    return finance.post("/api/transfers/" + reference + "/confirmation", line).created();
  }

  @Test
  void noCardIsTakenWhereMoneyIsReal() {
    var fund = program.as("finance").post("/api/funds", fund()).created().getLong("id");
    var gift = new JsonObject().put("amount", sar(100)).put("channel", "card");
    var refused = program.anybody().post("/api/funds/" + fund + "/donations", gift);
    assertThat(refused.problem(400)).isEqualTo("invalid");
    assertThat(refused.text()).contains("/channel");
  }

  private static long available(long fund) {
    var figures = program.anybody().get("/api/funds/" + fund).ok().getJsonObject("figures");
    return figures.getJsonObject("available").getLong("minor");
  }

  private static int ibans;

  private static long payee(Caller finance) {
    var draft = new JsonObject().put("name", words("جمعية", "Society")).put("iban", iban());
    var payee = finance.post("/api/payees", draft).created();
    var look = new JsonObject().put("iban_version", 1).put("evidence", "letter of the bank");
    var path = "/api/payees/" + payee.getLong("id") + "/verification";
    assertThat(program.as("approver").post(path, look).created().getString("usable_from"))
        .isNotNull();
    accredit(finance, payee.getLong("id"));
    return payee.getLong("id");
  }

  private static void accredit(Caller finance, long payee) {
    var path = "/api/payees/" + payee + "/accreditation";
    var entered =
        new JsonObject()
            .put("authority", "National Centre")
            .put("licence", "NC-118")
            .put("from", "2020-01-01")
            .put("until", "2036-12-31");
    finance.post(path, entered).created();
    var seen = new JsonObject().put("n", 1);
    assertThat(finance.post(path + "/confirmation", seen).problem(403)).isEqualTo("own-entry");
    program.as("approver").post(path + "/confirmation", seen).created();
  }

  private static String iban() {
    var account = "80000000608010167%03d".formatted(ibans++);
    var check = 98 - new java.math.BigInteger(account + "281000").mod(NINETY_SEVEN).intValue();
    return "SA%02d%s".formatted(check, account);
  }

  private static JsonObject request(Caller finance, long fund, long payee) {
    var draft =
        new JsonObject()
            .put("amount", sar(900_000))
            .put("payee", payee)
            .put("purpose", "200 blankets")
            .put("evidence", "offer 17");
    return finance.post("/api/funds/" + fund + "/disbursements", draft).created();
  }

  private static JsonObject words(String ar, String en) {
    return new JsonObject().put("ar", ar).put("en", en);
  }

  private static JsonObject sar(long minor) {
    return new JsonObject().put("minor", minor).put("currency", "SAR");
  }

  private static final java.math.BigInteger NINETY_SEVEN = java.math.BigInteger.valueOf(97);
}
