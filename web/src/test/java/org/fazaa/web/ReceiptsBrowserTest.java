package org.fazaa.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A receipt, its check, its end and a giver's year, in a browser without JavaScript. */
class ReceiptsBrowserTest {
  @RegisterExtension static final Program program = Program.start();
  @RegisterExtension static final Chromium chromium = new Chromium();

  @ParameterizedTest
  @CsvSource({"ar, +966504410001", "en, +966504410002"})
  void fromThePaperToTheCheckToTheEndOfIt(String language, String phone) {
    var fund = ReceiptsTest.fund(program);
    var gift = ReceiptsTest.received(program, fund, 15_000, phone, "browser " + language);
    var number = ReceiptsTest.number(gift);
    var code = ReceiptsTest.checkCode(program, gift);
    var anybody = chromium.visitor(program, language, false);
    anybody.page().setViewportSize(390, 844);

    anybody.open("/receipts/" + gift.getString("code")).see(".receipt .qr");
    anybody.keep("receipt-page-" + language);
    anybody.open("/check").fill("number", number.toLowerCase()).fill("code", code.toLowerCase());
    anybody.press("main form[action='/check'] button").see("#found[data-standing='live']");
    anybody.keep("check-" + language);

    var finance = chromium.signedIn(program, "finance", language, false);
    finance.open("/finance/receipts?number=" + number).keep("receipts-" + language);
    finance.fill("why", "wrong name").press("form[action='/finance/receipts'] button.danger-plain");
    finance.reads("tr[data-voiding]", number);
    assertThat(finance.page().locator("form[action$='/confirmation']")).hasCount(0);
    var approver = chromium.signedIn(program, "approver", language, false);
    approver.open("/finance/receipts").keep("voidings-" + language);
    approver.press("form[action$='/confirmation'] button");

    anybody.open("/check/" + number + "/" + code).see("#found[data-standing='reissued']");
    anybody.keep("check-void-" + language);
    var giver = new Owner(program, phone, "127.0.0.1");
    year(anybody, giver, language);

    var coordinator = chromium.signedIn(program, "coordinator", language, true);
    coordinator.open("/phones").press("tr:has-text('" + phone + "') a");
    coordinator.reads(".thread", giver.code(0)).keep("phone-of-a-giver-" + language);
    coordinator.fill("body", "thanks").press("main form button").reads(".thread", "thanks");
  }

  private static void year(Visitor visitor, Owner giver, String language) {
    visitor.open("/my-gifts").fill("phone", "0" + giver.phone().substring(4));
    visitor.press("form[action='/my-gifts/code'] button");
    visitor.fill("code", giver.code(0)).press("form[action='/my-gifts/proof'] button");
    visitor.reads("b.sum", "150.00");
    visitor.page().setViewportSize(1100, 900);
    visitor.keep("statement-" + language);
    visitor.press("form[action='/my-gifts/leave'] button").see("form[action='/my-gifts/code']");
  }
}
