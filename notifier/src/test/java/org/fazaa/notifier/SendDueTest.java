package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.OMAR;
import static org.fazaa.notifier.Sample.SARA;
import static org.fazaa.notifier.Sample.add;
import static org.fazaa.notifier.Sample.column;
import static org.fazaa.notifier.Sample.notice;
import static org.fazaa.notifier.Sample.offer;
import static org.fazaa.notifier.Sample.run;
import static org.fazaa.notifier.Sample.state;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Settings;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.fazaa.notifier.carrier.Trace;
import org.fazaa.notifier.carrier.standin.Manner;
import org.fazaa.notifier.carrier.twilio.ScriptedTwilio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The real SDK and the real tables, against a carrier on loopback that does as it is told. */
class SendDueTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static Bus bus;

  private Pool pool;
  private ScriptedTwilio twilio;
  private SendDue send;
  private SettleUnknown settle;

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
    pool = db.pool();
    twilio = new ScriptedTwilio(db.vertx(), NOW);
    send = sender();
    settle = new SettleUnknown(pool, bus, twilio.carrier(db.vertx()));
  }

  @AfterEach
  void stop() {
    twilio.close();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("manners")
  void each_attempt_is_exactly_one_post(Manner manner, TextState state) {
    twilio.always(manner);
    long text = add(pool, offer(SARA, "1", "F7K2"));

    run(send, NOW);

    assertThat(twilio.posts()).hasSize(1);
    assertThat(state(pool, text)).isEqualTo(state);
    assertThat(column(pool, text, "posts")).isEqualTo("1");
  }

  static Stream<Arguments> manners() {
    return Stream.of(
        Arguments.of(new Manner.Accept(), TextState.ACCEPTED),
        Arguments.of(new Manner.Refuse(429, 20429), TextState.QUEUED),
        Arguments.of(new Manner.Refuse(429, 0), TextState.QUEUED),
        Arguments.of(new Manner.Refuse(400, 21211), TextState.REFUSED),
        Arguments.of(new Manner.Refuse(400, 21408), TextState.REFUSED),
        Arguments.of(new Manner.Refuse(400, 21610), TextState.REFUSED),
        Arguments.of(new Manner.Refuse(400, 21611), TextState.QUEUED),
        Arguments.of(new Manner.Refuse(401, 20003), TextState.QUEUED),
        Arguments.of(new Manner.Refuse(404, 20404), TextState.QUEUED),
        Arguments.of(new Manner.Refuse(408, 0), TextState.UNKNOWN),
        Arguments.of(new Manner.Refuse(500, 20500), TextState.UNKNOWN),
        Arguments.of(new Manner.Refuse(502, 0), TextState.UNKNOWN),
        Arguments.of(new Manner.Refuse(503, 0), TextState.UNKNOWN),
        Arguments.of(new Manner.Refuse(504, 0), TextState.UNKNOWN),
        Arguments.of(new Manner.Say(201, "{\"sid\": \"SM"), TextState.UNKNOWN),
        Arguments.of(new Manner.Say(201, ""), TextState.UNKNOWN),
        Arguments.of(
            new Manner.Say(200, "<html>welcome to the hotel wifi</html>"), TextState.UNKNOWN),
        Arguments.of(new Manner.Cut(), TextState.UNKNOWN),
        Arguments.of(new Manner.AcceptThenCut(), TextState.UNKNOWN));
  }

  @Test
  void aDrillNeverLeavesThroughACarrierThatReachesRealPhones() {
    twilio.always(new Manner.Accept());
    long drill = add(pool, Sample.draft(SARA, MessageClass.DRILL, "7", "F7K2", true));
    long real = add(pool, offer(OMAR, "8", "G2H3"));

    run(send, NOW);

    assertThat(state(pool, drill)).isEqualTo(TextState.REFUSED);
    assertThat(column(pool, drill, "problem")).isEqualTo("drill");
    assertThat(state(pool, real)).isEqualTo(TextState.ACCEPTED);
  }

  @Test
  void silence_is_unknown_too_and_one_post() {
    twilio.always(new Manner.Silence());
    long text = add(pool, offer(SARA, "1", "F7K2"));
    run(new SendDue(pool, bus, twilio.impatientCarrier(db.vertx())), NOW);
    assertThat(twilio.posts()).hasSize(1);
    assertThat(state(pool, text)).isEqualTo(TextState.UNKNOWN);
  }

  @Test
  void no_post_waits_behind_another_that_has_no_answer() {
    for (int i = 0; i < 39; i++) {
      twilio.once(new Manner.Silence());
    }
    add(pool, IntStream.range(0, 40).mapToObj(i -> notice(SARA, "n" + i)).toList());
    run(new SendDue(pool, bus, twilio.impatientCarrier(db.vertx())), NOW);
    assertThat(twilio.posts()).hasSize(40);
  }

  @Test
  void a_carrier_that_is_not_there_has_certainly_nothing() {
    twilio.close();
    long text = add(pool, notice(SARA, "1"));
    run(send, NOW);
    assertThat(state(pool, text)).isEqualTo(TextState.QUEUED);
    assertThat(column(pool, text, "refusals")).isEqualTo("1");
  }

  @Test
  void a_redirect_is_not_followed() {
    try (var elsewhere = new ScriptedTwilio(db.vertx(), NOW)) {
      twilio.always(new Manner.Redirect(elsewhere.url() + "/2010-04-01/Accounts/x/Messages.json"));
      long text = add(pool, offer(SARA, "1", "F7K2"));
      run(send, NOW);
      assertThat(elsewhere.posts()).isEmpty();
      assertThat(elsewhere.lists()).isZero();
      assertThat(state(pool, text)).isEqualTo(TextState.UNKNOWN);
    }
  }

  @Test
  void the_post_says_who_until_when_and_where_to_call_back() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    run(send, NOW.plusSeconds(600));

    var post = twilio.posts().getFirst();
    assertThat(post.path()).endsWith("/Messages.json");
    assertThat(post.authorization())
        .isEqualTo("Basic " + Base64.getEncoder().encodeToString("SKkey:secret".getBytes()));
    assertThat(post.form())
        .containsEntry("To", SARA.e164())
        .containsEntry("From", "+15005550006")
        .containsEntry("Body", "Fazaa: about 1. Code F7K2")
        .containsEntry("ValidityPeriod", "3000")
        .containsEntry("StatusCallback", "https://fazaa.example/twilio/statuses?m=" + text)
        .doesNotContainKey("MessagingServiceSid");
  }

  @Test
  void a_messaging_service_may_be_the_sender() {
    var service = "MG" + "0".repeat(32);
    var carrier = twilio.carrier(db.vertx(), twilio.settings("", service));
    add(pool, notice(SARA, "1"));
    run(new SendDue(pool, bus, carrier), NOW);
    assertThat(twilio.posts().getFirst().form())
        .containsEntry("MessagingServiceSid", service)
        .doesNotContainKey("From");
  }

  @Test
  void too_many_requests_are_repeated_when_the_carrier_says_and_not_before() {
    twilio.once(new Manner.RefuseUntil(429, 20429, 30));
    long text = add(pool, notice(SARA, "1"));
    long other = add(pool, notice(OMAR, "2"));

    var bySelf = new SendDue(pool, bus, oneAtATime());
    run(bySelf, NOW);
    run(bySelf, NOW.plusSeconds(29));
    assertThat(twilio.posts()).hasSize(1);

    run(bySelf, NOW.plusSeconds(31));
    run(bySelf, NOW.plusSeconds(33));
    assertThat(twilio.posts(text)).isEqualTo(2);
    assertThat(twilio.posts(other)).isEqualTo(1);
    assertThat(state(pool, text)).isEqualTo(TextState.ACCEPTED);
  }

  @Test
  void refusals_not_now_have_an_end() {
    var refused =
        new Submission.Refused("429", "too many", new Action.StopLane(NOW.plusSeconds(1), false));
    var text = text(MessageClass.LIFE_SAFETY);
    for (int refusals = 0; refusals < SendDue.REFUSALS_MAX - 1; refusals++) {
      var next = SendDue.decide(text, refusals, 0, refused, NOW);
      assertThat(next.state()).isEqualTo(TextState.QUEUED);
      assertThat(next.dueAt())
          .isBetween(NOW.plus(SendDue.BACKOFF_FIRST), NOW.plus(SendDue.BACKOFF_MAX).plusSeconds(1));
    }
    assertThat(SendDue.decide(text, SendDue.REFUSALS_MAX - 1, 0, refused, NOW).state())
        .isEqualTo(TextState.REFUSED);
  }

  @Test
  void the_one_repetition_after_an_unknown_outcome_is_not_lost_to_a_busy_carrier() {
    twilio.once(new Manner.Cut());
    long text = add(pool, offer(SARA, "1", "F7K2"));
    run(send, NOW);
    twilio.once(new Manner.RefuseUntil(429, 20429, 5));
    for (int second = 0; second < 240; second += 10) {
      turn(NOW.plusSeconds(second));
    }
    assertThat(twilio.posts(text)).isEqualTo(3); // cut, refused, accepted
    assertThat(state(pool, text)).isEqualTo(TextState.ACCEPTED);
    turn(NOW.plusSeconds(600));
    assertThat(twilio.posts(text)).isEqualTo(3);
  }

  @Test
  @Tag("F2")
  void a_repetition_that_is_refused_does_not_undo_what_a_late_answer_has_shown() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    var frozen = new Silent(twilio.carrier(db.vertx()));
    var stale = new SendDue(pool, bus, frozen);
    stale.run(NOW);
    leasesEnd();
    for (int second = 10; second <= 120; second += 10) {
      settle.run(NOW.plusSeconds(second));
    }
    var repeating = new Silent(twilio.carrier(db.vertx()));
    var second = new SendDue(pool, bus, repeating);
    second.run(NOW.plusSeconds(130));
    assertThat(column(pool, text, "posts")).isEqualTo("2");

    frozen.answer(new Submission.Accepted("SM-late"));
    run(stale, NOW.plusSeconds(131));
    repeating.answer(
        new Submission.Refused(
            "429", "too many", new Action.StopLane(NOW.plusSeconds(140), false)));
    run(second, NOW.plusSeconds(132));
    assertThat(state(pool, text)).isEqualTo(TextState.ACCEPTED);
    assertThat(column(pool, text, "sid")).isEqualTo("SM-late");
  }

  @Test
  void when_nothing_is_answered_the_carrier_gets_a_rest_and_then_a_few_texts_try_it() {
    twilio.always(new Manner.Refuse(503, 0));
    add(pool, IntStream.range(0, 100).mapToObj(i -> notice(SARA, "n" + i)).toList());
    runAll(NOW, 9);
    assertThat(twilio.posts()).hasSize(40);
    assertThat(Outbox.troubles(pool))
        .extracting(Outbox.Trouble::trouble)
        .containsExactly("no answer");
    runAll(NOW.plusSeconds(10), 20);
    assertThat(twilio.posts()).hasSize(40 + Lane.PROBES);

    twilio.always(new Manner.Accept());
    runAll(NOW.plusSeconds(120), 20);
    assertThat(twilio.posts()).hasSizeGreaterThanOrEqualTo(100);
    assertThat(Outbox.troubles(pool)).isEmpty();
  }

  @Test
  void what_a_carrier_says_about_a_number_is_kept_without_the_number() {
    twilio.once(
        new Manner.Say(400, "{\"code\": 21211, \"message\": \"+966501234567 is no phone\"}"));
    long text = add(pool, notice(SARA, "1"));
    run(send, NOW);
    assertThat(column(pool, text, "problem")).isEqualTo("21211 +••• is no phone");
  }

  @Test
  void a_wrong_key_holds_the_lane_and_loses_no_text() {
    twilio.always(new Manner.Refuse(401, 20003));
    var texts = add(pool, IntStream.range(0, 100).mapToObj(i -> notice(SARA, "n" + i)).toList());
    runAll(NOW, 10);
    long posted = twilio.posts().size();
    assertThat(posted).isLessThanOrEqualTo(40);

    twilio.always(new Manner.Accept());
    runAll(NOW.plusSeconds(200), 10);
    assertThat(texts).allMatch(text -> state(pool, text) == TextState.ACCEPTED);
  }

  @Test
  void an_offer_for_a_life_without_a_trace_goes_once_more_and_never_again() {
    twilio.always(new Manner.Cut());
    long text = add(pool, offer(SARA, "1", "F7K2"));
    for (int minute = 0; minute < 60; minute++) {
      turn(NOW.plusSeconds(60L * minute));
    }
    assertThat(twilio.posts(text)).isEqualTo(2);
    assertThat(state(pool, text)).isEqualTo(TextState.FAILED);
  }

  @Test
  void anything_else_without_a_trace_goes_once() {
    twilio.always(new Manner.Cut());
    long notice = add(pool, notice(SARA, "1"));
    long place = add(pool, Sample.draft(SARA, MessageClass.LIFE_SAFETY, "2", null, false));
    long service = add(pool, Sample.draft(SARA, MessageClass.SERVICE, "3", "F7K2", true));
    for (int minute = 0; minute < 60; minute++) {
      turn(NOW.plusSeconds(60L * minute));
    }
    assertThat(List.of(notice, place, service))
        .allMatch(text -> twilio.posts(text) == 1)
        .allMatch(text -> state(pool, text) == TextState.FAILED);
  }

  @Test
  void the_carrier_is_asked_before_anything_is_repeated() {
    twilio.once(new Manner.AcceptThenCut());
    long text = add(pool, offer(SARA, "1", "F7K2"));
    run(send, NOW);
    settle.run(NOW.plusSeconds(4));
    assertThat(twilio.lists()).isZero();

    settle.run(NOW.plusSeconds(6));
    assertThat(column(pool, text, "problem")).isNull();
    assertThat(state(pool, text)).isEqualTo(TextState.ACCEPTED);
    assertThat(column(pool, text, "sid")).startsWith("SM");
    turn(NOW.plusSeconds(600));
    assertThat(twilio.posts(text)).isEqualTo(1);
  }

  @Test
  void a_callback_settles_an_unknown_one_before_it_is_repeated() {
    twilio.always(new Manner.Cut());
    long text = add(pool, offer(SARA, "1", "F7K2"));
    run(send, NOW);
    var sent =
        new StatusArrived(
            "twilio", "SM1", "sent", Optional.of(TextState.SENT), text, null, Map.of());
    Database.inTransaction(pool, tx -> TakeStatus.run(tx, sent, NOW.plusSeconds(5)));
    turn(NOW.plusSeconds(600));
    assertThat(twilio.posts(text)).isEqualTo(1);
    assertThat(state(pool, text)).isEqualTo(TextState.SENT);
    assertThat(column(pool, text, "sid")).isEqualTo("SM1");
  }

  @Test
  void what_a_dead_sender_left_submitting_is_unknown_and_only_offers_for_a_life_go_again() {
    long offer = add(pool, offer(SARA, "1", "F7K2"));
    long notice = add(pool, notice(OMAR, "2"));
    new SendDue(pool, bus, new Silent(twilio.carrier(db.vertx()))).run(NOW); // and here it dies
    turn(NOW.plusSeconds(5));
    assertThat(state(pool, offer)).isEqualTo(TextState.SUBMITTING);

    leasesEnd();
    turn(NOW.plusSeconds(40));
    assertThat(state(pool, offer)).isEqualTo(TextState.UNKNOWN);
    assertThat(state(pool, notice)).isEqualTo(TextState.UNKNOWN);
    for (int minute = 1; minute < 50; minute++) {
      turn(NOW.plusSeconds(40 + 60L * minute));
    }
    assertThat(twilio.posts(offer)).isEqualTo(1); // the dead one's POST, had it left, was the first
    assertThat(column(pool, offer, "posts")).isEqualTo("2");
    assertThat(state(pool, offer)).isEqualTo(TextState.ACCEPTED);
    assertThat(twilio.posts(notice)).isZero();
    assertThat(state(pool, notice)).isEqualTo(TextState.FAILED);
  }

  @Test
  @Tag("F2")
  void what_a_stale_worker_brings_settles_a_text_in_doubt() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    var frozen = new Silent(twilio.carrier(db.vertx()));
    var stale = new SendDue(pool, bus, frozen);
    stale.run(NOW);
    leasesEnd();
    settle.run(NOW.plusSeconds(31));
    assertThat(state(pool, text)).isEqualTo(TextState.UNKNOWN);

    frozen.answer(new Submission.Accepted("SM-late"));
    run(stale, NOW.plusSeconds(40));
    settle.run(NOW.plusSeconds(70));
    assertThat(state(pool, text)).isEqualTo(TextState.ACCEPTED);
    assertThat(column(pool, text, "sid")).isEqualTo("SM-late");
    assertThat(twilio.lists()).isZero();
  }

  @Test
  @Tag("F2")
  void what_a_stale_worker_knows_to_be_accepted_is_not_repeated_though_it_waits_to_be() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    var frozen = new Silent(twilio.carrier(db.vertx()));
    var stale = new SendDue(pool, bus, frozen);
    stale.run(NOW);
    leasesEnd();
    settle.run(NOW.plusSeconds(31));
    settle.run(NOW.plusSeconds(150));
    assertThat(state(pool, text)).isEqualTo(TextState.QUEUED);

    inTransaction(tx -> Outbox.hold(tx, "dispatch", "only to stop the other", NOW));
    frozen.answer(new Submission.Accepted("SM-late"));
    run(stale, NOW.plusSeconds(151));
    inTransaction(tx -> Outbox.release(tx, "dispatch", 7, "looked at", NOW));
    run(send, NOW.plusSeconds(152));
    assertThat(state(pool, text)).isEqualTo(TextState.ACCEPTED);
    assertThat(column(pool, text, "posts")).isEqualTo("1");
    assertThat(twilio.posts()).isEmpty();
  }

  @Test
  void what_is_withdrawn_while_its_end_is_unknown_is_not_repeated() {
    twilio.once(new Manner.Cut());
    long text = add(pool, offer(SARA, "1", "F7K2"));
    run(send, NOW);
    assertThat(state(pool, text)).isEqualTo(TextState.UNKNOWN);

    int withdrawn =
        Database.inTransaction(pool, tx -> Outbox.withdraw(tx, "dispatch", List.of("1"), NOW));
    assertThat(withdrawn).isZero();
    for (int minute = 1; minute < 5; minute++) {
      turn(NOW.plusSeconds(60L * minute));
    }
    assertThat(twilio.posts()).hasSize(1);
    assertThat(state(pool, text)).isEqualTo(TextState.FAILED);
  }

  @Test
  void what_is_withdrawn_on_its_way_is_not_tried_again_after_a_refusal() {
    twilio.once(new Manner.Refuse(429, 20429));
    long text = add(pool, offer(SARA, "1", "F7K2"));
    send.run(NOW);
    Database.inTransaction(pool, tx -> Outbox.withdraw(tx, "dispatch", List.of("1"), NOW));
    run(send, NOW.plusSeconds(1));
    run(send, NOW.plusSeconds(60));
    assertThat(twilio.posts()).hasSize(1);
    assertThat(state(pool, text)).isIn(TextState.EXPIRED, TextState.WITHDRAWN);
  }

  @Test
  @Tag("F20")
  void stop_wins_over_a_sender_that_already_waits_for_its_lane() {
    long before = add(pool, notice(OMAR, "0"));
    run(send, NOW); // the lane exists
    long text = add(pool, offer(SARA, "1", "F7K2"));
    CompletableFuture<Void> sending;
    var holder = db.superuserPool().getConnection().await();
    var held = holder.begin().await();
    try {
      holder.query("SELECT FROM notify.lane FOR UPDATE").execute().await();
      sending = CompletableFuture.runAsync(() -> run(send, NOW), Thread::startVirtualThread);
      await().until(() -> waitsForALock());
      stop(SARA);
      held.commit().await();
    } finally {
      holder.close().await();
    }
    sending.join();
    assertThat(state(pool, text)).isEqualTo(TextState.REFUSED);
    assertThat(column(pool, text, "problem")).isEqualTo("stopped");
    leasesEnd();
    turn(NOW.plusSeconds(200));
    assertThat(twilio.posts()).hasSize(1);
    assertThat(state(pool, before)).isEqualTo(TextState.ACCEPTED);
  }

  @Test
  @Tag("F20")
  void what_found_no_free_connection_goes_back_so_that_stop_still_wins() {
    for (int i = 0; i < 40; i++) {
      twilio.once(new Manner.Silence());
    }
    add(pool, IntStream.range(0, 40).mapToObj(i -> notice(OMAR, "n" + i)).toList());
    var narrow = twilio.carrier(db.vertx());
    var sender = new SendDue(pool, bus, new Wide(narrow, 80));
    sender.run(NOW);
    long text = add(pool, offer(SARA, "1", "F7K2"));
    await()
        .until(
            () -> {
              sender.run(NOW.plusSeconds(1));
              return column(pool, text, "refusals").equals("1");
            });
    assertThat(column(pool, text, "problem")).isEqualTo("busy no connection was free");
    stop(SARA);
    assertThat(state(pool, text)).isEqualTo(TextState.REFUSED);
    assertThat(twilio.posts(text)).isZero();
  }

  @Test
  void a_text_written_after_stop_never_leaves_and_start_lets_the_next_one_go() {
    stop(SARA);
    long refused = add(pool, offer(SARA, "1", "F7K2"));
    run(send, NOW);
    assertThat(state(pool, refused)).isEqualTo(TextState.REFUSED);

    Database.inTransaction(
        pool,
        tx -> {
          Consent.start(tx, SARA, Consent.How.REPLY, NOW);
          return null;
        });
    long next = add(pool, offer(SARA, "2", "F7K3"));
    run(send, NOW.plusSeconds(1));
    assertThat(state(pool, next)).isEqualTo(TextState.ACCEPTED);
    assertThat(twilio.posts()).hasSize(1);
  }

  @Test
  void whom_the_carrier_blocks_we_block_too() {
    twilio.once(new Manner.Refuse(400, 21610));
    add(pool, notice(SARA, "1"));
    run(send, NOW);
    var stopped = Database.inTransaction(pool, tx -> Consent.stopped(tx, List.of(SARA, OMAR)));
    assertThat(stopped).containsExactly(SARA);
    long next = add(pool, notice(SARA, "2"));
    turn(NOW.plusSeconds(5));
    assertThat(twilio.posts(next)).isZero();
  }

  @Test
  void what_is_too_late_expires_unsent() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    run(send, NOW.plus(Duration.ofHours(1)));
    assertThat(state(pool, text)).isEqualTo(TextState.EXPIRED);
    assertThat(twilio.posts()).isEmpty();
  }

  @Test
  void the_red_button_holds_every_text() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    halt(7, "wrong area");
    halt(8, "pressed twice");
    turn(NOW.plusSeconds(5));
    assertThat(Outbox.isHalted(pool)).isTrue();
    assertThat(twilio.posts()).isEmpty();
    assertThat(state(pool, text)).isEqualTo(TextState.QUEUED);

    inTransaction(tx -> Outbox.resume(tx, 7, "area corrected", NOW));
    turn(NOW.plusSeconds(6));
    assertThat(Outbox.isHalted(pool)).isFalse();
    assertThat(twilio.posts(text)).isEqualTo(1);
  }

  @Test
  void a_purpose_that_is_held_waits_and_the_others_go() {
    long held = add(pool, offer(SARA, "1", "F7K2"));
    long free = add(pool, Sample.of(OMAR, Occasion.ANSWER, "fund", null));
    inTransaction(tx -> Outbox.hold(tx, "dispatch", "twice the same", NOW));
    assertThat(Outbox.held(pool)).containsEntry("dispatch", "twice the same");
    turn(NOW.plusSeconds(1));
    assertThat(twilio.posts(held)).isZero();
    assertThat(twilio.posts(free)).isEqualTo(1);

    inTransaction(tx -> Outbox.release(tx, "dispatch", 7, "looked at", NOW));
    turn(NOW.plusSeconds(2));
    assertThat(Outbox.held(pool)).isEmpty();
    assertThat(twilio.posts(held)).isEqualTo(1);
  }

  @Test
  void what_is_withdrawn_before_it_begins_to_leave_never_leaves() {
    long queued = add(pool, offer(SARA, "1", "F7K2"));
    int withdrawn =
        Database.inTransaction(pool, tx -> Outbox.withdraw(tx, "dispatch", List.of("1", "3"), NOW));
    assertThat(withdrawn).isEqualTo(1);
    run(send, NOW);
    assertThat(state(pool, queued)).isEqualTo(TextState.WITHDRAWN);
    assertThat(twilio.posts()).isEmpty();
  }

  @Test
  void nobody_gets_more_than_four_in_an_hour_that_they_did_not_ask_for() {
    add(pool, IntStream.range(0, 6).mapToObj(i -> Sample.ask(SARA, "a" + i)).toList());
    long life = add(pool, offer(SARA, "1", "F7K2"));
    long answer = add(pool, notice(SARA, "2"));
    run(send, NOW);
    assertThat(twilio.posts()).hasSize(Departure.PER_HOUR + 2);
    assertThat(List.of(life, answer)).allMatch(text -> state(pool, text) == TextState.ACCEPTED);

    // They would have to wait longer than they are worth.
    assertThat(counts("refused", "had enough")).isEqualTo(2);
    long later = add(pool, Sample.ask(SARA, "b", NOW.plus(Duration.ofHours(3))));
    run(send, NOW.plusSeconds(1));
    assertThat(state(pool, later)).isEqualTo(TextState.QUEUED);
    run(send, NOW.plus(Departure.HOUR));
    assertThat(state(pool, later)).isEqualTo(TextState.ACCEPTED);
  }

  @Test
  void at_night_only_what_cannot_wait_leaves() {
    var night = Instant.parse("2026-11-22T21:30:00Z"); // half past midnight in Riyadh
    var morning = Instant.parse("2026-11-23T03:00:00Z");
    long ask = add(pool, Sample.ask(SARA, "1", morning.plusSeconds(3_600)));
    long tooShort = add(pool, Sample.ask(OMAR, "2", morning.minusSeconds(60)));
    long alarm = add(pool, Sample.until(offer(OMAR, "3", "F7K2"), morning));
    run(send, night);
    assertThat(state(pool, ask)).isEqualTo(TextState.QUEUED);
    assertThat(column(pool, ask, "problem")).isEqualTo("quiet hours");
    assertThat(state(pool, tooShort)).isEqualTo(TextState.REFUSED);
    assertThat(state(pool, alarm)).isEqualTo(TextState.ACCEPTED);
    assertThat(send.nextDue()).contains(morning);

    run(send, morning);
    assertThat(state(pool, ask)).isEqualTo(TextState.ACCEPTED);
  }

  @Test
  void texts_wait_when_the_money_is_spent_until_somebody_raises_the_cap() {
    inTransaction(tx -> Budget.open(tx, "crisis:1", 100, NOW));
    run(send, NOW); // a segment costs 40 here
    var texts =
        add(pool, IntStream.range(0, 4).mapToObj(i -> Sample.paidBy("crisis:1", "p" + i)).toList());
    run(send, NOW);
    assertThat(twilio.posts()).hasSize(2);
    assertThat(Budget.find(pool, "crisis:1")).hasValue(new Budget("crisis:1", 100, 80));
    assertThat(column(pool, texts.get(2), "problem")).isEqualTo("cost cap");

    var below = Database.inTransaction(pool, tx -> Budget.change(tx, "crisis:1", 79, 7, "x", NOW));
    assertThat(below).isEqualTo(new Budget.Outcome.BelowSpent(80));
    var raised =
        Database.inTransaction(pool, tx -> Budget.change(tx, "crisis:1", 160, 7, "go on", NOW));
    assertThat(raised).isEqualTo(new Budget.Outcome.Changed());
    run(send, NOW.plusSeconds(1));
    assertThat(twilio.posts()).hasSize(4);
    assertThat(Budget.find(pool, "crisis:1")).hasValue(new Budget("crisis:1", 160, 160));
  }

  @Test
  void what_the_carrier_refuses_costs_nothing() {
    inTransaction(tx -> Budget.open(tx, "crisis:1", 100, NOW));
    run(send, NOW);
    twilio.once(new Manner.Refuse(400, 21211));
    add(pool, Sample.paidBy("crisis:1", "p"));
    run(send, NOW);
    assertThat(Budget.find(pool, "crisis:1").orElseThrow().spent()).isZero();
  }

  @Test
  void each_country_has_its_sender_with_its_own_pace() {
    var settings = twilio.settings("+15005550006", "");
    var british = new Settings.Twilio.Sender("GB", "Fazaa", 2, 30);
    var carrier = twilio.carrier(db.vertx(), twilio.with(settings, List.of(british)));
    var both = new SendDue(pool, bus, carrier);
    var london = new Phone("+447700900123");
    add(pool, IntStream.range(0, 5).mapToObj(i -> notice(london, "g" + i)).toList());
    add(pool, IntStream.range(0, 5).mapToObj(i -> notice(SARA, "s" + i)).toList());
    run(both, NOW);
    assertThat(from("Fazaa")).isEqualTo(2);
    assertThat(from("+15005550006")).isEqualTo(5);
    run(both, NOW.plusSeconds(1));
    assertThat(from("Fazaa")).isEqualTo(4);
  }

  @Test
  @Tag("F24")
  void after_half_an_hour_of_silence_stale_offers_expire_unsent_and_the_urgent_ones_go_first() {
    var stale = IntStream.range(0, 3_000).mapToObj(i -> Sample.ask(phone(i), "old" + i)).toList();
    var ids = add(pool, stale);
    var now = NOW.plus(Duration.ofMinutes(61));
    var fresh = Sample.until(offer(SARA, "1", "F7K2"), now.plusSeconds(600));
    long life = add(pool, fresh);
    var good = IntStream.range(0, 60).mapToObj(i -> Sample.ask(phone(i), "new" + i, now, 600));
    add(pool, good.toList());
    run(send, now);
    assertThat(twilio.posts()).hasSize(40); // the pace of the lane
    assertThat(twilio.posts().getFirst().message()).isEqualTo(Long.toString(life));
    run(send, now.plusSeconds(1));
    assertThat(twilio.posts()).hasSize(61);
    assertThat(ids).noneMatch(text -> twilio.posts(text) > 0);
    assertThat(counts("expired", "too late")).isEqualTo(3_000);
  }

  @Test
  void what_matters_most_leaves_first() {
    var until = NOW.plusSeconds(3_600);
    for (int priority : new int[] {1, 9, 5}) {
      var body = "priority " + priority;
      var draft =
          new Draft(
              SARA,
              Language.EN,
              MessageClass.SERVICE,
              "dispatch",
              "x",
              null,
              body,
              false,
              Occasion.ANSWER,
              null,
              priority,
              until);
      add(pool, draft);
    }
    var one = new SendDue(pool, bus, oneAtATime());
    for (int second = 0; second < 3; second++) {
      run(one, NOW.plusSeconds(second));
    }
    assertThat(twilio.posts().stream().map(post -> post.form().get("Body")))
        .containsExactly("priority 9", "priority 5", "priority 1");
  }

  @Test
  @Timeout(20)
  void one_that_stops_waits_for_the_answer_under_way_and_then_ends() throws InterruptedException {
    var text = add(pool, offer(SARA, "offer 1", "F7K2"));
    var slow = new Silent(twilio.carrier(db.vertx()));
    var stopping = new SendDue(pool, bus, slow);
    stopping.run(NOW);

    var last = Thread.startVirtualThread(() -> stopping.wind(NOW.plusSeconds(1)));
    while (last.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    slow.answer(new Submission.Accepted("SM-last"));
    last.join();
    assertThat(column(pool, text, "sid")).isEqualTo("SM-last");
  }

  @Test
  void two_workers_racing_for_500_texts_post_each_once() {
    var texts =
        add(pool, IntStream.range(0, 500).mapToObj(i -> offer(SARA, "o" + i, "F7K2")).toList());
    var second = new AtomicLong();
    var racers = Stream.of(sender(), sender()).map(sender -> racing(sender, second)).toList();
    racers.forEach(CompletableFuture::join);
    assertThat(texts).allMatch(text -> twilio.posts(text) == 1);
    assertThat(twilio.posts()).hasSize(500);
    assertThat(texts).allMatch(text -> state(pool, text) == TextState.ACCEPTED);
  }

  @Test
  void all_workers_together_keep_the_pace_of_the_lane() {
    add(pool, IntStream.range(0, 200).mapToObj(i -> notice(SARA, "n" + i)).toList());
    var other = sender();
    for (int i = 0; i < 5; i++) {
      run(send, NOW);
      run(other, NOW);
    }
    assertThat(twilio.posts()).hasSize(40);
    run(send, NOW.plusSeconds(1));
    run(other, NOW.plusSeconds(1));
    assertThat(twilio.posts()).hasSize(80);
  }

  @Test
  void it_knows_when_it_has_something_to_do_next() {
    assertThat(send.nextDue()).isEmpty();
    add(pool, notice(SARA, "1"));
    assertThat(send.nextDue()).contains(NOW);
    twilio.always(new Manner.RefuseUntil(429, 20429, 30));
    run(send, NOW);
    assertThat(send.nextDue().orElseThrow()).isBetween(NOW.plusSeconds(30), NOW.plusSeconds(31));
  }

  private SendDue sender() {
    return new SendDue(pool, bus, twilio.carrier(db.vertx()));
  }

  private OneAtATime oneAtATime() {
    return new OneAtATime(twilio.carrier(db.vertx()));
  }

  private CompletableFuture<Void> racing(SendDue sender, AtomicLong second) {
    return CompletableFuture.runAsync(
        () -> {
          while (twilio.posts().size() < 500 && second.get() < 1_000) {
            run(sender, NOW.plusSeconds(second.incrementAndGet()));
          }
        },
        Thread::startVirtualThread);
  }

  private void turn(Instant now) {
    settle.run(now);
    run(send, now);
  }

  private void runAll(Instant from, int seconds) {
    for (int second = 0; second < seconds; second++) {
      run(send, from.plusSeconds(second));
    }
  }

  private void stop(Phone phone) {
    inTransaction(tx -> Consent.stop(tx, phone, Consent.How.REPLY, NOW));
  }

  private void halt(long account, String why) {
    inTransaction(tx -> Outbox.halt(tx, account, why, NOW));
  }

  private void inTransaction(Consumer<SqlConnection> work) {
    Database.inTransaction(
        pool,
        tx -> {
          work.accept(tx);
          return null;
        });
  }

  private static Phone phone(int number) {
    return new Phone("+9665%08d".formatted(number));
  }

  private long from(String sender) {
    return twilio.posts().stream().filter(post -> sender.equals(post.form().get("From"))).count();
  }

  private long counts(String state, String problem) {
    return pool.preparedQuery(
            "SELECT count(*) FROM notify.text WHERE state::text = $1 AND problem = $2")
        .execute(Tuple.of(state, problem))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  private boolean waitsForALock() {
    return db.superuserPool()
        .query(
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity
                           WHERE wait_event_type = 'Lock' AND datname = current_database())\
            """)
        .execute()
        .await()
        .iterator()
        .next()
        .getBoolean(0);
  }

  /** Turns until nothing is left to do at this moment and what was posted has been answered. */
  private void leasesEnd() {
    db.superuserPool()
        .query("UPDATE notify.text SET lease_until = clock_timestamp() - interval '1 second'")
        .execute()
        .await();
  }

  private static Text text(MessageClass messageClass) {
    return Sample.text(messageClass, Occasion.ALARM, NOW.plusSeconds(3_600));
  }

  /** The same carrier, fed with one text at a time. */
  private record OneAtATime(Carrier carrier) implements Carrier {
    @Override
    public String name() {
      return carrier.name();
    }

    @Override
    public List<Sender> senders() {
      var own = carrier.senders().getFirst();
      return List.of(new Sender(own.name(), own.segmentCosts(), 1));
    }

    @Override
    public int connections() {
      return 1;
    }

    @Override
    public List<Future<Submission>> submit(List<Text> texts, Instant now) {
      return carrier.submit(texts, now);
    }

    @Override
    public Trace find(Text text) {
      return carrier.find(text);
    }
  }

  /** The same carrier, given more than it has connections for. */
  private record Wide(Carrier carrier, int connections) implements Carrier {
    @Override
    public String name() {
      return carrier.name();
    }

    @Override
    public List<Sender> senders() {
      return carrier.senders();
    }

    @Override
    public List<Future<Submission>> submit(List<Text> texts, Instant now) {
      return carrier.submit(texts, now);
    }

    @Override
    public Trace find(Text text) {
      return carrier.find(text);
    }
  }

  /** Takes texts and posts none, as a process that dies or freezes before its POST. */
  private record Silent(Carrier carrier, Promise<Submission> promise) implements Carrier {
    Silent(Carrier carrier) {
      this(carrier, Promise.promise());
    }

    void answer(Submission submission) {
      promise.complete(submission);
    }

    @Override
    public String name() {
      return carrier.name();
    }

    @Override
    public List<Sender> senders() {
      return carrier.senders();
    }

    @Override
    public int connections() {
      return carrier.connections();
    }

    @Override
    public List<Future<Submission>> submit(List<Text> texts, Instant now) {
      return texts.stream().map(text -> promise.future()).toList();
    }

    @Override
    public Trace find(Text text) {
      return carrier.find(text);
    }
  }
}
