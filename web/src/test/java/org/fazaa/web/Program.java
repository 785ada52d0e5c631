package org.fazaa.web;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.fazaa.config.DatabaseUrl;
import org.fazaa.config.Settings;
import org.fazaa.config.TestDatabase;
import org.fazaa.web.api.Contract;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The whole program on a fresh database, for a test class that talks to it over HTTP. */
public final class Program implements BeforeAllCallback, AfterAllCallback {

  private static final String ADMIN_TOKEN = "an admin token for tests";

  private final TestDatabase database = TestDatabase.of("notify", "dispatch", "fund", "web");
  private final Map<String, String> settings;
  private final Contract contract = Contract.read();
  private Fazaa fazaa;
  private int accounts;

  private Program(Map<String, String> settings) {
    this.settings = settings;
  }

  /** Simulated phones that answer only by hand. */
  public static Program start() {
    return with(Map.of());
  }

  public static Program with(Map<String, String> more) {
    return at(0, more);
  }

  /** On this port, for a carrier that must know beforehand where to call. */
  static Program at(int port, Map<String, String> more) {
    var settings = new HashMap<>(more);
    settings.put("FAZAA_HTTP_PORT", String.valueOf(port));
    settings.put("FAZAA_SIMULATED_SPEED", "0");
    settings.put("FAZAA_ADMIN_TOKEN", ADMIN_TOKEN);
    return new Program(settings);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    database.beforeAll(context);
    settings.put("DATABASE_URL", written(database.url()));
    settings.put("DATABASE_OWNER_URL", written(database.ownerUrl()));
    fazaa = Fazaa.start(Settings.load(settings, Path.of("none.properties")));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    fazaa.close();
    database.afterAll(context);
  }

  /** Settings of a command that reads the same database. */
  Settings settings() {
    var of = Map.of("DATABASE_URL", settings.get("DATABASE_URL"));
    return Settings.load(of, Path.of("none.properties"));
  }

  public TestDatabase database() {
    return database;
  }

  public Contract contract() {
    return contract;
  }

  Fazaa fazaa() {
    return fazaa;
  }

  /** As if another node had told it. */
  public void publish(org.fazaa.config.Fact fact) {
    fazaa.node().bus().publish(fact);
  }

  /** On this machine, whatever its public address is. */
  public URI address() {
    return fazaa.localAddress();
  }

  /** Somebody whom the program does not know. */
  public Caller anybody() {
    return new Caller(this, Map.of());
  }

  public Caller admin() {
    return withToken(ADMIN_TOKEN);
  }

  public Caller withToken(String token) {
    return new Caller(this, Map.of("Authorization", "Bearer " + token));
  }

  /** A machine with an account of its own in this role. */
  public Caller as(String role) {
    return withToken(token(account(role), role));
  }

  public long account(String role) {
    var draft =
        new JsonObject()
            .put("login", role + "-" + ++accounts)
            .put("name", role)
            .put("roles", new io.vertx.core.json.JsonArray().add(role));
    return admin().post("/api/accounts", draft).created().getLong("id");
  }

  public String token(long account, String role) {
    var draft = new JsonObject().put("account", account).put("role", role);
    return admin().post("/api/tokens", draft).created().getString("token");
  }

  static String written(DatabaseUrl url) {
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
}
