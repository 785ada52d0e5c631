package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose processes stand still keeps its connections open and says nothing. */
@Tag("F9")
class SilentServerTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int TOGETHER = 3;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private PrivateServer server;
  private Database database;

  @BeforeEach
  void start() {
    server = PrivateServer.start(folder);
    database = Database.open(vertx, server.embedded(), List.of("trial"));
  }

  @AfterEach
  void stop() {
    server.thaw();
    database.close();
    vertx.close().await();
  }

  @Test
  void whoeverAsksItIsToldThatItIsAwayAndItsPoolsAreWholeWhenItAnswersAgain() {
    var pools =
        List.of(database.webhooks(), database.dispatch(), database.people(), database.beat());
    pools.forEach(pool -> assertThat(number(pool)).isEqualTo(1));
    server.freeze();
    pools.forEach(pool -> assertThatThrownBy(() -> number(pool)).isInstanceOf(Database.Away.class));
    server.thaw();
    for (var pool : pools) {
      await().atMost(LIMIT).ignoreExceptions().until(() -> number(pool) == 1);
      assertThat(togetherOn(pool, TOGETHER)).isEqualTo(TOGETHER);
    }
  }

  @ParameterizedTest(name = "somebody waits for the answer: {0}")
  @ValueSource(booleans = {true, false})
  void whatTheServerLeftHalfDoneIsRolledBack(boolean waitedFor) {
    assertThatThrownBy(
            () ->
                Database.inTransaction(
                    database.people(),
                    tx -> {
                      tx.query("INSERT INTO trial.note (body) VALUES ('half')").execute().await();
                      server.freeze();
                      var last = tx.query("SELECT 1").execute();
                      if (waitedFor) last.await();
                      else Database.later(last);
                      return true;
                    }))
        .isInstanceOf(Database.Away.class);
    server.thaw();
    await().atMost(LIMIT).ignoreExceptions().until(() -> number(database.people()) == 1);
    var notes = database.people().query("SELECT body FROM trial.note").execute().await();
    assertThat(notes.size()).isZero();
  }

  private static int number(Pool pool) {
    return Database.inTransaction(
        pool, tx -> tx.query("SELECT 1").execute().await().iterator().next().getInteger(0));
  }

  private static int togetherOn(Pool pool, int many) {
    var asked = IntStream.range(0, many).mapToObj(i -> pool.query("SELECT 1").execute()).toList();
    return Future.all(asked).await().size();
  }
}
