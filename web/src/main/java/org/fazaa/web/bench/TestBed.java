package org.fazaa.web.bench;

import io.vertx.sqlclient.Pool;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.DatabaseUrl;
import org.fazaa.config.EmbeddedServer;
import org.fazaa.config.Settings;
import org.fazaa.web.Fazaa;

/** The whole program as it serves, on a PostgreSQL of its own. */
final class TestBed implements AutoCloseable {
  private static final List<String> SCHEMAS = List.of("notify", "dispatch", "fund", "web");
  static final String ADMIN = "the admin token of the bench";
  static final String PUBLIC_URL = "http://fazaa.invalid";
  static final String AUTH_TOKEN = "the auth token of the bench";

  private final Ground ground;
  private final Fazaa fazaa;
  private final Database database;

  private TestBed(Ground ground, Sink sink, Map<String, String> more) {
    this.ground = ground;
    var server = ground.server();
    ground.keep(server::close);
    var settings = settings(server, sink, more);
    fazaa = Fazaa.start(Settings.load(settings, ground.folder().resolve("none.properties")));
    ground.keep(fazaa::close);
    var url = Optional.of(server.application());
    var data = new Settings.Data(ground.folder(), url, Optional.empty());
    database = Database.open(fazaa.node().vertx(), data, SCHEMAS);
    ground.keep(database::close);
  }

  /** Texts go to this sink; {@code more} are settings of the bench at hand. */
  static TestBed open(Sink sink, Map<String, String> more) {
    var ground = Ground.open();
    try {
      return new TestBed(ground, sink, more);
    } catch (RuntimeException e) {
      ground.close();
      throw e;
    }
  }

  private static Map<String, String> settings(
      EmbeddedServer server, Sink sink, Map<String, String> more) {
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
    return settings;
  }

  Fazaa fazaa() {
    return fazaa;
  }

  Bus bus() {
    return fazaa.node().bus();
  }

  /** Where a bench may put files. */
  Path folder() {
    return ground.folder();
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
    return ground.serverCpu();
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
    ground.close();
  }
}
