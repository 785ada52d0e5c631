package org.fazaa.notifier;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What texting people in one country must keep to. It is data, a line for each country with its
 * source: {@code countries/countries.csv}.
 *
 * @param country two letters, or {@code *} for any other
 * @param zone whose clock its nights follow
 * @param oneClock whether the whole country goes by it
 */
public record CountryRules(
    String country, ZoneId zone, boolean oneClock, Quiet service, Quiet fund) {

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

  private static final String ANY = "*";
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

  /** Until when a text of this class must wait; empty when it may leave now. */
  public Optional<Instant> quietUntil(MessageClass messageClass, Occasion occasion, Instant now) {
    if (!occasion.waitsForMorning()) {
      return Optional.empty();
    }
    return switch (messageClass) {
      case LIFE_SAFETY, DRILL -> Optional.empty();
      case SERVICE -> service.end(now, zone);
      case FUND -> fund.end(now, zone);
    };
  }

  private static Map<String, CountryRules> read() {
    var file = CountryRules.class.getResourceAsStream("/countries/countries.csv");
    try (var lines =
        CsvReader.builder().ofNamedCsvRecord(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      var rules = new HashMap<String, CountryRules>();
      lines.forEach(line -> rules.put(line.getField("country"), rules(line)));
      return Map.copyOf(rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CountryRules rules(NamedCsvRecord line) {
    return new CountryRules(
        line.getField("country"),
        ZoneId.of(line.getField("zone")),
        line.getField("clocks").equals("one"),
        quiet(line.getField("service_quiet")),
        quiet(line.getField("fund_quiet")));
  }

  private static Quiet quiet(String hours) {
    int dash = hours.indexOf('-');
    return new Quiet(
        LocalTime.parse(hours.substring(0, dash)), LocalTime.parse(hours.substring(dash + 1)));
  }
}
