package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.OMAR;
import static org.fazaa.notifier.Sample.SARA;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Sample;
import org.fazaa.notifier.SendDue;
import org.fazaa.notifier.carrier.simulated.DemoCrowd;
import org.fazaa.notifier.carrier.simulated.SimulatedCarrier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReadRepliesTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static Bus bus;

  private Pool pool;
  private ReadReplies read;
  private SendDue send;
  private int arrivals;

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
    pool = db.pool();
    read = new ReadReplies(pool, bus);
    send = new SendDue(pool, bus, new SimulatedCarrier(pool, new DemoCrowd(1, 0), 40));
  }

  @Test
  void a_code_names_the_offer_that_is_meant() {
    ask(SARA, "41", "F7K2");
    ask(SARA, "42", "M3P9");
    arrive(SARA, "1 f7k2");
    var reply = claimed().getFirst();
    assertThat(reply.about()).isEqualTo("41");
    assertThat(reply.code()).isEqualTo("F7K2");
    assertThat(reply.meaning()).isEqualTo(Meaning.YES);
    assertThat(reply.way()).isEqualTo("sms");
  }

  @Test
  void a_bare_answer_means_what_was_asked_last() {
    ask(SARA, "41", "F7K2");
    ask(SARA, "42", "M3P9");
    sent(Sample.notice(SARA, "43"));
    arrive(SARA, "نعم");
    assertThat(claimed()).extracting(Reply::about).containsExactly("42");
  }

  @Test
  void a_code_counts_even_when_its_text_asked_for_no_answer() {
    ask(SARA, "41", "F7K2");
    sent(
        new Draft(
            SARA,
            Language.EN,
            MessageClass.SERVICE,
            "dispatch",
            "44",
            "X9Y8",
            "As agreed on the phone. Code X9Y8",
            false,
            Occasion.NEWS,
            null,
            1,
            NOW.plusSeconds(60)));
    arrive(SARA, "X X9Y8");
    var reply = claimed().getFirst();
    assertThat(reply.about()).isEqualTo("44");
    assertThat(reply.meaning()).isEqualTo(Meaning.NO); // who has a place, it reads again
  }

  @Test
  void a_code_that_went_to_somebody_else_opens_nothing() {
    ask(OMAR, "41", "F7K2");
    ask(SARA, "42", "M3P9");
    arrive(SARA, "1 F7K2");
    assertThat(claimed()).isEmpty();
    var waiting = waiting().getFirst();
    assertThat(waiting.why()).isEqualTo("other-code");
    assertThat(waiting.reply().about()).isNull();
  }

  @Test
  void an_offer_that_never_left_cannot_be_answered() {
    Sample.add(pool, Sample.offer(SARA, "41", "F7K2"));
    arrive(SARA, "1");
    assertThat(claimed()).isEmpty();
    assertThat(waiting()).extracting(Inbox.Waiting::why).containsExactly("not-asked");
  }

  @Test
  void what_is_not_plain_goes_to_a_person_with_the_reason() {
    ask(SARA, "41", "F7K2");
    arrive(SARA, "يمكن");
    leaveToPerson(230);
    assertThat(claimed()).isEmpty();
    var waiting = waiting().getFirst();
    assertThat(waiting.why()).isEqualTo("unsure");
    assertThat(waiting.worth()).isEqualTo(230);
    assertThat(waiting.purpose()).isEqualTo("dispatch");
    assertThat(waiting.reply().about()).isEqualTo("41");
  }

  @Test
  void a_stranger_is_told_once_who_we_are_and_kept_for_a_person() {
    arrive(SARA, "من معي");
    arrive(SARA, "الو");
    arrive(SARA, "yes");
    assertThat(waiting())
        .hasSize(3)
        .extracting(Inbox.Waiting::worth)
        .containsOnly(Inbox.WORTH_LEAST);
    assertThat(bodies(SARA)).hasSize(1).first().asString().startsWith("هنا فزعة");
  }

  @Test
  void strangers_in_one_turn_are_told_once_each() {
    take(SARA, "hello");
    take(SARA, "hello again");
    take(OMAR, "hello");
    read.run(NOW);
    assertThat(bodies(SARA)).hasSize(1);
    assertThat(bodies(OMAR)).hasSize(1);
  }

  @Test
  void stop_is_confirmed_once_and_still_reaches_its_owner() {
    ask(SARA, "41", "F7K2");
    arrive(SARA, "STOP");
    arrive(SARA, "stop!!");
    assertThat(claimed())
        .extracting(Reply::meaning, Reply::about)
        .containsOnly(tuple(Meaning.STOP, "41"))
        .hasSize(2);
    assertThat(bodies(SARA)).filteredOn(body -> body.contains("no more texts")).hasSize(1);
    send.run(NOW.plusSeconds(1));
    assertThat(states(SARA)).containsOnly("accepted");
  }

  @Test
  void start_is_confirmed_in_the_language_it_was_written_in() {
    arrive(SARA, "قف");
    arrive(SARA, "ابدأ");
    assertThat(bodies(SARA)).hasSize(2).last().asString().startsWith("أهلا بعودتك");
    assertThat(waiting()).isEmpty();
  }

  @Test
  void two_machines_talking_come_to_an_end() {
    for (int i = 0; i < 50; i++) {
      arrive(SARA, i % 2 == 0 ? "stop" : "start");
    }
    assertThat(bodies(SARA)).hasSizeLessThanOrEqualTo(Outbox.ANSWERS_MAX);
  }

  @Test
  void a_flood_from_one_phone_is_kept_and_not_read_but_its_stop_counts() {
    ask(SARA, "41", "F7K2");
    for (int i = 0; i < ReadReplies.READ_PER_MINUTE + 10; i++) {
      take(SARA, "1");
    }
    take(SARA, "stop");
    read.run(NOW);
    assertThat(claimed()).hasSize(ReadReplies.READ_PER_MINUTE);
    assertThat(Sample.count(pool, "reply")).isEqualTo(ReadReplies.READ_PER_MINUTE + 11);
    assertThat(Sample.count(pool, "stopped")).isEqualTo(1);
  }

  @Test
  void a_persons_decision_makes_it_claimable_with_that_meaning() {
    ask(SARA, "41", "F7K2");
    arrive(SARA, "بعد المغرب");
    leaveToPerson(230);
    long reply = waiting().getFirst().reply().id();
    assertThat(decide(reply, Meaning.YES)).isEqualTo(new Inbox.Decision.Decided(reply));
    assertThat(decide(reply, Meaning.NO)).isEqualTo(new Inbox.Decision.AlreadyDecided(reply));
    assertThat(waiting()).isEmpty();
    assertThat(claimed())
        .extracting(Reply::meaning, Reply::about)
        .containsExactly(tuple(Meaning.YES, "41"));
  }

  @Test
  void a_person_may_also_settle_it_stop_it_or_find_it_gone() {
    ask(SARA, "41", "F7K2");
    arrive(SARA, "merci");
    arrive(SARA, "please let me be in peace");
    leaveToPerson(230);
    leaveToPerson(200);
    var waiting = waiting();
    decide(waiting.get(0).reply().id(), Meaning.PERSON);
    decide(waiting.get(1).reply().id(), Meaning.STOP);
    assertThat(waiting()).isEmpty();
    assertThat(claimed()).extracting(Reply::meaning).containsExactly(Meaning.STOP);
    assertThat(Sample.count(pool, "stopped")).isEqualTo(1);
    assertThat(decide(987_654, Meaning.YES)).isEqualTo(new Inbox.Decision.NoSuchReply());
  }

  @Test
  void danger_comes_first_whoever_writes() {
    arrive(SARA, "من معي");
    arrive(OMAR, "help we are trapped");
    assertThat(waiting())
        .extracting(one -> one.reply().from(), Inbox.Waiting::worth, Inbox.Waiting::why)
        .containsExactly(
            tuple(OMAR, Inbox.WORTH_DANGER, "danger"),
            tuple(SARA, Inbox.WORTH_LEAST, waiting().getLast().why()));
  }

  @Test
  void each_owner_claims_its_own() {
    ask(SARA, "41", "F7K2");
    sent(
        new Draft(
            OMAR,
            Language.EN,
            MessageClass.FUND,
            "fund",
            "7",
            "M3P9",
            "Shall we renew your gift? 1 yes, 2 no. Code M3P9",
            true,
            Occasion.THANKS,
            null,
            1,
            NOW.plusSeconds(60)));
    arrive(SARA, "1");
    arrive(OMAR, "1");
    assertThat(claimed("dispatch")).extracting(Reply::about).containsExactly("41");
    assertThat(claimed("fund")).extracting(Reply::about).containsExactly("7");
  }

  @Test
  void an_effect_that_fails_gives_its_claim_back() {
    ask(SARA, "41", "F7K2");
    arrive(SARA, "1");
    try {
      Database.<List<Reply>>inTransaction(
          pool,
          tx -> {
            Inbox.claim(tx, "dispatch", 10, NOW)
                .forEach(reply -> Inbox.done(tx, Map.of(reply.id(), "assigned"), NOW));
            throw new IllegalStateException("the effect failed");
          });
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("the effect failed");
    }
    assertThat(claimed()).hasSize(1);
  }

  @Test
  void what_its_owner_cannot_place_comes_back_to_a_person() {
    ask(SARA, "41", "F7K2");
    arrive(SARA, "1");
    Database.inTransaction(
        pool,
        tx -> {
          var reply = Inbox.claim(tx, "dispatch", 10, NOW).getFirst();
          Inbox.toPerson(tx, reply.id(), "two offers at once", 200, NOW);
          return null;
        });
    assertThat(claimed()).isEmpty();
    assertThat(waiting()).extracting(Inbox.Waiting::why).containsExactly("two offers at once");
  }

  @Test
  void a_reply_that_cannot_be_read_is_tried_five_times_and_holds_up_nobody() {
    ask(SARA, "41", "F7K2");
    ask(OMAR, "42", "M3P9");
    change("ADD CONSTRAINT poison CHECK (body <> '1 F7K2' OR state <> 'read')");
    take(SARA, "1 F7K2");
    take(OMAR, "1");

    for (int tried = 0; tried < Inbox.TRIES_MAX; tried++) {
      assertThat(waiting()).isEmpty();
      read.run(NOW.plusSeconds(20L * tried));
      assertThat(claimed()).extracting(Reply::about).containsExactly("42");
    }

    assertThat(waiting()).extracting(Inbox.Waiting::why).containsExactly("fault");
    change("DROP CONSTRAINT poison");
  }

  private static void change(String what) {
    db.superuserPool().query("ALTER TABLE notify.reply " + what).execute().await();
  }

  @Test
  void two_readers_at_once_read_each_reply_once() {
    ask(SARA, "41", "F7K2");
    for (int i = 0; i < 15; i++) {
      take(SARA, "1");
    }
    var readers =
        Stream.of(read, new ReadReplies(pool, bus))
            .map(
                reader ->
                    CompletableFuture.runAsync(() -> reader.run(NOW), Thread::startVirtualThread))
            .toList();
    readers.forEach(CompletableFuture::join);
    assertThat(claimed()).hasSize(15);
  }

  private void ask(Phone phone, String about, String code) {
    sent(Sample.offer(phone, about, code));
  }

  private void sent(Draft draft) {
    Sample.add(pool, draft);
    send.run(NOW);
  }

  private void take(Phone from, String body) {
    var arrived = new Arrived("twilio", "SM" + ++arrivals, from, "us", body, Map.of());
    Database.inTransaction(pool, tx -> TakeReply.run(tx, arrived, NOW));
  }

  private void arrive(Phone from, String body) {
    take(from, body);
    read.run(NOW.plus(Duration.ofSeconds(1)));
  }

  /** As its owner does with what it cannot read either. */
  private void leaveToPerson(int worth) {
    Database.inTransaction(
        pool,
        tx -> {
          Inbox.claim(tx, "dispatch", 10, NOW)
              .forEach(reply -> Inbox.toPerson(tx, reply.id(), worth, NOW));
          return null;
        });
  }

  private List<Reply> claimed() {
    return claimed("dispatch");
  }

  /** Whatever can be claimed now, one after the other; in the end nothing of it has happened. */
  private List<Reply> claimed(String purpose) {
    var all = new ArrayList<Reply>();
    try {
      return Database.inTransaction(pool, tx -> claimThenUndo(tx, purpose, all));
    } catch (Undone e) {
      return all;
    }
  }

  private static List<Reply> claimThenUndo(SqlConnection tx, String purpose, List<Reply> all) {
    var some = Inbox.claim(tx, purpose, 100, NOW);
    while (!some.isEmpty()) {
      all.addAll(some);
      some.forEach(reply -> Inbox.done(tx, Map.of(reply.id(), "tried"), NOW));
      some = Inbox.claim(tx, purpose, 100, NOW);
    }
    throw new Undone();
  }

  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private List<Inbox.Waiting> waiting() {
    return Inbox.waiting(pool, 100, NOW);
  }

  private Inbox.Decision decide(long reply, Meaning meaning) {
    return Database.inTransaction(pool, tx -> Inbox.decide(tx, reply, meaning, 7, NOW));
  }

  private List<String> bodies(Phone phone) {
    return column(phone, "body");
  }

  private List<String> states(Phone phone) {
    return column(phone, "state::text");
  }

  private List<String> column(Phone phone, String column) {
    var bodies = new ArrayList<String>();
    pool.preparedQuery(
            "SELECT "
                + column
                + " FROM notify.text WHERE to_phone = $1 AND purpose = 'notifier' ORDER BY id")
        .execute(Tuple.of(phone.e164()))
        .await()
        .forEach(row -> bodies.add(row.getString(0)));
    return bodies;
  }
}
