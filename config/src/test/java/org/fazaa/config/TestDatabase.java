package org.fazaa.config;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh, migrated database for each test class on one real PostgreSQL for the whole test run. Use
 * it as a static {@code @RegisterExtension}.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {

  private static final long RUN = ProcessHandle.current().pid();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Map<List<String>, String> TEMPLATES = new HashMap<>();
  private static Server server;

  private final List<String> schemas;
  private String name;
  private Vertx vertx;
  private Database database;
  private Pool superuserPool;

  private TestDatabase(List<String> schemas) {
    this.schemas = schemas;
  }

  /** With these schemas migrated; all of them must be on the class path under {@code db/}. */
  public static TestDatabase of(String... schemas) {
    return new TestDatabase(List.of(schemas));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    name = "test_" + RUN + "_" + COUNT.incrementAndGet();
    create(name, template(schemas));
    vertx = Vertx.vertx();
    database = open(vertx);
    superuserPool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(4))
            .connectingTo(connect(server.superuser().database(name)))
            .using(vertx)
            .build();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    superuserPool.close().await();
    database.close();
    vertx.close().await();
    execute("DROP DATABASE " + name);
  }

  public Vertx vertx() {
    return vertx;
  }

  public Database database() {
    return database;
  }

  /** As the application role, the way a loop enters. */
  public Pool pool() {
    return database.dispatch();
  }

  /** As superuser: to plant what the program could never write. */
  public Pool superuserPool() {
    return superuserPool;
  }

  /** As the owner of the tables. */
  public DatabaseUrl ownerUrl() {
    return server.owner().database(name);
  }

  /** As superuser, who may not run the program. */
  public DatabaseUrl superuserUrl() {
    return server.superuser().database(name);
  }

  /** Where another program would find this database as the application role. */
  public DatabaseUrl url() {
    return server.application().database(name);
  }

  /**
   * A second set of pools on the same database, like another node's. Tests are not about time: on a
   * busy machine they get slow and do not fail.
   */
  public Database open(Vertx other) {
    return Database.openPatiently(other, url(), Optional.of(ownerUrl()), schemas);
  }

  /** How to reach a database, for a pool of a test's own. */
  public static PgConnectOptions connect(DatabaseUrl url) {
    return new PgConnectOptions()
        .setHost(url.host())
        .setPort(url.port())
        .setDatabase(url.name())
        .setUser(url.user())
        .setPassword(url.password().value());
  }

  private static synchronized String template(List<String> schemas) {
    if (server == null) {
      server = start();
    }
    return TEMPLATES.computeIfAbsent(
        schemas,
        wanted -> {
          var template = "template_" + RUN + "_" + TEMPLATES.size();
          create(template, "template0");
          var vertx = Vertx.vertx();
          Database.open(
                  vertx,
                  server.application().database(template),
                  Optional.of(server.owner().database(template)),
                  Optional.empty(),
                  wanted)
              .close();
          vertx.close().await();
          return template;
        });
  }

  private static void create(String name, String template) {
    execute(
        "CREATE DATABASE %s OWNER %s TEMPLATE %s".formatted(name, EmbeddedServer.OWNER, template));
  }

  private static void execute(String command) {
    var superuser = server.superuser();
    try (var connection =
            DriverManager.getConnection(
                superuser.jdbc(), superuser.user(), superuser.password().value());
        var statement = connection.createStatement()) {
      statement.execute(command);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The server of this test run, entered as its three roles. */
  private record Server(DatabaseUrl superuser, DatabaseUrl owner, DatabaseUrl application) {}

  // FAZAA_TEST_POSTGRES, entered as a superuser, runs the same tests on another version.
  private static Server start() {
    var outside = System.getenv("FAZAA_TEST_POSTGRES");
    if (outside != null) {
      var superuser = DatabaseUrl.parse(outside);
      EmbeddedServer.makeRoles(superuser, superuser.password());
      return new Server(
          superuser,
          superuser.as(EmbeddedServer.OWNER, superuser.password()),
          superuser.as(EmbeddedServer.APPLICATION, superuser.password()));
    }
    try {
      var folder = Files.createTempDirectory("fazaa-test");
      var started = EmbeddedServer.start(folder, EmbeddedServer.Durability.NONE);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    started.close();
                    delete(folder);
                  }));
      return new Server(started.superuser(), started.owner(), started.application());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
