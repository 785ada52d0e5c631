package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.SARA;
import static org.fazaa.notifier.Sample.run;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Settings;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.StatusArrived.Sequel;
import org.fazaa.notifier.carrier.standin.Manner;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Post;
import org.fazaa.notifier.carrier.twilio.ScriptedTwilio;
import org.fazaa.notifier.carrier.twilio.TwilioCarrier;
import org.fazaa.notifier.carrier.twilio.TwilioHooks;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By which way a text leaves, in which words, and what comes of it where that way is shut. */
class WaysOutTest {
  private static final String WHATSAPP = "whatsapp:" + SARA.e164();
  private static final String TEMPLATE = "HX" + "0".repeat(31) + "1";
  private static final Map<String, String> TEMPLATES = Map.of("offer/en", TEMPLATE);

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static Bus bus;

  private Pool pool;
  private ScriptedTwilio twilio;

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void start() {
    pool = db.pool();
    Sample.empty(db.superuserPool());
    twilio = new ScriptedTwilio(db.vertx(), NOW);
  }

  @AfterEach
  void stop() {
    twilio.close();
  }

  @Test
  void a_template_is_filled_with_the_values_in_order_and_what_its_buttons_carry() {
    opened(TEMPLATES);
    long text = add(offer(Way.WHATSAPP));
    send(TEMPLATES);

    var form = onlyPost().form();
    assertThat(form)
        .containsEntry("To", WHATSAPP)
        .containsEntry("From", "whatsapp:+14155238886")
        .containsEntry("ContentSid", TEMPLATE)
        .containsEntry("StatusCallback", "https://fazaa.example/twilio/statuses?m=" + text)
        .doesNotContainKey("Body");
    var values = new JsonObject(form.get("ContentVariables"));
    assertThat(values.fieldNames()).containsExactly("1", "2", "3", "4", "5", "6", "7");
    assertThat(values.getString("1")).isEqualTo("F7K2"); // code, link, people, title, when
    assertThat(values.getString("4")).isEqualTo("Flood clean-up");
    var target = new AnswerLink.Target("dispatch", "41");
    for (var button : List.of("6", "7")) {
      var mark = button.equals("6") ? '1' : '2';
      assertThat(ScriptedTwilio.LINKS.readBound(mark, values.getString(button), SARA, NOW))
          .hasValue(target);
    }
    assertThat(column(text, "cost")).isEqualTo(7);
    assertThat(column(text, "lane")).isEqualTo("whatsapp:+14155238886");
  }

  @Test
  void free_words_go_to_whoever_wrote_in_the_last_day_and_to_nobody_else() {
    opened(Map.of());
    write(NOW.minus(Duration.ofHours(23)));
    long text = add(offer(Way.WHATSAPP));
    send(Map.of());
    assertThat(onlyPost().form()).containsEntry("To", WHATSAPP).containsEntry("Body", body());
    assertThat(column(text, "way")).isEqualTo("whatsapp");
  }

  @Test
  void without_a_template_and_outside_that_day_it_is_an_sms() {
    opened(Map.of());
    write(NOW.minus(Duration.ofHours(25)));
    long text = add(offer(Way.WHATSAPP));
    send(Map.of());
    assertSms(text, onlyPost());
  }

  @Test
  void an_answer_goes_where_its_reader_wrote_last() {
    opened(Map.of());
    write(NOW.minus(Duration.ofMinutes(1)));
    long there = add(answer());
    assertThat(column(there, "way")).isEqualTo("whatsapp");
    say(new Arrived("twilio", "SM2", SARA, "+15005550006", "1", Map.of()), NOW);
    assertThat(column(add(answer()), "way")).isEqualTo("sms");
  }

  @ParameterizedTest
  @ValueSource(ints = {63003, 63016, 63024, 63027, 21656})
  void what_is_refused_by_this_way_leaves_by_sms_at_once(int code) {
    opened(TEMPLATES);
    twilio.once(new Manner.Refuse(400, code));
    long text = add(offer(Way.WHATSAPP));
    send(TEMPLATES);
    assertThat(twilio.posts()).hasSize(2);
    assertSms(text, twilio.posts().getLast());
  }

  @Test
  void what_a_person_can_mend_is_told_to_one() {
    opened(TEMPLATES);
    twilio.once(new Manner.Refuse(400, 63027));
    add(offer(Way.WHATSAPP));
    send(TEMPLATES);
    assertThat(Alarm.list(pool)).extracting(Alarm.Open::kind).contains(Alarm.Kind.WAY_REFUSED);
  }

  @Test
  void what_fails_later_by_this_way_is_written_once_more_by_sms() {
    opened(TEMPLATES);
    long text = add(offer(Way.WHATSAPP));
    var sender = send(TEMPLATES);
    for (int i = 0; i < 2; i++) {
      var status =
          TwilioHooks.status(
              "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=63003", Long.toString(text));
      Database.inTransaction(pool, tx -> TakeStatus.run(tx, status.orElseThrow(), NOW));
    }
    run(sender, NOW);
    assertThat(column(text, "state")).isEqualTo("failed");
    assertThat(twilio.posts()).hasSize(2);
    assertThat(twilio.posts().getLast().form())
        .containsEntry("To", SARA.e164())
        .containsEntry("Body", body());
  }

  @Test
  void a_call_says_where_its_words_are_and_how_long_it_rings() {
    opened(Map.of());
    long text = add(offer(Way.VOICE));
    send(Map.of());
    var post = onlyPost();
    assertThat(post.path()).endsWith("/Calls.json");
    assertThat(post.form())
        .containsEntry("To", SARA.e164())
        .containsEntry("From", "+15005550007")
        .containsEntry("Timeout", "30")
        .containsEntry("StatusCallbackEvent", "ringing answered completed")
        .containsEntry("StatusCallback", "https://fazaa.example/twilio/statuses?m=" + text);
    var url = post.form().get("Url");
    assertThat(url).startsWith("https://fazaa.example/twilio/voice/c");
    var token = url.substring(url.lastIndexOf('/') + 1);
    assertThat(ScriptedTwilio.LINKS.readBound('c', token, SARA, NOW))
        .hasValue(new AnswerLink.Target("dispatch", "41"));
    assertThat(column(text, "state")).isEqualTo("accepted");
    assertThat(column(text, "cost")).isEqualTo(90);
  }

  @Test
  void a_text_without_spoken_words_is_no_call() {
    opened(Map.of());
    var declined = new Wording("declined", Map.of("title", "Flood clean-up"));
    long text = add(offer(Way.SMS).by(Way.VOICE, declined));
    send(Map.of());
    assertSms(text, onlyPost());
  }

  @Test
  void a_way_that_nobody_has_opened_is_an_sms_from_the_start() {
    var sender = new SendDue(pool, bus, twilio.carrier(db.vertx()));
    run(sender, NOW);
    long text = add(offer(Way.WHATSAPP));
    assertThat(column(text, "way")).isEqualTo("sms");
    run(sender, NOW);
    assertSms(text, onlyPost());
  }

  @Test
  void what_waits_for_a_way_that_was_closed_leaves_by_sms() {
    opened(TEMPLATES);
    long text = add(offer(Way.WHATSAPP));
    run(new SendDue(pool, bus, twilio.carrier(db.vertx())), NOW);
    assertSms(text, onlyPost());
  }

  @ParameterizedTest
  @ValueSource(strings = {"busy", "no-answer", "failed", "canceled"})
  void a_call_that_nobody_took_has_failed_and_is_an_sms(String word) {
    var status = TwilioHooks.status("CallSid=CA1&CallStatus=" + word + "&To=%2B966501234567", "5");
    assertThat(status.orElseThrow().state()).hasValue(TextState.FAILED);
    assertThat(status.get().problem()).isEqualTo(word);
    assertThat(status.get().sequel()).isEqualTo(Sequel.OTHER_WAY);
  }

  @Test
  void a_template_of_a_text_that_does_not_exist_is_said_at_the_start() {
    var settings = twilio.everyWay(Map.of("ofer/en", TEMPLATE));
    assertThatThrownBy(() -> twilio.carrier(db.vertx(), settings))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageContaining("names texts that do not exist: ofer/en")
        .hasMessageContaining("غير موجودة");
  }

  private void assertSms(long text, Post post) {
    assertThat(post.form())
        .containsEntry("To", SARA.e164())
        .containsEntry("From", "+15005550006")
        .containsEntry("Body", body())
        .doesNotContainKey("ContentSid");
    assertThat(column(text, "way")).isEqualTo("sms");
    assertThat(column(text, "state")).isEqualTo("accepted");
    assertThat(column(text, "cost")).isEqualTo(40);
  }

  private Post onlyPost() {
    assertThat(twilio.posts()).hasSize(1);
    return twilio.posts().getFirst();
  }

  /** A first turn writes down which ways are open. */
  private void opened(Map<String, String> templates) {
    run(new SendDue(pool, bus, carrier(templates)), NOW);
  }

  private SendDue send(Map<String, String> templates) {
    var sender = new SendDue(pool, bus, carrier(templates));
    run(sender, NOW);
    run(sender, NOW);
    return sender;
  }

  private TwilioCarrier carrier(Map<String, String> templates) {
    return twilio.carrier(db.vertx(), twilio.everyWay(templates));
  }

  private long add(Draft draft) {
    return Sample.add(pool, draft);
  }

  private void write(Instant at) {
    say(new Arrived("twilio", "SM1", SARA, "whatsapp:+14155238886", "hello", Map.of()), at);
  }

  private void say(Arrived arrived, Instant at) {
    Database.inTransaction(pool, tx -> TakeReply.run(tx, arrived, at));
  }

  private static Wording wording() {
    return new Wording(
        "offer",
        Map.of(
            "title", "Flood clean-up",
            "when", "today 16:00 to 20:00",
            "people", "10",
            "code", "F7K2",
            "link", ""));
  }

  private static String body() {
    return wording().in(Language.EN);
  }

  private static Draft offer(Way way) {
    return draft(true, Occasion.ALARM).by(way, wording());
  }

  private static Draft answer() {
    return draft(false, Occasion.ANSWER);
  }

  private static Draft draft(boolean answerable, Occasion occasion) {
    return new Draft(
        SARA,
        Language.EN,
        MessageClass.SERVICE,
        "dispatch",
        "41",
        "F7K2",
        body(),
        answerable,
        occasion,
        null,
        60,
        NOW.plus(Duration.ofHours(1)));
  }

  private Object column(long text, String column) {
    return pool.preparedQuery("SELECT " + cast(column) + " FROM notify.text WHERE id = $1")
        .execute(Tuple.of(text))
        .await()
        .iterator()
        .next()
        .getValue(0);
  }

  private static String cast(String column) {
    return column.equals("state") ? "state::text" : column;
  }
}
