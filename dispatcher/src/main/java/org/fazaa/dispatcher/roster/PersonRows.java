package org.fazaa.dispatcher.roster;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;

/**
 * Reads people from rows of the table. Most are alike in their skills, languages and hours, so each
 * way to write these is understood once; a million people come in seconds.
 */
final class PersonRows {
  /** So many ways are remembered of each. */
  private static final int KNOWN_MAX = 50_000;

  private final Map<String, Long> skills = new ConcurrentHashMap<>();
  private final Map<String, Integer> languages = new ConcurrentHashMap<>();
  private final Map<String, Week> weeks = new ConcurrentHashMap<>();

  Person person(Row row) {
    var busyFrom = time(row, 9);
    return new Person(
        new VolunteerId(row.getLong(0)),
        new Point(row.getDouble(1), row.getDouble(2)),
        skills(row.getString(3)),
        languages(row.getString(4)),
        week(row.getString(5)),
        row.getBoolean(6),
        row.getBoolean(7),
        row.getBoolean(8),
        Optional.ofNullable(row.getLocalDate(11)),
        time(row, 12),
        busyFrom,
        time(row, 10),
        time(row, 13),
        new History(
            tally(row, 16),
            tally(row, 18),
            tally(row, 20),
            row.getDouble(15),
            row.getOffsetDateTime(14).toInstant()),
        row.getLong(22),
        qualified(row.getString(23)));
  }

  // Each is the code of a skill, a blank and the last day of its proof; nearly nobody has any.
  private static Map<Skill, LocalDate> qualified(String proofs) {
    if (proofs.isEmpty()) return Map.of();
    var until = new EnumMap<Skill, LocalDate>(Skill.class);
    for (var proof : codes(proofs)) {
      var blank = proof.indexOf(' ');
      var day = proof.substring(blank + 1);
      Skill.of(proof.substring(0, blank))
          .ifPresent(
              skill -> until.put(skill, day.isEmpty() ? LocalDate.MAX : LocalDate.parse(day)));
    }
    return until;
  }

  private static Optional<Instant> time(Row row, int column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static Tally tally(Row row, int column) {
    return new Tally(row.getDouble(column), row.getDouble(column + 1));
  }

  private long skills(String written) {
    var known = skills.get(written);
    if (known != null) return known;
    var mask = Skill.mask(Skill.known(codes(written)));
    if (skills.size() < KNOWN_MAX) skills.put(written, mask);
    return mask;
  }

  private int languages(String written) {
    var known = languages.get(written);
    if (known != null) return known;
    var mask = SpokenLanguage.mask(SpokenLanguage.known(codes(written)));
    if (languages.size() < KNOWN_MAX) languages.put(written, mask);
    return mask;
  }

  private Week week(String written) {
    var known = weeks.get(written);
    if (known != null) return known;
    var week = Week.parse(written).orElse(Week.ALWAYS);
    if (weeks.size() < KNOWN_MAX) weeks.put(written, week);
    return week;
  }

  // Codes are words of letters, digits and underscores, so one comma parts them.
  private static String[] codes(String joined) {
    return joined.isEmpty() ? new String[0] : joined.split(",");
  }

  /** What is read of the volunteer {@code v}, in this order. */
  static final String COLUMNS =
      """
      v.id, v.lon, v.lat, array_to_string(v.skills, ','), array_to_string(v.languages, ','),
        v.hours, v.active, v.consented_at IS NOT NULL,
        coalesce(v.stopped_at, v.unreachable_at, v.wrong_number_at) IS NOT NULL,
        v.busy_from, v.busy_until, v.born, v.paused_until, v.last_asked_at, v.contact_at,
        v.fatigue, v.yes_life, v.no_life, v.yes_urgent, v.no_urgent, v.yes_planned, v.no_planned,
        coalesce(v.organisation, 0),
        array_to_string(ARRAY(
          SELECT skill || ' ' || coalesce(valid_until::text, '')
          FROM dispatch.qualification WHERE volunteer = v.id), ',')\
      """;

  static final String SELECT = "SELECT " + COLUMNS + " FROM dispatch.volunteer v";
}
