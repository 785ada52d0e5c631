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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
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
    db.superuserPool()
        .preparedQuery(
            """
            INSERT INTO notify.attempt (fence, text_id, carrier, posted_at, outcome, sid)
            VALUES (1, $1, 'twilio', $2, 'accepted', 'SM-known')\
            """)
        .execute(Tuple.of(text, Database.utc(NOW)))
        .await();
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

  private long submitted() {
    long text = add(pool, offer(SARA, "1", "F7K2"));
    db.superuserPool()
        .preparedQuery("UPDATE notify.text SET state = 'submitting', posts = 1 WHERE id = $1")
        .execute(Tuple.of(text))
        .await();
    return text;
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
