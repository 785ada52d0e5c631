package org.fazaa.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Everything that can be set, read and checked once at the start. The environment beats the file,
 * the file beats the defaults. A room gets only its own part.
 */
public record Settings(
    Http http,
    Data data,
    Twilio twilio,
    Payments payments,
    Media media,
    Cost cost,
    Codes codes,
    Simulated simulated,
    Access access,
    Node node,
    List<String> warnings) {

  /**
   * @param proxies addresses of those whose X-Forwarded-For is believed
   */
  public record Http(String host, int port, Optional<URI> publicUrl, Set<String> proxies) {}

  /** Embedded in {@code folder} unless {@code url} is set. */
  public record Data(Path folder, Optional<DatabaseUrl> url, Optional<DatabaseUrl> ownerUrl) {}

  /**
   * The real carrier; only when {@link #on} may a text reach a real phone.
   *
   * @param whatsapp who sends by WhatsApp; empty: nobody
   * @param templates ids of approved WhatsApp templates by text and language, as {@code offer/ar}
   * @param voice who calls; empty: nobody
   */
  public record Twilio(
      String accountSid,
      String apiKey,
      Secret apiSecret,
      List<Secret> authTokens,
      String from,
      String messagingServiceSid,
      URI baseUrl,
      int rate,
      int connections,
      List<Sender> senders,
      Optional<Line> whatsapp,
      Map<String, String> templates,
      Optional<Line> voice) {

    /**
     * Who sends by another way than SMS, to all countries.
     *
     * @param number in E.164
     * @param rate messages or calls a second; 0 is without limit
     * @param cost of one message or call, in the smallest unit of the money that texts are paid in
     */
    public record Line(String number, int rate, int cost) {}

    /**
     * Another sender for one country.
     *
     * @param rate segments a second; 0 is without limit
     * @param segmentCost in the smallest unit of the money that texts are paid in
     */
    public record Sender(String country, String name, int rate, int segmentCost) {}

    public boolean on() {
      return !accountSid.isEmpty();
    }
  }

  /**
   * The real card provider; only when {@link #on} is a real card charged.
   *
   * @param manner how its API speaks
   */
  public record Payments(Optional<URI> url, Manner manner, Secret key, Secret webhookSecret) {

    public enum Manner {
      STRIPE,
      MOYASAR
    }

    public boolean on() {
      return url.isPresent();
    }
  }

  /** What comes with replies: nothing larger than this is kept. */
  public record Media(int maxBytes) {}

  /**
   * What texts cost, in the smallest unit of the money that they are paid in.
   *
   * @param crisisCap for all texts of one crisis, until somebody raises it
   */
  public record Cost(int segment, long crisisCap) {}

  /**
   * @param dayCap what the codes that prove a phone may cost in a day, in the same unit
   */
  public record Codes(long dayCap) {}

  public record Simulated(double speed) {}

  public record Access(String country, Secret linkSecret, Secret personKey, Secret adminToken) {}

  public record Node(
      Set<org.fazaa.config.Node.Role> roles,
      List<String> peers,
      String host,
      int port,
      String clusterName) {}

  /** True when nothing outside is connected: demo people and demo links are allowed. */
  public boolean demo() {
    return data.url().isEmpty() && !twilio.on() && !payments.on();
  }

  /** Reads the environment and, if it exists, {@code fazaa.properties} in this folder. */
  public static Settings load() {
    return load(System.getenv(), Path.of("fazaa.properties"));
  }

  /**
   * @throws Invalid naming every mistake at once
   */
  public static Settings load(Map<String, String> environment, Path file) {
    var written = new LinkedHashMap<>(read(file));
    environment.forEach(
        (key, value) -> {
          if (OURS.test(key)) {
            written.put(key, value);
          }
        });
    return new Reading(written).settings();
  }

  /** The settings cannot be used; the program does not start. */
  public static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Invalid(List<String> mistakes) {
      super(String.join(System.lineSeparator(), mistakes));
    }
  }

  private static final int RATE_MAX = 10_000;
  private static final int CONNECTIONS_MAX = 500;
  private static final int MEDIA_MAX = 100_000_000;
  private static final int SEGMENT_COST_MAX = 100_000;

  /** Country, sender, segments a second and, where it is not the usual one, the cost of one. */
  private static final Pattern SENDER =
      Pattern.compile(
          "(?<country>[A-Z]{2})=(?<name>[^:,=]{1,40}):(?<rate>[0-9]{1,4})(:(?<cost>[0-9]{1,5}))?");

  /** A number and, where they are not the usual ones, how many a second and the cost of one. */
  private static final Pattern LINE =
      Pattern.compile(
          "(?<number>\\+[1-9][0-9]{6,14})(:(?<rate>[0-9]{1,4})(:(?<cost>[0-9]{1,5}))?)?");

  private static final Pattern TEMPLATE =
      Pattern.compile("(?<text>[a-z][a-z-]*/[a-z]{2})=(?<sid>HX[0-9a-fA-F]{32})");

  /** What the carrier grants at first. */
  private static final int WHATSAPP_RATE = 80;

  private static final int VOICE_RATE = 1;

  private static final Predicate<String> OURS =
      key -> key.startsWith("FAZAA_") || key.startsWith("DATABASE_") || key.startsWith("TWILIO_");

  private static Map<String, String> read(Path file) {
    var properties = new Properties();
    if (Files.exists(file)) {
      try (var reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    var read = new LinkedHashMap<String, String>();
    properties.stringPropertyNames().forEach(key -> read.put(key, properties.getProperty(key)));
    return read;
  }

  /** One pass over what was written, collecting mistakes instead of stopping at the first. */
  private static final class Reading {
    private final Map<String, String> written;
    private final List<String> mistakes = new ArrayList<>();

    Reading(Map<String, String> written) {
      this.written = written;
    }

    Settings settings() {
      var settings =
          new Settings(
              http(),
              data(),
              twilio(),
              payments(),
              media(),
              cost(),
              codes(),
              simulated(),
              access(),
              node(),
              unknown());
      if (!mistakes.isEmpty()) {
        throw new Invalid(mistakes);
      }
      return settings;
    }

    private Http http() {
      return new Http(
          text(Setting.FAZAA_HTTP_HOST),
          port(Setting.FAZAA_HTTP_PORT),
          optional(Setting.FAZAA_PUBLIC_URL, Reading::address, null),
          Set.copyOf(list(Setting.FAZAA_PROXIES)));
    }

    private Data data() {
      var url = optional(Setting.DATABASE_URL, DatabaseUrl::parse, null);
      var owner = optional(Setting.DATABASE_OWNER_URL, DatabaseUrl::parse, null);
      if (owner.isPresent() && url.isEmpty()) {
        mistake(
            Setting.DATABASE_OWNER_URL,
            "is set without DATABASE_URL: set both or neither",
            "مضبوط دون DATABASE_URL: اضبطهما معًا أو اتركهما");
      }
      return new Data(Path.of(text(Setting.FAZAA_DATA)), url, owner);
    }

    private Twilio twilio() {
      var tokens = new ArrayList<Secret>();
      for (var key : List.of(Setting.TWILIO_AUTH_TOKEN, Setting.TWILIO_AUTH_TOKEN_SECONDARY)) {
        if (!text(key).isEmpty()) {
          tokens.add(new Secret(text(key)));
        }
      }
      var twilio =
          new Twilio(
              text(Setting.TWILIO_ACCOUNT_SID),
              text(Setting.TWILIO_API_KEY),
              new Secret(text(Setting.TWILIO_API_SECRET)),
              List.copyOf(tokens),
              text(Setting.TWILIO_FROM),
              text(Setting.TWILIO_MESSAGING_SERVICE_SID),
              parsed(Setting.TWILIO_BASE_URL, Reading::address, URI.create("http://invalid")),
              whole(Setting.TWILIO_RATE, 0, RATE_MAX),
              whole(Setting.TWILIO_CONNECTIONS, 1, CONNECTIONS_MAX),
              senders(),
              line(Setting.TWILIO_WHATSAPP_FROM, WHATSAPP_RATE),
              templates(),
              line(Setting.TWILIO_VOICE_FROM, VOICE_RATE));
      if (twilio.on()) {
        completeCarrier(twilio);
      }
      return twilio;
    }

    private void completeCarrier(Twilio twilio) {
      if (twilio.authTokens().isEmpty()) {
        missing(Setting.TWILIO_AUTH_TOKEN);
      }
      if (twilio.apiKey().isEmpty()) {
        missing(Setting.TWILIO_API_KEY);
      }
      if (twilio.apiSecret().value().isEmpty()) {
        missing(Setting.TWILIO_API_SECRET);
      }
      if (twilio.from().isEmpty() == twilio.messagingServiceSid().isEmpty()) {
        mistake(
            Setting.TWILIO_FROM,
            "or TWILIO_MESSAGING_SERVICE_SID: set exactly one of the two",
            "أو TWILIO_MESSAGING_SERVICE_SID: اضبط واحدًا منهما فقط");
      }
      if (text(Setting.FAZAA_PUBLIC_URL).isEmpty()) {
        missing(Setting.FAZAA_PUBLIC_URL);
      }
    }

    private List<Twilio.Sender> senders() {
      var senders = new ArrayList<Twilio.Sender>();
      for (var entry : text(Setting.TWILIO_SENDERS).split(",")) {
        var sender = SENDER.matcher(entry.strip());
        if (sender.matches()) {
          senders.add(
              new Twilio.Sender(
                  sender.group("country"),
                  sender.group("name"),
                  Integer.parseInt(sender.group("rate")),
                  sender.group("cost") == null
                      ? whole(Setting.FAZAA_SEGMENT_COST, 0, SEGMENT_COST_MAX)
                      : Integer.parseInt(sender.group("cost"))));
        } else if (!entry.isBlank()) {
          mistake(
              Setting.TWILIO_SENDERS,
              "cannot read '" + entry.strip() + "': write SA=Fazaa:10:35,US=+15005550006:1",
              "لا يمكن قراءة '" + entry.strip() + "': اكتب مثل SA=Fazaa:10:35,US=+15005550006:1");
        }
      }
      if (senders.stream().map(Twilio.Sender::country).distinct().count() < senders.size()) {
        mistake(
            Setting.TWILIO_SENDERS,
            "names a country twice: give each one sender",
            "يذكر بلدًا مرتين: اكتب لكل بلد مرسلًا واحدًا");
      }
      return List.copyOf(senders);
    }

    private Payments payments() {
      var payments =
          new Payments(
              optional(Setting.FAZAA_PAYMENTS_URL, Reading::address, null),
              manner(),
              secret(Setting.FAZAA_PAYMENTS_KEY),
              secret(Setting.FAZAA_PAYMENTS_WEBHOOK_SECRET));
      if (payments.on()) {
        for (var key :
            List.of(
                Setting.FAZAA_PAYMENTS_KEY,
                Setting.FAZAA_PAYMENTS_WEBHOOK_SECRET,
                Setting.FAZAA_PUBLIC_URL)) {
          if (text(key).isEmpty()) {
            mistake(
                key,
                "is missing: cards cannot be taken without it",
                "ناقص: لا يمكن قبول البطاقات دونه");
          }
        }
      }
      return payments;
    }

    private Payments.Manner manner() {
      try {
        return Payments.Manner.valueOf(
            text(Setting.FAZAA_PAYMENTS_MANNER).toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        mistake(
            Setting.FAZAA_PAYMENTS_MANNER,
            "must be stripe or moyasar",
            "يجب أن يكون stripe أو moyasar");
        return Payments.Manner.STRIPE;
      }
    }

    private Media media() {
      return new Media(whole(Setting.FAZAA_MEDIA_MAX, 0, MEDIA_MAX));
    }

    private Optional<Twilio.Line> line(Setting key, int usualRate) {
      if (text(key).isEmpty()) {
        return Optional.empty();
      }
      var line = LINE.matcher(text(key));
      if (!line.matches()) {
        mistake(
            key,
            "cannot read '" + text(key) + "': write +14155238886 or +14155238886:10:35",
            "لا يمكن قراءة '" + text(key) + "': اكتب مثل +14155238886 أو +14155238886:10:35");
        return Optional.empty();
      }
      return Optional.of(
          new Twilio.Line(
              line.group("number"),
              line.group("rate") == null ? usualRate : Integer.parseInt(line.group("rate")),
              line.group("cost") == null
                  ? whole(Setting.FAZAA_SEGMENT_COST, 0, SEGMENT_COST_MAX)
                  : Integer.parseInt(line.group("cost"))));
    }

    private Map<String, String> templates() {
      var key = Setting.TWILIO_WHATSAPP_TEMPLATES;
      var templates = new LinkedHashMap<String, String>();
      for (var entry : text(key).split(",")) {
        var template = TEMPLATE.matcher(entry.strip());
        if (template.matches()) {
          if (templates.put(template.group("text"), template.group("sid")) != null) {
            mistake(
                key,
                "names "
                    + template.group("text")
                    + " twice: give each text one template a language",
                "يذكر " + template.group("text") + " مرتين: اكتب لكل نص قالبًا واحدًا في كل لغة");
          }
        } else if (!entry.isBlank()) {
          var format = "offer/ar=HX0123456789abcdef0123456789abcdef";
          mistake(
              key,
              "cannot read '" + entry.strip() + "': write " + format,
              "لا يمكن قراءة '" + entry.strip() + "': اكتب مثل " + format);
        }
      }
      if (!templates.isEmpty() && text(Setting.TWILIO_WHATSAPP_FROM).isEmpty()) {
        mistake(
            key,
            "is set without TWILIO_WHATSAPP_FROM: set both or neither",
            "مضبوط دون TWILIO_WHATSAPP_FROM: اضبطهما معًا أو اتركهما");
      }
      return Map.copyOf(templates);
    }

    private Cost cost() {
      return new Cost(
          whole(Setting.FAZAA_SEGMENT_COST, 0, SEGMENT_COST_MAX),
          whole(Setting.FAZAA_CRISIS_CAP, 0, Integer.MAX_VALUE));
    }

    private Codes codes() {
      return new Codes(whole(Setting.FAZAA_CODES_CAP, 0, Integer.MAX_VALUE));
    }

    private int whole(Setting key, int least, int most) {
      int number = parsed(key, Integer::parseInt, least);
      if (number < least || number > most) {
        mistake(
            key, "must be " + least + " to " + most, "يجب أن يكون من " + least + " إلى " + most);
      }
      return number;
    }

    private Simulated simulated() {
      double speed = parsed(Setting.FAZAA_SIMULATED_SPEED, Double::parseDouble, 0.0);
      if (!(speed >= 0 && speed <= 10_000)) {
        mistake(Setting.FAZAA_SIMULATED_SPEED, "must be 0 to 10000", "يجب أن يكون من 0 إلى 10000");
      }
      return new Simulated(speed);
    }

    private Access access() {
      var country = text(Setting.FAZAA_COUNTRY).toUpperCase(Locale.ROOT);
      if (!Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2).contains(country)) {
        mistake(
            Setting.FAZAA_COUNTRY,
            "must be a two-letter country such as SA or QA",
            "يجب أن يكون رمز دولة من حرفين مثل SA أو QA");
      }
      return new Access(
          country,
          secret(Setting.FAZAA_SECRET),
          secret(Setting.FAZAA_PERSON_KEY),
          secret(Setting.FAZAA_ADMIN_TOKEN));
    }

    private Node node() {
      return new Node(
          roles(),
          list(Setting.FAZAA_CLUSTER_PEERS),
          text(Setting.FAZAA_CLUSTER_HOST),
          port(Setting.FAZAA_CLUSTER_PORT),
          text(Setting.FAZAA_CLUSTER_NAME));
    }

    private Set<org.fazaa.config.Node.Role> roles() {
      var roles = EnumSet.noneOf(org.fazaa.config.Node.Role.class);
      for (var name : text(Setting.FAZAA_ROLES).split(",")) {
        try {
          roles.add(org.fazaa.config.Node.Role.valueOf(name.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          mistake(
              Setting.FAZAA_ROLES,
              "does not know '" + name.strip() + "'; the roles are web, dispatch, send, fund",
              "لا يعرف '" + name.strip() + "'؛ الأدوار هي web و dispatch و send و fund");
        }
      }
      return roles;
    }

    private List<String> unknown() {
      var known = Arrays.stream(Setting.values()).map(Setting::name).toList();
      return written.keySet().stream()
          .filter(key -> !known.contains(key))
          .map(key -> key + ": unknown setting, not used · إعداد غير معروف، لم يُستخدم")
          .toList();
    }

    private String text(Setting key) {
      return written.getOrDefault(key.name(), key.fallback()).strip();
    }

    private List<String> list(Setting key) {
      return Arrays.stream(text(key).split(","))
          .map(String::strip)
          .filter(one -> !one.isEmpty())
          .distinct()
          .toList();
    }

    private Secret secret(Setting key) {
      return new Secret(text(key));
    }

    private int port(Setting key) {
      int port = parsed(key, Integer::parseInt, 0);
      if (port < 0 || port > 65_535) {
        mistake(key, "must be a port, 0 to 65535", "يجب أن يكون منفذًا من 0 إلى 65535");
      }
      return port;
    }

    private <T> Optional<T> optional(Setting key, Function<String, T> parse, T none) {
      return text(key).isEmpty() ? Optional.empty() : Optional.ofNullable(parsed(key, parse, none));
    }

    private <T> T parsed(Setting key, Function<String, T> parse, T instead) {
      try {
        return parse.apply(text(key));
      } catch (IllegalArgumentException e) {
        var shown = key.secret() ? "its value" : "'" + text(key) + "'";
        var why = e instanceof NumberFormatException ? "a number is needed" : e.getMessage();
        mistake(key, "cannot be read from " + shown + ": " + why, "قيمة غير صالحة");
        return instead;
      }
    }

    private void missing(Setting key) {
      mistake(
          key,
          "is missing: the carrier cannot be used without it",
          "ناقص: لا يمكن استخدام شركة الرسائل دونه");
    }

    private void mistake(Setting key, String english, String arabic) {
      mistakes.add(key + " " + english + " · " + key + " " + arabic);
    }

    private static URI address(String written) {
      var uri = URI.create(written);
      if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
        throw new IllegalArgumentException("an address such as https://fazaa.example is needed");
      }
      return uri;
    }
  }
}
