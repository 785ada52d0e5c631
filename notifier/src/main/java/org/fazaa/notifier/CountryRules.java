package org.fazaa.notifier;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What reaching people in one country must keep to. It is data, a line for each country with its
 * source: {@code countries/countries.csv}.
 *
 * @param country two letters, or {@code *} for any other
 * @param zone whose clock its nights follow
 * @param oneClock whether the whole country goes by it
 * @param twoWay whether an SMS can be answered by SMS
 * @param sender who a text comes from there
 * @param life nights in which even a text about lives waits; empty where none is
 * @param language of whoever writes without letters
 * @param emergency numbers to ring when somebody is in danger, the first first
 * @param whatsapp whether WhatsApp may be used
 * @param voice whether calls by a machine may be made
 */
public record CountryRules(
    String country,
    ZoneId zone,
    boolean oneClock,
    boolean twoWay,
    Links links,
    SenderKind sender,
    Optional<Quiet> life,
    Optional<Quiet> service,
    Optional<Quiet> fund,
    Language language,
    List<String> emergency,
    boolean whatsapp,
    boolean voice) {

  /** Whether a text may carry a link. */
  public enum Links {
    YES,
    NO,
    /** Only to a domain that is registered with the networks there. */
    REGISTERED
  }

  /** Whom a text comes from. */
  public enum SenderKind {
    /** A registered name; nobody can answer a name. */
    ALPHANUMERIC,
    LONG_CODE,
    SHORT_CODE,
    TOLL_FREE,
    /** A registered number of ten digits in North America. */
    TEN_DLC("10dlc");

    private final String word;

    SenderKind() {
      word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    SenderKind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /** Hours of the night, from one time of day until another on the day that follows. */
  public record Quiet(LocalTime from, LocalTime until) {

    /** When these hours are over, if it is one of them. */
    Optional<Instant> end(Instant now, ZoneId zone) {
      var here = now.atZone(zone);
      var time = here.toLocalTime();
      if (time.isBefore(until)) {
        return Optional.of(here.toLocalDate().atTime(until).atZone(zone).toInstant());
      }
      return time.isBefore(from)
          ? Optional.empty()
          : Optional.of(here.toLocalDate().plusDays(1).atTime(until).atZone(zone).toInstant());
    }
  }

  private static final String FILE = "countries/countries.csv";
  private static final String ANY = "*";
  private static final String NONE = "none";
  private static final List<String> COLUMNS =
      List.of(
          "country",
          "zone",
          "clocks",
          "two_way_sms",
          "links",
          "sender",
          "life_quiet",
          "service_quiet",
          "fund_quiet",
          "language",
          "emergency",
          "whatsapp",
          "voice",
          "source");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}|\\*");
  private static final Pattern EMERGENCY = Pattern.compile("[0-9]{2,6}(;[0-9]{2,6})*");
  private static final Pattern HOURS = Pattern.compile("([0-9:]{5})-([0-9:]{5})");

  private static final Map<String, CountryRules> RULES = read();

  /** The rules of a country, or the strictest for one that has no line of its own. */
  public static CountryRules of(String country) {
    return RULES.getOrDefault(country, RULES.get(ANY));
  }

  /** Whether a country has a line of its own, so that somebody has looked at its rules. */
  public static boolean isListed(String country) {
    return !country.equals(ANY) && RULES.containsKey(country);
  }

  /** The clock of a country that has a line of its own and goes by one clock. */
  public static Optional<ZoneId> zone(String country) {
    return Optional.ofNullable(RULES.get(country))
        .filter(CountryRules::oneClock)
        .map(CountryRules::zone);
  }

  /** The number that whoever has this phone rings when in danger. */
  public static String emergency(Phone phone) {
    return of(phone.country()).emergency.getFirst();
  }

  /** The language in which the owner of this phone wrote; of the country where no letter tells. */
  public static Language written(Phone phone, String body) {
    return body.codePoints().anyMatch(Character::isLetter)
        ? Language.written(body)
        : of(phone.country()).language;
  }

  /** Until when a text of this class must wait; empty when it may leave now. */
  public Optional<Instant> quietUntil(MessageClass messageClass, Occasion occasion, Instant now) {
    if (!occasion.waitsForMorning()) {
      return Optional.empty();
    }
    var quiet =
        switch (messageClass) {
          case LIFE_SAFETY -> life;
          case DRILL -> Optional.<Quiet>empty();
          case SERVICE -> service;
          case FUND -> fund;
        };
    return quiet.flatMap(hours -> hours.end(now, zone));
  }

  private static Map<String, CountryRules> read() {
    var file = CountryRules.class.getResourceAsStream("/" + FILE);
    return read(new InputStreamReader(file, StandardCharsets.UTF_8));
  }

  /**
   * @throws IllegalStateException naming the line, the column and what may stand there
   */
  static Map<String, CountryRules> read(Reader file) {
    try (var lines = CsvReader.builder().ofNamedCsvRecord(file)) {
      var rules = new HashMap<String, CountryRules>();
      for (var line : lines) {
        if (!line.getHeader().equals(COLUMNS)) {
          throw flaw(1, "header", "its columns are " + line.getHeader(), String.join(",", COLUMNS));
        }
        var cells = new Cells(line);
        var one = cells.rules();
        if (rules.put(one.country, one) != null) {
          throw cells.flaw("country", "a country that has no other line");
        }
      }
      if (!rules.containsKey(ANY)) {
        throw flaw(rules.size() + 2, "country", "the file ends", "a line for any other, *");
      }
      return Map.copyOf(rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IllegalStateException flaw(long line, String column, String is, String allowed) {
    return new IllegalStateException(
        ("%1$s, line %2$d, column %3$s: %4$s; it takes: %5$s"
                + " · %1$s، السطر %2$d، العمود %3$s: %4$s؛ المسموح: %5$s")
            .formatted(FILE, line, column, is, allowed));
  }

  /** One line, cell by cell; a cell that cannot be read is named with what may stand in it. */
  private record Cells(NamedCsvRecord line) {

    CountryRules rules() {
      if (text("source").isBlank()) {
        throw flaw("source", "where this is known from");
      }
      return new CountryRules(
          matching("country", COUNTRY, "two capital letters, or * for any other"),
          zone(),
          word("clocks", List.of("one", "many")).equals("one"),
          yes("two_way_sms"),
          among("links", Links.values(), Cells::tag),
          among("sender", SenderKind.values(), SenderKind::word),
          quiet("life_quiet"),
          quiet("service_quiet"),
          quiet("fund_quiet"),
          among("language", Language.values(), Language::tag),
          List.of(matching("emergency", EMERGENCY, "numbers joined by ;, as 911;997").split(";")),
          yes("whatsapp"),
          yes("voice"));
    }

    private String text(String column) {
      return line.findField(column).orElse("");
    }

    private ZoneId zone() {
      try {
        return ZoneId.of(text("zone"));
      } catch (DateTimeException unknown) {
        throw flaw("zone", "a time zone such as Asia/Riyadh");
      }
    }

    private boolean yes(String column) {
      return word(column, List.of("yes", "no")).equals("yes");
    }

    private String word(String column, List<String> words) {
      if (!words.contains(text(column))) {
        throw flaw(column, String.join(", ", words));
      }
      return text(column);
    }

    private <T> T among(String column, T[] values, Function<T, String> word) {
      var words = new ArrayList<String>();
      Arrays.stream(values).map(word).forEach(words::add);
      return values[words.indexOf(word(column, words))];
    }

    private static String tag(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String matching(String column, Pattern pattern, String allowed) {
      if (!pattern.matcher(text(column)).matches()) {
        throw flaw(column, allowed);
      }
      return text(column);
    }

    private Optional<Quiet> quiet(String column) {
      if (text(column).equals(NONE)) {
        return Optional.empty();
      }
      var hours = HOURS.matcher(text(column));
      try {
        if (hours.matches()) {
          var from = LocalTime.parse(hours.group(1));
          var until = LocalTime.parse(hours.group(2));
          if (from.isAfter(until)) {
            return Optional.of(new Quiet(from, until));
          }
        }
      } catch (DateTimeException unreadable) {
        // The same answer as to any other writing.
      }
      throw flaw(column, "none, or hours over midnight as 22:00-07:00");
    }

    IllegalStateException flaw(String column, String allowed) {
      return CountryRules.flaw(
          line.getStartingLineNumber(), column, "'" + text(column) + "'", allowed);
    }
  }
}
