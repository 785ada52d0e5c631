package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GroupCommitTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of();
  private static final Duration PATIENT = Duration.ofMinutes(2);
  private static Bus bus;

  private final ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @BeforeEach
  void emptyTable() {
    if (bus == null) {
      bus = Bus.of(db.vertx());
    }
    db.superuserPool()
        .query(
            """
            DROP TABLE IF EXISTS part;
            CREATE TABLE part (id serial, what int NOT NULL CHECK (what <> 666));
            GRANT ALL ON part, part_id_seq TO PUBLIC\
            """)
        .execute()
        .await();
  }

  @Test
  void whatComesWhileACommitRunsIsWrittenTogetherByTheNextInTheOrderOfArrival() throws Exception {
    var group = group(this::writeAfterTheFirst, PATIENT);
    var first = start(group, 0);
    begun.await();
    var others = new ArrayList<CompletableFuture<Void>>();
    for (int i = 1; i <= 20; i++) {
      others.add(start(group, i));
      int wait = i + 1;
      await().until(() -> group.waiting() == wait);
    }
    assertThat(others).noneMatch(CompletableFuture::isDone);

    goOn.countDown();

    first.join();
    others.forEach(CompletableFuture::join);
    assertThat(sizes).containsExactly(1, 20);
    assertThat(written()).isEqualTo(IntStream.rangeClosed(0, 20).boxed().toList());
    assertThat(group.waiting()).isZero();
  }

  @Test
  void whoeverIsToldHasTheirPartInTheDatabase() {
    var group = group(this::write, PATIENT);
    var all =
        IntStream.range(100, 300)
            .mapToObj(i -> start(group, i).thenAccept(done -> assertThat(written()).contains(i)))
            .toList();

    all.forEach(CompletableFuture::join);
    assertThat(sizes).hasSizeLessThan(200);
  }

  @Test
  void whatCannotBeWrittenFailsAloneAndTheOthersAreKept() throws Exception {
    var group = group(this::writeAfterTheFirst, PATIENT);
    var first = start(group, 0);
    begun.await();
    var good = start(group, 1);
    await().until(() -> group.waiting() == 2);
    var bad = start(group, 666);
    await().until(() -> group.waiting() == 3);
    goOn.countDown();

    first.join();
    good.join();
    assertThatThrownBy(bad::join).hasMessageContaining("part_what_check");
    assertThat(written()).containsExactly(0, 1);
  }

  @Test
  void whenTooManyWaitTheNextIsToldAtOnce() throws Exception {
    var group = group(this::writeAfterTheFirst, PATIENT);
    var all = new ArrayList<CompletableFuture<Void>>();
    all.add(start(group, 0));
    begun.await();
    for (int i = 1; i < GroupCommit.WAITING_MAX; i++) {
      all.add(start(group, i + 666));
    }
    await().until(() -> group.waiting() == GroupCommit.WAITING_MAX);

    assertThatThrownBy(() -> group.run(1)).isInstanceOf(Database.Away.class);

    goOn.countDown();
    await().until(() -> group.waiting() == 0);
  }

  @Test
  void whoeverWaitsTooLongIsToldThatTheDatabaseIsAway() throws Exception {
    var group = group(this::writeAfterTheFirst, Duration.ofMillis(1));
    var first = start(group, 0);

    assertThatThrownBy(first::join)
        .hasRootCauseInstanceOf(java.util.concurrent.TimeoutException.class);

    goOn.countDown();
    await().until(() -> group.waiting() == 0);
  }

  private static GroupCommit<Integer> group(GroupCommit.Work<Integer> work, Duration patience) {
    return new GroupCommit<>(db.pool(), bus, patience, work);
  }

  private static CompletableFuture<Void> start(GroupCommit<Integer> group, int what) {
    return CompletableFuture.runAsync(() -> group.run(what), Thread::startVirtualThread);
  }

  private List<Fact> writeAfterTheFirst(SqlConnection tx, List<Integer> together) {
    if (sizes.isEmpty()) {
      begun.countDown();
      waitForLeave();
    }
    return write(tx, together);
  }

  private void waitForLeave() {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Fact> write(SqlConnection tx, List<Integer> together) {
    tx.preparedQuery("INSERT INTO part (what) SELECT unnest($1::int[])")
        .execute(Tuple.of((Object) together.toArray(Integer[]::new)))
        .await();
    sizes.add(together.size());
    return List.of();
  }

  private static List<Integer> written() {
    return db.pool().query("SELECT what FROM part ORDER BY id").execute().await().stream()
        .map(row -> row.getInteger(0))
        .collect(Collectors.toList());
  }
}
