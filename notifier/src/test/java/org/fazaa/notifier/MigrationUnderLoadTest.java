package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;

import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.ReadReplies;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MigrationUnderLoadTest {
  private static final int WORKERS = 4;
  private static final int JOURNEYS = 100;
  private static final int JOURNEYS_PER_COLUMN = 20;

  /** Of the loops' pool: each may once have a plan that is out of date. */
  private static final int CONNECTIONS = 8;

  private static final List<String> TABLES = List.of("text", "reply", "attempt");
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private final AtomicInteger tries = new AtomicInteger();

  @Test
  @Tag("F12")
  void whatRunsWhileColumnsAreAddedMeetsNoError() {
    var read = new ReadReplies(db.pool(), Bus.of(db.vertx()));
    var phones = IntStream.range(0, WORKERS).mapToObj(i -> new Phone("+96650123400" + i)).toList();
    var work =
        CompletableFuture.allOf(
            phones.stream()
                .map(
                    phone ->
                        CompletableFuture.runAsync(
                            () -> asksAndIsAnswered(phone, read), Thread::startVirtualThread))
                .toArray(CompletableFuture[]::new));
    var added = addColumns(work, () -> tries.get() / JOURNEYS_PER_COLUMN);

    work.join();
    assertThat(added).as("columns that came while it ran").isGreaterThan(TABLES.size());
    assertThat(Sample.count(db.pool(), "text")).isEqualTo(WORKERS * JOURNEYS);
    assertThat(Sample.count(db.pool(), "reply")).isEqualTo(WORKERS * JOURNEYS);
    assertThat(tries.get() - WORKERS * JOURNEYS)
        .as("transactions that the database wanted repeated")
        .isLessThanOrEqualTo(CONNECTIONS);
  }

  private void asksAndIsAnswered(Phone phone, ReadReplies read) {
    for (var i = 0; i < JOURNEYS; i++) {
      var about = phone.e164() + "/" + i;
      Database.inTransaction(
          db.pool(),
          tx -> {
            tries.incrementAndGet();
            Outbox.add(tx, Sample.ask(phone, about), NOW);
            TakeReply.run(tx, new Arrived("twilio", about, phone, "+1", "1", Map.of()), NOW);
            return Outbox.list(tx, "dispatch", List.of(about)).size();
          });
      read.run(NOW);
      Inbox.waiting(db.pool(), 10, NOW);
    }
  }

  // As a migration does: whoever does not get the table soon lets the others pass, and asks again.
  private static int addColumns(CompletableFuture<Void> work, IntSupplier progress) {
    var owner = TestDatabase.connect(db.ownerUrl()).addProperty("lock_timeout", "1s");
    var pool = PgBuilder.pool().connectingTo(owner).using(db.vertx()).build();
    var added = 0;
    while (!work.isDone()) {
      if (added >= progress.getAsInt()) {
        Thread.onSpinWait();
        continue;
      }
      var table = TABLES.get(added % TABLES.size());
      try {
        pool.query("ALTER TABLE notify." + table + " ADD COLUMN more_" + added + " int")
            .execute()
            .await();
        added++;
      } catch (PgException e) {
        assertThat(e.getSqlState()).isEqualTo(LOCK_NOT_AVAILABLE);
      }
    }
    pool.close().await();
    return added;
  }
}
