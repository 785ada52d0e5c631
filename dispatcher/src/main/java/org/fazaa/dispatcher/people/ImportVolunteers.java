package org.fazaa.dispatcher.people;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.fazaa.config.Database.utc;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.people.Register.Draft;
import org.fazaa.dispatcher.people.Register.Profile;
import org.fazaa.dispatcher.people.Register.Reading;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Way;

/**
 * A file of volunteers, read as it streams in and written in batches. Somebody whose phone is known
 * is brought up to date, so the same file may come again; a bad line is left out and named. The
 * proof of a skill that the file does not name stays as it was verified.
 */
public final class ImportVolunteers {

  public sealed interface Outcome {
    /** Every line was read. */
    record Imported(Counts counts, List<Refusal> refused) implements Outcome {}

    /** From this line on the file cannot be told apart into lines; those before it were read. */
    record BrokenOff(Counts counts, List<Refusal> refused, Refusal at) implements Outcome {}

    /** Nothing was changed, because the first line does not say what the columns are. */
    record BadHeader(List<Flaw> flaws) implements Outcome {}
  }

  /** What became of the lines below the header; the last four add up to the first. */
  public record Counts(long lines, long inserted, long updated, long unchanged, long rejected) {}

  /** A line that was left out and the first thing wrong with it; line and column count from 1. */
  public record Refusal(long line, int column, Flaw flaw) {}

  /** Of the rejected lines so many are named; all are counted. */
  public static final int REFUSALS_MAX = 100;

  private static final int BATCH = 5_000;
  private static final int LINE_LENGTH_MAX = 16 * 1024;
  private static final String PROOF = "ملف المتطوعين · volunteer file";
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]{1,3}([.][0-9]{1,20})?");

  private final Pool pool;
  private final CsvColumns columns;
  private final String country;
  private final long by;
  private final Instant now;
  private final Map<String, Long> organisations;
  private final Set<Phone> seen = new HashSet<>();
  private final List<Profile> batch = new ArrayList<>();
  private final List<Proven> proven = new ArrayList<>();
  private final List<Refusal> refused = new ArrayList<>();
  private long lines;
  private long inserted;
  private long updated;
  private long rejected;

  /** What the lines of the batch say of proof. */
  private record Proven(Phone phone, Skill skill, LocalDate until) {}

  private ImportVolunteers(Pool pool, CsvColumns columns, String country, long by, Instant now) {
    this.pool = pool;
    this.columns = columns;
    this.country = country;
    this.by = by;
    this.now = now;
    this.organisations = Organisations.all(pool);
  }

  /**
   * Reads the stream to its end; each batch commits by itself.
   *
   * @param pool one that allows for long statements
   * @param country whose national phone numbers are meant, like {@code SA}
   * @param byAccount who answers for the proof that the file names
   */
  public static Outcome run(
      Pool pool, InputStream csv, String country, long byAccount, Instant now) {
    try (var reader =
        CsvReader.builder()
            .detectBomHeader(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .maxBufferSize(LINE_LENGTH_MAX)
            .ofCsvRecord(csv, UTF_8)) {
      return run(pool, reader.iterator(), country, byAccount, now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome run(
      Pool pool, Iterator<CsvRecord> csv, String country, long byAccount, Instant now) {
    List<String> header;
    try {
      header = csv.hasNext() ? csv.next().getFields() : List.of();
    } catch (CsvParseException unreadable) {
      header = List.of();
    }
    return switch (CsvColumns.read(header)) {
      case CsvColumns.Reading.Flawed(var flaws) -> new Outcome.BadHeader(flaws);
      case CsvColumns.Reading.Sound(var columns) ->
          new ImportVolunteers(pool, columns, country, byAccount, now).read(csv);
    };
  }

  private Outcome read(Iterator<CsvRecord> csv) {
    var last = 1L;
    try {
      while (csv.hasNext()) {
        var line = csv.next();
        last = line.getStartingLineNumber();
        take(line);
        if (batch.size() == BATCH) write();
      }
    } catch (CsvParseException unreadable) {
      write();
      return new Outcome.BrokenOff(counts(), refused, new Refusal(last + 1, 1, Flaws.UNREADABLE));
    }
    write();
    return new Outcome.Imported(counts(), refused);
  }

  private void take(CsvRecord line) {
    lines++;
    var flaw = columns.flaw(line);
    if (flaw.isPresent()) {
      refuse(line, flaw.get());
      return;
    }
    var proofs = new EnumMap<Skill, Optional<LocalDate>>(Skill.class);
    for (var written : columns.codes(line, CsvColumns.QUALIFICATIONS)) {
      if (!read(written.strip(), proofs)) {
        refuse(line, Flaws.qualification(written.strip()));
        return;
      }
    }
    switch (Register.read(draft(line, proofs.keySet()), now)) {
      case Reading.Flawed(var flaws) -> refuse(line, flaws.getFirst());
      case Reading.Sound(var profile) -> {
        if (!isKnown(profile.organisation())) {
          refuse(line, Flaws.organisation(profile.organisation()));
        } else if (!seen.add(profile.phone())) {
          refuse(line, Flaws.TWICE);
        } else {
          batch.add(profile);
          proofs.forEach(
              (skill, until) -> proven.add(new Proven(profile.phone(), skill, until.orElse(null))));
        }
      }
    }
  }

  /** Reads a skill that is not there yet, with the last day of its proof where one is written. */
  private static boolean read(String written, Map<Skill, Optional<LocalDate>> proofs) {
    var parts = written.split(":", 2);
    var skill = Skill.of(parts[0].strip());
    if (skill.isEmpty() || proofs.containsKey(skill.get())) return false;
    var until =
        parts.length == 1
            ? Optional.<LocalDate>empty()
            : VerifyQualification.lastDay(parts[1].strip());
    if (parts.length == 2 && until.isEmpty()) return false;
    proofs.put(skill.get(), until);
    return true;
  }

  // A file that does not speak of consent comes from somebody who has asked for it. Who has proven
  // a skill has it.
  private Draft draft(CsvRecord line, Set<Skill> proven) {
    var skills =
        Stream.concat(columns.codes(line, "skills").stream(), Skill.codes(proven).stream());
    return new Draft(
        columns.text(line, "name"),
        columns.text(line, "phone"),
        country,
        columns.text(line, "language"),
        skills.toList(),
        columns.codes(line, "languages"),
        degrees(columns.text(line, "lon")),
        degrees(columns.text(line, "lat")),
        columns.text(line, "born"),
        columns.text(line, "hours"),
        columns.text(line, "organisation"),
        columns.codes(line, "ways"),
        !columns.has("consent") || columns.isYes(line, "consent"));
  }

  private boolean isKnown(String organisation) {
    return organisation.isEmpty() || organisations.containsKey(organisation);
  }

  private void refuse(CsvRecord line, Flaw flaw) {
    rejected++;
    if (refused.size() == REFUSALS_MAX) return;
    refused.add(new Refusal(line.getStartingLineNumber(), columns.number(flaw.field()), flaw));
  }

  private Counts counts() {
    var unchanged = lines - inserted - updated - rejected;
    return new Counts(lines, inserted, updated, unchanged, rejected);
  }

  private void write() {
    if (batch.isEmpty()) return;
    var rows = Database.inTransaction(pool, this::write);
    inserted += rows.inserted;
    updated += rows.updated;
    batch.clear();
    proven.clear();
  }

  private record Written(long inserted, long updated) {}

  private Written write(SqlConnection tx) {
    var stopped = Consent.stopped(tx, batch.stream().map(Profile::phone).toList());
    var values =
        Tuple.tuple()
            .addOffsetDateTime(utc(now))
            .addArrayOfString(strings(Profile::name))
            .addArrayOfString(strings(one -> one.phone().e164()))
            .addArrayOfString(strings(one -> one.language().tag()))
            .addArrayOfString(strings(one -> joined(SpokenLanguage.codes(one.languages()))))
            .addArrayOfString(strings(one -> joined(Skill.codes(one.skills()))))
            .addArrayOfDouble(array(one -> one.place().lon(), Double[]::new))
            .addArrayOfDouble(array(one -> one.place().lat(), Double[]::new))
            .addArrayOfLocalDate(array(Profile::born, LocalDate[]::new))
            .addArrayOfString(strings(one -> one.hours().toString()))
            .addArrayOfLong(array(one -> organisations.get(one.organisation()), Long[]::new))
            .addArrayOfBoolean(array(Profile::consent, Boolean[]::new))
            .addArrayOfBoolean(array(one -> stopped.contains(one.phone()), Boolean[]::new))
            .addArrayOfString(strings(one -> joined(one.ways().stream().map(Way::tag).toList())));
    for (var column : CsvColumns.OF_PROFILE) values.addBoolean(columns.has(column));
    var fresh = 0;
    var changed = new HashSet<String>();
    for (var row : tx.preparedQuery(WRITE).execute(values).await()) {
      if (row.getBoolean("inserted")) fresh++;
      changed.add(row.getString("phone"));
    }
    changed.addAll(writeProven(tx));
    return new Written(fresh, changed.size() - fresh);
  }

  /** Whose proof is another now. */
  private List<String> writeProven(SqlConnection tx) {
    if (proven.isEmpty()) return List.of();
    var values =
        Tuple.tuple()
            .addArrayOfString(proven.stream().map(one -> one.phone.e164()).toArray(String[]::new))
            .addArrayOfString(proven.stream().map(one -> one.skill.code()).toArray(String[]::new))
            .addArrayOfLocalDate(proven.stream().map(Proven::until).toArray(LocalDate[]::new))
            .addString(PROOF)
            .addLong(by)
            .addOffsetDateTime(utc(now));
    var phones = new ArrayList<String>();
    for (var row : tx.preparedQuery(WRITE_PROVEN).execute(values).await()) {
      phones.add(row.getString("phone"));
    }
    return phones;
  }

  private String[] strings(Function<Profile, String> field) {
    return array(field, String[]::new);
  }

  private <T> T[] array(Function<Profile, T> field, IntFunction<T[]> array) {
    return batch.stream().map(field).toArray(array);
  }

  private static String joined(List<String> codes) {
    return String.join(CsvColumns.MANY, codes);
  }

  // With the digits of either script; null when it is no number.
  private static Double degrees(String written) {
    var latin = new StringBuilder();
    for (var c : written.strip().replace('٫', '.').toCharArray()) {
      latin.append(Character.isDigit(c) ? Character.forDigit(Character.digit(c, 10), 10) : c);
    }
    return NUMBER.matcher(latin).matches() ? Double.valueOf(latin.toString()) : null;
  }

  // $15 to $20 say which of the optional columns the file has; what it lacks stays as it was. Who
  // is already as the file says is left alone.
  private static final String WRITE =
      """
      INSERT INTO dispatch.volunteer AS v (name, phone, language, languages, skills, lon, lat, born,
        hours, ways, organisation, consented_at, stopped_at, contact_at, registered_at)
      SELECT l.name, l.phone, l.language, string_to_array(l.languages, ';'),
        string_to_array(l.skills, ';'), l.lon, l.lat, l.born, l.hours,
        string_to_array(l.ways, ';'), l.organisation,
        CASE WHEN l.consent THEN $1::timestamptz END, CASE WHEN l.stopped THEN $1 END, $1, $1
      FROM UNNEST($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[],
          $8::float8[], $9::date[], $10::text[], $11::bigint[], $12::boolean[], $13::boolean[],
          $14::text[])
        AS l (name, phone, language, languages, skills, lon, lat, born, hours, organisation,
          consent, stopped, ways)
      WHERE NOT EXISTS (
        SELECT FROM dispatch.volunteer k
        WHERE k.phone = l.phone AND k.wrong_number_at IS NULL
          AND (k.name, k.language, k.lon, k.lat) = (l.name, l.language, l.lon, l.lat)
          AND k.skills = string_to_array(l.skills, ';')
          AND (NOT $15 OR k.languages = string_to_array(l.languages, ';'))
          AND (NOT $16 OR k.born IS NOT DISTINCT FROM l.born)
          AND (NOT $17 OR k.hours = l.hours)
          AND (NOT $18 OR k.organisation IS NOT DISTINCT FROM l.organisation)
          AND (NOT $19 OR (k.consented_at IS NOT NULL) = l.consent)
          AND (NOT $20 OR k.ways = string_to_array(l.ways, ';')))
      ORDER BY l.phone
      ON CONFLICT (phone) WHERE wrong_number_at IS NULL DO UPDATE SET
        name = EXCLUDED.name, language = EXCLUDED.language, skills = EXCLUDED.skills,
        lon = EXCLUDED.lon, lat = EXCLUDED.lat,
        languages = CASE WHEN $15 THEN EXCLUDED.languages ELSE v.languages END,
        born = CASE WHEN $16 THEN EXCLUDED.born ELSE v.born END,
        hours = CASE WHEN $17 THEN EXCLUDED.hours ELSE v.hours END,
        organisation = CASE WHEN $18 THEN EXCLUDED.organisation ELSE v.organisation END,
        consented_at = CASE
          WHEN NOT $19 THEN v.consented_at
          WHEN EXCLUDED.consented_at IS NULL THEN NULL
          ELSE COALESCE(v.consented_at, EXCLUDED.consented_at) END,
        ways = CASE WHEN $20 THEN EXCLUDED.ways ELSE v.ways END
      RETURNING v.phone, v.xmax = 0 AS inserted\
      """;

  // What was verified to the same day stands with the name of whoever saw it.
  private static final String WRITE_PROVEN =
      """
      INSERT INTO dispatch.qualification AS q
        (volunteer, skill, valid_until, proof, verified_by, verified_at)
      SELECT v.id, l.skill, l.until, $4, $5, $6
      FROM UNNEST($1::text[], $2::text[], $3::date[]) AS l (phone, skill, until)
      JOIN dispatch.volunteer v ON v.phone = l.phone AND v.wrong_number_at IS NULL
      ORDER BY v.id, l.skill
      ON CONFLICT (volunteer, skill) DO UPDATE SET valid_until = excluded.valid_until,
        proof = excluded.proof, verified_by = excluded.verified_by,
        verified_at = excluded.verified_at
        WHERE q.valid_until IS DISTINCT FROM excluded.valid_until
      RETURNING (SELECT v.phone FROM dispatch.volunteer v WHERE v.id = q.volunteer) AS phone\
      """;
}
