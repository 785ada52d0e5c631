package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.Normalizer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receipts over HTTP: their paper, their check, their end, and a giver's year of them. */
class ReceiptsTest {
  @RegisterExtension static final Program program = Program.start();

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Pattern CHECK_CODE = Pattern.compile("id=\"check-code\">([A-Z0-9]{12})<");
  private static final String NAME = "Sara Al-Harbi";

  @Test
  void whoIsShownAReceiptLearnsThatItIsGenuineAndNeverWhoGave() {
    var gift = received(15_000, "+966503310001");
    var number = number(gift);
    var code = checkCode(gift);

    var checked = program.anybody().get("/api/receipts/" + number + "?code=" + code);
    assertThat(checked.ok().getString("standing")).isEqualTo("live");
    assertThat(checked.ok().getJsonObject("amount")).isEqualTo(sar(15_000));
    var page = program.anybody().get("/check/" + number + "/" + code);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).contains(number, "data-standing=\"live\"");
    for (var answer : new Caller.Answer[] {checked, page}) {
      assertThat(answer.text()).doesNotContain(NAME, "+966503310001", gift.getString("code"));
    }
  }

  @Test
  void aNumberAloneOrAGuessTellsNothing() {
    var gift = received(15_000, "+966503310002");
    var number = number(gift);
    var none = program.anybody().get("/check/M-2020-000001/K7QX2M9RTB4H");

    for (var code : new String[] {"K7QX2M9RTB4H", gift.getString("code"), number}) {
      var page = program.anybody().get("/check/" + number + "/" + code);
      assertThat(page.status()).isEqualTo(404);
      assertThat(page.text()).doesNotContain("data-standing");
      assertThat(page.text().length())
          .isCloseTo(none.text().length(), org.assertj.core.data.Offset.offset(2_000));
      var asked = program.anybody().get("/api/receipts/" + number + "?code=" + code);
      assertThat(asked.problem(404)).isEqualTo("not-found");
    }
    assertThat(program.anybody().get("/check?number=" + number + "&code=").status()).isEqualTo(404);
    assertThat(program.anybody().get("/check").status()).isEqualTo(200);
  }

  @Test
  void theReceiptIsAPdfWholeInBothLanguages() throws IOException {
    var gift = received(15_000, "+966503310003");

    var text = pdf("/receipts/" + gift.getString("code") + "/pdf", "");

    assertThat(text).contains(number(gift), checkCode(gift), NAME, "150.00", "ريال سعودي");
    assertThat(program.anybody().get("/receipts/NOSUCHCODE234567/pdf").status()).isEqualTo(404);
  }

  @Test
  void goodsAreReceiptedByWhatTheyAreAndNeverAsMoney() throws IOException {
    var fund = fund();
    var draft =
        new JsonObject()
            .put("amount", sar(500_000))
            .put("goods", "20 tents")
            .put("channel", "in_kind")
            .put("donor", new JsonObject().put("name", NAME));
    var gift = program.anybody().post("/api/funds/" + fund + "/donations", draft).created();

    assertThat(number(gift)).startsWith("K-");
    var checked =
        program.anybody().get("/api/receipts/" + number(gift) + "?code=" + checkCode(gift)).ok();
    assertThat(checked.getValue("amount")).isNull();
    assertThat(checked.getString("goods")).isEqualTo("20 tents");
    assertThat(pdf("/receipts/" + gift.getString("code") + "/pdf", ""))
        .contains("20 tents", "This receipt is for goods.");
  }

  @Test
  void oneOfficerAsksAnotherConfirmsAndTheOldNumberSaysSo() {
    var gift = received(15_000, "+966503310004");
    var number = number(gift);
    var code = checkCode(gift);
    var finance = program.as("finance");
    var why = new JsonObject().put("why", "The name is wrong").put("reissue", true);

    var asked = finance.post("/api/receipts/" + number + "/voidings", why).created();
    var path = "/api/voidings/" + asked.getLong("id");
    assertThat(asked.getString("state")).isEqualTo("waiting");
    assertThat(finance.post("/api/receipts/" + number + "/voidings", why).problem(409))
        .isEqualTo("waiting");
    assertThat(finance.post(path + "/confirmation", new JsonObject()).problem(403))
        .isEqualTo("own-request");
    var done = program.as("approver").post(path + "/confirmation", new JsonObject()).created();

    assertThat(done.getString("state")).isEqualTo("confirmed");
    var next = done.getString("reissued_as");
    assertThat(next).startsWith("M-").isNotEqualTo(number);
    var old = program.anybody().get("/api/receipts/" + number + "?code=" + code).ok();
    assertThat(old.getString("standing")).isEqualTo("reissued");
    assertThat(old.getString("reissued_as")).isEqualTo(next);
    var seen = program.anybody().get("/api/donations/" + gift.getString("code")).ok();
    assertThat(number(seen)).isEqualTo(next);
    assertThat(checkCode(gift)).isNotEqualTo(code);
    assertThat(finance.post(path + "/withdrawal", new JsonObject()).problem(409))
        .isEqualTo("too-late");
    assertThat(program.as("auditor").get("/api/voidings").ok().getJsonArray("voidings"))
        .isNotEmpty();
  }

  @Test
  void theSameKeyAsksOnceAndWithOtherWordsIsRefused() {
    var number = number(received(15_000, "+966503310005"));
    var finance = program.as("finance");
    var why = new JsonObject().put("why", "wrong").put("reissue", false);
    var path = "/api/receipts/" + number + "/voidings";

    var first = finance.post(path, why, "a key of this test").created();
    assertThat(finance.post(path, why, "a key of this test").created()).isEqualTo(first);
    var other = finance.post(path, why.copy().put("why", "other"), "a key of this test");
    assertThat(other.problem(422)).isEqualTo("key-used-differently");
  }

  @Test
  void aGiverProvesThePhoneAndSeesTheYearAndItsSum() throws IOException {
    var phone = "+966503310006";
    received(15_000, phone);
    received(2_550, phone);
    received(99_900, "+966503310007");
    var giver = new Owner(program, phone, "192.0.2.31");

    assertThat(giver.get("/my-gifts").text()).contains("name=\"phone\"").doesNotContain(NAME);
    var sent = giver.post("/my-gifts/code", Map.of("phone", phone));
    assertThat(sent.header("Location")).isEqualTo("/my-gifts/code");
    var code = giver.code(0);
    assertThat(giver.post("/me/proof", Map.of("code", code)).status()).isEqualTo(401);
    assertThat(giver.post("/my-gifts/proof", Map.of("code", code)).header("Location"))
        .isEqualTo("/my-gifts");

    var page = giver.get("/my-gifts");
    assertThat(page.text()).contains("175.50", phone, NAME).doesNotContain("999.00");
    assertThat(giver.get("/my-gifts?calendar=hijri&year=1430").text()).doesNotContain("175.50");
    assertThat(giver.get("/my-gifts?calendar=gregorian&year=26").status()).isEqualTo(422);
    assertThat(giver.get("/me").text()).contains("name=\"phone\"");
    var cookie = "__Host-fazaa-giver=" + giver.cookies().get("__Host-fazaa-giver");
    assertThat(pdf("/my-gifts/pdf", cookie)).contains("175.50", phone, NAME);
    assertThat(giver.post("/my-gifts/proof", Map.of("code", code)).status()).isEqualTo(401);

    giver.post("/my-gifts/leave", Map.of());
    var left = program.anybody().with("Cookie", cookie).get("/my-gifts");
    assertThat(left.text()).contains("name=\"phone\"").doesNotContain("175.50");
  }

  @Test
  void aPhoneThatGaveNothingGetsNoCodeAndTheSameAnswer() {
    var stranger = new Owner(program, "+966503310008", "192.0.2.32");
    var known = new Owner(program, "+966503310009", "192.0.2.33");
    received(15_000, known.phone());

    var one = stranger.post("/my-gifts/code", Map.of("phone", stranger.phone()));
    var other = known.post("/my-gifts/code", Map.of("phone", known.phone()));
    assertThat(one.status()).isEqualTo(other.status());
    assertThat(one.header("Location")).isEqualTo(other.header("Location"));
    known.code(0);
    await()
        .until(
            () ->
                program
                        .database()
                        .pool()
                        .query("SELECT FROM web.phone_code WHERE handled_at IS NULL")
                        .execute()
                        .await()
                        .size()
                    == 0);
    assertThat(stranger.codes()).isEmpty();
    assertThat(stranger.post("/my-gifts/proof", Map.of("code", "000000")).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({"ar, rtl", "en, ltr"})
  void theReceiptAndItsCheckAreReadInEitherLanguage(String language, String direction) {
    var gift = received(15_000, "+96650331010" + (language.equals("ar") ? 1 : 2));
    var reader = program.anybody().with("Accept-Language", language);

    var receipt = reader.get("/receipts/" + gift.getString("code"));
    assertThat(receipt.text())
        .contains("<html lang=\"" + language + "\" dir=\"" + direction + "\"")
        .contains("lang=\"ar\" dir=\"rtl\"", "lang=\"en\" dir=\"ltr\"")
        .contains("إيصال تبرع", "Donation receipt", "Saudi\u00a0Riyal");
    var check = reader.get("/check/" + number(gift) + "/" + checkCode(gift));
    assertThat(check.text()).contains(language.equals("ar") ? "ساري" : "Valid");
  }

  private static String pdf(String path, String cookie) throws IOException {
    var address = URI.create(program.address() + path);
    var request = HttpRequest.newBuilder(address);
    if (!cookie.isEmpty()) request.header("Cookie", cookie);
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(request.build(), BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/pdf");
      try (var document = Loader.loadPDF(answer.body())) {
        return Normalizer.normalize(new PDFTextStripper().getText(document), Normalizer.Form.NFKC);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonObject received(long minor, String phone) {
    return received(program, fund(), minor, phone, "ReceiptsTest");
  }

  /** A promised transfer that has come. */
  static JsonObject received(Program program, long fund, long minor, String phone, String test) {
    var donor = new JsonObject().put("name", NAME).put("phone", phone).put("language", "en");
    var draft =
        new JsonObject()
            .put("amount", sar(minor))
            .put("channel", "bank_transfer")
            .put("donor", donor);
    var promised = program.anybody().post("/api/funds/" + fund + "/donations", draft).created();
    var line =
        new JsonObject()
            .put("arrived", sar(minor))
            .put("bank_line", test + " line " + COUNT.incrementAndGet());
    var reference = promised.getString("transfer_reference");
    return program
        .as("finance")
        .post("/api/transfers/" + reference + "/confirmation", line)
        .created();
  }

  private static long fund() {
    return fund(program);
  }

  static long fund(Program program) {
    var draft =
        new JsonObject()
            .put("name", new JsonObject().put("ar", "صندوق السيول").put("en", "Flood fund"))
            .put("currency", "SAR")
            .put("purpose", new JsonObject().put("ar", "إيواء").put("en", "Shelter"))
            .put("target", sar(5_000_000));
    return program.as("finance").post("/api/funds", draft).created().getLong("id");
  }

  static String number(JsonObject gift) {
    return gift.getJsonObject("receipt").getString("number");
  }

  private static String checkCode(JsonObject gift) {
    return checkCode(program, gift);
  }

  /** As it stands on the donor's own paper. */
  static String checkCode(Program program, JsonObject gift) {
    var page = program.anybody().get("/receipts/" + gift.getString("code")).text();
    var found = CHECK_CODE.matcher(page);
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private static JsonObject sar(long minor) {
    return new JsonObject().put("minor", minor).put("currency", "SAR");
  }
}
