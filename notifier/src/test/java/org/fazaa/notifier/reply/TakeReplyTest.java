package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.OMAR;
import static org.fazaa.notifier.Sample.SARA;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Sample;
import org.fazaa.notifier.TextState;
import org.fazaa.notifier.reply.TakeReply.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TakeReplyTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private Pool pool;

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
    pool = db.pool();
  }

  @Test
  void the_same_reply_three_times_at_once_is_one_reply() {
    for (int round = 0; round < 20; round++) {
      var arrived = arrived("SM" + round, "1");
      var outcomes =
          IntStream.range(0, 3)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> take(arrived), Thread::startVirtualThread))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
      assertThat(outcomes).filteredOn(Outcome.Kept.class::isInstance).hasSize(1);
      assertThat(outcomes).extracting(Outcome::reply).containsOnly(outcomes.getFirst().reply());
    }
    assertThat(Sample.count(pool, "reply")).isEqualTo(20);
  }

  @Test
  @Tag("F18")
  void the_same_reply_at_once_on_three_nodes_is_one_reply() {
    var nodes = new ArrayList<Database>();
    var machines = new ArrayList<Vertx>();
    for (int i = 0; i < 3; i++) {
      machines.add(Vertx.vertx());
      nodes.add(db.open(machines.getLast()));
    }
    try {
      for (int time = 0; time < 20; time++) {
        var reply = arrived("SM-three-" + time, "1");
        var taken =
            nodes.stream()
                .map(
                    node ->
                        CompletableFuture.supplyAsync(
                            () ->
                                Database.inTransaction(
                                    node.webhooks(), tx -> TakeReply.run(tx, reply, NOW)),
                            Thread::startVirtualThread))
                .toList();
        var outcomes = taken.stream().map(CompletableFuture::join).toList();
        assertThat(outcomes).filteredOn(Outcome.Kept.class::isInstance).hasSize(1);
        assertThat(outcomes).extracting(Outcome::reply).containsOnly(outcomes.get(0).reply());
      }
      assertThat(Sample.count(pool, "reply")).isEqualTo(20);
    } finally {
      nodes.forEach(Database::close);
      machines.forEach(machine -> machine.close().await());
    }
  }

  @Test
  void a_repetition_with_another_body_changes_nothing() {
    var first = take(arrived("SM1", "1"));
    assertThat(take(arrived("SM1", "2"))).isEqualTo(new Outcome.Repeated(first.reply()));
    assertThat(body(first.reply())).isEqualTo("1");
  }

  @Test
  void one_batch_may_hold_the_same_reply_twice() {
    var outcomes =
        Database.inTransaction(
            pool,
            tx ->
                TakeReply.runAll(
                    tx,
                    List.of(arrived("SM1", "1"), arrived("SM2", "1"), arrived("SM1", "1")),
                    NOW));
    assertThat(outcomes)
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly("Kept", "Kept", "Repeated");
    assertThat(outcomes.get(2).reply()).isEqualTo(outcomes.get(0).reply());
  }

  @Test
  void a_plain_stop_counts_from_the_moment_it_is_kept() {
    long queued = Sample.add(pool, Sample.offer(SARA, "1", "F7K2"));
    long others = Sample.add(pool, Sample.offer(OMAR, "2", "F7K3"));
    take(arrived("SM1", "«قِف»"));
    assertThat(stopped()).containsExactly(SARA);
    assertThat(Sample.state(pool, queued)).isEqualTo(TextState.REFUSED);
    assertThat(Sample.state(pool, others)).isEqualTo(TextState.QUEUED);
  }

  @Test
  void start_brings_them_back() {
    take(arrived("SM1", "قف"));
    take(arrived("SM2", "ابدأ"));
    assertThat(stopped()).isEmpty();
    assertThat(Sample.count(pool, "consent_change")).isEqualTo(2);
  }

  @Test
  void whom_the_carrier_blocks_only_its_own_word_brings_back() {
    take(arrived("SM1", "stop"));
    assertThat(Consent.blockedSender(pool, SARA)).contains("+15005550006");

    take(arrived("SM2", "ابدأ")); // the carrier does not know this word
    Database.inTransaction(
        pool,
        tx -> {
          return Consent.startAgain(tx, SARA, 1, "she phoned", NOW);
        });
    assertThat(stopped()).containsExactly(SARA);

    take(arrived("SM3", "START"));
    assertThat(stopped()).isEmpty();
    assertThat(Consent.blockedSender(pool, SARA)).isEmpty();
  }

  @Test
  void a_yes_ends_the_carriers_block_and_not_the_persons_own_stop() {
    take(arrived("SM1", "STOP"));
    take(arrived("SM2", "YES"));
    assertThat(Consent.blockedSender(pool, SARA)).isEmpty();
    assertThat(stopped()).containsExactly(SARA);
  }

  @Test
  void what_the_carrier_says_of_a_word_counts_more_than_the_word() {
    take(new Arrived("twilio", "SM1", SARA, "+1", "قف", Map.of("OptOutType", "STOP")));
    assertThat(Consent.blockedSender(pool, SARA)).contains("+1");
    take(new Arrived("twilio", "SM2", SARA, "+1", "HELP", Map.of("OptOutType", "HELP")));
    assertThat(stopped()).containsExactly(SARA);
    take(new Arrived("twilio", "SM3", SARA, "+1", "ابدأ", Map.of("OptOutType", "START")));
    assertThat(stopped()).isEmpty();
  }

  @Test
  void what_simulated_people_say_blocks_nothing() {
    take(new Arrived("simulated", "E1", SARA, "fazaa", "STOP", Map.of()));
    assertThat(stopped()).containsExactly(SARA);
    assertThat(Consent.blockedSender(pool, SARA)).isEmpty();
  }

  @Test
  void dropping_a_place_is_no_opt_out() {
    take(arrived("SM1", "CANCEL"));
    take(arrived("SM2", "الغاء F7K2"));
    assertThat(stopped()).isEmpty();
  }

  @Test
  void where_the_carrier_took_a_word_as_opt_out_we_stop_as_well() {
    var raw = Map.of("OptOutType", "STOP");
    take(new Arrived("twilio", "SM1", SARA, "+15005550006", "CANCEL", raw));
    assertThat(stopped()).containsExactly(SARA);
  }

  @Test
  void nothing_that_can_be_typed_is_too_strange_to_keep() {
    var odd =
        List.of("", "a\u0000b", "\uD83D", "💥".repeat(5_000), "\u202E\u200F", "'; DROP TABLE");
    for (int i = 0; i < odd.size(); i++) {
      var outcome = take(arrived("SM" + i, odd.get(i)));
      assertThat(body(outcome.reply())).hasSizeLessThanOrEqualTo(TakeReply.BODY_MAX);
    }
    assertThat(Sample.count(pool, "reply")).isEqualTo(odd.size());
  }

  private Outcome take(Arrived arrived) {
    return Database.inTransaction(pool, tx -> TakeReply.run(tx, arrived, NOW));
  }

  private Set<Phone> stopped() {
    return Database.inTransaction(pool, tx -> Consent.stopped(tx, List.of(SARA, OMAR)));
  }

  private static Arrived arrived(String id, String body) {
    return new Arrived("twilio", id, SARA, "+15005550006", body, Map.of("Body", body));
  }

  private String body(long reply) {
    return pool.preparedQuery("SELECT body FROM notify.reply WHERE id = $1")
        .execute(Tuple.of(reply))
        .await()
        .iterator()
        .next()
        .getString(0);
  }
}
