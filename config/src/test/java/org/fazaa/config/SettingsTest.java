package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  @TempDir Path folder;

  @Test
  void withoutAnySettingItIsADemoOnThisMachine() {
    var settings = load(Map.of());
    assertThat(settings.demo()).isTrue();
    assertThat(settings.http())
        .isEqualTo(new Settings.Http("127.0.0.1", 8080, none(), java.util.Set.of()));
    assertThat(settings.data().folder()).isEqualTo(Path.of("data"));
    assertThat(settings.twilio().on()).isFalse();
    assertThat(settings.simulated().speed()).isEqualTo(30.0);
    assertThat(settings.access().country()).isEqualTo("SA");
    assertThat(settings.node().roles()).containsExactlyInAnyOrder(Node.Role.values());
    assertThat(settings.node().peers()).isEmpty();
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void everySettingReachesItsPlace() {
    var settings = load(EVERYTHING);
    assertThat(settings.http())
        .isEqualTo(
            new Settings.Http(
                "0.0.0.0",
                9090,
                java.util.Optional.of(URI.create("https://fazaa.example")),
                java.util.Set.of("10.0.0.9", "::1")));
    assertThat(settings.data().folder()).isEqualTo(Path.of("/var/fazaa"));
    assertThat(settings.data().url())
        .hasValue(new DatabaseUrl("db.example", 5433, "fazaa", "app", new Secret("p@ss")));
    assertThat(settings.data().ownerUrl())
        .hasValue(new DatabaseUrl("db.example", 5432, "fazaa", "owner", new Secret("o")));
    var twilio = settings.twilio();
    assertThat(twilio.accountSid()).isEqualTo("AC1");
    assertThat(twilio.apiKey()).isEqualTo("SK1");
    assertThat(twilio.apiSecret().value()).isEqualTo("s");
    assertThat(twilio.authTokens()).containsExactly(new Secret("t1"), new Secret("t2"));
    assertThat(twilio.from()).isEqualTo("+15005550006");
    assertThat(twilio.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:4010"));
    assertThat(twilio.rate()).isEqualTo(100);
    assertThat(twilio.connections()).isEqualTo(20);
    assertThat(twilio.senders())
        .containsExactly(
            new Settings.Twilio.Sender("SA", "Fazaa", 10, 35),
            new Settings.Twilio.Sender("US", "+15005550006", 1, 50));
    assertThat(twilio.whatsapp()).hasValue(new Settings.Twilio.Line("+14155238886", 80, 50));
    assertThat(twilio.templates())
        .isEqualTo(Map.of("offer/ar", "HX%032d".formatted(1), "offer/en", "HX%032d".formatted(2)));
    assertThat(twilio.voice()).hasValue(new Settings.Twilio.Line("+15005550007", 5, 90));
    assertThat(settings.cost()).isEqualTo(new Settings.Cost(50, 1_000));
    assertThat(settings.codes()).isEqualTo(new Settings.Codes(700));
    assertThat(settings.payments())
        .isEqualTo(
            new Settings.Payments(
                java.util.Optional.of(URI.create("http://127.0.0.1:4020")),
                Settings.Payments.Manner.MOYASAR,
                new Secret("sk"),
                new Secret("whsec")));
    assertThat(settings.media().maxBytes()).isEqualTo(5);
    assertThat(settings.simulated().speed()).isZero();
    assertThat(settings.access())
        .isEqualTo(
            new Settings.Access(
                "QA", new Secret("link"), new Secret("person"), new Secret("admin")));
    assertThat(settings.node())
        .isEqualTo(
            new Settings.Node(
                java.util.Set.of(Node.Role.WEB, Node.Role.SEND),
                List.of("10.0.0.1:5701", "10.0.0.2:5701"),
                "10.0.0.3",
                5702,
                "town"));
    assertThat(settings.demo()).isFalse();
    assertThat(EVERYTHING.keySet()).hasSize(Setting.values().length - 1); // one of two senders
  }

  @Test
  void theEnvironmentBeatsTheFileAndTheFileBeatsTheDefault() throws IOException {
    var file = folder.resolve("fazaa.properties");
    Files.writeString(file, "FAZAA_HTTP_PORT=1111\nFAZAA_COUNTRY=QA\n");
    var settings = Settings.load(Map.of("FAZAA_HTTP_PORT", "2222"), file);
    assertThat(settings.http().port()).isEqualTo(2222);
    assertThat(settings.access().country()).isEqualTo("QA");
  }

  @Test
  void allMistakesAreSaidTogetherInBothLanguages() {
    var wrong =
        Map.of(
            "FAZAA_HTTP_PORT", "eighty",
            "FAZAA_PUBLIC_URL", "fazaa.example",
            "DATABASE_URL", "mysql://x/y",
            "FAZAA_SIMULATED_SPEED", "-1",
            "FAZAA_COUNTRY", "Saudi",
            "FAZAA_ROLES", "web,cook",
            "TWILIO_SENDERS", "SA=Fazaa:10, Qatar=Fazaa, SA=Other:1",
            "TWILIO_CONNECTIONS", "0",
            "TWILIO_ACCOUNT_SID", "AC1");
    assertThatThrownBy(() -> load(wrong))
        .isInstanceOf(Settings.Invalid.class)
        .message()
        .contains("FAZAA_HTTP_PORT cannot be read from 'eighty': a number is needed")
        .contains("FAZAA_PUBLIC_URL cannot be read from 'fazaa.example'")
        .contains("DATABASE_URL cannot be read from its value: it must begin with postgresql://")
        .contains("FAZAA_SIMULATED_SPEED must be 0 to 10000")
        .contains("FAZAA_COUNTRY must be a two-letter country")
        .contains("FAZAA_ROLES does not know 'cook'")
        .contains("FAZAA_ROLES لا يعرف 'cook'")
        .contains("TWILIO_SENDERS cannot read 'Qatar=Fazaa'")
        .contains("TWILIO_SENDERS names a country twice")
        .contains("TWILIO_CONNECTIONS must be 1 to 500")
        .contains("TWILIO_AUTH_TOKEN is missing")
        .contains("TWILIO_API_KEY is missing")
        .contains("TWILIO_API_SECRET is missing")
        .contains("TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID: set exactly one");
  }

  @Test
  void aWayThatCannotBeOpenedIsSaidAtTheStart() {
    var template = "HX" + "0".repeat(32);
    assertThatThrownBy(
            () ->
                load(
                    Map.of(
                        "TWILIO_WHATSAPP_FROM", "whatsapp:+1",
                        "TWILIO_WHATSAPP_TEMPLATES",
                            "offer=HX1, offer/ar=" + template + ", offer/ar=" + template,
                        "TWILIO_VOICE_FROM", "Fazaa")))
        .isInstanceOf(Settings.Invalid.class)
        .message()
        .contains("TWILIO_WHATSAPP_FROM cannot read 'whatsapp:+1': write +14155238886")
        .contains("TWILIO_WHATSAPP_TEMPLATES cannot read 'offer=HX1': write offer/ar=HX")
        .contains("TWILIO_WHATSAPP_TEMPLATES names offer/ar twice")
        .contains("TWILIO_VOICE_FROM cannot read 'Fazaa'")
        .contains("TWILIO_VOICE_FROM لا يمكن قراءة 'Fazaa'");
    assertThatThrownBy(() -> load(Map.of("TWILIO_WHATSAPP_TEMPLATES", "offer/ar=" + template)))
        .isInstanceOf(Settings.Invalid.class)
        .hasMessageContaining("is set without TWILIO_WHATSAPP_FROM");
  }

  @Test
  void anUnknownKeyIsWarnedAboutAndOthersVariablesAreNot() {
    var settings = load(Map.of("FAZAA_HTP_PORT", "1", "PATH", "/bin"));
    assertThat(settings.warnings())
        .singleElement()
        .asString()
        .startsWith("FAZAA_HTP_PORT: unknown");
  }

  @Test
  void noSecretIsEverPrinted() {
    var printed = load(EVERYTHING).toString();
    assertThat(printed).doesNotContain("p@ss", "t1", "t2", "value=s]", "value=link", "value=admin");
  }

  private Settings load(Map<String, String> environment) {
    return Settings.load(environment, folder.resolve("fazaa.properties"));
  }

  private static java.util.Optional<URI> none() {
    return java.util.Optional.empty();
  }

  private static final Map<String, String> EVERYTHING = everything();

  private static Map<String, String> everything() {
    var all = new HashMap<String, String>();
    all.put("FAZAA_HTTP_HOST", "0.0.0.0");
    all.put("FAZAA_HTTP_PORT", "9090");
    all.put("FAZAA_PUBLIC_URL", "https://fazaa.example");
    all.put("FAZAA_PAYMENTS_URL", "http://127.0.0.1:4020");
    all.put("FAZAA_PAYMENTS_MANNER", "moyasar");
    all.put("FAZAA_PAYMENTS_KEY", "sk");
    all.put("FAZAA_PAYMENTS_WEBHOOK_SECRET", "whsec");
    all.put("FAZAA_MEDIA_MAX", "5");
    all.put("FAZAA_PROXIES", "10.0.0.9, ::1");
    all.put("FAZAA_DATA", "/var/fazaa");
    all.put("DATABASE_URL", "postgresql://app:p%40ss@db.example:5433/fazaa");
    all.put("DATABASE_OWNER_URL", "postgresql://owner:o@db.example/fazaa");
    all.put("TWILIO_ACCOUNT_SID", "AC1");
    all.put("TWILIO_API_KEY", "SK1");
    all.put("TWILIO_API_SECRET", "s");
    all.put("TWILIO_AUTH_TOKEN", "t1");
    all.put("TWILIO_AUTH_TOKEN_SECONDARY", "t2");
    all.put("TWILIO_FROM", "+15005550006");
    all.put("TWILIO_SENDERS", "SA=Fazaa:10:35, US=+15005550006:1");
    all.put("TWILIO_WHATSAPP_FROM", "+14155238886");
    all.put("TWILIO_WHATSAPP_TEMPLATES", "offer/ar=HX%032d, offer/en=HX%032d".formatted(1, 2));
    all.put("TWILIO_VOICE_FROM", "+15005550007:5:90");
    all.put("TWILIO_RATE", "100");
    all.put("TWILIO_CONNECTIONS", "20");
    all.put("FAZAA_SEGMENT_COST", "50");
    all.put("FAZAA_CRISIS_CAP", "1000");
    all.put("FAZAA_CODES_CAP", "700");
    all.put("TWILIO_BASE_URL", "http://127.0.0.1:4010");
    all.put("FAZAA_SIMULATED_SPEED", "0");
    all.put("FAZAA_COUNTRY", "qa");
    all.put("FAZAA_SECRET", "link");
    all.put("FAZAA_PERSON_KEY", "person");
    all.put("FAZAA_ADMIN_TOKEN", "admin");
    all.put("FAZAA_ROLES", "web, send");
    all.put("FAZAA_CLUSTER_PEERS", "10.0.0.1:5701, 10.0.0.2:5701");
    all.put("FAZAA_CLUSTER_HOST", "10.0.0.3");
    all.put("FAZAA_CLUSTER_PORT", "5702");
    all.put("FAZAA_CLUSTER_NAME", "town");
    return all;
  }
}
