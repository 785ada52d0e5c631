package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.OMAR;
import static org.fazaa.notifier.Sample.SARA;
import static org.fazaa.notifier.Sample.add;
import static org.fazaa.notifier.Sample.offer;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Trace;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReconcileTextsTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static Bus bus;

  private Pool pool;
  private Ledger carrier;
  private ReconcileTexts reconcile;

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
    pool = db.pool();
    carrier = new Ledger();
    reconcile = new ReconcileTexts(pool, bus, carrier);
  }

  @Test
  @Tag("S6")
  void a_reply_whose_webhook_never_came_is_fetched_once() {
    carrier.replies.add(reply("SM1", "1"));
    carrier.replies.add(reply("SM2", "2"));
    Database.inTransaction(pool, tx -> TakeReply.run(tx, reply("SM1", "1"), NOW));

    reconcile.run(NOW);
    reconcile.run(NOW.plus(ReconcileTexts.CALM));
    assertThat(Sample.count(pool, "reply")).isEqualTo(2);

    // and the webhook that comes after all changes nothing
    var late = Database.inTransaction(pool, tx -> TakeReply.run(tx, reply("SM2", "2"), NOW));
    assertThat(late).isInstanceOf(TakeReply.Outcome.Repeated.class);
  }

  @Test
  void while_people_may_answer_it_looks_each_minute_else_each_ten() {
    reconcile.run(NOW);
    minutes(1, 9);
    assertThat(carrier.looks).hasSize(1);
    minutes(10, 10);
    assertThat(carrier.looks).hasSize(2);

    long text = add(pool, offer(SARA, "1", "F7K2"));
    posted(text);
    minutes(11, 15);
    assertThat(carrier.looks).hasSize(7);
  }

  @Test
  void each_look_reaches_back_a_little_behind_the_last_good_one() {
    posted(add(pool, offer(SARA, "1", "F7K2")));
    reconcile.run(NOW);
    carrier.broken = true;
    for (int minute = 1; minute <= 3; minute++) {
      quietly(NOW.plusSeconds(60L * minute));
    }
    carrier.broken = false;
    reconcile.run(NOW.plusSeconds(240));
    assertThat(carrier.looks.getLast()).isEqualTo(NOW.minus(ReconcileTexts.OVERLAP));
    reconcile.run(NOW.plusSeconds(300));
    assertThat(carrier.looks.getLast())
        .isEqualTo(NOW.plusSeconds(240).minus(ReconcileTexts.OVERLAP));
  }

  @Test
  void what_could_not_be_read_to_its_end_is_read_again() {
    posted(add(pool, offer(SARA, "1", "F7K2")));
    reconcile.run(NOW);
    carrier.whole = false;
    reconcile.run(NOW.plusSeconds(60));
    reconcile.run(NOW.plusSeconds(120));
    assertThat(carrier.looks.getLast()).isEqualTo(NOW.minus(ReconcileTexts.OVERLAP));
  }

  @Test
  @Tag("F22")
  void a_clock_that_is_set_back_keeps_no_look_waiting_until_that_time_comes_again() {
    var ahead = NOW.plus(Duration.ofHours(1));
    assertThat(ReconcileTexts.isDue(ahead, NOW)).isTrue();
    assertThat(ReconcileTexts.isDue(NOW.plus(ReconcileTexts.CALM), NOW)).isFalse();
    assertThat(ReconcileTexts.isRecent(ahead, NOW)).isFalse();
    assertThat(ReconcileTexts.since(ahead, NOW)).isEqualTo(NOW.minus(ReconcileTexts.BACK_MAX));
    assertThat(ReconcileTexts.since(NOW, NOW)).isEqualTo(NOW.minus(ReconcileTexts.OVERLAP));
  }

  @Test
  void after_a_long_silence_it_looks_back_a_day_and_no_more() {
    reconcile.run(NOW);
    var later = NOW.plusSeconds(3 * 86_400);
    reconcile.run(later);
    assertThat(carrier.looks.getLast()).isEqualTo(later.minus(ReconcileTexts.BACK_MAX));
  }

  @Test
  @Tag("S6")
  void it_looks_at_once_when_replies_are_known_to_be_missing() {
    reconcile.run(NOW);
    Database.inTransaction(
        pool,
        tx -> {
          ReconcileTexts.hasten(tx, NOW.plusSeconds(30));
          return true;
        });
    reconcile.run(NOW.plusSeconds(30));
    assertThat(carrier.looks).hasSize(2);
  }

  @Test
  void texts_that_only_one_side_knows_are_written_down_for_a_person() {
    long known = accepted(add(pool, offer(SARA, "1", "F7K2")), 1, "SM-known");
    long lost = accepted(add(pool, offer(OMAR, "2", "G2H3")), 2, "SM-lost");
    accepted(add(pool, offer(OMAR, "3", "H3J4")), 3, "SM-queued");
    var before = NOW.minusSeconds(300);
    carrier.sent.add(new Carrier.Sent("SM-known", SARA, "x", before));
    carrier.sent.add(new Carrier.Sent("SM-strange", SARA, "x", before));
    carrier.sent.add(new Carrier.Sent("SM-young", SARA, "x", NOW.minusSeconds(5)));
    carrier.checked.put("SM-lost", new Trace.Absent());
    carrier.checked.put("SM-queued", new Trace.Found("SM-queued", TextState.ACCEPTED));

    reconcile.run(NOW);
    carrier.sent.removeIf(one -> one.sid().equals("SM-young"));
    reconcile.run(NOW.plus(ReconcileTexts.CALM));

    assertThat(strays()).containsExactly("SM-lost us " + lost, "SM-strange carrier null");
    assertThat(known).isPositive();
    assertThat(Alarm.list(pool))
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.kind()).isEqualTo(Alarm.Kind.STRAY);
              assertThat(alarm.detail()).isEqualTo("1 only at the carrier, 1 only here");
            });
  }

  @Test
  void two_nodes_take_one_turn() {
    var other = new Ledger();
    reconcile.run(NOW);
    new ReconcileTexts(pool, bus, other).run(NOW);
    assertThat(carrier.looks).hasSize(1);
    assertThat(other.looks).isEmpty();
  }

  private void minutes(int from, int to) {
    for (int minute = from; minute <= to; minute++) {
      reconcile.run(NOW.plusSeconds(60L * minute));
    }
  }

  private void quietly(Instant now) {
    try {
      reconcile.run(now);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("no answer");
    }
  }

  private void posted(long text) {
    db.superuserPool()
        .query("UPDATE notify.text SET state = 'sent', posts = 1 WHERE id = " + text)
        .execute()
        .await();
  }

  private long accepted(long text, long fence, String sid) {
    posted(text);
    db.superuserPool()
        .preparedQuery(
            """
            INSERT INTO notify.attempt (
              fence, text_id, carrier, posted_at, outcome, sid, answered_at)
            VALUES ($1, $2, 'ledger', $3, 'accepted', $4, $3)\
            """)
        .execute(Tuple.of(fence, text, Database.utc(NOW.minusSeconds(300)), sid))
        .await();
    return text;
  }

  private List<String> strays() {
    var strays = new ArrayList<String>();
    pool.query("SELECT sid, known_by, text_id FROM notify.stray ORDER BY sid")
        .execute()
        .await()
        .forEach(
            row -> strays.add(row.getString(0) + " " + row.getString(1) + " " + row.getLong(2)));
    return strays;
  }

  private static Arrived reply(String sid, String body) {
    return new Arrived("ledger", sid, SARA, "+15005550006", body, Map.of());
  }

  /** A carrier that only knows what it has carried. */
  private static final class Ledger implements Carrier {
    private final List<Arrived> replies = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private final Map<String, Trace> checked = new HashMap<>();
    private final List<Instant> looks = new ArrayList<>();
    private boolean whole = true;
    private boolean broken;

    @Override
    public String name() {
      return "ledger";
    }

    @Override
    public List<Sender> senders() {
      return List.of(new Sender("ledger", Map.of(ANY_COUNTRY, 0), 0));
    }

    @Override
    public int connections() {
      return 1;
    }

    @Override
    public List<Future<Submission>> submit(List<Text> texts, Instant now) {
      return List.of();
    }

    @Override
    public Trace find(Text text) {
      return new Trace.Absent();
    }

    @Override
    public Listed<Arrived> listReplies(Instant since) {
      if (broken) {
        throw new IllegalStateException("no answer");
      }
      looks.add(since);
      return new Listed<>(replies, whole);
    }

    @Override
    public Listed<Sent> listSent(Instant since) {
      return new Listed<>(sent, whole);
    }

    @Override
    public Trace check(String sid) {
      return checked.get(sid);
    }
  }
}
