package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server dies under load and comes back; the program does nothing but go on. */
class DatabaseCrashTest {

  private static final int WRITERS = 4;
  private static final int CRASHES = 3;

  @TempDir Path folder;

  @Test
  void nothingAcknowledgedIsLostAndThePoolsRecoverByThemselves() throws Exception {
    var vertx = Vertx.vertx();
    var server = EmbeddedServer.start(folder, EmbeddedServer.Durability.FULL);
    var database = Database.open(vertx, server, List.of("trial"));
    var acknowledged = ConcurrentHashMap.<String>newKeySet();
    var stop = new AtomicBoolean();
    var writers = new ArrayList<Thread>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(
          Thread.ofVirtual()
              .start(() -> write(database.dispatch(), "writer" + writer, acknowledged, stop)));
    }
    for (int crash = 1; crash <= CRASHES; crash++) {
      moreThan(acknowledged, 50);
      await().ignoreException(Database.Away.class).until(() -> crashServer(database.people()));
    }
    moreThan(acknowledged, 50);
    stop.set(true);
    for (var writer : writers) {
      writer.join();
    }
    assertThat(kept(database.people())).containsAll(acknowledged);
    database.close();
    vertx.close().await();
  }

  private static void write(Pool pool, String name, Set<String> acknowledged, AtomicBoolean stop) {
    for (int number = 0; !stop.get(); number++) {
      var body = name + "-" + number;
      try {
        Database.inTransaction(
            pool,
            tx ->
                tx.preparedQuery("INSERT INTO trial.note (body) VALUES ($1)")
                    .execute(Tuple.of(body))
                    .await());
        acknowledged.add(body);
      } catch (Database.Away e) {
        // Neither written nor unwritten: the next one gets a new name, as a caller's key would.
        assertThat(e).hasCauseInstanceOf(Exception.class);
      }
    }
  }

  private static void moreThan(Set<String> acknowledged, int more) {
    int before = acknowledged.size();
    await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > before + more);
  }

  // A backend killed by force makes the server drop every session and recover from its log.
  private static boolean crashServer(Pool pool) throws IOException, InterruptedException {
    int backend =
        Database.inTransaction(
            pool,
            tx ->
                tx.query("SELECT pg_backend_pid()")
                    .execute()
                    .await()
                    .iterator()
                    .next()
                    .getInteger(0));
    new ProcessBuilder("kill", "-9", Integer.toString(backend)).start().waitFor();
    return true;
  }

  private static Set<String> kept(Pool pool) {
    var kept = new HashSet<String>();
    Database.inTransaction(pool, tx -> tx.query("SELECT body FROM trial.note").execute().await())
        .forEach(row -> kept.add(row.getString(0)));
    return kept;
  }
}
