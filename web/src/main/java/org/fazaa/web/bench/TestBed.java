package org.fazaa.web.bench;

import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.DatabaseUrl;
import org.fazaa.config.EmbeddedServer;
import org.fazaa.config.EmbeddedServer.Durability;
import org.fazaa.config.Settings;
import org.fazaa.web.Fazaa;

/**
 * The whole program as it serves, on a PostgreSQL of its own that acknowledges nothing before it is
 * on the disk. All of it is gone afterwards, also when the bench is interrupted.
 */
final class TestBed implements AutoCloseable {
  private static final List<String> SCHEMAS = List.of("notify", "dispatch", "fund", "web");
  static final String ADMIN = "the admin token of the bench";
  static final String PUBLIC_URL = "http://fazaa.invalid";
  static final String AUTH_TOKEN = "the auth token of the bench";

  private final Path folder;
  private final EmbeddedServer server;
  private final Fazaa fazaa;
  private final Database database;
  private final Thread interrupted = new Thread(this::strike, "remove the bench's database");
  private final AtomicBoolean struck = new AtomicBoolean();

  private TestBed(Path folder, EmbeddedServer server, Fazaa fazaa, Database database) {
    this.folder = folder;
    this.server = server;
    this.fazaa = fazaa;
    this.database = database;
    Runtime.getRuntime().addShutdownHook(interrupted);
  }

  /** Texts go to this sink; {@code more} are settings of the bench at hand. */
  static TestBed open(Sink sink, Map<String, String> more) {
    try {
      var folder = Files.createTempDirectory("fazaa-bench");
      try {
        return open(folder, EmbeddedServer.start(folder, Durability.FULL), sink, more);
      } catch (RuntimeException e) {
        delete(folder);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TestBed open(
      Path folder, EmbeddedServer server, Sink sink, Map<String, String> more) {
    try {
      var settings = new HashMap<>(more);
      settings.put("FAZAA_HTTP_PORT", "0");
      settings.put("FAZAA_ADMIN_TOKEN", ADMIN);
      settings.put("FAZAA_PUBLIC_URL", PUBLIC_URL);
      settings.put("DATABASE_URL", written(server.application()));
      settings.put("DATABASE_OWNER_URL", written(server.owner()));
      settings.put("TWILIO_ACCOUNT_SID", Forms.ACCOUNT);
      settings.put("TWILIO_API_KEY", Forms.KEY);
      settings.put("TWILIO_API_SECRET", Forms.SECRET);
      settings.put("TWILIO_AUTH_TOKEN", AUTH_TOKEN);
      settings.put("TWILIO_FROM", Forms.FROM);
      settings.put("TWILIO_BASE_URL", sink.url().toString());
      settings.put("TWILIO_RATE", "0");
      settings.put("FAZAA_SEGMENT_COST", "1");
      settings.put("FAZAA_CRISIS_CAP", Integer.toString(Integer.MAX_VALUE));
      var fazaa = Fazaa.start(Settings.load(settings, folder.resolve("none.properties")));
      var url = Optional.of(server.application());
      var data = new Settings.Data(folder, url, Optional.empty());
      return new TestBed(folder, server, fazaa, Database.open(fazaa.node().vertx(), data, SCHEMAS));
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  Fazaa fazaa() {
    return fazaa;
  }

  Bus bus() {
    return fazaa.node().bus();
  }

  /** Where a bench may put files. */
  Path folder() {
    return folder;
  }

  /** A door of the bench's own, so that it takes no connection from the program. */
  Pool pool() {
    return database.people();
  }

  InstantSource clock() {
    return database.clock();
  }

  /** Processor time of its PostgreSQL. */
  Duration serverCpu() {
    return Cpu.ofServer(folder.resolve("postgres"));
  }

  private static String written(DatabaseUrl url) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(
            encoded(url.user()),
            encoded(url.password().value()),
            url.host(),
            url.port(),
            url.name());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
      fazaa.close();
      server.close();
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
