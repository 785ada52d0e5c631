package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.SARA;

import io.vertx.core.http.HttpServer;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Secret;
import org.fazaa.config.Settings;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Enclosed;
import org.fazaa.notifier.carrier.twilio.TwilioCarrier;
import org.fazaa.notifier.carrier.twilio.TwilioHooks;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Attachments;
import org.fazaa.notifier.reply.Attachments.Attached;
import org.fazaa.notifier.reply.Attachments.Attachment;
import org.fazaa.notifier.reply.Attachments.State;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What comes with a reply, from the webhook to the database, with the stand-in as the carrier. */
class TakeAttachmentsTest {
  private static final byte[] PHOTO = "not really a picture".getBytes(StandardCharsets.UTF_8);
  private static final int MAX_BYTES = 1_000;

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static Bus bus;
  private final Queue<String> hooks = new ConcurrentLinkedQueue<>();
  private Pool pool;
  private HttpServer program;
  private TwilioStandIn standIn;
  private TakeAttachments fetch;

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
    pool = db.pool();
    program =
        db.vertx()
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              hooks.add(body.toString());
                              request.response().setStatusCode(200).end();
                            }))
            .listen(0, "127.0.0.1")
            .await();
    var url = URI.create("http://127.0.0.1:" + program.actualPort() + "/");
    standIn = TwilioStandIn.start(db.vertx(), new StandInOptions().repliesTo(url));
    fetch = new TakeAttachments(pool, bus, carrier(), MAX_BYTES);
  }

  @AfterEach
  void stop() {
    standIn.close();
    program.close().await();
  }

  @Test
  void a_photo_is_fetched_once_and_kept() {
    long reply = arrive("", Enclosed.file("image/jpeg", PHOTO));
    assertThat(only(reply).state()).isEqualTo(State.AWAITED);

    assertThat(fetch.run(NOW)).isTrue();
    assertThat(fetch.run(NOW.plus(Duration.ofDays(1)))).isFalse();

    var photo = only(reply);
    assertThat(photo.state()).isEqualTo(State.KEPT);
    var content = Attachments.content(pool, photo.id()).orElseThrow();
    assertThat(content.mediaType()).isEqualTo("image/jpeg");
    assertThat(content.bytes()).isEqualTo(PHOTO);
  }

  @Test
  void a_pin_is_there_at_once() {
    long reply = arrive("", Enclosed.pin(21.5429, 39.1728, "المدرسة"));
    var pin = only(reply);
    assertThat(pin.state()).isEqualTo(State.PIN);
    assertThat(List.of(pin.lat(), pin.lon(), pin.label()))
        .isEqualTo(List.of(21.5429, 39.1728, "المدرسة"));
    assertThat(fetch.run(NOW)).isFalse();
  }

  @Test
  void what_is_too_large_or_of_another_kind_is_said_to_be_missing() {
    long large = arrive("", Enclosed.file("audio/ogg; codecs=opus", new byte[MAX_BYTES + 1]));
    long drawing = arrive("", Enclosed.file("image/svg+xml", PHOTO));
    fetch.run(NOW);
    assertThat(only(large))
        .extracting(Attachment::state, Attachment::problem)
        .containsExactly(State.MISSING, "too-large");
    assertThat(only(drawing))
        .extracting(Attachment::state, Attachment::problem)
        .containsExactly(State.MISSING, Attachments.TYPE);
    assertThat(Attachments.content(pool, only(large).id())).isEmpty();
  }

  @Test
  void one_that_cannot_be_fetched_is_tried_again_later_and_given_up() {
    long reply = take(List.of(new Attached.File("image/png", resource("MEnone"))));
    var at = NOW;
    for (int tried = 1; tried < TakeAttachments.TRIES_MAX; tried++) {
      assertThat(fetch.run(at)).isTrue();
      assertThat(only(reply).state()).isEqualTo(State.AWAITED);
      var wait = Duration.ofSeconds(10L * (long) Math.pow(6, tried - 1));
      assertThat(fetch.run(at.plus(wait).minusMillis(1))).isFalse();
      at = at.plus(wait);
    }
    assertThat(fetch.run(at)).isTrue();
    assertThat(only(reply))
        .extracting(Attachment::state, Attachment::problem)
        .containsExactly(State.MISSING, "unreachable");
  }

  @Test
  void nothing_is_fetched_from_anywhere_but_the_carrier() {
    var url = standIn.url();
    for (var elsewhere :
        List.of(
            "http://169.254.169.254/latest/meta-data",
            "https://api.twilio.com.evil.example/2010-04-01/Accounts/A/Messages/B/Media/C",
            "https://api.twilio.com@evil.example/2010-04-01/Accounts/A/Messages/B/Media/C",
            "https://api.twilio.com:8443/2010-04-01/Accounts/A/Messages/B/Media/C",
            "http://127.0.0.1:"
                + program.actualPort()
                + "/2010-04-01/Accounts/A/Messages/B/Media/C",
            url + "/2010-04-01/Accounts/A/Messages.json",
            url + "/2010-04-01/Accounts/A/Messages/B/Media/../../C",
            "file:///etc/passwd",
            "not a URL at all")) {
      long reply = take(List.of(new Attached.File("image/png", elsewhere)));
      fetch.run(NOW);
      assertThat(only(reply))
          .as(elsewhere)
          .extracting(Attachment::state, Attachment::problem)
          .containsExactly(State.MISSING, "elsewhere");
    }
    assertThat(hooks).isEmpty();
  }

  @Test
  void of_many_only_as_many_as_a_message_may_hold_are_kept() {
    var many = new java.util.ArrayList<Attached>();
    for (int i = 0; i < 30; i++) many.add(new Attached.Pin(39, 21, "pin " + i));
    assertThat(attachments(take(many))).hasSize(Attachments.MOST);
  }

  /** As it comes through the stand-in's webhook. */
  private long arrive(String body, Enclosed enclosed) {
    standIn.reply(SARA.e164(), body, enclosed);
    await().until(() -> !hooks.isEmpty());
    var arrived = TwilioHooks.reply(hooks.remove()).orElseThrow();
    return Database.inTransaction(pool, tx -> TakeReply.run(tx, arrived, NOW)).reply();
  }

  private int taken;

  private long take(List<Attached> attached) {
    var arrived = new Arrived("twilio", "SM" + ++taken, SARA, "+1", "", Map.of(), attached);
    return Database.inTransaction(pool, tx -> TakeReply.run(tx, arrived, NOW)).reply();
  }

  private Attachment only(long reply) {
    assertThat(attachments(reply)).hasSize(1);
    return attachments(reply).getFirst();
  }

  private List<Attachment> attachments(long reply) {
    return Attachments.of(pool, List.of(reply)).getOrDefault(reply, List.of());
  }

  private String resource(String media) {
    return standIn.url()
        + "/2010-04-01/Accounts/"
        + standIn.settings().get("TWILIO_ACCOUNT_SID")
        + "/Messages/SM1/Media/"
        + media;
  }

  private TwilioCarrier carrier() {
    var written = standIn.settings();
    var settings =
        new Settings.Twilio(
            written.get("TWILIO_ACCOUNT_SID"),
            written.get("TWILIO_API_KEY"),
            new Secret(written.get("TWILIO_API_SECRET")),
            List.of(new Secret(written.get("TWILIO_AUTH_TOKEN"))),
            written.get("TWILIO_FROM"),
            "",
            standIn.url(),
            40,
            4,
            List.of());
    var cost = new Settings.Cost(40, 1_000);
    return new TwilioCarrier(db.vertx(), settings, cost, URI.create("https://fazaa.example"));
  }
}
