package org.fazaa.web.bench;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.EmbeddedServer;
import org.fazaa.config.EmbeddedServer.Durability;
import org.fazaa.config.Loop;

/**
 * A PostgreSQL of a bench's own and the loops that it asks for, without pages or texts. It
 * acknowledges nothing before it is on the disk, and all of it is gone afterwards.
 */
final class BareBed implements AutoCloseable {
  private static final List<String> SCHEMAS = List.of("notify", "dispatch");

  private final Path folder;
  private final Vertx vertx;
  private final EmbeddedServer server;
  private final Database database;
  private final Bus bus;
  private final List<String> loops = new ArrayList<>();
  private final Thread interrupted = new Thread(this::strike, "remove the bench's database");
  private final AtomicBoolean struck = new AtomicBoolean();

  private BareBed(Path folder, Vertx vertx, EmbeddedServer server) {
    this.folder = folder;
    this.vertx = vertx;
    this.server = server;
    this.database = Database.openPatiently(vertx, server, SCHEMAS);
    this.bus = Bus.of(vertx);
    Runtime.getRuntime().addShutdownHook(interrupted);
  }

  static BareBed open() {
    try {
      var folder = Files.createTempDirectory("fazaa-bench");
      var vertx = Vertx.vertx();
      try {
        return new BareBed(folder, vertx, EmbeddedServer.start(folder, Durability.FULL));
      } catch (RuntimeException e) {
        vertx.close().await();
        delete(folder);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  Database database() {
    return database;
  }

  Pool pool() {
    return database.dispatch();
  }

  Bus bus() {
    return bus;
  }

  /** Who may make tables, vacuum and analyse. */
  Connection owner() throws SQLException {
    var url = server.superuser().database(server.application().name());
    var jdbc = "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), url.name());
    return DriverManager.getConnection(jdbc, url.user(), url.password().value());
  }

  /** Runs a loop of the program until {@link #close}. */
  void run(Loop.Work work) {
    var loop = Loop.of(work, database.clock());
    loops.add(vertx.deployVerticle(loop, Loop.options()).await());
  }

  /** Processor time of its PostgreSQL. */
  Duration serverCpu() {
    return Cpu.ofServer(folder.resolve("postgres"));
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(interrupted);
    } catch (IllegalStateException e) {
      return; // the program is being stopped, and the hook is at work
    }
    strike();
  }

  private void strike() {
    if (struck.compareAndSet(false, true)) {
      loops.reversed().forEach(loop -> vertx.undeploy(loop).await());
      database.close();
      vertx.close().await();
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
