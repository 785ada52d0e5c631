package org.fazaa.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.fazaa.config.TestNodes;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Post;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One call-out, four people, and each answers as their country and their phone let them: by SMS, by
 * the link on a page without JavaScript, by a button in WhatsApp, by a key in a call.
 */
class FourWaysDrillTest {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final int PAGE_MAX_BYTES = 10 * 1024;
  private static final Pattern LINK = Pattern.compile("http\\S+(/a/[A-Za-z0-9_-]+)");
  private static final Pattern CODE = Pattern.compile("\\b[A-Z][0-9][A-Z][0-9]\\b");
  private static final Pattern ANSWER_FORM =
      Pattern.compile("<form method=\"post\">(.*?)</form>", Pattern.DOTALL);
  private static final Pattern FIELD =
      Pattern.compile("<input type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\">");

  private static final String BY_SMS = "+12025550101";
  private static final String BY_LINK = "+966512000001";
  private static final String BY_BUTTON = "+966512000002";
  private static final String BY_KEY = "+966512000003";
  private static final String IN_WHATSAPP = "whatsapp:" + BY_BUTTON;
  private static final String PEOPLE =
      """
      name,phone,language,skills,lon,lat,ways
      Huda,%s,en,driver_4x4,39.210,21.56,sms
      سارة,%s,ar,driver_4x4,39.211,21.56,sms
      عمر,%s,ar,driver_4x4,39.212,21.56,whatsapp;sms
      نور,%s,ar,driver_4x4,39.213,21.56,voice;sms
      """
          .formatted(BY_SMS, BY_LINK, BY_BUTTON, BY_KEY);

  private static final String ADDRESS = "http://127.0.0.1:" + TestNodes.freePort();
  private static final TwilioStandIn twilio =
      TwilioStandIn.start(
          new StandInOptions()
              .delivery(Duration.ofMillis(20))
              .repliesTo(URI.create(ADDRESS + "/twilio/replies")));

  @RegisterExtension static final Program program = Program.behind(twilio, ADDRESS, "offer/ar");

  @AfterAll
  static void stop() {
    twilio.close();
  }

  @Test
  void fourPeopleAnswerEachInTheirWayAndTheNeedFills() {
    var coordinator = program.as("coordinator");
    var imported = coordinator.postCsv("/api/volunteers/import", PEOPLE).ok();
    assertThat(imported.getInteger("inserted")).isEqualTo(4);
    var crisis = coordinator.post("/api/crises", DispatchJourneyTest.flood()).created();
    var needs = "/api/crises/" + crisis.getLong("id") + "/needs";
    var opened = coordinator.post(needs, DispatchJourneyTest.need(4)).created();
    var need = "/api/needs/" + opened.getLong("id");
    await().atMost(SOON).until(() -> reached(coordinator, need) == 4);
    assertThat(reach(coordinator, need))
        .containsExactlyInAnyOrder(
            "US sms reply", "SA sms link", "SA whatsapp press", "SA voice press");

    twilio.keys(BY_KEY, "1");
    coordinator.post(need + "/callout", new JsonObject().put("max_texts", 4)).created();

    var asked = posted(BY_SMS, 0);
    assertThat(asked).contains("Reply 1 yes or 2 no");
    twilio.reply(BY_SMS, "yes " + code(asked));

    var offered = posted(BY_LINK, 0);
    assertThat(offered).contains("أجب هنا").doesNotContain("رد 1");
    answerAtTheLink(offered);

    var shown = post(IN_WHATSAPP, 0);
    assertThat(shown.form())
        .containsEntry("ContentSid", Program.TEMPLATE)
        .doesNotContainKey("Body");
    twilio.press(IN_WHATSAPP, 1);

    await().atMost(SOON).until(() -> coordinator.get(need).ok().getInteger("filled") == 4);
    var filled = coordinator.get(need).ok();
    assertThat(filled.getString("state")).isEqualTo("filled");
    assertThat(filled.getInteger("offers_open")).isZero();
    assertThat(filled.getInteger("texts")).isEqualTo(4);
    assertThat(objects(coordinator.get(need + "/offers").ok().getJsonArray("offers")))
        .hasSize(4)
        .allMatch(offer -> offer.getString("state").equals("assigned"));
    assertThat(howEachCame())
        .containsExactlyInAnyOrder(
            BY_SMS + " sms assigned",
            BY_LINK + " link assigned",
            BY_BUTTON + " whatsapp assigned",
            BY_KEY + " voice assigned");

    // Each is told where to go, by a way that they can read it.
    for (var to : List.of(BY_SMS, BY_LINK, IN_WHATSAPP, BY_KEY)) {
      assertThat(posted(to, 1)).contains("21.56000,39.21000");
    }
    assertThat(posted(BY_LINK, 1)).as("a reply would reach nobody").contains("أو من صفحتك");
    await().atMost(SOON).until(() -> count("SELECT count(*) FROM notify.text" + ARRIVED) == 8);
    assertThat(twilio.acceptedByMessage().values()).hasSize(8).allMatch(times -> times == 1);
    assertThat(count("SELECT count(*) FROM dispatch.offer_event WHERE what = 'assigned'"))
        .isEqualTo(4);
  }

  private static final String ARRIVED = " WHERE state = 'delivered'";

  /** As a browser does that knows neither scripts nor cookies: it reads a page and sends a form. */
  private static void answerAtTheLink(String offered) {
    var link = found(LINK, offered);
    var before = known(BY_LINK);
    var page = program.anybody().get(link);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text().getBytes(UTF_8).length).isLessThanOrEqualTo(PAGE_MAX_BYTES);
    assertThat(page.text()).doesNotContainIgnoringCase("<script").contains(code(offered));
    assertThat(program.anybody().send("HEAD", link, NOTHING).status()).isLessThan(500);
    assertThat(before).singleElement().asString().contains(",open,").endsWith("events 0");
    assertThat(known(BY_LINK)).as("looking answers nothing").isEqualTo(before);

    var form = new TreeMap<String, String>();
    var fields = FIELD.matcher(found(ANSWER_FORM, page.text()));
    while (fields.find()) form.put(fields.group(1), fields.group(2));
    form.put("answer", "yes");
    for (int i = 0; i < 2; i++) { // whoever is not sure presses again
      var said = program.anybody().postForm(link, form);
      assertThat(said.status()).as(said.text()).isEqualTo(200);
    }
  }

  private static final BodyPublisher NOTHING = BodyPublishers.noBody();

  /** All that an answer of theirs would change; the others answer meanwhile. */
  private static List<String> known(String phone) {
    return lines(
        """
        SELECT o.xmin || ' ' || o || ' texts ' || (
            SELECT count(*) FROM notify.text t WHERE t.to_phone = v.phone)
          || ' replies ' || (SELECT count(*) FROM notify.reply r WHERE r.from_phone = v.phone)
          || ' events ' || (SELECT count(*) FROM dispatch.offer_event e WHERE e.offer = o.id)
        FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer
        WHERE v.phone = '%s'
        """
            .formatted(phone));
  }

  private static long reached(Caller coordinator, String need) {
    return coordinator.get(need + "/forecast").status() == 200
        ? objects(coordinator.get(need + "/forecast").ok().getJsonArray("reach")).stream()
            .mapToInt(one -> one.getInteger("people"))
            .sum()
        : 0;
  }

  private static List<String> reach(Caller coordinator, String need) {
    return objects(coordinator.get(need + "/forecast").ok().getJsonArray("reach")).stream()
        .map(
            one ->
                "%s %s %s"
                    .formatted(
                        one.getString("country"), one.getString("way"), one.getString("answer")))
        .toList();
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  /** The one thread of all replies: from whom, by which way, and what came of it. */
  private static List<String> howEachCame() {
    return lines(
        """
        SELECT r.from_phone || ' ' || r.way || ' ' || v.what
        FROM notify.reply r LEFT JOIN dispatch.offer_event v ON v.reply = r.id
        """);
  }

  private static Post post(String to, int which) {
    Supplier<List<Post>> posts =
        () -> twilio.posts().stream().filter(one -> to.equals(one.form().get("To"))).toList();
    await().atMost(SOON).until(() -> posts.get().size() > which);
    return posts.get().get(which);
  }

  private static String posted(String to, int which) {
    return post(to, which).form().get("Body");
  }

  private static String code(String text) {
    return found(CODE, text);
  }

  private static String found(Pattern pattern, String text) {
    var match = pattern.matcher(text);
    assertThat(match.find()).as("%s in %s", pattern, text).isTrue();
    return match.groupCount() == 0 ? match.group() : match.group(1);
  }

  private static long count(String sql) {
    return Long.parseLong(text(sql.replace("count(*)", "count(*)::text")));
  }

  private static String text(String sql) {
    return lines(sql).getFirst();
  }

  private static List<String> lines(String sql) {
    var lines = new ArrayList<String>();
    for (var row : program.database().superuserPool().query(sql).execute().await()) {
      lines.add(row.getString(0));
    }
    return lines;
  }
}
