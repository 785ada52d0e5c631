package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.OMAR;
import static org.fazaa.notifier.Sample.SARA;
import static org.fazaa.notifier.Sample.notice;
import static org.fazaa.notifier.Sample.offer;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OutboxTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private Pool pool;

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
    pool = db.pool();
  }

  @Test
  void ids_come_in_the_order_of_the_drafts() {
    var drafts = IntStream.range(0, 300).mapToObj(i -> notice(SARA, "n" + i)).toList();
    var ids = Sample.add(pool, drafts);
    assertThat(ids).hasSize(300).isSorted();
    for (int i = 0; i < ids.size(); i += 50) {
      assertThat(Sample.column(pool, ids.get(i), "about")).isEqualTo("n" + i);
    }
  }

  @Test
  void nothing_is_nothing() {
    assertThat(Sample.add(pool, List.of())).isEmpty();
  }

  @Test
  void what_its_cause_rolls_back_was_never_there() {
    try {
      Database.<Long>inTransaction(
          pool,
          tx -> {
            Outbox.add(tx, notice(SARA, "1"), NOW);
            throw new IllegalStateException("the cause failed");
          });
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("the cause failed");
    }
    assertThat(Sample.count(pool, "text")).isZero();
  }

  @Test
  void tells_the_newest_state_about_each() {
    Sample.add(pool, notice(SARA, "1"));
    Database.inTransaction(pool, tx -> Outbox.withdraw(tx, "dispatch", List.of("1"), NOW));
    Sample.add(pool, List.of(notice(SARA, "1"), offer(OMAR, "2", "F7K2")));
    Database.inTransaction(pool, tx -> Outbox.withdraw(tx, "dispatch", List.of("2"), NOW));
    assertThat(Outbox.states(pool, "dispatch", List.of("1", "2", "3")))
        .containsOnly(Map.entry("1", TextState.QUEUED), Map.entry("2", TextState.WITHDRAWN));
    assertThat(Outbox.states(pool, "fund", List.of("1"))).isEmpty();
    assertThat(Outbox.list(pool, "dispatch", List.of("1", "2")))
        .extracting(Outbox.Line::about)
        .containsExactly("2", "1", "1");
  }

  @Test
  void knows_what_each_text_costs() {
    long text = Sample.add(pool, notice(SARA, "م".repeat(60)));
    assertThat(Sample.column(pool, text, "segments")).isEqualTo("2");
  }

  @Test
  void a_number_gets_only_so_many_answers_in_a_while() {
    for (int i = 0; i < Outbox.ANSWERS_MAX; i++) {
      assertThat(Outbox.mayAnswer(pool, SARA, NOW)).isTrue();
      Sample.add(pool, notice(SARA, "n" + i));
    }
    assertThat(Outbox.mayAnswer(pool, SARA, NOW)).isFalse();
    assertThat(Outbox.mayAnswer(pool, OMAR, NOW)).isTrue();
    assertThat(Outbox.mayAnswer(pool, SARA, NOW.plus(Outbox.ANSWERS_WINDOW))).isTrue();
  }

  @Test
  void an_empty_or_endless_text_is_a_bug() {
    var until = NOW.plusSeconds(60);
    for (var body : List.of("", "  ", "a".repeat(Draft.BODY_MAX + 1))) {
      assertThatThrownBy(
              () ->
                  new Draft(
                      SARA,
                      Language.EN,
                      MessageClass.SERVICE,
                      "dispatch",
                      "1",
                      null,
                      body,
                      false,
                      Occasion.NEWS,
                      null,
                      1,
                      until))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void the_database_itself_refuses_a_second_repetition() {
    long service = Sample.add(pool, notice(SARA, "1"));
    long life = Sample.add(pool, offer(SARA, "2", "F7K2"));
    assertThatThrownBy(() -> plant(service, "unknowns = 2"))
        .isInstanceOf(PgException.class)
        .hasMessageContaining("repeated_only_for_life");
    assertThatThrownBy(() -> plant(life, "unknowns = 3"))
        .hasMessageContaining("repeated_only_for_life");
    assertThatThrownBy(() -> plant(life, "posts = 2"))
        .hasMessageContaining("never_posted_twice_for_nothing");
  }

  @Test
  void the_program_may_not_delete_a_text_an_attempt_a_reply_or_a_status() {
    for (var table : List.of("text", "attempt", "reply", "status_seen", "consent_change", "halt")) {
      assertThatThrownBy(() -> pool.query("DELETE FROM notify." + table).execute().await())
          .hasMessageContaining("42501");
    }
  }

  private void plant(long text, String change) {
    db.superuserPool()
        .query("UPDATE notify.text SET " + change + " WHERE id = " + text)
        .execute()
        .await();
  }
}
