package org.fazaa.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.options.FilePayload;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Attachments.Attached;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole inbox, read and settled without a mouse. */
class InboxByKeyboardTest {

  /** Water below a wall. */
  private static final byte[] PHOTO =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAGAAAABACAIAAABqVuVZAAAAcUlEQVR42u3QMQ0AIAwAsAnjRsRE"
                  + "cKMEvXOwf6RJFTT2eTRCgSBBggQJEiRIEIIECRIkSJAgQQgSJEiQIEGCBCFIkCBBggQJEiQIQYIE"
                  + "CRI0LujmoiFIkCBBggQJEiQIQYIECRIkSJAgBAkSJEiQoC8UN3jVpbNK93QAAAAASUVORK5CYII=");

  @RegisterExtension static final Program program = Program.start();
  @RegisterExtension static final Chromium chromium = new Chromium();

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ARABIC_Y =
      "document.body.dispatchEvent(new KeyboardEvent('keydown',"
          + " {key: 'غ', code: 'KeyY', bubbles: true, cancelable: true}))";

  private static int people = 1;

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void everyReplyIsDecidedWithAKey(String language) {
    var coordinator = chromium.signedIn(program, "coordinator", language, true);
    var need = callOut(coordinator);
    var asked = asked(need);
    write(asked.get(0), "Maghrib square, the blue lorry " + language, List.of());
    var pin = new Attached.Pin(39.1728, 21.5429, "المدرسة");
    write(asked.get(1), "my brother asks about the exactly same thing " + language, List.of(pin));
    var photo = new Attached.File("image/png", "https://example.org/elsewhere");
    var stranger = "+96656%07d".formatted(people++);
    var shown = write(stranger, "", List.of(pin, photo));
    keepPhoto(shown);
    write("+96656%07d".formatted(people++), "help we are trapped", List.of());
    var keys = coordinator.open("/inbox").page().keyboard();
    assertThat(coordinator.page().locator(".inbox > li")).hasCount(4);
    coordinator.keep("inbox-queue-" + language);

    keys.press("?");
    coordinator.see(".keys dl");
    coordinator.keep("inbox-keys-" + language);
    keys.press("?");

    press(coordinator, keys, "Enter");
    coordinator.reads(".inbox > li.mine.danger .said", "trapped");
    keys.press("a");
    coordinator.see(".write textarea");
    keys.type(language.equals("ar") ? "أين أنتم؟ اتصلوا بالطوارئ" : "Where are you? Ring 911 now");
    coordinator.keep("inbox-writing-" + language);
    press(coordinator, keys, "Control+Enter");

    // Of the two who were asked the one who wrote first is the next.
    coordinator.reads(".inbox > li.mine .said", "Maghrib");
    coordinator.keep("inbox-open-" + language);
    if (language.equals("ar")) pressArabic(coordinator);
    else press(coordinator, keys, "y");
    coordinator.reads(".inbox > li.mine .said", "exactly");
    coordinator.reads(".inbox > li.mine .attached", "2.6");
    press(coordinator, keys, "n");
    coordinator.see(".inbox > li.mine .attached img");
    coordinator.reads(".settled", language.equals("ar") ? "لن يأتي؛ يُسأل غيره" : "is not coming");
    coordinator.reads(".settled", language.equals("ar") ? "صار له مكان" : "has a place now");
    coordinator.keep("inbox-settled-" + language);
    press(coordinator, keys, "p");
    assertThat(coordinator.page().locator(".inbox > li")).hasCount(0);

    assertThat(need(need).getInteger("filled")).isEqualTo(1);
    coordinator.open("/inbox/suggestions").reads("tbody", "maghrib");
    coordinator.keep("inbox-suggestions-" + language);
    var first = coordinator.page().locator("tbody tr").first().textContent();
    coordinator.press("tbody button");
    assertThat(coordinator.page().locator("tbody")).not().containsText(first.strip());
  }

  @Test
  void twoWhoReadTheSameInboxSeeWhoHasWhat() {
    var nora = chromium.signedIn(program, "coordinator", "en", true);
    var fahd = chromium.signedIn(program, "coordinator", "en", true);
    write("+96656%07d".formatted(people++), "who is it", List.of());
    write("+96656%07d".formatted(people++), "who is it, please", List.of());
    nora.open("/inbox");
    fahd.open("/inbox");
    press(nora, nora.page().keyboard(), "Enter");
    fahd.reads(".inbox > li.taken .held", "has it until");
    fahd.keep("inbox-taken-en");
    press(fahd, fahd.page().keyboard(), "Enter");
    fahd.reads(".inbox > li.mine .said", "please");

    fahd.page().keyboard().press("k");
    fahd.page().keyboard().press("j");
    press(nora, nora.page().keyboard(), "p");
    press(fahd, fahd.page().keyboard(), "p");
    assertThat(nora.open("/inbox").page().locator(".inbox > li")).hasCount(0);
  }

  @Test
  void withoutAScriptTheSameFormsDecide() {
    var coordinator = chromium.signedIn(program, "coordinator", "ar", false);
    var asked = asked(callOut(coordinator));
    write(asked.getFirst(), "أخي يسأل عن نفس الموضوع", List.of());
    coordinator.open("/inbox").press("#next").reads(".inbox > li.mine .said", "الموضوع");
    coordinator.press(".write summary");
    coordinator.page().locator("input[value=hour]").check();
    coordinator.press(".write button");
    coordinator.reads(".settled", "من أي ساعة تستطيع الحضور؟");
    coordinator.keep("inbox-plain-ar");
  }

  /** What sends a form: the next page is there when this returns. */
  private static void press(Visitor visitor, Keyboard keys, String key) {
    toTheNextPage(visitor, () -> keys.press(key));
  }

  // What a keyboard that writes Arabic says when its key in the place of y is pressed.
  private static void pressArabic(Visitor visitor) {
    toTheNextPage(visitor, () -> visitor.page().evaluate(ARABIC_Y));
  }

  private static void toTheNextPage(Visitor visitor, Runnable press) {
    visitor.page().evaluate("document.documentElement.dataset.old = 'yes'");
    press.run();
    visitor.page().waitForFunction("() => !document.documentElement.dataset.old");
    visitor.see("#live");
  }

  /** Two who are asked, for one place. */
  private static long callOut(Visitor coordinator) {
    var csv = new StringBuilder("name,phone,language,skills,lon,lat\n");
    for (var i = 0; i < 3; i++) {
      csv.append("سعد %d,+96655%07d,ar,cleaning,39.19%d,21.54%d\n".formatted(i, people++, i, i));
    }
    var file = csv.toString().getBytes(StandardCharsets.UTF_8);
    coordinator.open("/volunteers");
    coordinator.page().setInputFiles("[name=file]", new FilePayload("v.csv", "text/csv", file));
    coordinator.press("form[action='/volunteers/import'] button");
    coordinator.open("/crises/new").choose("kind", "flood");
    coordinator.fill("name_ar", "سيول جدة").fill("name_en", "Jeddah floods");
    coordinator.press("main form button");
    coordinator.fill("lat", "21.5424").fill("lon", "39.198").fill("radius_km", "25");
    coordinator.press("main form button");
    coordinator.press("form[action='/crises'] button").see("#needs-title");
    coordinator.press("a[href$='/needs/new']");
    coordinator.fill("title_ar", "مطبخ ميداني").fill("title_en", "Field kitchen");
    coordinator.fill("people", "2").page().check("[value=cleaning]");
    coordinator.press("main form button[type=submit], main form .actions button");
    coordinator.see("#callout");
    var need = coordinator.number();
    coordinator.press("#callout form button");
    return need;
  }

  /** The phones that were asked, once two of them were. */
  private static List<String> asked(long need) {
    var sql =
        """
        SELECT v.phone FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer
        JOIN notify.text t ON t.about = o.id::text AND t.purpose = 'dispatch' AND t.posts > 0
        WHERE o.need = $1 ORDER BY o.id\
        """;
    await().atMost(PATIENCE).until(() -> phones(sql, need).size() >= 2);
    return phones(sql, need);
  }

  private static List<String> phones(String sql, long need) {
    var phones = new ArrayList<String>();
    program
        .database()
        .pool()
        .preparedQuery(sql)
        .execute(Tuple.of(need))
        .await()
        .forEach(row -> phones.add(row.getString(0)));
    return phones;
  }

  private static JsonObject need(long need) {
    return program.as("coordinator").get("/api/needs/" + need).ok();
  }

  /** Somebody writes; answers once it waits for a person. */
  private static long write(String from, String body, List<Attached> attached) {
    var key = "K" + people++;
    var arrived = new Arrived("twilio", key, new Phone(from), "fazaa", body, Map.of(), attached);
    var reply =
        Database.inTransaction(
            program.database().pool(), tx -> TakeReply.run(tx, arrived, Instant.now()).reply());
    program.publish(new Fact.ReplyKept(reply));
    await().atMost(PATIENCE).until(() -> waits(reply));
    return reply;
  }

  private static boolean waits(long reply) {
    var sql = "SELECT EXISTS (SELECT FROM notify.reply WHERE id = $1 AND state = 'person')";
    var rows = program.database().pool().preparedQuery(sql).execute(Tuple.of(reply)).await();
    return rows.iterator().next().getBoolean(0);
  }

  /** As if a carrier had given it out: simulated phones send none. */
  private static void keepPhoto(long reply) {
    program
        .database()
        .pool()
        .preparedQuery(
            "UPDATE notify.attachment SET state = 'kept', bytes = $2, problem = NULL"
                + " WHERE reply_id = $1 AND url IS NOT NULL")
        .execute(Tuple.of(reply, Buffer.buffer(PHOTO)))
        .await();
  }
}
