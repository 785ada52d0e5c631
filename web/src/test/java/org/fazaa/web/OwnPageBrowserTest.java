package org.fazaa.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A volunteer at their own page, in a browser without JavaScript, and staff who help them back. */
class OwnPageBrowserTest {

  @RegisterExtension static final Program program = Program.start();
  @RegisterExtension static final Chromium chromium = new Chromium();

  @ParameterizedTest
  @CsvSource({"ar, +966501110001, +966501120001", "en, +966502110001, +966502120001"})
  void aVolunteerComesStopsTextsTakesAnotherPhoneAndIsBroughtBack(
      String language, String phone, String next) {
    var id = Owner.register(program, phone, language.equals("ar") ? "سارة" : "Sara", language);
    var owner = new Owner(program, phone, "127.0.0.1");
    var visitor = chromium.visitor(program, language, false);
    visitor.page().setViewportSize(390, 844);
    visitor.open("/me").keep("me-phone-" + language);
    visitor.fill("phone", "0" + phone.substring(4)).press("form[action='/me/code'] button");
    visitor.keep("me-code-" + language);
    visitor.fill("code", arabic(owner.code(0), language)).press("form[action='/me/proof'] button");
    visitor.see("h1").page();
    visitor.keep("me-" + language);

    visitor.press("button[value='stop']").see("button[value='start']");
    visitor.fill("phone", next).press("form[action='/me/phone'] button");
    visitor.fill("code", owner.code(next, 0)).press("form[action='/me/proof'] button");
    visitor.see("[role='status']");
    assertThat(visitor.page().locator("dl")).containsText(next);
    visitor.see("button[value='start']");

    var staff = chromium.signedIn(program, "manager", language, true);
    staff.open("/volunteers/" + id).see("details summary").click();
    staff.fill("why", "asked on the phone").press("details form button");
    staff.see("[role='status']");
    visitor.open("/me").see("button[value='stop']");
    visitor.press("form[action='/me/leave'] button").see("form[action='/me/code']");
  }

  /** As an Arabic keyboard writes digits. */
  private static String arabic(String digits, String language) {
    if (language.equals("en")) return digits;
    var written = new StringBuilder();
    digits.chars().forEach(c -> written.append((char) (c - '0' + '٠')));
    return written.toString();
  }
}
