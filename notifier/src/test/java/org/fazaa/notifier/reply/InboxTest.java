package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.OMAR;
import static org.fazaa.notifier.Sample.SARA;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Sample;
import org.fazaa.notifier.SendDue;
import org.fazaa.notifier.TextState;
import org.fazaa.notifier.carrier.simulated.DemoCrowd;
import org.fazaa.notifier.carrier.simulated.SimulatedCarrier;
import org.fazaa.notifier.reply.Inbox.Opening;
import org.fazaa.notifier.reply.Meaning.Stage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people do with the replies that wait for them. */
class InboxTest {
  private static final long NORA = 7;
  private static final long FAHD = 8;

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static Bus bus;

  private Pool pool;
  private ReadReplies read;
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
  }

  @Test
  void those_worth_most_come_first_and_among_equals_the_oldest() {
    long planned = waiting(SARA, "maybe later?", 200);
    long life = waiting(OMAR, "hmm?", 650);
    long older = waiting(phone(3), "who?", 200);
    assertThat(ids()).containsExactly(life, planned, older);
    assertThat(Inbox.count(pool, 99)).isEqualTo(3);
    assertThat(Inbox.count(pool, 2)).isEqualTo(2);
  }

  @Test
  void whoever_opens_a_reply_has_it_for_two_minutes() {
    long reply = waiting(SARA, "hmm?", 200);
    var until = NOW.plus(Inbox.OPEN_FOR);
    var noras = new Inbox.Opened(NORA, until);

    assertThat(open(reply, NORA, NOW)).isEqualTo(new Opening.Yours(reply, until));

    var within = until.minusMillis(1);
    assertThat(find(reply, within).opened()).contains(noras);
    assertThat(open(reply, FAHD, within)).isEqualTo(new Opening.Taken(noras));
    assertThat(decide(reply, Meaning.NO, FAHD, within)).isEqualTo(new Inbox.Decision.Taken(noras));
    assertThat(answer(reply, "hello", FAHD, within)).isEqualTo(new Inbox.Answer.Taken(noras));
    assertThat(opensNothing(FAHD, within)).isTrue();

    assertThat(find(reply, until).opened()).isEmpty();
    assertThat(open(reply, FAHD, until)).isInstanceOf(Opening.Yours.class);
    assertThat(decide(reply, Meaning.NO, NORA, until)).isInstanceOf(Inbox.Decision.Taken.class);
    assertThat(decide(reply, Meaning.NO, FAHD, until)).isEqualTo(new Inbox.Decision.Decided(reply));
    assertThat(open(reply, NORA, until)).isEqualTo(new Opening.AlreadyDecided(reply));
    assertThat(open(987_654, NORA, until)).isEqualTo(new Opening.NoSuchReply());
  }

  @Test
  void opening_another_lets_the_first_go() {
    long first = waiting(SARA, "hmm?", 300);
    long second = waiting(OMAR, "hmm?", 200);
    open(first, NORA, NOW);
    open(second, NORA, NOW);
    assertThat(find(first, NOW).opened()).isEmpty();
    assertThat(open(first, FAHD, NOW)).isInstanceOf(Opening.Yours.class);
  }

  @Test
  void the_next_is_the_best_that_nobody_else_has() {
    long first = waiting(SARA, "hmm?", 300);
    long second = waiting(OMAR, "hmm?", 200);
    assertThat(next(NORA)).isEqualTo(first);
    assertThat(next(NORA)).isEqualTo(first);
    assertThat(next(FAHD)).isEqualTo(second);
  }

  @Test
  void of_two_who_open_the_same_at_once_one_gets_it() {
    for (int round = 0; round < 20; round++) {
      long reply = waiting(phone(100 + round), "hmm?", 200);
      var openings =
          together(tx -> Inbox.open(tx, reply, NORA, NOW), tx -> Inbox.open(tx, reply, FAHD, NOW));
      assertThat(openings).filteredOn(Opening.Yours.class::isInstance).hasSize(1);
      assertThat(openings).filteredOn(Opening.Taken.class::isInstance).hasSize(1);
    }
  }

  @Test
  void of_two_who_decide_the_same_at_once_one_is_heard() {
    for (int round = 0; round < 20; round++) {
      long reply = waiting(phone(200 + round), "hmm?", 200);
      var decisions =
          together(
              tx -> Inbox.decide(tx, reply, Meaning.YES, NORA, NOW),
              tx -> Inbox.decide(tx, reply, Meaning.NO, FAHD, NOW));
      assertThat(decisions)
          .containsExactlyInAnyOrder(
              new Inbox.Decision.Decided(reply), new Inbox.Decision.AlreadyDecided(reply));
    }
  }

  @Test
  void many_who_ask_for_the_next_at_once_get_different_ones() {
    for (int i = 0; i < 8; i++) waiting(phone(300 + i), "hmm?", 200);
    var got =
        IntStream.range(0, 8)
            .mapToObj(
                account ->
                    CompletableFuture.supplyAsync(() -> next(account), Thread::startVirtualThread))
            .toList();
    assertThat(got.stream().map(CompletableFuture::join)).doesNotHaveDuplicates().hasSize(8);
  }

  @Test
  void the_hour_that_a_person_read_goes_to_the_owner() {
    long reply = waiting(SARA, "after I close the shop", 200);
    var said = new Inbox.Read(Meaning.LATER, Stage.OFFERED, LocalTime.of(17, 30));
    tx(tx -> Inbox.decide(tx, reply, said, NORA, NOW));
    var claimed = tx(tx -> Inbox.claim(tx, "dispatch", 10, NOW)).getFirst();
    assertThat(claimed.meaning()).isEqualTo(Meaning.LATER);
    assertThat(claimed.body()).isEqualTo("17:30");
  }

  @Test
  void an_answer_by_hand_goes_out_and_settles_the_reply() {
    long reply = waiting(SARA, "is there parking?", 200);
    assertThat(answer(reply, "نعم، خلف المدرسة", NORA, NOW))
        .isInstanceOf(Inbox.Answer.Written.class);
    assertThat(ids()).isEmpty();

    var settled = Inbox.settledBy(pool, NORA).getFirst();
    assertThat(settled.outcome()).isEqualTo("answered by a person");
    assertThat(settled.answer()).isEqualTo("نعم، خلف المدرسة");
    assertThat(settled.answerState()).isEqualTo(TextState.QUEUED);
    assertThat(column("message_class")).isEqualTo(MessageClass.SERVICE.tag());
    assertThat(answer(reply, "again", NORA, NOW)).isEqualTo(new Inbox.Answer.AlreadyDecided(reply));
  }

  @Test
  void whoever_answered_a_drill_is_answered_within_it() {
    var asked =
        new Draft(
            SARA,
            Language.EN,
            MessageClass.DRILL,
            "dispatch",
            "41",
            null,
            "DRILL. Can you come?",
            true,
            Occasion.ASK,
            null,
            1,
            NOW.plusSeconds(60));
    long reply = waitingAfter(asked, SARA, "is there parking?", 200);
    answer(reply, "yes", NORA, NOW);
    assertThat(column("message_class")).isEqualTo(MessageClass.DRILL.tag());
  }

  @Test
  void nobody_writes_to_whom_said_stop() {
    long reply = waiting(SARA, "is there parking?", 200);
    tx(
        tx -> {
          Consent.stop(tx, SARA, Consent.How.PERSON, NOW);
          return null;
        });
    long before = Sample.count(pool, "text");
    assertThat(answer(reply, "yes", NORA, NOW)).isEqualTo(new Inbox.Answer.Stopped());
    assertThat(Sample.count(pool, "text")).isEqualTo(before);
    assertThat(ids()).containsExactly(reply);
  }

  @Test
  void what_was_decided_is_suggested_without_who_wrote_it() {
    decide(waiting(SARA, "  جاااي بعد   الدوام، جوالي ٠٥٠١٢٣٤٥٦٧ ", 200), Meaning.LATER, NORA, NOW);
    decide(waiting(OMAR, "جاي بعد الدوام، جوالي 0507654321", 200), Meaning.LATER, FAHD, NOW);
    decide(waiting(phone(5), "settled on the phone", 200), Meaning.PERSON, NORA, NOW);
    decide(waiting(phone(6), "a long story ".repeat(10), 200), Meaning.YES, NORA, NOW);
    decide(waiting(phone(7), "=1+1 ok", 200), Meaning.NO, NORA, NOW);

    var found = Suggestions.list(pool);
    assertThat(found).hasSize(2);
    assertThat(found.getFirst().times()).isEqualTo(2);
    assertThat(Suggestions.csv(found))
        .isEqualTo(
            "text,state,meaning\r\n"
                + "\"جاي بعد الدوام جوالي #\",offered,later\r\n"
                + "\"# ok\",offered,no\r\n");

    long first = found.getFirst().id();
    assertThat(dismiss(first)).isTrue();
    assertThat(dismiss(first)).isFalse();
    decide(waiting(phone(8), "جاي بعد الدوام، جوالي 0507654321", 200), Meaning.LATER, NORA, NOW);
    assertThat(Suggestions.list(pool)).hasSize(1);
  }

  private static <T> List<T> together(
      Function<SqlConnection, T> one, Function<SqlConnection, T> other) {
    return List.of(one, other).stream()
        .map(
            work ->
                CompletableFuture.supplyAsync(
                    () -> Database.inTransaction(db.pool(), work), Thread::startVirtualThread))
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }

  /** A reply to an offer, which its owner left to a person. */
  private long waiting(Phone from, String body, int worth) {
    return waitingAfter(Sample.ask(from, "41"), from, body, worth);
  }

  private long waitingAfter(Draft asked, Phone from, String body, int worth) {
    Sample.add(pool, asked);
    new SendDue(pool, bus, new SimulatedCarrier(pool, new DemoCrowd(1, 0), 40)).run(NOW);
    var arrived = new Arrived("twilio", "SM" + ++arrivals, from, "us", body, Map.of());
    long reply = tx(tx -> TakeReply.run(tx, arrived, NOW)).reply();
    read.run(NOW);
    tx(
        tx -> {
          assertThat(Inbox.claimOne(tx, "dispatch", reply, NOW)).isPresent();
          Inbox.toPerson(tx, reply, worth, NOW);
          return null;
        });
    return reply;
  }

  private static Phone phone(int number) {
    return new Phone("+96655%07d".formatted(number));
  }

  private List<Long> ids() {
    return Inbox.waiting(pool, 100, NOW).stream().map(one -> one.reply().id()).toList();
  }

  private Inbox.Waiting find(long reply, Instant now) {
    return Inbox.find(pool, reply, now).orElseThrow();
  }

  private long next(long account) {
    return tx(tx -> Inbox.openNext(tx, account, NOW)).orElseThrow().reply();
  }

  private boolean opensNothing(long account, Instant now) {
    return tx(tx -> Inbox.openNext(tx, account, now)).isEmpty();
  }

  private boolean dismiss(long suggestion) {
    return tx(tx -> Suggestions.dismiss(tx, suggestion, NORA, NOW));
  }

  private Opening open(long reply, long account, Instant now) {
    return tx(tx -> Inbox.open(tx, reply, account, now));
  }

  private Inbox.Decision decide(long reply, Meaning meaning, long account, Instant now) {
    return tx(tx -> Inbox.decide(tx, reply, meaning, account, now));
  }

  private Inbox.Answer answer(long reply, String body, long account, Instant now) {
    return tx(tx -> Inbox.answer(tx, reply, Language.EN, body, account, now));
  }

  private <T> T tx(Function<SqlConnection, T> work) {
    return Database.inTransaction(pool, work);
  }

  private String column(String name) {
    var sql = "SELECT " + name + " FROM notify.text ORDER BY id DESC LIMIT 1";
    return pool.query(sql).execute().await().iterator().next().getString(0);
  }
}
