package org.fazaa.web.bench;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.EmbeddedServer;
import org.fazaa.config.Loop;

/** A PostgreSQL of a bench's own and the loops that it asks for, without pages or texts. */
final class BareBed implements AutoCloseable {
  private static final List<String> SCHEMAS = List.of("notify", "dispatch", "fund");

  private final Ground ground;
  private final Vertx vertx;
  private final EmbeddedServer server;
  private final Database database;
  private final Bus bus;

  private BareBed(Ground ground) {
    this.ground = ground;
    vertx = Vertx.vertx();
    ground.keep(() -> vertx.close().await());
    server = ground.server();
    database = Database.openPatiently(vertx, server, SCHEMAS);
    ground.keep(database::close);
    bus = Bus.of(vertx);
  }

  static BareBed open() {
    var ground = Ground.open();
    try {
      return new BareBed(ground);
    } catch (RuntimeException e) {
      ground.close();
      throw e;
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
    var loop = vertx.deployVerticle(Loop.of(work, database.clock()), Loop.options()).await();
    ground.keep(() -> vertx.undeploy(loop).await());
  }

  /** Processor time of its PostgreSQL. */
  Duration serverCpu() {
    return ground.serverCpu();
  }

  @Override
  public void close() {
    ground.close();
  }
}
