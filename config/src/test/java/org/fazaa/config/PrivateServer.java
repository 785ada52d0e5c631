package org.fazaa.config;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL for one test alone, which may crash it, restart it or let it stand still. */
public final class PrivateServer implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final EmbeddedServer server;
  private final Path cluster;

  private PrivateServer(EmbeddedServer server, Path cluster) {
    this.server = server;
    this.cluster = cluster;
  }

  /** Every acknowledged commit is on disk: a crash must lose nothing. */
  public static PrivateServer start(Path folder) {
    var server = EmbeddedServer.start(folder, EmbeddedServer.Durability.FULL);
    return new PrivateServer(server, folder.resolve("postgres").toAbsolutePath());
  }

  public EmbeddedServer embedded() {
    return server;
  }

  public DatabaseUrl application() {
    return server.application();
  }

  public DatabaseUrl owner() {
    return server.owner();
  }

  /** The program's database, entered as one who may do everything. */
  public Connection enter() throws SQLException {
    var all = server.superuser().database(server.application().name());
    return DriverManager.getConnection(all.jdbc(), all.user(), all.password().value());
  }

  /** A backend killed by force: every session is cut and the server recovers from its log. */
  public void crash() {
    await().atMost(LIMIT).ignoreExceptions().until(this::killBackend); // after the crash before
  }

  private boolean killBackend() {
    try (var connection = enter();
        var row = connection.createStatement().executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      Signals.send("-9", row.getLong(1));
      return true;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As {@code pg_ctl restart -m immediate}: nothing is written down before it goes. */
  public void restart() {
    var program = Path.of(postmaster().info().command().orElseThrow());
    try {
      var restarted =
          new ProcessBuilder(
                  asNobody(
                      program.resolveSibling("pg_ctl").toString(),
                      "restart",
                      "-w",
                      "-m",
                      "immediate",
                      "-D",
                      cluster.toString(),
                      "-l",
                      cluster.resolve("restarted.log").toString()))
              .redirectErrorStream(true)
              .redirectOutput(cluster.resolve("pg_ctl.log").toFile())
              .start()
              .waitFor();
      if (restarted != 0) {
        throw new IllegalStateException(Files.readString(cluster.resolve("pg_ctl.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // It refuses root, and is started in the same way.
  private static List<String> asNobody(String... command) {
    var root = "root".equals(System.getProperty("user.name"));
    return Stream.concat(root ? Stream.of("unshare", "-U") : Stream.empty(), Stream.of(command))
        .toList();
  }

  /** Every process of it stands still: connections stay open and nobody answers. */
  public void freeze() {
    // The first one first: it would start another in the place of one that is gone.
    processes().forEach(one -> Signals.send("-STOP", one.pid()));
  }

  public void thaw() {
    processes().reversed().forEach(one -> Signals.send("-CONT", one.pid()));
  }

  private List<ProcessHandle> processes() {
    var first = postmaster();
    return Stream.concat(Stream.of(first), first.descendants()).toList();
  }

  private ProcessHandle postmaster() {
    try {
      var pid = Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst().strip();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    thaw();
    server.close();
  }
}
