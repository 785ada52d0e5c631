package org.fazaa.config;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own in a folder that is kept between runs, with the owner role, the
 * application role and the database made at the first start. A server that outlived a killed
 * program is stopped first; a folder in use by a living program is refused.
 */
public final class EmbeddedServer implements AutoCloseable {

  /** Whether an acknowledged commit must survive a power cut. Rehearsals and tests go without. */
  public enum Durability {
    FULL,
    NONE
  }

  /** The folder cannot be used; the message says why and what to do. */
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  static final String OWNER = "fazaa_owner";
  static final String APPLICATION = "fazaa_app";
  private static final String DATABASE = "fazaa";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

  private final FileChannel lock;
  private final EmbeddedPostgres postgres;
  private final DatabaseUrl superuser;

  private EmbeddedServer(FileChannel lock, EmbeddedPostgres postgres, DatabaseUrl superuser) {
    this.lock = lock;
    this.postgres = postgres;
    this.superuser = superuser;
  }

  /**
   * @throws Unusable when another program uses the folder or the server does not start
   */
  public static EmbeddedServer start(Path folder, Durability durability) {
    try {
      Files.createDirectories(folder);
      var lock = lock(folder.resolve("in-use.lock"));
      var cluster = folder.resolve("postgres").toAbsolutePath();
      stopOrphan(cluster);
      boolean first = !Files.exists(cluster.resolve("PG_VERSION"));
      var password = password(folder.resolve("database.secret"));
      var postgres = run(cluster, password, first, durability);
      var superuser =
          new DatabaseUrl("127.0.0.1", postgres.getPort(), "postgres", "postgres", password);
      furnish(superuser, cluster);
      return new EmbeddedServer(lock, postgres, superuser);
    } catch (IOException e) {
      throw new Unusable("the embedded database in " + folder + " does not start: " + e, e);
    } catch (SQLException e) {
      throw new Unusable("the embedded database in " + folder + " cannot be prepared: " + e, e);
    }
  }

  /** As the role that the program works as: it owns nothing. */
  public DatabaseUrl application() {
    return superuser.database(DATABASE).as(APPLICATION, superuser.password());
  }

  /** As the role that owns the tables; only migrations enter as it. */
  public DatabaseUrl owner() {
    return superuser.database(DATABASE).as(OWNER, superuser.password());
  }

  /** For tests that plant violations. */
  public DatabaseUrl superuser() {
    return superuser;
  }

  @Override
  public void close() {
    try {
      postgres.close();
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("this very process holds {}", file);
    }
    channel.close();
    throw new Unusable(
        file.getParent()
            + " is used by another running Fazaa: stop it, or set FAZAA_DATA to another folder"
            + " · المجلد مستخدم من نسخة أخرى تعمل الآن: أوقفها أو اضبط FAZAA_DATA على مجلد آخر",
        null);
  }

  // The lock is ours, so whatever server still runs here lost its program to a kill.
  private static void stopOrphan(Path cluster) throws IOException {
    var pidFile = cluster.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
    var orphan = ProcessHandle.of(pid).filter(handle -> servesFrom(handle, cluster)).orElse(null);
    if (orphan == null) {
      Files.delete(pidFile); // the pid of a dead server, or by now of some other program
      return;
    }
    LOG.info("stopping the database server {} that an earlier run left behind", pid);
    try {
      // Fast shutdown: sessions of the dead program are cut, committed work is kept.
      new ProcessBuilder("kill", "-INT", Long.toString(pid)).inheritIO().start().waitFor();
      orphan.onExit().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while stopping server " + pid, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("server " + pid + " of an earlier run does not stop", e);
    }
  }

  private static boolean servesFrom(ProcessHandle handle, Path cluster) {
    return handle.info().commandLine().map(line -> line.contains(cluster.toString())).orElse(false);
  }

  private static Secret password(Path file) throws IOException {
    if (!Files.exists(file)) {
      var bytes = new byte[24];
      new SecureRandom().nextBytes(bytes);
      var owner = PosixFilePermissions.fromString("rw-------");
      Files.createFile(file, PosixFilePermissions.asFileAttribute(owner));
      Files.writeString(file, HexFormat.of().formatHex(bytes));
    }
    return new Secret(Files.readString(file).strip());
  }

  private static EmbeddedPostgres run(
      Path cluster, Secret password, boolean first, Durability durability) throws IOException {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(cluster)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(START_LIMIT)
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("max_connections", "120")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("lc_messages", "C")
            .setServerConfig("jit", "off");
    if (!first) {
      builder.setConnectConfig("password", password.value());
    }
    // Said both ways: the library's own default is to acknowledge before the log is written.
    var safe = durability == Durability.FULL ? "on" : "off";
    for (var key : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      builder.setServerConfig(key, safe);
    }
    return builder.start();
  }

  // Also mends a first start that was cut off half-way: every step may run again.
  private static void furnish(DatabaseUrl superuser, Path cluster)
      throws SQLException, IOException {
    var access = cluster.resolve("pg_hba.conf");
    if (Files.readString(access).equals(ACCESS)) {
      return;
    }
    makeRoles(superuser, superuser.password());
    try (var connection = enter(superuser);
        var statement = connection.createStatement()) {
      try (var found = statement.executeQuery(FIND_DATABASE)) {
        if (!found.next()) {
          statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
        }
      }
      statement.execute(SET_PASSWORD.formatted("postgres", superuser.password().value()));
      Files.writeString(access, ACCESS);
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  /** Makes the owner and the application role, with one password, where they are missing. */
  static void makeRoles(DatabaseUrl superuser, Secret password) {
    try (var connection = enter(superuser);
        var statement = connection.createStatement()) {
      for (var role : new String[] {OWNER, APPLICATION}) {
        statement.execute(CREATE_ROLE.formatted(role, role));
        statement.execute(SET_PASSWORD.formatted(role, password.value()));
      }
    } catch (SQLException e) {
      throw new Unusable("the database roles cannot be made: " + e.getMessage(), e);
    }
  }

  private static Connection enter(DatabaseUrl url) throws SQLException {
    return DriverManager.getConnection(url.jdbc(), url.user(), url.password().value());
  }

  private static final String ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n";

  // Our own names and a password of hexadecimal digits: nothing here needs quoting.
  private static final String CREATE_ROLE =
      """
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN CREATE ROLE %s LOGIN; END IF;
      END $$\
      """;

  private static final String SET_PASSWORD = "ALTER ROLE %s PASSWORD '%s'";

  private static final String FIND_DATABASE =
      "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'";
}
