package org.fazaa.notifier.carrier.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.SARA;

import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Loop;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Sample;
import org.fazaa.notifier.SendDue;
import org.fazaa.notifier.SettleUnknown;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.TextState;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.carrier.Trace;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.ReadReplies;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SimulatedTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static final Instant LATER = NOW.plus(Duration.ofDays(1));
  private static Bus bus;

  private Pool pool;

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
    pool = db.pool();
  }

  @Test
  void a_text_is_delivered_and_answered_when_its_time_has_come() {
    var carrier = new SimulatedCarrier(pool, saying("1", Duration.ofMinutes(4)), 40);
    long text = Sample.add(pool, Sample.offer(SARA, "41", "F7K2"));
    var people = new SimulatedPeople(pool, bus);
    new SendDue(pool, bus, carrier).run(NOW);
    assertThat(people.nextDue()).contains(NOW.plusSeconds(2));

    people.run(NOW.plusSeconds(3));
    assertThat(Sample.state(pool, text)).isEqualTo(TextState.DELIVERED);
    assertThat(Sample.count(pool, "reply")).isZero();

    people.run(NOW.plusSeconds(240));
    new ReadReplies(pool, bus).run(NOW.plusSeconds(240));
    var claimed = Database.inTransaction(pool, tx -> Inbox.claim(tx, "dispatch", 10, NOW));
    assertThat(claimed)
        .hasSize(1)
        .allMatch(reply -> reply.about().equals("41") && reply.way().equals("simulated"));
    assertThat(people.nextDue()).isEmpty();
  }

  @Test
  void a_thousand_texts_through_all_loops_come_out_the_same_each_time() {
    var first = story();
    assertThat(first).hasSizeGreaterThan(300).isEqualTo(story());
  }

  @Test
  void the_crowd_is_decided_by_seed_and_text_alone() {
    var crowd = new DemoCrowd(7, 30);
    assertThat(crowd.onText(text(1), NOW)).isEqualTo(new DemoCrowd(7, 30).onText(text(1), LATER));
    var answers = IntStream.range(0, 1_000).mapToObj(i -> crowd.onText(text(i), NOW)).toList();
    assertThat(answers).filteredOn(SimulatedTest::says).hasSizeBetween(600, 800);
    assertThat(answers)
        .isNotEqualTo(
            IntStream.range(0, 1_000)
                .mapToObj(i -> new DemoCrowd(8, 30).onText(text(i), NOW))
                .toList());
  }

  @Test
  void at_speed_nought_people_answer_only_by_hand() {
    var crowd = new DemoCrowd(7, 0);
    assertThat(IntStream.range(0, 200).mapToObj(i -> crowd.onText(text(i), NOW)))
        .noneMatch(SimulatedTest::says);
  }

  @Test
  void speed_divides_the_time_that_people_take() {
    var human = new DemoCrowd(7, 1).onText(text(5), NOW);
    var fast = new DemoCrowd(7, 10).onText(text(5), NOW);
    for (int i = 0; i < human.size(); i++) {
      assertThat(fast.get(i).after().toMillis())
          .isEqualTo(Math.round(human.get(i).after().toMillis() / 10.0));
    }
  }

  @Test
  void nobody_answers_a_text_that_asks_nothing() {
    var crowd = new DemoCrowd(7, 30);
    for (int i = 0; i < 200; i++) {
      assertThat(says(crowd.onText(text(i, false), NOW))).isFalse();
    }
  }

  @Test
  void an_answer_by_hand_is_one_answer_however_often_it_is_tapped() {
    var first = byHand("key", "نعم");
    assertThat(byHand("key", "نعم")).isEqualTo(new TakeReply.Outcome.Repeated(first.reply()));
  }

  @Test
  void a_phone_shows_what_was_said_on_it() {
    Sample.add(pool, Sample.offer(SARA, "41", "F7K2"));
    new SendDue(pool, bus, new SimulatedCarrier(pool, new DemoCrowd(1, 0), 40)).run(NOW);
    Database.inTransaction(
        pool, tx -> SimulatedPhones.answer(tx, SARA, "1 F7K2", "k", NOW.plusSeconds(60)));

    var messages = SimulatedPhones.messages(pool, SARA);
    assertThat(messages)
        .extracting(SimulatedPhones.Message::fromPhone)
        .containsExactly(false, true);
    assertThat(messages.getFirst().state()).isEqualTo("accepted");
    var thread = SimulatedPhones.threads(pool, 10).getFirst();
    assertThat(thread.phone()).isEqualTo(SARA);
    assertThat(thread.lastBody()).isEqualTo("1 F7K2");
    assertThat(thread.lastFromPhone()).isTrue();
  }

  @Test
  void whoever_falls_silent_does_not_write_what_they_were_about_to() {
    Crowd crowd =
        (text, now) ->
            text.answerable()
                ? List.of(new Reaction.Says(Duration.ofMinutes(4), "1"))
                : List.of(new Reaction.Silence());
    var send = new SendDue(pool, bus, new SimulatedCarrier(pool, crowd, 40));
    Sample.add(pool, Sample.offer(SARA, "41", "F7K2"));
    Sample.add(pool, Sample.offer(Sample.OMAR, "42", "G8M3"));
    send.run(NOW);
    Sample.add(pool, Sample.notice(SARA, "41"));
    send.run(NOW.plusSeconds(60));

    new SimulatedPeople(pool, bus).run(NOW.plusSeconds(240));
    assertThat(SimulatedPhones.messages(pool, SARA)).noneMatch(SimulatedPhones.Message::fromPhone);
    assertThat(SimulatedPhones.messages(pool, Sample.OMAR))
        .anyMatch(SimulatedPhones.Message::fromPhone);
  }

  @Test
  void the_carrier_knows_again_what_it_was_given() {
    var carrier = new SimulatedCarrier(pool, new DemoCrowd(1, 0), 40);
    carrier.submit(List.of(text(5)), NOW);
    assertThat(carrier.find(text(5))).isInstanceOf(Trace.Found.class);
    assertThat(carrier.find(text(6))).isEqualTo(new Trace.Absent());
    new SimulatedPeople(pool, bus).run(LATER);
    assertThat(carrier.find(text(5))).isInstanceOf(Trace.Found.class);
  }

  private TakeReply.Outcome byHand(String key, String body) {
    return Database.inTransaction(pool, tx -> SimulatedPhones.answer(tx, SARA, body, key, NOW));
  }

  private List<String> story() {
    Sample.empty(db.superuserPool());
    db.superuserPool().query("ALTER TABLE notify.text ALTER id RESTART").execute().await();
    var carrier = new SimulatedCarrier(pool, new DemoCrowd(7, 30), 40);
    List<Loop.Work> works =
        List.of(
            new SendDue(pool, bus, carrier),
            new SettleUnknown(pool, bus, carrier),
            new SimulatedPeople(pool, bus),
            new ReadReplies(pool, bus));
    Sample.add(
        pool,
        IntStream.range(0, 1_000)
            .mapToObj(i -> Sample.offer(phone(i), Integer.toString(i), "F7K2"))
            .toList());
    var clock = NOW;
    while (clock != null) {
      play(works, clock);
      clock =
          works.stream()
              .flatMap(work -> work.nextDue().stream())
              .min(Instant::compareTo)
              .orElse(null);
    }
    var told = new ArrayList<String>();
    pool.query("SELECT from_phone || body || meaning || arrived_at FROM notify.reply ORDER BY id")
        .execute()
        .await()
        .forEach(row -> told.add(row.getString(0)));
    return told;
  }

  private static void play(List<Loop.Work> works, Instant now) {
    boolean did = true;
    while (did) {
      did = false;
      for (var work : works) {
        did |= work.run(now);
      }
    }
  }

  private static Crowd saying(String body, Duration after) {
    return (text, now) ->
        List.of(
            new Reaction.Status(Duration.ofSeconds(2), TextState.DELIVERED, null),
            new Reaction.Says(after, body));
  }

  private static boolean says(List<Reaction> reactions) {
    return reactions.stream().anyMatch(Reaction.Says.class::isInstance);
  }

  private static Phone phone(int i) {
    return new Phone("+96650%07d".formatted(i));
  }

  private static Text text(long id) {
    return text(id, true);
  }

  private static Text text(long id, boolean answerable) {
    return new Text(
        id,
        1,
        SARA,
        Language.AR,
        MessageClass.SERVICE,
        "dispatch",
        "1",
        "F7K2",
        "body",
        1,
        SimulatedCarrier.NAME,
        "SA",
        Occasion.ALARM,
        null,
        40,
        answerable,
        NOW,
        LATER,
        Way.SMS,
        null,
        false);
  }
}
