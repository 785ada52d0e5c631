package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.SARA;
import static org.fazaa.notifier.Sample.add;
import static org.fazaa.notifier.Sample.column;
import static org.fazaa.notifier.Sample.offer;
import static org.fazaa.notifier.Sample.state;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.StatusArrived.Sequel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TakeStatusTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private Pool pool;

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
    pool = db.pool();
  }

  /** Each word five times, before the answer to the POST has come. */
  @Test
  @Tag("F17")
  void five_statuses_five_times_each_lead_to_the_same_state_in_all_120_orders() {
    var words =
        List.of(
            TextState.ACCEPTED,
            TextState.SENT,
            TextState.EXPIRED,
            TextState.FAILED,
            TextState.DELIVERED);
    for (var order : permutations(words)) {
      long text = submitted();
      for (int i = 0; i < 5; i++) {
        order.forEach(
            word ->
                take(
                    word == TextState.FAILED
                        ? failed(text, "30003", Sequel.ONCE_MORE)
                        : status(text, word)));
      }
      assertThat(state(pool, text)).as("%s", order).isEqualTo(TextState.DELIVERED);
      assertThat(seen("SM" + text)).containsExactly(5, 5, 5, 5, 5);
      assertThat(repeats(text)).as("%s", order).allMatch("withdrawn"::equals);
    }
    assertThat(alarms()).allMatch(alarm -> alarm.startsWith("conflict"));
    assertThat(Sample.count(pool, "alarm")).isEqualTo(120);
  }

  @Test
  void five_statuses_lead_to_the_same_state_in_all_120_orders() {
    var words =
        List.of(
            TextState.ACCEPTED,
            TextState.SENT,
            TextState.EXPIRED,
            TextState.FAILED,
            TextState.DELIVERED);
    var orders = permutations(words);
    assertThat(orders).hasSize(120);
    for (var order : orders) {
      long text = submitted();
      order.forEach(word -> take(status(text, word)));
      assertThat(state(pool, text)).as("%s", order).isEqualTo(TextState.DELIVERED);
      assertThat(column(pool, text, "problem")).isNull();
      assertThat(column(pool, text, "sid")).isEqualTo("SM" + text);
    }
  }

  @Test
  void without_a_delivery_a_failure_is_the_end_in_all_orders() {
    for (var order : permutations(List.of(TextState.ACCEPTED, TextState.SENT, TextState.FAILED))) {
      long text = submitted();
      order.forEach(word -> take(status(text, word)));
      assertThat(state(pool, text)).as("%s", order).isEqualTo(TextState.FAILED);
      assertThat(column(pool, text, "problem")).isEqualTo("30003");
    }
  }

  @Test
  void five_of_each_at_once_are_kept_once_and_lead_nowhere_else() {
    long text = submitted();
    var all = new ArrayList<CompletableFuture<Void>>();
    for (var word : List.of(TextState.ACCEPTED, TextState.SENT, TextState.DELIVERED)) {
      for (int i = 0; i < 5; i++) {
        all.add(
            CompletableFuture.runAsync(() -> take(status(text, word)), Thread::startVirtualThread));
      }
    }
    all.forEach(CompletableFuture::join);
    assertThat(state(pool, text)).isEqualTo(TextState.DELIVERED);
    assertThat(Sample.count(pool, "status_seen")).isEqualTo(3);
  }

  @Test
  void one_batch_may_say_many_things_of_one_text() {
    long text = submitted();
    var moved =
        Database.inTransaction(
            pool,
            tx ->
                TakeStatus.runAll(
                    tx,
                    List.of(
                        status(text, TextState.DELIVERED),
                        status(text, TextState.SENT),
                        status(text, TextState.ACCEPTED)),
                    NOW));
    assertThat(moved).containsExactly(text);
    assertThat(state(pool, text)).isEqualTo(TextState.DELIVERED);
  }

  @Test
  void a_status_without_our_id_is_found_by_the_carriers_id() {
    long text = submitted();
    known(text, 1, "SM-known");
    take(
        new StatusArrived(
            "twilio", "SM-known", "sent", Optional.of(TextState.SENT), null, null, Map.of()));
    assertThat(state(pool, text)).isEqualTo(TextState.SENT);
  }

  @Test
  void a_word_that_we_do_not_know_is_kept_and_changes_nothing() {
    long text = submitted();
    take(new StatusArrived("twilio", "SM1", "teleported", Optional.empty(), text, null, Map.of()));
    assertThat(state(pool, text)).isEqualTo(TextState.SUBMITTING);
    assertThat(Sample.count(pool, "status_seen")).isEqualTo(1);
  }

  @Test
  void a_status_of_nothing_that_we_sent_is_kept_and_changes_nothing() {
    take(status(987_654_321L, TextState.SENT));
    take(
        new StatusArrived(
            "twilio", "SM-strange", "sent", Optional.of(TextState.SENT), null, null, Map.of()));
    assertThat(Sample.count(pool, "status_seen")).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUED", "SUBMITTING", "UNKNOWN", "REFUSED", "WITHDRAWN"})
  void no_carrier_may_move_a_text_back_to_our_side(TextState ours) {
    long text = submitted();
    take(status(text, ours));
    assertThat(state(pool, text)).isEqualTo(TextState.SUBMITTING);
  }

  @Test
  void what_did_not_reach_a_phone_that_was_off_comes_once_more_and_then_a_person_calls() {
    long text = submitted();
    take(failed(text, "30003", Sequel.ONCE_MORE));
    assertThat(repeats(text)).containsExactly("queued");
    long repeat =
        Long.parseLong(only("SELECT id::text FROM notify.text WHERE repeat_of = " + text));
    assertThat(column(pool, repeat, "body")).isEqualTo(column(pool, text, "body"));
    assertThat(only("SELECT (due_at - created_at)::text FROM notify.text WHERE id = " + repeat))
        .isEqualTo("00:02:00");
    assertThat(alarms()).isEmpty();

    take(failed(text, "30008", Sequel.ONCE_MORE));
    assertThat(repeats(text)).hasSize(1);

    submit(repeat);
    take(failed(repeat, "30003", Sequel.ONCE_MORE));
    assertThat(repeats(repeat)).isEmpty();
    assertThat(alarms()).containsExactly("not-delivered 1");
  }

  @Test
  void what_would_come_too_late_is_not_written_again() {
    long text = submitted();
    db.superuserPool()
        .preparedQuery("UPDATE notify.text SET valid_until = $2 WHERE id = $1")
        .execute(Tuple.of(text, Database.utc(NOW.plusSeconds(150))))
        .await();
    take(failed(text, "30003", Sequel.ONCE_MORE));
    assertThat(repeats(text)).isEmpty();
    assertThat(alarms()).containsExactly("not-delivered 1");
  }

  @Test
  void what_arrived_after_all_is_not_written_again() {
    long text = submitted();
    take(failed(text, "30008", Sequel.ONCE_MORE));
    take(status(text, TextState.DELIVERED));
    assertThat(repeats(text)).containsExactly("withdrawn");
    assertThat(alarms()).containsExactly("conflict 1");
  }

  @Test
  void delivered_and_then_failed_is_a_conflict_for_a_person_as_well() {
    long text = submitted();
    take(status(text, TextState.DELIVERED));
    take(failed(text, "30003", Sequel.ONCE_MORE));
    assertThat(state(pool, text)).isEqualTo(TextState.DELIVERED);
    assertThat(repeats(text)).isEmpty();
    assertThat(alarms()).containsExactly("conflict 1");
  }

  @Test
  void a_filtered_text_is_never_sent_again_and_somebody_looks_at_its_wording() {
    long text = submitted();
    take(failed(text, "30007", Sequel.REWORD));
    assertThat(repeats(text)).isEmpty();
    assertThat(alarms()).containsExactly("filtered 1");
  }

  @Test
  void a_phone_that_no_text_reaches_gets_no_more_of_them() {
    long text = submitted();
    long waiting = add(pool, offer(SARA, "2", "G2H3"));
    take(failed(text, "30005", Sequel.UNREACHABLE));
    assertThat(Unreachable.among(pool, List.of(SARA))).containsExactly(SARA);
    assertThat(state(pool, waiting)).isEqualTo(TextState.REFUSED);
    assertThat(column(pool, waiting, "problem")).isEqualTo(Unreachable.PROBLEM);
    assertThat(alarms()).containsExactly("unreachable 1");
    assertThat(changed()).containsExactly(SARA);

    Database.inTransaction(
        pool,
        tx -> {
          Unreachable.clear(tx, SARA, NOW);
          return true;
        });
    assertThat(Unreachable.among(pool, List.of(SARA))).isEmpty();
    assertThat(changed()).containsExactly(SARA);
  }

  @Test
  void when_the_senders_queue_is_full_it_rests_and_the_text_comes_once_more() {
    long text = submitted();
    db.superuserPool()
        .query("UPDATE notify.text SET lane = 'twilio' WHERE id = " + text)
        .execute()
        .await();
    take(failed(text, "30001", Sequel.REST_LANE));
    assertThat(repeats(text)).containsExactly("queued");
    assertThat(Outbox.troubles(pool))
        .extracting(Outbox.Trouble::until)
        .containsExactly(NOW.plus(TakeStatus.LANE_REST));
  }

  @Test
  @Tag("F17")
  void a_status_without_our_id_waits_for_its_message_seven_days() {
    long text = submitted();
    for (var sid : List.of("SM-early", "SM-forgotten")) {
      take(
          new StatusArrived(
              "twilio", sid, "sent", Optional.of(TextState.SENT), null, null, Map.of()));
    }
    assertThat(caughtUp(NOW)).isEmpty();
    assertThat(state(pool, text)).isEqualTo(TextState.SUBMITTING);

    known(text, 1, "SM-early");
    assertThat(caughtUp(NOW.plus(TakeStatus.WAITS).minusSeconds(1))).containsExactly(text);
    assertThat(state(pool, text)).isEqualTo(TextState.SENT);

    long other = submitted();
    known(other, 2, "SM-forgotten");
    assertThat(caughtUp(NOW.plus(TakeStatus.WAITS).plusSeconds(1))).isEmpty();
    assertThat(state(pool, other)).isEqualTo(TextState.SUBMITTING);
  }

  @Test
  void whom_the_carrier_blocks_we_stop_texting_too() {
    long text = submitted();
    take(
        new StatusArrived(
            "twilio",
            "SM1",
            "failed",
            Optional.of(TextState.FAILED),
            text,
            Consent.STOPPED,
            Map.of()));
    var stopped = Database.inTransaction(pool, tx -> Consent.stopped(tx, List.of(SARA)));
    assertThat(stopped).containsExactly(SARA);
  }

  @Test
  void nul_in_what_a_carrier_sends_is_no_reason_to_lose_it() {
    long text = submitted();
    take(
        new StatusArrived(
            "twilio",
            "SM1",
            "sent",
            Optional.of(TextState.SENT),
            text,
            null,
            Map.of("Body", "a\u0000b")));
    assertThat(state(pool, text)).isEqualTo(TextState.SENT);
  }

  private void take(StatusArrived status) {
    Database.inTransaction(pool, tx -> TakeStatus.run(tx, status, NOW));
  }

  private static StatusArrived status(long text, TextState word) {
    var problem = word == TextState.FAILED ? "30003" : null;
    return new StatusArrived(
        "twilio", "SM" + text, word.tag(), Optional.of(word), text, problem, Map.of());
  }

  private static StatusArrived failed(long text, String code, Sequel sequel) {
    return new StatusArrived(
        "twilio",
        "SM" + text,
        "undelivered",
        Optional.of(TextState.FAILED),
        text,
        code,
        sequel,
        Map.of("From", "+15005550006"));
  }

  private void known(long text, long fence, String sid) {
    db.superuserPool()
        .preparedQuery(
            """
            INSERT INTO notify.attempt (fence, text_id, carrier, posted_at, outcome, sid)
            VALUES ($1, $2, 'twilio', $3, 'accepted', $4)\
            """)
        .execute(Tuple.of(fence, text, Database.utc(NOW), sid))
        .await();
  }

  private List<Long> caughtUp(Instant now) {
    return Database.inTransaction(pool, tx -> TakeStatus.catchUp(tx, now));
  }

  private List<Phone> changed() {
    return Database.inTransaction(pool, tx -> Consent.takeChanged(tx, 10, NOW));
  }

  private List<String> alarms() {
    return Alarm.list(pool).stream().map(one -> one.kind().tag() + " " + one.times()).toList();
  }

  private List<String> repeats(long text) {
    return strings("SELECT state::text FROM notify.text WHERE repeat_of = " + text);
  }

  private List<Integer> seen(String sid) {
    return strings("SELECT times::text FROM notify.status_seen WHERE sid = '" + sid + "'").stream()
        .map(Integer::valueOf)
        .toList();
  }

  private String only(String sql) {
    return strings(sql).getFirst();
  }

  private List<String> strings(String sql) {
    var strings = new ArrayList<String>();
    pool.query(sql).execute().await().forEach(row -> strings.add(row.getString(0)));
    return strings;
  }

  private long submitted() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    submit(text);
    return text;
  }

  private void submit(long text) {
    db.superuserPool()
        .preparedQuery("UPDATE notify.text SET state = 'submitting', posts = 1 WHERE id = $1")
        .execute(Tuple.of(text))
        .await();
  }

  private static <T> List<List<T>> permutations(List<T> of) {
    if (of.isEmpty()) {
      return List.of(List.of());
    }
    return of.stream()
        .flatMap(
            first -> {
              var others = of.stream().filter(other -> other != first).toList();
              return permutations(others).stream()
                  .map(rest -> Stream.concat(Stream.of(first), rest.stream()).toList());
            })
        .toList();
  }
}
