package org.fazaa.notifier.carrier.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Call;
import com.twilio.rest.api.v2010.account.CallCreator;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.rest.api.v2010.account.MessageReader;
import com.twilio.security.RequestValidator;
import com.twilio.type.PhoneNumber;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.fazaa.config.Secret;
import org.fazaa.notifier.carrier.standin.Answers;
import org.fazaa.notifier.carrier.standin.Faults;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.fazaa.notifier.reply.Meaning;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The stand-in as its users meet it: over HTTP, with Twilio's own SDK as the client, and with the
 * SDK's own check of what it signs.
 */
class TwilioStandInTest {
  private static final String FROM = "+15005550006";
  private static final String WHATSAPP = "whatsapp:+14155238886";
  private static final String SARA = "+966501234567";
  private static final String OMAR = "+966502345678";
  private static final String SERVICE = "MG" + "0".repeat(31) + "1";
  private static final String ACCOUNT = "AC" + "0".repeat(32);
  private static final String TOKEN = "token";
  private static final Instant NOW = Instant.parse("2026-11-20T09:00:00Z");
  private static final Duration SOON = Duration.ofMillis(20);

  /** What was posted to the program: where to, under which signature, and the form. */
  private record Hook(String url, String signature, Map<String, String> form) {
    String status() {
      return form.get("MessageStatus");
    }
  }

  private static Vertx vertx;
  private static WebClient web;
  private final Queue<Hook> hooks = new ConcurrentLinkedQueue<>();
  private HttpServer program;
  private int hookAnswer = 204;
  private String hookSays = "";
  private TwilioStandIn standIn;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
    web = WebClient.create(vertx);
  }

  @AfterAll
  static void shut() {
    vertx.close().await();
  }

  @BeforeEach
  void listen() {
    program = vertx.createHttpServer().requestHandler(this::hook).listen(0, "127.0.0.1").await();
  }

  @AfterEach
  void stop() {
    if (standIn != null) {
      standIn.close();
    }
    program.close().await();
  }

  @Test
  void aMessageIsTakenInTheShapeThatTheSdkReads() {
    start(options().still());

    var message = creator(SARA, "نعم").create(client());

    assertThat(message.getSid()).matches("SM[0-9a-f]{32}");
    assertThat(message.getAccountSid()).isEqualTo(ACCOUNT);
    assertThat(message.getStatus()).isEqualTo(Message.Status.QUEUED);
    assertThat(message.getTo()).isEqualTo(SARA);
    assertThat(message.getFrom().toString()).isEqualTo(FROM);
    assertThat(message.getBody()).isEqualTo("نعم");
    assertThat(message.getNumSegments()).isEqualTo("1");
    assertThat(message.getDirection()).isEqualTo(Message.Direction.OUTBOUND_API);
    assertThat(message.getDateCreated().toInstant()).isEqualTo(NOW);
    assertThat(message.getDateSent()).isNull();
    assertThat(message.getPrice()).isNull();
    assertThat(message.getSubresourceUris()).containsKey("media");
    assertThat(message.getUri())
        .isEqualTo("/2010-04-01/Accounts/" + ACCOUNT + "/Messages/" + message.getSid() + ".json");
    var other = creator(SARA, "نعم").create(client());
    assertThat(other.getSid()).isNotEqualTo(message.getSid());
  }

  @Test
  void aMessagingServiceChoosesTheSenderLater() {
    start(options().delivery(SOON));

    var message = Message.creator(new PhoneNumber(SARA), SERVICE, "hello").create(client());

    assertThat(message.getStatus()).isEqualTo(Message.Status.ACCEPTED);
    assertThat(message.getFrom()).isNull();
    assertThat(message.getNumSegments()).isEqualTo("0");
    await().until(() -> fetch(message).getStatus() == Message.Status.DELIVERED);
    assertThat(fetch(message).getFrom().toString()).isEqualTo(FROM);
    assertThat(fetch(message).getMessagingServiceSid()).isEqualTo(SERVICE);
    assertThat(fetch(message).getDateSent()).isNotNull();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultyForms")
  void whatTwilioRefusesIsRefusedWithItsCode(int code, Map<String, String> changes) {
    start(options().still());
    var form = new HashMap<>(Map.of("To", SARA, "From", FROM, "Body", "hello"));
    form.putAll(changes);
    form.values().removeIf(String::isEmpty);

    var refused = post(form);

    assertThat(refused.getInteger("code")).isEqualTo(code);
    assertThat(refused.getInteger("status")).isEqualTo(400);
    assertThat(refused.getString("message")).isNotBlank();
    assertThat(refused.getString("more_info")).endsWith("/errors/" + code);
    assertThat(standIn.accepted()).isZero();
    assertThat(standIn.posts()).hasSize(1);
  }

  static Stream<Arguments> faultyForms() {
    return Stream.of(
        Arguments.of(21604, Map.of("To", "")),
        Arguments.of(21211, Map.of("To", "hello")),
        Arguments.of(21211, Map.of("To", "+15005550001")),
        Arguments.of(21612, Map.of("To", "+15005550002")),
        Arguments.of(21408, Map.of("To", "+15005550003")),
        Arguments.of(21610, Map.of("To", "+15005550004")),
        Arguments.of(21614, Map.of("To", "+15005550009")),
        Arguments.of(21603, Map.of("From", "")),
        Arguments.of(21212, Map.of("From", "+15005550001")),
        Arguments.of(21606, Map.of("From", "+15005550007")),
        Arguments.of(21606, Map.of("From", "A name that is too long")),
        Arguments.of(21611, Map.of("From", "+15005550008")),
        Arguments.of(21701, Map.of("From", "", "MessagingServiceSid", "MG1")),
        Arguments.of(21602, Map.of("Body", "")),
        Arguments.of(21617, Map.of("Body", "x".repeat(1_601))),
        Arguments.of(90007, Map.of("ValidityPeriod", "0")),
        Arguments.of(90007, Map.of("ValidityPeriod", "36001")),
        Arguments.of(90007, Map.of("ValidityPeriod", "soon")),
        Arguments.of(21609, Map.of("StatusCallback", "here")),
        Arguments.of(21609, Map.of("StatusCallback", "ftp://127.0.0.1/x")));
  }

  @ParameterizedTest
  @CsvSource({"1", "36000"})
  void aValidityInRangeIsTaken(int seconds) {
    start(options().still());
    assertThat(creator(SARA, "hello").setValidityPeriod(seconds).create(client()).getSid())
        .isNotBlank();
  }

  @Test
  void onlyTheKeyOrTheTokenOpensTheAccountAndNoOther() {
    start(options().still());

    assertThat(creator(SARA, "a").create(client(ACCOUNT, ACCOUNT, TOKEN)).getSid()).isNotBlank();
    assertRefused(401, 20003, () -> creator(SARA, "a").create(client(ACCOUNT, "SK", "wrong")));
    var stranger = "AC" + "1".repeat(32);
    assertRefused(404, 20404, () -> creator(SARA, "a").create(client(stranger, "SKkey", "secret")));
    assertRefused(404, 20404, () -> Message.fetcher("SM" + "f".repeat(32)).fetch(client()));
    assertThat(standIn.accepted()).isEqualTo(1);
  }

  @Test
  void theListIsFilteredByPhoneSenderAndDay() {
    start(options().still());
    creator(SARA, "one").create(client());
    creator(OMAR, "two").create(client());
    Message.creator(new PhoneNumber(SARA), new PhoneNumber("FAZAA"), "three").create(client());
    var now = NOW.atZone(ZoneOffset.UTC);

    assertThat(bodies(Message.reader())).containsExactly("three", "two", "one");
    assertThat(bodies(Message.reader().setTo(SARA))).containsExactly("three", "one");
    assertThat(bodies(Message.reader().setTo(SARA).setFrom(FROM))).containsExactly("one");
    assertThat(bodies(Message.reader().setDateSent(now))).hasSize(3);
    assertThat(bodies(Message.reader().setDateSent(now.minusDays(1)))).isEmpty();
    assertThat(bodies(Message.reader().setDateSentAfter(now.minusMinutes(1)))).hasSize(3);
    assertThat(bodies(Message.reader().setDateSentAfter(now.plusMinutes(1)))).isEmpty();
    assertThat(bodies(Message.reader().setDateSentBefore(now.minusMinutes(1)))).isEmpty();
    assertThat(standIn.lists()).isEqualTo(8);
  }

  @Test
  void aLongListComesInPagesThatNeitherSkipNorRepeat() {
    start(options().still());
    var sent = IntStream.range(0, 7).mapToObj(i -> "text " + i).toList();
    sent.forEach(body -> creator(SARA, body).create(client()));

    var bodies = bodies(Message.reader().setTo(SARA).setPageSize(3L));

    assertThat(bodies).containsExactlyElementsOf(sent.reversed());
    assertThat(standIn.lists()).isEqualTo(3);
  }

  @Test
  void whatHasNotLeftCanBeTakenBackAndWhatIsDoneCanBeBlanked() {
    start(options().delivery(Duration.ofMinutes(5)));
    var waiting = creator(SARA, "a").setStatusCallback(callback()).create(client());

    assertRefused(400, 20009, () -> Message.updater(waiting.getSid()).setBody("").update(client()));
    cancel(waiting);
    assertThat(fetch(waiting).getStatus()).isEqualTo(Message.Status.CANCELED);
    assertRefused(400, 30409, () -> cancel(waiting));
    Message.updater(waiting.getSid()).setBody("").update(client());

    assertThat(fetch(waiting).getBody()).isEmpty();
    await().until(() -> statuses().equals(List.of("canceled")));
  }

  @Test
  void everyStatusIsSignedAsTwilioSigns() {
    start(options().delivery(SOON));

    var message = creator(SARA, "a").setStatusCallback(callback()).create(client());

    await().until(() -> hooks.size() == 2);
    assertThat(statuses()).containsExactly("sent", "delivered");
    for (var hook : hooks) {
      assertThat(hook.url()).isEqualTo(callback().toString());
      assertThat(hook.form())
          .containsEntry("MessageSid", message.getSid())
          .containsEntry("AccountSid", ACCOUNT)
          .containsEntry("To", SARA)
          .containsEntry("From", FROM);
      assertSigned(hook);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "reversed-callbacks=1, delivered sent",
    "doubled-callbacks=1, sent sent delivered delivered",
    "late-callbacks=1:50ms, sent delivered",
    "undelivered=1, sent undelivered"
  })
  void statusesComeAsWrongAsTheyAreTold(String faults, String expected) {
    start(options().delivery(Duration.ofMillis(200)).faults(Faults.parse(faults)));

    creator(SARA, "a").setStatusCallback(callback()).create(client());

    await().until(() -> hooks.size() == expected.split(" ").length);
    assertThat(String.join(" ", statuses())).isEqualTo(expected);
    hooks.stream()
        .filter(hook -> hook.status().equals("undelivered"))
        .forEach(hook -> assertThat(hook.form().get("ErrorCode")).isIn("30003", "30005", "30008"));
  }

  @Test
  void lostStatusesAreCountedAndNeverCome() {
    start(options().delivery(SOON).faults(Faults.parse("lost-callbacks=1")));

    var message = creator(SARA, "a").setStatusCallback(callback()).create(client());

    await().until(() -> fetch(message).getStatus() == Message.Status.DELIVERED);
    assertThat(report().getJsonObject("callbacks").getInteger("lost")).isEqualTo(2);
    assertThat(hooks).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://192.0.2.1/x",
        "http://example.com/x",
        "http://127.0.0.1.example.com/x",
        "http://localhost.example.com/x"
      })
  void noOtherMachineIsEverCalled(String elsewhere) {
    start(options().delivery(SOON));

    var callback = URI.create(elsewhere);
    var message = creator(SARA, "a").setStatusCallback(callback).create(client());

    await().until(() -> fetch(message).getStatus() == Message.Status.DELIVERED);
    await().until(() -> "2".equals(callbacks("withheld")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"STOP", "unsubscribe", " End ", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
  void whoSaysStopIsTextedNoMoreUntilTheySayStart(String stop) {
    start(options().still().repliesTo(replies()));
    creator(SARA, "a").create(client());

    standIn.reply(SARA, stop);
    await().until(() -> hooks.size() == 1);
    assertRefused(400, 21610, () -> creator(SARA, "b").create(client()));
    assertThat(creator(OMAR, "c").create(client()).getSid()).isNotBlank();
    standIn.reply(SARA, "start");
    await().until(() -> hooks.size() == 2);
    assertThat(creator(SARA, "d").create(client()).getSid()).isNotBlank();

    var stopped = hooks.poll();
    assertThat(stopped.form()).containsEntry("OptOutType", "STOP").containsEntry("Body", stop);
    assertSigned(stopped);
    assertThat(hooks.poll().form()).containsEntry("OptOutType", "START");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop it", "لا", "no", "1 F7K2"})
  void otherWordsBlockNobody(String words) {
    start(options().still().repliesTo(replies()));
    creator(SARA, "a").create(client());

    standIn.reply(SARA, words);

    await().until(() -> hooks.size() == 1);
    assertThat(hooks.poll().form()).doesNotContainKey("OptOutType");
    assertThat(creator(SARA, "b").create(client()).getSid()).isNotBlank();
  }

  @Test
  void aReplySaysWhoWroteWhatToWhom() {
    start(options().still().repliesTo(replies()));
    Message.creator(new PhoneNumber(SARA), SERVICE, "a").create(client());

    standIn.reply(SARA, "نعم & 100%+");

    await().until(() -> hooks.size() == 1);
    assertThat(hooks.peek().form())
        .containsEntry("From", SARA)
        .containsEntry("To", FROM)
        .containsEntry("Body", "نعم & 100%+")
        .containsEntry("MessagingServiceSid", SERVICE)
        .containsEntry("NumMedia", "0");
    assertThat(hooks.peek().form().get("MessageSid")).matches("SM[0-9a-f]{32}");
    assertSigned(hooks.peek());
  }

  @Test
  void aLostReplyIsStillFoundInTheList() {
    var lost = Faults.parse("lost-replies=1");
    start(options().still().repliesTo(replies()).faults(lost));
    creator(SARA, "a").create(client());

    standIn.reply(SARA, "نعم");

    await().until(() -> "1".equals(replies("lost")));
    var found = Message.reader().setTo(FROM).read(client()).iterator().next();
    assertThat(found.getDirection()).isEqualTo(Message.Direction.INBOUND);
    assertThat(found.getStatus()).isEqualTo(Message.Status.RECEIVED);
    assertThat(found.getFrom().toString()).isEqualTo(SARA);
    assertThat(found.getBody()).isEqualTo("نعم");
    assertThat(hooks).isEmpty();
  }

  @Test
  void aReplyThatNobodyTakesIsNotPostedAgainButForOnceToTheFallback() {
    hookAnswer = 500;
    start(options().still().repliesTo(replies()).fallbackTo(at("/fallback")));

    standIn.reply(SARA, "1");

    await().until(() -> hooks.size() == 2 && "1".equals(replies("by fallback failed")));
    assertThat(replies("failed")).isEqualTo("1");
    assertThat(hooks.poll().form()).doesNotContainKey("ErrorCode");
    var fallback = hooks.poll();
    assertThat(fallback.url()).endsWith("/fallback");
    assertThat(fallback.form())
        .containsEntry("ErrorCode", "11200")
        .containsEntry("ErrorUrl", replies().toString());
    assertSigned(fallback);
  }

  @Test
  void peopleAnswerByThemselvesWhatAsksThemAndNothingElse() {
    var answers = Answers.parse("yes=1");
    start(options().delivery(SOON).repliesTo(replies()).answers(answers, 1_000_000));

    creator(OMAR, "You have a place. Thank you. Code F7K2").create(client());
    creator(SARA, "Can you come? Reply 1 yes or 2 no. Code F7K2").create(client());

    await().until(() -> hooks.size() == 1);
    assertThat(hooks.peek().form()).containsEntry("From", SARA).containsEntry("To", FROM);
    assertThat(Meaning.read(hooks.peek().form().get("Body")).meaning()).isEqualTo(Meaning.YES);
    assertThat(report().getJsonObject("replies").getInteger("sent")).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0} of those with buttons type: {1}")
  @CsvSource({"0, button", "1, words"})
  void whoeverHasButtonsPressesOneUnlessTheyType(double typed, String how) {
    var answers = Answers.parse("yes=1");
    start(options().delivery(SOON).repliesTo(replies()).answers(answers, 1_000_000).typed(typed));

    template("1".repeat(20), "2".repeat(20)).create(client());

    await().until(() -> hooks.size() == 1);
    var form = hooks.peek().form();
    assertThat(form).containsEntry("From", "whatsapp:" + SARA).containsEntry("To", WHATSAPP);
    if (how.equals("button")) {
      assertThat(form)
          .containsEntry("ButtonPayload", "1".repeat(20))
          .containsEntry("ButtonText", "Yes");
    } else {
      assertThat(form).doesNotContainKey("ButtonPayload");
    }
    assertSigned(hooks.peek());
    assertThat(report().getJsonObject("ways").getInteger("whatsapp")).isEqualTo(1);
  }

  @Test
  void freeWordsInWhatsappReachOnlyThoseWhoWroteLately() {
    start(options().delivery(SOON));
    var early = words().create(client());
    await().until(() -> fetch(early).getStatus() == Message.Status.FAILED);
    assertThat(fetch(early).getErrorCode()).isEqualTo(63016);

    standIn.reply("whatsapp:" + SARA, "hello");

    var later = words().create(client());
    await().until(() -> fetch(later).getStatus() == Message.Status.DELIVERED);
    assertRefused(
        400,
        63007,
        () ->
            Message.creator(new PhoneNumber("whatsapp:" + SARA), new PhoneNumber(FROM), "a")
                .create(client()));
  }

  @Test
  void aNumberMayHaveNoWhatsapp() {
    start(options().delivery(SOON).faults(Faults.parse("no-whatsapp=1")));
    var message = template("1".repeat(20), "2".repeat(20)).create(client());
    await().until(() -> fetch(message).getStatus() == Message.Status.FAILED);
    assertThat(fetch(message).getErrorCode()).isEqualTo(63003);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"busy, busy", "no-answer, no-answer"})
  void aCallThatNobodyTakesSaysNothing(String fault, String word) {
    start(options().delivery(SOON).faults(Faults.parse(fault + "=1")));
    var call = call().create(client());
    assertThat(call.getSid()).matches("CA[0-9a-f]{32}");
    await().until(() -> hooks.size() == 2);
    assertThat(hooks)
        .extracting(hook -> hook.form().get("CallStatus"))
        .containsExactly("ringing", word);
    assertThat(hooks).extracting(Hook::url).containsOnly(callback().toString());
    assertThat(Call.fetcher(call.getSid()).fetch(client()).getStatus().toString()).isEqualTo(word);
  }

  @Test
  void aCallAsksWhatToSayAndPressesWhatItsPersonWants() {
    hookAnswer = 200;
    hookSays = "<Response><Gather action=\"x/keys\"><Say>Coming?</Say></Gather></Response>";
    start(options().delivery(SOON));
    standIn.keys(SARA, "91");
    call().create(client());

    await()
        .until(
            () ->
                "1".equals(String.valueOf(report().getJsonObject("calls").getValue("completed"))));
    var asked = hooks.stream().filter(hook -> !hook.url().contains("statuses")).toList();
    assertThat(asked)
        .extracting(hook -> hook.form().getOrDefault("Digits", ""))
        .containsExactly("", "9", "1");
    assertThat(asked)
        .extracting(Hook::url)
        .containsExactly(
            at("/voice/x").toString(),
            at("/voice/x/keys").toString(),
            at("/voice/x/x/keys").toString());
    asked.forEach(TwilioStandInTest::assertSigned);
    assertThat(Call.reader().setTo(SARA).read(client())).hasSize(1);
  }

  @Test
  void whatWaitsInTheQueueLongerThanItIsValidFailsThere() {
    start(options().clock(InstantSource.system()).rate(1).delivery(SOON));

    creator(OMAR, "x".repeat(1_600)).create(client()); // eleven segments: eleven seconds
    var late = creator(SARA, "a").setValidityPeriod(1).setStatusCallback(callback());
    var message = late.create(client());

    await().until(() -> hooks.size() == 1);
    assertThat(hooks.peek().form())
        .containsEntry("MessageStatus", "failed")
        .containsEntry("ErrorCode", "30036");
    assertThat(fetch(message).getErrorCode()).isEqualTo(30036);
  }

  @ParameterizedTest(name = "{0}: {1}, taken {2}")
  @CsvSource({
    "503, 503, 0",
    "500, 500, 0",
    "429, 429, 0",
    "accept-then-500, 500, 1",
    "cut, 0, 0",
    "accept-then-cut, 0, 1",
    "silence, 0, 0",
    "timeout, 0, 1",
    "slow, 201, 1"
  })
  void aPostGoesAsWrongAsItIsTold(String fault, int status, int taken) {
    var after = fault.equals("slow") ? ":20ms" : "";
    start(options().still().faults(Faults.parse(fault + "=1" + after)));
    var shot = shot(Duration.ofMillis(500));

    if (status == 201) {
      creator(SARA, "a").create(client(shot));
    } else {
      assertThatThrownBy(() -> creator(SARA, "a").create(client(shot)))
          .isInstanceOf(status == 0 ? OneShot.NoAnswer.class : ApiException.class);
    }

    assertThat(shot.status()).isEqualTo(status);
    assertThat(shot.retryAfter().isPresent()).isEqualTo(status == 429);
    assertThat(standIn.posted()).isEqualTo(1);
    assertThat(standIn.accepted()).isEqualTo(taken);
    assertThat(bodies(Message.reader().setTo(SARA))).hasSize(taken);
  }

  @Test
  void theSameSeedGivesEachPhoneTheSameFateInWhateverOrder() {
    var phones = IntStream.range(0, 40).mapToObj("+9665%08d"::formatted).toList();
    var faults = Faults.parse("503=0.3,429=0.3");
    var forth = fates(phones, options().still().faults(faults).seed(7));
    var back = fates(phones.reversed(), options().still().faults(faults).seed(7));
    var other = fates(phones, options().still().faults(faults).seed(8));

    assertThat(back).isEqualTo(forth).isNotEqualTo(other);
    assertThat(forth.values()).contains(201, 503, 429);
  }

  @Test
  void faultsAndRepliesAreSteeredWhileItRuns() {
    start(options().still().repliesTo(replies()));

    assertThat(steer("faults", "{\"faults\": \"503=1\"}").getString("faults")).isEqualTo("503=1.0");
    assertThat(post(Map.of("To", SARA, "From", FROM, "Body", "a")).getInteger("code"))
        .isEqualTo(20503);
    assertThat(steer("faults", "none=1").getString("title")).contains("none").contains("·");
    assertThat(steer("faults", "").getString("faults")).isEmpty();
    var reply = new JsonObject().put("from", SARA).put("to", "+15005550007").put("body", "1");
    assertThat(steer("replies", reply.encode()).getString("sid")).startsWith("SM");
    assertThat(steer("replies", "{}").getInteger("status")).isEqualTo(400);

    await().until(() -> hooks.size() == 1);
    assertThat(hooks.peek().form()).containsEntry("To", "+15005550007");
    assertThat(get("/stand-in/messages").getJsonArray("messages")).hasSize(1);
    assertThat(get("/stand-in/else").getInteger("status")).isEqualTo(404);
  }

  @Test
  void theReportSaysWhatCameTwice() {
    start(options().still());
    creator(SARA, "a").setStatusCallback(callback()).create(client());
    creator(SARA, "a").setStatusCallback(callback()).create(client());
    creator(OMAR, "x".repeat(200)).create(client());

    var report = get("/stand-in/report?phones=true");

    assertThat(report.getInteger("posts")).isEqualTo(3);
    assertThat(report.getInteger("accepted")).isEqualTo(3);
    assertThat(report.getInteger("segments")).isEqualTo(4);
    assertThat(report.getInteger("cost_minor")).isEqualTo(160);
    assertThat(report.getJsonObject("doubled").getInteger("by_callback")).isEqualTo(1);
    assertThat(report.getJsonObject("doubled").getInteger("by_words")).isEqualTo(1);
    assertThat(report.getJsonObject("phones_by_texts").getMap()).isEqualTo(Map.of("1", 1, "2", 1));
    assertThat(report.getJsonObject("texts_by_phone").getInteger(SARA)).isEqualTo(2);
    assertThat(standIn.postsByMessage()).isEqualTo(Map.of("42", 2));
    assertThat(standIn.acceptedByMessage()).isEqualTo(Map.of("42", 2));
  }

  @Test
  void aSinkAnswersInTheShapeThatTheSdkReads() {
    start(options().sink());

    var first = creator(SARA, "a").create(client());
    var second = creator(SARA, "a").create(client());

    assertThat(first.getSid()).matches("SM[0-9a-f]{32}").isNotEqualTo(second.getSid());
    assertThat(first.getStatus()).isEqualTo(Message.Status.QUEUED);
    assertThat(bodies(Message.reader().setTo(SARA))).isEmpty();
    assertThat(standIn.posted()).isEqualTo(2);
  }

  private static StandInOptions options() {
    return new StandInOptions()
        .account(ACCOUNT, "SKkey", new Secret("secret"), new Secret(TOKEN))
        .clock(InstantSource.fixed(NOW));
  }

  private void start(StandInOptions options) {
    standIn = TwilioStandIn.start(vertx, options);
  }

  private Map<String, Integer> fates(List<String> phones, StandInOptions options) {
    try (var other = TwilioStandIn.start(vertx, options)) {
      standIn = other;
      var fates = new HashMap<String, Integer>();
      for (var phone : phones) {
        var shot = shot(Duration.ofSeconds(20));
        try {
          creator(phone, "a").create(client(shot));
        } catch (ApiException e) { // its status says it
        }
        fates.put(phone, shot.status());
      }
      return fates;
    }
  }

  private static MessageCreator creator(String to, String body) {
    return Message.creator(new PhoneNumber(to), new PhoneNumber(FROM), body);
  }

  private void cancel(Message message) {
    Message.updater(message.getSid()).setStatus(Message.UpdateStatus.CANCELED).update(client());
  }

  private Message fetch(Message message) {
    return Message.fetcher(message.getSid()).fetch(client());
  }

  private List<String> bodies(MessageReader reader) {
    return StreamSupport.stream(reader.read(client()).spliterator(), false)
        .map(Message::getBody)
        .toList();
  }

  private OneShot shot(Duration wait) {
    return new OneShot(new WayOut(vertx, Map.of("api.twilio.com", standIn.url()), 1), wait);
  }

  private TwilioRestClient client() {
    return client(shot(Duration.ofSeconds(20)));
  }

  private static TwilioRestClient client(OneShot shot) {
    return client(shot, ACCOUNT, "SKkey", "secret");
  }

  private TwilioRestClient client(String account, String user, String password) {
    return client(shot(Duration.ofSeconds(20)), account, user, password);
  }

  private static TwilioRestClient client(
      OneShot shot, String account, String user, String password) {
    return new TwilioRestClient.Builder(user, password)
        .accountSid(account)
        .httpClient(shot)
        .build();
  }

  private static MessageCreator template(String yes, String no) {
    var values = new JsonObject().put("1", "F7K2").put("2", "Flood").put("3", yes).put("4", no);
    return Message.creator(
            new PhoneNumber("whatsapp:" + SARA), new PhoneNumber(WHATSAPP), (String) null)
        .setContentSid("HX" + "0".repeat(32))
        .setContentVariables(values.encode());
  }

  private static MessageCreator words() {
    return Message.creator(
        new PhoneNumber("whatsapp:" + SARA), new PhoneNumber(WHATSAPP), "You have a place.");
  }

  private CallCreator call() {
    return Call.creator(new PhoneNumber(SARA), new PhoneNumber(FROM), at("/voice/x"))
        .setStatusCallback(callback())
        .setStatusCallbackEvent(List.of("ringing", "completed"));
  }

  private static void assertRefused(int status, int code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.getStatusCode()).isEqualTo(status);
              assertThat(refused.getCode()).isEqualTo(code);
            });
  }

  private static void assertSigned(Hook hook) {
    assertThat(new RequestValidator(TOKEN).validate(hook.url(), hook.form(), hook.signature()))
        .isTrue();
    assertThat(new RequestValidator("x").validate(hook.url(), hook.form(), hook.signature()))
        .isFalse();
  }

  private List<String> statuses() {
    return hooks.stream().map(Hook::status).toList();
  }

  private URI callback() {
    return at("/twilio/statuses?m=42");
  }

  private URI replies() {
    return at("/twilio/replies");
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + program.actualPort() + path);
  }

  private void hook(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              var form = new HashMap<String, String>();
              TwilioSignature.fields(body.toString())
                  .forEach((name, values) -> form.put(name, values.first()));
              var signature = request.getHeader("X-Twilio-Signature");
              hooks.add(new Hook(at(request.uri()).toString(), signature, form));
              request.response().setStatusCode(hookAnswer).end(hookSays);
            });
  }

  private JsonObject post(Map<String, String> fields) {
    var form = MultiMap.caseInsensitiveMultiMap().addAll(fields);
    return web.postAbs(standIn.url() + "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json")
        .basicAuthentication("SKkey", "secret")
        .sendForm(form)
        .await()
        .bodyAsJsonObject();
  }

  private JsonObject get(String path) {
    return web.getAbs(standIn.url() + path).send().await().bodyAsJsonObject();
  }

  private JsonObject steer(String what, String body) {
    return web.postAbs(standIn.url() + "/stand-in/" + what)
        .sendBuffer(Buffer.buffer(body))
        .await()
        .bodyAsJsonObject();
  }

  private JsonObject report() {
    return get("/stand-in/report");
  }

  private String callbacks(String what) {
    return String.valueOf(report().getJsonObject("callbacks").getValue(what));
  }

  private String replies(String what) {
    var replies = report().getJsonObject("replies");
    return String.valueOf(replies.getValue(what));
  }
}
