package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.TestNodes;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Wording;
import org.fazaa.notifier.carrier.standin.Faults;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Post;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.web.PlantedOffers.Asked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * WhatsApp and calls, over HTTP and through the stand-in of the carrier: who presses a button or a
 * key has answered, like anybody who writes.
 */
class WaysTest {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String ADDRESS = "http://127.0.0.1:" + TestNodes.freePort();
  private static final TwilioStandIn twilio =
      TwilioStandIn.start(
          new StandInOptions()
              .delivery(Duration.ofMillis(20))
              .repliesTo(URI.create(ADDRESS + "/twilio/replies")));

  @RegisterExtension static final Program program = Program.behind(twilio, ADDRESS, "offer/ar");

  private static List<Asked> people;

  @BeforeAll
  static void plant() {
    people = PlantedOffers.plant(program.database().superuserPool(), 12, 12);
  }

  @AfterAll
  static void stop() {
    twilio.close();
  }

  @Test
  void aButtonInWhatsappIsAnAnswerAndIsAnsweredThere() {
    var sara = people.get(0);
    ask(sara, Way.WHATSAPP);
    var asked = posted("whatsapp:" + sara.phone(), 0);
    assertThat(asked.form())
        .containsEntry("From", "whatsapp:" + Program.WHATSAPP)
        .containsEntry("ContentSid", Program.TEMPLATE)
        .doesNotContainKey("Body");

    twilio.press("whatsapp:" + sara.phone(), 1);

    await().atMost(SOON).until(() -> offer(sara).equals("assigned"));
    assertThat(reply(sara)).isEqualTo("whatsapp: 1 " + sara.code());
    var answer = posted("whatsapp:" + sara.phone(), 1);
    assertThat(answer.form()).doesNotContainKey("ContentSid");
    assertThat(answer.form().get("Body")).contains(sara.code());
  }

  @Test
  void aButtonForNoIsANo() {
    var omar = people.get(1);
    ask(omar, Way.WHATSAPP);
    posted("whatsapp:" + omar.phone(), 0);
    twilio.press("whatsapp:" + omar.phone(), 2);
    await().atMost(SOON).until(() -> offer(omar).equals("declined"));
  }

  @Test
  void aKeyInACallIsAnAnswer() {
    var huda = people.get(2);
    twilio.keys(huda.phone(), "91"); // hears it again, then yes
    ask(huda, Way.VOICE);
    assertThat(posted(huda.phone(), 0).form()).containsEntry("From", Program.CALLER);

    await().atMost(SOON).until(() -> offer(huda).equals("assigned"));
    assertThat(reply(huda)).isEqualTo("voice: 1 " + huda.code());
    await().atMost(SOON).until(() -> text(huda, Way.VOICE).equals("delivered"));
    // A call cannot be answered by a call: what follows is written.
    assertThat(posted(huda.phone(), 1).form().get("Body")).contains(huda.code());
  }

  @Test
  void whoeverDoesNotTakeTheCallGetsAnSms() {
    var noor = people.get(3);
    twilio.faults(Faults.parse("no-answer=1"));
    try {
      ask(noor, Way.VOICE);
      assertThat(posted(noor.phone(), 1).form().get("Body")).contains(noor.code());
      assertThat(text(noor, Way.VOICE)).isEqualTo("failed");
    } finally {
      twilio.faults(Faults.NONE);
    }
  }

  @Test
  @Tag("S9")
  void aButtonThatIsForgedOrAnotherPersonsIsNotKnownAndChangesNothing() {
    var mona = people.get(4);
    var zaid = people.get(5);
    ask(mona, Way.WHATSAPP);
    ask(zaid, Way.WHATSAPP);
    var yes = payload(posted("whatsapp:" + mona.phone(), 0), 0);
    var forged = yes.substring(0, yes.length() - 1) + (yes.endsWith("A") ? "B" : "A");
    var turned = "2" + yes.substring(1);
    for (var payload : List.of(yes, forged, turned, "1", "x".repeat(120))) {
      twilio.press("whatsapp:" + zaid.phone(), payload, "Yes");
    }
    await().atMost(SOON).until(() -> repliesOf(zaid, "not-known") == 5);
    assertThat(offer(zaid)).isEqualTo("open");
    assertThat(offer(mona)).isEqualTo("open");
    var told = posted("whatsapp:" + zaid.phone(), 1);
    assertThat(told.form().get("Body")).startsWith("Fazaa: this button is not known");
  }

  @Test
  @Tag("S9")
  void aButtonWhoseTimeIsOverIsNotKnown() {
    var late = people.get(6);
    ask(late, Way.WHATSAPP);
    posted("whatsapp:" + late.phone(), 0);
    var links =
        Database.inTransaction(program.database().pool(), tx -> AnswerLink.open(tx, new Random(1)));
    var target = new AnswerLink.Target("dispatch", column(late, "o.id::text"));
    var past = Instant.now().minus(Duration.ofMinutes(20));
    var dead = links.bound('1', target, new Phone(late.phone()), past);
    twilio.press("whatsapp:" + late.phone(), dead, "Yes");
    await().atMost(SOON).until(() -> repliesOf(late, "not-known") == 1);
    assertThat(offer(late)).isEqualTo("open");
  }

  @Test
  @Tag("S9")
  void aCallThatIsForgedOrAnotherPersonsSaysSoAndChangesNothing() {
    var rami = people.get(7);
    var dana = people.get(8);
    ask(rami, Way.VOICE);
    var url = URI.create(posted(rami.phone(), 0).form().get("Url"));
    var paths = List.of(url.getPath() + "/keys", "/twilio/voice/cforged/keys");
    for (var path : paths) {
      var phone = path.contains("forged") ? rami.phone() : dana.phone();
      var form = key("CAforged" + path.length(), phone, "1");
      var said = signed(path, form).postForm(path, form);
      assertThat(said.status()).isEqualTo(200);
      assertThat(said.text()).contains("This call is not known").doesNotContain("Gather");
    }
    var form = key("CAunsigned", rami.phone(), "1");
    assertThat(program.anybody().postForm(paths.getFirst(), form).status()).isEqualTo(403);
    assertThat(offer(rami)).isEqualTo("open");
    assertThat(offer(dana)).isEqualTo("open");
  }

  @Test
  void aKeyThatIsPostedTwiceCountsOnce() {
    var lina = people.get(9);
    ask(lina, Way.VOICE);
    var path = URI.create(posted(lina.phone(), 0).form().get("Url")).getPath() + "/keys";
    var form = key("CAtwice", lina.phone(), "2");
    for (int i = 0; i < 2; i++) {
      var said = signed(path, form).postForm(path, form);
      assertThat(said.text()).contains("وصلنا اعتذارك").contains("arb");
    }
    await().atMost(SOON).until(() -> offer(lina).equals("declined"));
    assertThat(count("SELECT count(*) FROM notify.reply WHERE provider_id = $1", "CAtwice-2"))
        .isEqualTo(1);
  }

  @Test
  void wordsInWhatsappAreAReplyLikeAny() {
    var adel = people.get(10);
    ask(adel, Way.WHATSAPP);
    posted("whatsapp:" + adel.phone(), 0);
    twilio.reply("whatsapp:" + adel.phone(), "ابشر");
    await().atMost(SOON).until(() -> offer(adel).equals("assigned"));
    assertThat(reply(adel)).isEqualTo("whatsapp: ابشر");
  }

  /** As a call-out would: about their own offer. */
  private static void ask(Asked who, Way way) {
    var wording =
        new Wording(
            "offer",
            Map.of(
                "title", "إخلاء",
                "when", "اليوم من 16:00 إلى 20:00",
                "people", "12",
                "code", who.code(),
                "link", ""));
    var draft =
        new Draft(
            new Phone(who.phone()),
            Language.AR,
            MessageClass.SERVICE,
            "dispatch",
            column(who, "o.id::text"),
            who.code(),
            wording.in(Language.AR),
            true,
            Occasion.ALARM,
            null,
            60,
            Instant.now().plus(Duration.ofHours(2)));
    Database.inTransaction(
        program.database().pool(), tx -> Outbox.add(tx, draft.by(way, wording), Instant.now()));
    program.publish(new Fact.OutboxFilled());
  }

  /** What was posted to this address, from 0 on. */
  private static Post posted(String to, int which) {
    await().atMost(SOON).until(() -> postsTo(to).size() > which);
    return postsTo(to).get(which);
  }

  private static List<Post> postsTo(String to) {
    return twilio.posts().stream().filter(post -> to.equals(post.form().get("To"))).toList();
  }

  /** The payload of the first or second button of a template. */
  private static String payload(Post post, int button) {
    var values = new JsonObject(post.form().get("ContentVariables"));
    assertThat(values.size()).isEqualTo(7);
    return values.getString(Integer.toString(6 + button));
  }

  private static TreeMap<String, String> key(String call, String phone, String digit) {
    return new TreeMap<>(
        Map.of(
            "CallSid",
            call,
            "CallStatus",
            "in-progress",
            "From",
            Program.CALLER,
            "To",
            phone,
            "Digits",
            digit));
  }

  private static Caller signed(String path, Map<String, String> form) {
    var token = twilio.settings().get("TWILIO_AUTH_TOKEN");
    return program
        .anybody()
        .with("X-Twilio-Signature", TwilioSign.form(token, ADDRESS + path, form));
  }

  private static String offer(Asked who) {
    return column(who, "o.state::text");
  }

  private static String column(Asked who, String column) {
    var rows =
        program
            .database()
            .superuserPool()
            .preparedQuery(
                "SELECT "
                    + column
                    + " FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer"
                    + " WHERE v.phone = $1")
            .execute(Tuple.of(who.phone()))
            .await();
    return rows.iterator().next().getString(0);
  }

  private static String reply(Asked who) {
    var rows =
        program
            .database()
            .pool()
            .preparedQuery("SELECT way || ': ' || body FROM notify.reply WHERE from_phone = $1")
            .execute(Tuple.of(who.phone()))
            .await();
    return rows.iterator().next().getString(0);
  }

  private static String text(Asked who, Way way) {
    var rows =
        program
            .database()
            .pool()
            .preparedQuery("SELECT state::text FROM notify.text WHERE to_phone = $1 AND way = $2")
            .execute(Tuple.of(who.phone(), way.tag()))
            .await();
    return rows.iterator().next().getString(0);
  }

  private static long repliesOf(Asked who, String outcome) {
    var sql = "SELECT count(*) FROM notify.reply WHERE outcome = '" + outcome + "' AND from_phone";
    return count(sql + " = $1", who.phone());
  }

  private static long count(String sql, String about) {
    var rows = program.database().pool().preparedQuery(sql).execute(Tuple.of(about)).await();
    return rows.iterator().next().getLong(0);
  }
}
