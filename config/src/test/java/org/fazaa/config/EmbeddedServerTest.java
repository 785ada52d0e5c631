package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedBeforeKillMinusNineIsThereAfterTheRestart() throws Exception {
    long orphan;
    try (var program = ChildJvm.start(Writer.class, Map.of(), folder.toString())) {
      program.awaitLine("written");
      program.kill();
      orphan = postmaster();
    }
    assertThat(ProcessHandle.of(orphan)).isPresent(); // it outlived its program
    var vertx = Vertx.vertx();
    var server = EmbeddedServer.start(folder, EmbeddedServer.Durability.FULL);
    var database = Database.open(vertx, server, List.of("trial"));
    try {
      var rows = database.people().query("SELECT body FROM trial.note").execute().await();
      assertThat(rows.iterator().next().getString(0)).isEqualTo("acknowledged");
      assertThat(postmaster()).isNotEqualTo(orphan);
    } finally {
      database.close();
      vertx.close().await();
    }
    assertThat(folder.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void aFolderInUseIsRefusedWithWordsThatHelp() {
    try (var program = ChildJvm.start(Writer.class, Map.of(), folder.toString())) {
      program.awaitLine("written");
      assertThatThrownBy(() -> EmbeddedServer.start(folder, EmbeddedServer.Durability.FULL))
          .isInstanceOf(EmbeddedServer.Unusable.class)
          .hasMessageContaining("is used by another running Fazaa")
          .hasMessageContaining("FAZAA_DATA");
      program.kill();
    }
    EmbeddedServer.start(folder, EmbeddedServer.Durability.FULL).close();
  }

  @Test
  void nobodyEntersWithoutThePassword() {
    try (var server = EmbeddedServer.start(folder, EmbeddedServer.Durability.NONE)) {
      var guest = server.superuser().as("postgres", new Secret("guess"));
      assertThatThrownBy(
              () ->
                  java.sql.DriverManager.getConnection(
                      guest.jdbc(), guest.user(), guest.password().value()))
          .hasMessageContaining("password authentication failed");
    }
  }

  private long postmaster() throws java.io.IOException {
    var pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid")).getFirst();
    return Long.parseLong(pid.strip());
  }

  /** Commits a row, says so, and waits to be killed. */
  static final class Writer {
    public static void main(String[] arguments) {
      var vertx = Vertx.vertx();
      var server = EmbeddedServer.start(Path.of(arguments[0]), EmbeddedServer.Durability.FULL);
      var database = Database.open(vertx, server, List.of("trial"));
      database
          .people()
          .preparedQuery("INSERT INTO trial.note (body) VALUES ($1)")
          .execute(Tuple.of("acknowledged"))
          .await();
      System.out.println("written");
    }
  }
}
