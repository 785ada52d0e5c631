package org.fazaa.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both journeys as people walk them: in a browser, in both languages, on the whole program. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrowserJourneyTest {
  private static final String IBAN = "SA03 8000 0000 6080 1016 7519";
  private static final String OTHER_IBAN = "SA44 2000 0001 2345 6789 1234";
  private static final String BAD_NAME = "<img src=x onerror=alert(1)>";

  @RegisterExtension static final Program program = Program.start();
  @RegisterExtension static final Chromium chromium = new Chromium();

  private static int people = 1;

  @ParameterizedTest
  @CsvSource({"ar, true", "en, true", "en, false"})
  void aCoordinatorLaunchesCallsOutAndTheNeedFills(String language, boolean javaScript) {
    var coordinator = chromium.signedIn(program, "coordinator", language, javaScript);
    importVolunteers(coordinator, 6, "أمل");
    launch(coordinator);
    addNeed(coordinator, "Sand bags", 2);
    var need = coordinator.number();
    coordinator.press("#callout form button").reads(".fill .count", "/ 2");

    answerOnTheirPhones(coordinator, need, 2);

    coordinator.open("/needs/" + need);
    untilRead(coordinator, ".fill .count", "2");
    coordinator.reads(".panel .tag", language.equals("ar") ? "اكتمل" : "Filled");
    assertThat(coordinator.page().locator("html").getAttribute("dir"))
        .isEqualTo(language.equals("ar") ? "rtl" : "ltr");
  }

  @ParameterizedTest
  @CsvSource({"ar, true", "en, false"})
  void whoeverIsSilentWhenItFillsIsSeenToBeStoodDown(String language, boolean javaScript) {
    var coordinator = chromium.signedIn(program, "coordinator", language, javaScript);
    importVolunteers(coordinator, 8, "هيا");
    launch(coordinator);
    addNeed(coordinator, "Stretchers", "life", 1);
    var need = coordinator.number();
    coordinator.press("#callout form button");
    until(coordinator.open("/needs/" + need), () -> seen(coordinator, ".tag.asked") > 1);

    answerOnTheirPhones(coordinator, need, 1);

    until(coordinator, () -> seen(coordinator, ".tag.stood_down") > 0);
    assertThat(seen(coordinator, ".tag.asked")).isZero();
    coordinator.see("#others summary").click();
    var said = language.equals("ar") ? "شكرناه" : "Stood down";
    coordinator.reads("#others .tag.stood_down", said).keep("stood-down-" + language);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void aBoardFillsBeforeTheEyesOfWhoeverLooksAtIt(String language) {
    var coordinator = chromium.signedIn(program, "coordinator", language, true);
    importVolunteers(coordinator, 3, "سعد");
    var crisis = launch(coordinator);
    addNeed(coordinator, "First aid tent", 1);
    var need = coordinator.number();
    coordinator.press("#callout form button");
    var watcher = chromium.signedIn(program, "coordinator", language, true);
    watcher.open("/crises/" + crisis).reads("#need-" + need + " .count", "0");

    answerOnTheirPhones(coordinator, need, 1);

    watcher.reads("#need-" + need + " .count b", "1");
    watcher.reads("#need-" + need + " .tag.filled", language.equals("ar") ? "اكتمل" : "Filled");
    watcher.keep("board-live-" + language);
  }

  @ParameterizedTest
  @CsvSource({"ar, true", "en, false"})
  void aNeedSaysWhyEachPersonWasAsked(String language, boolean javaScript) {
    var coordinator = chromium.signedIn(program, "coordinator", language, javaScript);
    importVolunteers(coordinator, 5, "ريم");
    launch(coordinator);
    addNeed(coordinator, "Water points", 2);
    var need = coordinator.number();
    coordinator.press("#callout form button");
    aPhone(coordinator, need);

    coordinator.open("/needs/" + need).see("#log details.more summary").click();
    coordinator.reads("#log ul", language.equals("ar") ? "سُئل لأنه يبعد" : "asked because ");
    coordinator.see("#decisions").scrollIntoViewIfNeeded();
    coordinator.keep("decisions-" + language);

    coordinator.open("/needs/" + need + "/decisions");
    coordinator.see("main details.more summary").click();
    coordinator.reads("main", language.equals("ar") ? "الدفعة الأولى" : "first wave");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void aGiftGetsItsReceiptAndMoneyLeavesOnlyWithTwoApprovals(String language) {
    var fund = fund();
    var donor = chromium.visitor(program, language);
    donor.open("/give/" + fund).fill("name", "أم خالد").choose("channel", "bank_transfer");
    donor.choose("amount", "500").press("main form button.full");
    var gift = donor.page().url();
    var reference = donor.see("main .code").textContent();

    var treasurer = chromium.signedIn(program, "finance", language, true);
    treasurer.open("/finance/transfers").reads("tbody", reference);
    treasurer.fill("bank_line", "LINE-" + reference).press("main tbody button");
    donor.page().navigate(gift);
    donor.see(".receipt .qr");
    donor.reads(".receipt .amount", "500.00").keep("receipt-" + language);

    addPayee(treasurer, language.equals("ar") ? IBAN : OTHER_IBAN);
    var first = chromium.signedIn(program, "approver", language, true);
    var second = chromium.signedIn(program, "approver", language, true);
    first.open("/finance/payees").fill("evidence", "letter 118");
    accredit(first.see("form[action$='/verification']").getAttribute("action"));
    first.press("form[action$='/verification'] button");
    treasurer.open("/finance/requests/new").fill("amount", "120.50");
    treasurer.page().selectOption("[name=category]", "shelter");
    treasurer.page().selectOption("[name=region]", "SA-02");
    treasurer.page().selectOption("[name=target_group]", "displaced");
    treasurer.page().selectOption("[name=fund]", String.valueOf(fund));
    treasurer.fill("purpose", "Blankets").fill("evidence", "offer 7").press("main form button");
    var request = treasurer.number();
    for (var approver : new Visitor[] {first, second}) {
      approver.open("/finance/requests/" + request).press("form[action$='/approvals'] button");
    }
    treasurer.open("/finance/requests/" + request).press("form[action$='/payment'] button");
    treasurer.reads("main", "120.50 SAR").see(".tag.paid");

    donor.open("/open/" + fund).reads("main", "120.50 SAR").reads("main", "Blankets");
  }

  @Test
  void whatPeopleWriteIsShownAndNeverRun() {
    var coordinator = chromium.signedIn(program, "coordinator", "en", true);
    importVolunteers(coordinator, 2, BAD_NAME);
    launch(coordinator);
    addNeed(coordinator, "<script>alert(2)</script>", 1);
    var need = coordinator.number();
    coordinator.press("#callout form button");
    var phone = aPhone(coordinator, need);
    coordinator.open("/phones/" + phone).fill("body", "\"><svg onload=alert(3)> maybe?");
    coordinator.press("main form button");

    coordinator.open("/phones").open("/volunteers").open("/needs/" + need).open("/");
    coordinator.open("/inbox").reads("main", "onload=alert(3)");
  }

  @Test
  @Order(1) // while nobody else has been asked: two people and one need
  void aReplyThatNoRuleUnderstandsIsDecidedWithOneKey() {
    var coordinator = chromium.signedIn(program, "coordinator", "en", true);
    importVolunteers(coordinator, 2, "ليلى");
    launch(coordinator);
    addNeed(coordinator, "Cooks", 1);
    var need = coordinator.number();
    coordinator.press("#callout form button");
    coordinator.open("/phones/" + aPhone(coordinator, need)).fill("body", "بعد المغرب ومعاي اخوي؟");
    coordinator.press("main form button").open("/inbox").reads(".inbox", "بعد المغرب");

    var reply = coordinator.page().locator(".inbox > li", withText("بعد المغرب")).first();
    reply.locator("button").first().focus();
    coordinator.page().keyboard().press("Enter");
    coordinator.reads("li[data-keys]", "بعد المغرب");
    coordinator.page().keyboard().press("y");
    assertThat(reply).isHidden();

    coordinator.open("/needs/" + need);
    untilRead(coordinator, ".fill .count b", "1");
  }

  @Test
  void anAnswerPageIsSmallAndNeedsNoScript() {
    var coordinator = chromium.signedIn(program, "coordinator", "ar", true);
    importVolunteers(coordinator, 2, "نوف");
    launch(coordinator);
    addNeed(coordinator, "Drivers", 1);
    var need = coordinator.number();
    coordinator.press("#callout form button");
    coordinator.open("/phones/" + aPhone(coordinator, need));
    var link = coordinator.see(".thread a[href^='/a/']").getAttribute("href");
    var volunteer = chromium.visitor(program, "ar", false);

    var page = program.anybody().get(link).text();
    volunteer.open(link).press("button[value=yes]");

    assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(10 * 1024);
    assertThat(page).doesNotContain("<script");
    volunteer.see(".result.yes");
    volunteer.open(link).see(".result.yes");
    volunteer.press("button[value=drop]").see(".result.no");
  }

  /** People who live in Jeddah and can clean, by the file that a manager would send. */
  private static void importVolunteers(Visitor coordinator, int count, String name) {
    var csv = new StringBuilder("name,phone,language,skills,lon,lat\n");
    for (var i = 0; i < count; i++) {
      csv.append("%s,+96655%07d,ar,cleaning,39.19%d,21.54%d\n".formatted(name, people++, i, i));
    }
    var file = csv.toString().getBytes(StandardCharsets.UTF_8);
    coordinator.open("/volunteers");
    coordinator.page().setInputFiles("[name=file]", new FilePayload("v.csv", "text/csv", file));
    coordinator.press("form[action='/volunteers/import'] button");
    coordinator.reads(".figures .value", String.valueOf(count));
  }

  private static long launch(Visitor coordinator) {
    coordinator.open("/crises/new").choose("kind", "flood");
    coordinator.fill("name_ar", "سيول جدة").fill("name_en", "Jeddah floods");
    coordinator.press("main form button");
    coordinator.fill("lat", "21.5424").fill("lon", "39.198").fill("radius_km", "25");
    coordinator.press("main form button").see(".map .area");
    coordinator.press("form[action='/crises'] button").see("#needs-title");
    return coordinator.number();
  }

  private static void addNeed(Visitor coordinator, String title, int people) {
    addNeed(coordinator, title, "urgent", people);
  }

  private static void addNeed(Visitor coordinator, String title, String priority, int people) {
    coordinator.press("a[href$='/needs/new']").choose("priority", priority);
    coordinator.fill("title_ar", "احتياج").fill("title_en", title);
    coordinator.fill("people", String.valueOf(people)).page().check("[value=cleaning]");
    coordinator.press("main form button[type=submit], main form .actions button");
    coordinator.see("#callout");
  }

  /** The phone of somebody who has been asked for this need. */
  private static String aPhone(Visitor coordinator, long need) {
    untilRead(coordinator.open("/needs/" + need), ".panel", "•••");
    var masked = coordinator.see("tbody .phone").textContent();
    coordinator.open("/phones");
    return phone(coordinator, masked).getAttribute("href").replaceAll(".*/", "");
  }

  /** The way to the phone whose number ends as a masked one does: 005 is not 0050. */
  private static Locator phone(Visitor coordinator, String masked) {
    var ending = masked.substring(masked.length() - 3) + "\\s*$";
    var number = coordinator.page().locator(".phone", withText(ending));
    var row = coordinator.page().locator("tbody tr", new Page.LocatorOptions().setHas(number));
    return row.first().locator("a");
  }

  private static Page.LocatorOptions withText(String text) {
    var options = new Page.LocatorOptions();
    return options.setHasText(Pattern.compile(text));
  }

  /** So many of those who were asked say yes, each on their own phone. */
  private static void answerOnTheirPhones(Visitor coordinator, long need, int yes) {
    untilRead(coordinator.open("/needs/" + need), ".panel", "•••");
    for (var i = 0; i < yes; i++) {
      coordinator.open("/needs/" + need);
      var asked = coordinator.see("tr:has(.tag.asked) .phone").textContent();
      coordinator.open("/phones");
      phone(coordinator, asked).click();
      coordinator.fill("body", "نعم").press("main form button");
      coordinator.open("/needs/" + need);
      untilRead(coordinator, ".fill .count b", String.valueOf(i + 1));
    }
  }

  /** Without a script a page is read again by hand; with one it would change by itself. */
  private static void untilRead(Visitor visitor, String what, String text) {
    var seen = visitor.page().locator(what).first();
    until(visitor, () -> seen.textContent().contains(text));
  }

  private static void until(Visitor visitor, BooleanSupplier found) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              if (found.getAsBoolean()) return true;
              visitor.page().reload();
              return false;
            });
  }

  private static int seen(Visitor visitor, String what) {
    return visitor.page().locator(what).count();
  }

  private static long fund() {
    var draft =
        new JsonObject()
            .put("name", new JsonObject().put("ar", "صندوق السيول").put("en", "Flood relief"))
            .put("currency", "SAR")
            .put("purpose", new JsonObject().put("ar", "إيواء").put("en", "Shelter"));
    return program.as("finance").post("/api/funds", draft).created().getLong("id");
  }

  private static void accredit(String verification) {
    var path =
        "/api" + verification.replace("/finance", "").replace("verification", "accreditation");
    var entered =
        new JsonObject()
            .put("authority", "National Centre")
            .put("licence", "NC-118")
            .put("from", "2020-01-01")
            .put("until", "2036-12-31");
    program.as("finance").post(path, entered).created();
    var seen = new JsonObject().put("n", 1);
    program.as("approver").post(path + "/confirmation", seen).created();
  }

  private static void addPayee(Visitor treasurer, String iban) {
    treasurer.open("/finance/payees").fill("name_ar", "مصنع الشرق").fill("name_en", "Al-Sharq");
    treasurer.page().fill("form[action='/finance/payees'] [name=iban]", iban);
    treasurer.press("form[action='/finance/payees'] button");
  }
}
