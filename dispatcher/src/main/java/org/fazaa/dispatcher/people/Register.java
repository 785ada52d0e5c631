package org.fazaa.dispatcher.people;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;

/** Somebody offers to come when called. */
public final class Register {

  /**
   * What was written, unchecked; null or empty where nothing was.
   *
   * @param phone with its country code, unless {@code country} says whose national numbers are
   *     meant
   * @param languages what they speak; if nothing, the language of their texts
   * @param born {@code 1990-12-31}
   * @param hours as {@link Week} is written; if nothing, always
   * @param organisation its code
   * @param ways by which they want to be reached, best first
   * @param consent whether they agreed to be texted
   */
  public record Draft(
      String name,
      String phone,
      String country,
      String language,
      List<String> skills,
      List<String> languages,
      Double lon,
      Double lat,
      String born,
      String hours,
      String organisation,
      List<String> ways,
      boolean consent) {}

  public sealed interface Outcome {
    record Registered(VolunteerId id) implements Outcome {}

    record PhoneTaken(VolunteerId id) implements Outcome {}

    record Incomplete(List<Flaw> flaws) implements Outcome {}
  }

  /** A draft in which everything can be understood, or all that cannot. */
  sealed interface Reading {
    record Sound(Profile profile) implements Reading {}

    record Flawed(List<Flaw> flaws) implements Reading {}
  }

  /** What somebody told about themselves, understood. */
  record Profile(
      String name,
      Phone phone,
      Language language,
      Set<Skill> skills,
      Set<SpokenLanguage> languages,
      Point place,
      LocalDate born,
      Week hours,
      List<Way> ways,
      String organisation,
      boolean consent) {}

  private static final int NAME_LENGTH_MAX = 120;
  private static final LocalDate OLDEST = LocalDate.of(1900, 1, 1);

  private Register() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    return switch (read(draft, now)) {
      case Reading.Flawed(var flaws) -> new Outcome.Incomplete(flaws);
      case Reading.Sound(var profile) -> register(tx, profile, now);
    };
  }

  static Reading read(Draft draft, Instant now) {
    var flaws = new ArrayList<Flaw>();
    var name = stripped(draft.name);
    if (!isName(name)) flaws.add(Flaws.NAME);
    var phone = phone(draft);
    if (phone.isEmpty()) flaws.add(Flaws.PHONE);
    var language = language(stripped(draft.language));
    if (language.isEmpty()) flaws.add(Flaws.LANGUAGE);
    var skills = EnumSet.noneOf(Skill.class);
    unknown(draft.skills, Skill::of, skills).ifPresent(code -> flaws.add(Flaws.skill(code)));
    var spoken = EnumSet.noneOf(SpokenLanguage.class);
    unknown(draft.languages, SpokenLanguage::of, spoken)
        .ifPresent(code -> flaws.add(Flaws.spoken(code)));
    if (draft.lon == null || !Point.isOnEarth(draft.lon, 0)) flaws.add(Flaws.LON);
    if (draft.lat == null || !Point.isOnEarth(0, draft.lat)) flaws.add(Flaws.LAT);
    var born = born(stripped(draft.born), now);
    if (born.isEmpty()) flaws.add(Flaws.BORN);
    var hours = hours(stripped(draft.hours));
    if (hours.isEmpty()) flaws.add(Flaws.HOURS);
    var ways = Ways.read(draft.ways == null ? List.of() : draft.ways);
    if (ways.isEmpty()) flaws.add(Flaws.WAYS);
    if (!flaws.isEmpty()) return new Reading.Flawed(List.copyOf(flaws));
    if (spoken.isEmpty()) SpokenLanguage.of(language.get().tag()).ifPresent(spoken::add);
    return new Reading.Sound(
        new Profile(
            name,
            phone.get(),
            language.get(),
            skills,
            spoken,
            new Point(draft.lon, draft.lat),
            born.get().orElse(null),
            hours.get(),
            ways.get(),
            stripped(draft.organisation),
            draft.consent));
  }

  private static Outcome register(SqlConnection tx, Profile profile, Instant now) {
    Long organisation = null;
    if (!profile.organisation.isEmpty()) {
      var found = Organisations.find(tx, profile.organisation);
      if (found.isEmpty()) {
        return new Outcome.Incomplete(List.of(Flaws.organisation(profile.organisation)));
      }
      organisation = found.get();
    }
    var stopped = !Consent.stopped(tx, Set.of(profile.phone)).isEmpty();
    var inserted =
        tx.preparedQuery(INSERT).execute(row(profile, organisation, stopped, now)).await();
    for (var row : inserted) return new Outcome.Registered(new VolunteerId(row.getLong("id")));
    var taken = tx.preparedQuery(FIND).execute(Tuple.of(profile.phone.e164())).await();
    return new Outcome.PhoneTaken(new VolunteerId(taken.iterator().next().getLong("id")));
  }

  private static Tuple row(Profile profile, Long organisation, boolean stopped, Instant now) {
    return Tuple.tuple()
        .addString(profile.name)
        .addString(profile.phone.e164())
        .addString(profile.language.tag())
        .addArrayOfString(SpokenLanguage.codes(profile.languages).toArray(String[]::new))
        .addArrayOfString(Skill.codes(profile.skills).toArray(String[]::new))
        .addDouble(profile.place.lon())
        .addDouble(profile.place.lat())
        .addLocalDate(profile.born)
        .addString(profile.hours.toString())
        .addArrayOfString(profile.ways.stream().map(Way::tag).toArray(String[]::new))
        .addLong(organisation)
        .addOffsetDateTime(profile.consent ? utc(now) : null)
        .addOffsetDateTime(stopped ? utc(now) : null)
        .addOffsetDateTime(utc(now));
  }

  private static String stripped(String written) {
    return written == null ? "" : written.strip();
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= NAME_LENGTH_MAX
        && name.chars().noneMatch(Character::isISOControl);
  }

  private static Optional<Phone> phone(Draft draft) {
    var country = stripped(draft.country);
    return Phone.parse(stripped(draft.phone), country.isEmpty() ? NO_COUNTRY : country);
  }

  private static Optional<Language> language(String tag) {
    for (var language : Language.values()) {
      if (language.tag().equals(tag)) return Optional.of(language);
    }
    return Optional.empty();
  }

  // Fills in what is known and answers the first that is not.
  private static <T> Optional<String> unknown(
      List<String> codes, Function<String, Optional<T>> of, Collection<T> known) {
    if (codes == null) return Optional.empty();
    for (var code : codes) {
      var found = of.apply(stripped(code));
      if (found.isEmpty()) return Optional.of(stripped(code));
      known.add(found.get());
    }
    return Optional.empty();
  }

  // Empty when it cannot be read, an empty Optional inside when nothing was written.
  private static Optional<Optional<LocalDate>> born(String written, Instant now) {
    if (written.isEmpty()) return Optional.of(Optional.empty());
    try {
      var born = LocalDate.parse(written);
      var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
      var possible = !born.isBefore(OLDEST) && !born.isAfter(today);
      return possible ? Optional.of(Optional.of(born)) : Optional.empty();
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<Week> hours(String written) {
    return written.isEmpty() ? Optional.of(Week.ALWAYS) : Week.parse(written);
  }

  private static final String NO_COUNTRY = "ZZ";

  private static final String INSERT =
      """
      INSERT INTO dispatch.volunteer (name, phone, language, languages, skills, lon, lat, born,
        hours, ways, organisation, consented_at, stopped_at, contact_at, registered_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
      ON CONFLICT (phone) WHERE wrong_number_at IS NULL DO NOTHING
      RETURNING id\
      """;

  private static final String FIND =
      "SELECT id FROM dispatch.volunteer WHERE phone = $1 AND wrong_number_at IS NULL";
}
