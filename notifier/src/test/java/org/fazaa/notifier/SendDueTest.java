package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.OMAR;
import static org.fazaa.notifier.Sample.SARA;
import static org.fazaa.notifier.Sample.add;
import static org.fazaa.notifier.Sample.column;
import static org.fazaa.notifier.Sample.notice;
import static org.fazaa.notifier.Sample.offer;
import static org.fazaa.notifier.Sample.state;

import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.fazaa.notifier.carrier.Trace;
import org.fazaa.notifier.carrier.twilio.TwilioStandIn;
import org.fazaa.notifier.carrier.twilio.TwilioStandIn.Manner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The real SDK and the real tables, against a carrier on loopback that does as it is told. */
class SendDueTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static Bus bus;

  private Pool pool;
  private TwilioStandIn twilio;
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
    twilio = new TwilioStandIn(db.vertx(), NOW);
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

    send.run(NOW);

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

    send.run(NOW);

    assertThat(state(pool, drill)).isEqualTo(TextState.REFUSED);
    assertThat(column(pool, drill, "problem")).isEqualTo("drill");
    assertThat(state(pool, real)).isEqualTo(TextState.ACCEPTED);
  }

  @Test
  void silence_is_unknown_too_and_one_post() {
    twilio.always(new Manner.Silence());
    long text = add(pool, offer(SARA, "1", "F7K2"));
    new SendDue(pool, bus, twilio.impatientCarrier(db.vertx())).run(NOW);
    assertThat(twilio.posts()).hasSize(1);
    assertThat(state(pool, text)).isEqualTo(TextState.UNKNOWN);
  }

  @Test
  void no_post_waits_behind_another_that_has_no_answer() {
    for (int i = 0; i < 39; i++) {
      twilio.once(new Manner.Silence());
    }
    add(pool, IntStream.range(0, 40).mapToObj(i -> notice(SARA, "n" + i)).toList());
    new SendDue(pool, bus, twilio.impatientCarrier(db.vertx())).run(NOW);
    assertThat(twilio.posts()).hasSize(40);
  }

  @Test
  void a_carrier_that_is_not_there_has_certainly_nothing() {
    twilio.close();
    long text = add(pool, notice(SARA, "1"));
    send.run(NOW);
    assertThat(state(pool, text)).isEqualTo(TextState.QUEUED);
    assertThat(column(pool, text, "refusals")).isEqualTo("1");
  }

  @Test
  void a_redirect_is_not_followed() {
    try (var elsewhere = new TwilioStandIn(db.vertx(), NOW)) {
      twilio.always(new Manner.Redirect(elsewhere.url() + "/2010-04-01/Accounts/x/Messages.json"));
      long text = add(pool, offer(SARA, "1", "F7K2"));
      send.run(NOW);
      assertThat(elsewhere.posts()).isEmpty();
      assertThat(elsewhere.lists()).isZero();
      assertThat(state(pool, text)).isEqualTo(TextState.UNKNOWN);
    }
  }

  @Test
  void the_post_says_who_until_when_and_where_to_call_back() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    send.run(NOW.plusSeconds(600));

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
    new SendDue(pool, bus, carrier).run(NOW);
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
    bySelf.run(NOW);
    bySelf.run(NOW.plusSeconds(29));
    assertThat(twilio.posts()).hasSize(1);

    bySelf.run(NOW.plusSeconds(31));
    bySelf.run(NOW.plusSeconds(33));
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
  void after_an_unknown_outcome_the_one_repetition_is_not_repeated_again() {
    var refused = new Submission.Refused("429", "too many", new Action.StopLane(NOW, false));
    assertThat(SendDue.decide(text(MessageClass.LIFE_SAFETY), 0, 1, refused, NOW).state())
        .isEqualTo(TextState.REFUSED);
  }

  @Test
  void when_nothing_is_answered_the_carrier_gets_a_rest() {
    twilio.always(new Manner.Refuse(503, 0));
    add(pool, IntStream.range(0, 100).mapToObj(i -> notice(SARA, "n" + i)).toList());
    runAll(NOW, 9);
    assertThat(twilio.posts()).hasSize(40);
    assertThat(Outbox.troubles(pool)).extracting(Outbox.Lane::trouble).containsExactly("no answer");
    send.run(NOW.plusSeconds(10));
    assertThat(twilio.posts()).hasSize(80);
  }

  @Test
  void what_a_carrier_says_about_a_number_is_kept_without_the_number() {
    twilio.once(
        new Manner.Say(400, "{\"code\": 21211, \"message\": \"+966501234567 is no phone\"}"));
    long text = add(pool, notice(SARA, "1"));
    send.run(NOW);
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
    send.run(NOW);
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
    send.run(NOW);
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
    var claims = Database.inTransaction(pool, tx -> send.claim(tx, NOW));
    Database.inTransaction(pool, tx -> send.begin(tx, claims, NOW)); // and here it dies
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
  void a_claim_whose_owner_died_before_submitting_is_simply_taken_over() {
    long text = add(pool, notice(SARA, "1"));
    Database.inTransaction(pool, tx -> send.claim(tx, NOW));
    send.run(NOW);
    assertThat(twilio.posts()).isEmpty();

    leasesEnd();
    send.run(NOW);
    assertThat(twilio.posts(text)).isEqualTo(1);
  }

  @Test
  void what_a_stale_worker_brings_is_evidence_and_changes_no_state() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    var claims = Database.inTransaction(pool, tx -> send.claim(tx, NOW));
    var begun = Database.inTransaction(pool, tx -> send.begin(tx, claims, NOW));
    leasesEnd();
    settle.run(NOW.plusSeconds(31));

    List<Submission> late = List.of(new Submission.Accepted("SM-late"));
    var changed =
        Database.inTransaction(
            pool, tx -> send.finish(tx, begun.started(), late, NOW.plusSeconds(40)));
    assertThat(changed).isEmpty();
    assertThat(state(pool, text)).isEqualTo(TextState.UNKNOWN);

    settle.run(NOW.plusSeconds(70));
    assertThat(state(pool, text)).isEqualTo(TextState.ACCEPTED);
    assertThat(column(pool, text, "sid")).isEqualTo("SM-late");
    assertThat(twilio.lists()).isZero();
  }

  @Test
  void stop_between_claim_and_post_wins() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    var claims = Database.inTransaction(pool, tx -> send.claim(tx, NOW));
    stop(SARA);
    var begun = Database.inTransaction(pool, tx -> send.begin(tx, claims, NOW));
    assertThat(begun.started()).isEmpty();
    assertThat(state(pool, text)).isEqualTo(TextState.REFUSED);
    assertThat(column(pool, text, "problem")).isEqualTo("stopped");
    leasesEnd();
    turn(NOW.plusSeconds(200));
    assertThat(twilio.posts()).isEmpty();
  }

  @Test
  void a_text_written_after_stop_never_leaves_and_start_lets_the_next_one_go() {
    stop(SARA);
    long refused = add(pool, offer(SARA, "1", "F7K2"));
    send.run(NOW);
    assertThat(state(pool, refused)).isEqualTo(TextState.REFUSED);

    Database.inTransaction(
        pool,
        tx -> {
          Consent.start(tx, SARA, Consent.How.REPLY, NOW);
          return null;
        });
    long next = add(pool, offer(SARA, "2", "F7K3"));
    send.run(NOW.plusSeconds(1));
    assertThat(state(pool, next)).isEqualTo(TextState.ACCEPTED);
    assertThat(twilio.posts()).hasSize(1);
  }

  @Test
  void whom_the_carrier_blocks_we_block_too() {
    twilio.once(new Manner.Refuse(400, 21610));
    add(pool, notice(SARA, "1"));
    send.run(NOW);
    var stopped = Database.inTransaction(pool, tx -> Consent.stopped(tx, List.of(SARA, OMAR)));
    assertThat(stopped).containsExactly(SARA);
    long next = add(pool, notice(SARA, "2"));
    turn(NOW.plusSeconds(5));
    assertThat(twilio.posts(next)).isZero();
  }

  @Test
  void what_is_too_late_expires_unsent() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    send.run(NOW.plus(Duration.ofHours(1)));
    assertThat(state(pool, text)).isEqualTo(TextState.EXPIRED);
    assertThat(twilio.posts()).isEmpty();
  }

  @Test
  void the_red_button_holds_every_text_even_those_already_claimed() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    var claims = Database.inTransaction(pool, tx -> send.claim(tx, NOW));
    halt(7, "wrong area");
    halt(8, "pressed twice");
    assertThat(Database.inTransaction(pool, tx -> send.begin(tx, claims, NOW)).started()).isEmpty();
    turn(NOW.plusSeconds(5));
    assertThat(Outbox.isHalted(pool)).isTrue();
    assertThat(twilio.posts()).isEmpty();
    assertThat(state(pool, text)).isEqualTo(TextState.QUEUED);

    Database.inTransaction(
        pool,
        tx -> {
          Outbox.resume(tx, 7, "area corrected", NOW);
          return null;
        });
    turn(NOW.plusSeconds(6));
    assertThat(Outbox.isHalted(pool)).isFalse();
    assertThat(twilio.posts(text)).isEqualTo(1);
  }

  @Test
  void what_is_withdrawn_before_it_begins_to_leave_never_leaves() {
    long queued = add(pool, offer(SARA, "1", "F7K2"));
    long claimed = add(pool, offer(OMAR, "2", "F7K3"));
    var claims = Database.inTransaction(pool, tx -> send.claim(tx, NOW));
    int withdrawn =
        Database.inTransaction(
            pool, tx -> Outbox.withdraw(tx, "dispatch", List.of("1", "2", "3"), NOW));
    assertThat(withdrawn).isEqualTo(2);
    assertThat(Database.inTransaction(pool, tx -> send.begin(tx, claims, NOW)).started()).isEmpty();
    assertThat(List.of(queued, claimed)).allMatch(text -> state(pool, text) == TextState.WITHDRAWN);
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
              priority,
              until);
      add(pool, draft);
    }
    var one = new SendDue(pool, bus, oneAtATime());
    for (int second = 0; second < 3; second++) {
      one.run(NOW.plusSeconds(second));
    }
    assertThat(twilio.posts().stream().map(post -> post.form().get("Body")))
        .containsExactly("priority 9", "priority 5", "priority 1");
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
      send.run(NOW);
      other.run(NOW);
    }
    assertThat(twilio.posts()).hasSize(40);
    send.run(NOW.plusSeconds(1));
    other.run(NOW.plusSeconds(1));
    assertThat(twilio.posts()).hasSize(80);
  }

  @Test
  void it_knows_when_it_has_something_to_do_next() {
    assertThat(send.nextDue()).isEmpty();
    add(pool, notice(SARA, "1"));
    assertThat(send.nextDue()).contains(NOW);
    twilio.always(new Manner.RefuseUntil(429, 20429, 30));
    send.run(NOW);
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
            sender.run(NOW.plusSeconds(second.incrementAndGet()));
          }
        },
        Thread::startVirtualThread);
  }

  private void turn(Instant now) {
    settle.run(now);
    send.run(now);
  }

  private void runAll(Instant from, int seconds) {
    for (int second = 0; second < seconds; second++) {
      send.run(from.plusSeconds(second));
    }
  }

  private void stop(Phone phone) {
    Database.inTransaction(
        pool,
        tx -> {
          Consent.stop(tx, phone, Consent.How.REPLY, NOW);
          return null;
        });
  }

  private void halt(long account, String why) {
    Database.inTransaction(
        pool,
        tx -> {
          Outbox.halt(tx, account, why, NOW);
          return null;
        });
  }

  private void leasesEnd() {
    db.superuserPool()
        .query("UPDATE notify.text SET lease_until = clock_timestamp() - interval '1 second'")
        .execute()
        .await();
  }

  private static Text text(MessageClass messageClass) {
    return new Text(
        1,
        1,
        SARA,
        Language.EN,
        messageClass,
        "dispatch",
        "1",
        "F7K2",
        "body",
        1,
        true,
        NOW,
        NOW.plusSeconds(3_600));
  }

  /** The same carrier, fed with one text at a time. */
  private record OneAtATime(Carrier carrier) implements Carrier {
    @Override
    public String name() {
      return carrier.name();
    }

    @Override
    public Pace pace() {
      return new Pace(1, 1);
    }

    @Override
    public List<Submission> submit(List<Text> texts, Instant now) {
      return carrier.submit(texts, now);
    }

    @Override
    public Trace find(Text text) {
      return carrier.find(text);
    }
  }
}
