package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.EmbeddedServer;

/**
 * A PostgreSQL of a rehearsal's own in a folder that is gone afterwards, also when it is
 * interrupted. Neither settings nor the live database are looked at.
 */
final class Stage implements AutoCloseable {
  private static final List<String> SCHEMAS = List.of("notify", "dispatch");

  private final Path folder;
  private final Vertx vertx;
  private final Database database;
  private final Bus bus;
  private final Thread interrupted = new Thread(this::strike, "strike the stage");
  private final AtomicBoolean struck = new AtomicBoolean();

  private Stage(Path folder, Vertx vertx, Database database) {
    this.folder = folder;
    this.vertx = vertx;
    this.database = database;
    this.bus = Bus.of(vertx);
    Runtime.getRuntime().addShutdownHook(interrupted);
  }

  static Stage set() {
    try {
      var folder = Files.createTempDirectory("fazaa-rehearsal");
      var vertx = Vertx.vertx();
      try {
        var server = EmbeddedServer.start(folder, EmbeddedServer.Durability.NONE);
        return new Stage(folder, vertx, Database.openPatiently(vertx, server, SCHEMAS));
      } catch (RuntimeException e) {
        vertx.close().await();
        delete(folder);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder() {
    return folder;
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
