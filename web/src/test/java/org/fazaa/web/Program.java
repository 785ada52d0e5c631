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
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.fazaa.web.api.Contract;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The whole program on a fresh database, for a test class that talks to it over HTTP. */
public final class Program implements BeforeAllCallback, AfterAllCallback {

  static final String PASSWORD = "correct horse battery";
  static final String WHATSAPP = "+14155238886";
  static final String CALLER = "+15005550007";
  static final String TEMPLATE = "HX" + "0".repeat(31) + "1";

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

  /**
   * Behind the stand-in of a carrier that has every way.
   *
   * @param address ours, with a port, to which the carrier posts
   * @param approved the text and language of which it has a template
   */
  static Program behind(TwilioStandIn twilio, String address, String approved) {
    var settings = new HashMap<>(twilio.settings());
    settings.put("FAZAA_PUBLIC_URL", address);
    settings.put("TWILIO_WHATSAPP_FROM", WHATSAPP);
    settings.put("TWILIO_WHATSAPP_TEMPLATES", approved + "=" + TEMPLATE);
    settings.put("TWILIO_VOICE_FROM", CALLER);
    return at(URI.create(address).getPort(), settings);
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

  /** The login of somebody in this role, who reads this language and signs in by a password. */
  String login(String role, String language) {
    var login = role + "-page-" + ++accounts;
    var draft =
        new JsonObject()
            .put("login", login)
            .put("name", language.equals("ar") ? "نورة السبيعي" : "Noura Al-Subaie")
            .put("language", language)
            .put("roles", new io.vertx.core.json.JsonArray().add(role))
            .put("password", PASSWORD);
    admin().post("/api/accounts", draft).created();
    return login;
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
