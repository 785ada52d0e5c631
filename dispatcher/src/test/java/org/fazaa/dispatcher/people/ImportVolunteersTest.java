package org.fazaa.dispatcher.people;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.people.ImportVolunteers.Counts;
import org.fazaa.dispatcher.people.ImportVolunteers.Outcome;
import org.fazaa.dispatcher.people.ImportVolunteers.Outcome.BadHeader;
import org.fazaa.dispatcher.people.ImportVolunteers.Outcome.BrokenOff;
import org.fazaa.dispatcher.people.ImportVolunteers.Outcome.Imported;
import org.fazaa.dispatcher.people.ImportVolunteers.Refusal;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportVolunteersTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final String HEADER = "name,phone,language,skills,lon,lat\n";
  private static final String SARA = "سارة,+966501000001,ar,nurse;first_aid,46.675,24.713\n";

  @BeforeEach
  void nobodyIsRegistered() {
    db.superuserPool().query("DELETE FROM dispatch.qualification").execute().await();
    db.superuserPool().query("DELETE FROM dispatch.volunteer").execute().await();
    db.superuserPool().query("DELETE FROM notify.stopped").execute().await();
  }

  @Test
  void everyGoodLineBecomesAVolunteerWhoCanBeAsked() {
    var outcome = imported(HEADER + SARA + "Ravi,٠٥٠١٠٠٠٠٠٢,en,,٤٦٫٧,24.7\n");

    assertThat(outcome).isEqualTo(new Imported(new Counts(2, 2, 0, 0, 0), List.of()));
    var sara = find("+966501000001");
    assertThat(sara.name()).isEqualTo("سارة");
    assertThat(sara.language()).isEqualTo(Language.AR);
    assertThat(sara.skills()).containsExactly(Skill.FIRST_AID, Skill.NURSE);
    assertThat(sara.place()).isEqualTo(new Point(46.675, 24.713));
    assertThat(sara.consentedAt()).contains(NOW);
    assertThat(sara.active()).isTrue();
    var ravi = find("+966501000002");
    assertThat(ravi.place()).isEqualTo(new Point(46.7, 24.7));
    assertThat(ravi.languages()).containsExactly(SpokenLanguage.EN);
    assertThat(ravi.skills()).isEmpty();
  }

  @Test
  void aFileProvesSkillsAndWhoHasProvenOneHasIt() {
    var header = HEADER.strip() + ",qualifications\n";
    imported(header + SARA.strip() + ",nurse:2027-06-30; Doctor\n");

    var sara = find("+966501000001");
    assertThat(sara.skills()).containsExactly(Skill.FIRST_AID, Skill.NURSE, Skill.DOCTOR);
    assertThat(Qualification.onFile(db.pool(), sara.id()))
        .isEqualTo(Map.of(Skill.NURSE, LocalDate.of(2027, 6, 30), Skill.DOCTOR, LocalDate.MAX));
    assertThat(Qualification.list(db.pool(), sara.id()))
        .allSatisfy(one -> assertThat(one.verifiedBy()).isEqualTo(7));
  }

  @Test
  void theLastDayOfAProofIsBroughtUpToDateAndWhatTheFileDoesNotNameStays() {
    var header = HEADER.strip() + ",qualifications\n";
    var file = header + SARA.strip() + ",nurse:2027-06-30;first_aid\n";
    imported(file);
    assertThat(imported(file).counts()).isEqualTo(new Counts(1, 0, 0, 1, 0));

    var later = imported(header + SARA.strip() + ",nurse:2028-06-30\n");

    assertThat(later.counts()).isEqualTo(new Counts(1, 0, 1, 0, 0));
    assertThat(Qualification.onFile(db.pool(), find("+966501000001").id()))
        .isEqualTo(Map.of(Skill.NURSE, LocalDate.of(2028, 6, 30), Skill.FIRST_AID, LocalDate.MAX));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pilot",
        "nurse:",
        "nurse:30/6/2027",
        "nurse:2999-01-01",
        "nurse;nurse:2027-06-30"
      })
  void whatIsNoQualificationIsRefusedInBothLanguages(String cell) {
    var outcome = imported(HEADER.strip() + ",qualifications\n" + SARA.strip() + "," + cell + "\n");

    assertThat(outcome.counts()).isEqualTo(new Counts(1, 0, 0, 0, 1));
    var refused = outcome.refused().getFirst();
    assertThat(refused.line()).isEqualTo(2);
    assertThat(refused.column()).isEqualTo(7);
    assertThat(refused.flaw().en()).contains("first_aid:2027-06-30");
    assertThat(refused.flaw().ar()).contains("first_aid:2027-06-30");
  }

  @Test
  void whoReadsUrduIsWrittenToInUrdu() {
    imported(HEADER + "عمران,+966501000003,ur,boat,46.7,24.7\n");

    assertThat(find("+966501000003").language()).isEqualTo(Language.UR);
    assertThat(find("+966501000003").languages()).containsExactly(SpokenLanguage.UR);
  }

  @Test
  void theSameFileAgainChangesNothing() {
    var file = HEADER + SARA + "Ravi,+966501000002,en,boat,46.7,24.7\n";
    imported(file);
    var before = changes();

    assertThat(imported(file)).isEqualTo(new Imported(new Counts(2, 0, 0, 2, 0), List.of()));
    assertThat(changes()).as("nobody was touched").isEqualTo(before);
  }

  @Test
  void whoIsKnownIsBroughtUpToDateAndKeepsWhatTheFileDoesNotSay() {
    imported(
        "phone,hours,name,language,born,lat,lon,skills,languages\n"
            + "+966501000001,fri-sat 8-20,Sara,ar,1990-12-31,24.713,46.675,nurse,ar;ur\n");

    var outcome = imported(HEADER + SARA);

    assertThat(outcome).isEqualTo(new Imported(new Counts(1, 0, 1, 0, 0), List.of()));
    var sara = find("+966501000001");
    assertThat(sara.name()).isEqualTo("سارة");
    assertThat(sara.skills()).containsExactly(Skill.FIRST_AID, Skill.NURSE);
    assertThat(sara.hours().toString()).isEqualTo("fri-sat 8-20");
    assertThat(sara.born()).contains(LocalDate.of(1990, 12, 31));
    assertThat(sara.languages()).containsExactly(SpokenLanguage.AR, SpokenLanguage.UR);
    assertThat(sara.registeredAt()).isEqualTo(NOW);
  }

  @Test
  void anOptionalColumnThatIsThereIsTheTruth() {
    Database.inTransaction(
        db.pool(),
        tx -> AddOrganisation.run(tx, new AddOrganisation.Draft("civil-aid", "عون", "Aid")));
    var header = HEADER.strip() + ",organisation,born,hours,consent\n";
    var sara = SARA.strip();
    imported(header + sara + ",civil-aid,1990-12-31,sun 8-9,نعم\n");
    assertThat(find("+966501000001").organisation()).contains("civil-aid");

    assertThat(imported(header + sara + ",civil-aid,1990-12-31,sun 8-9,yes\n").counts())
        .isEqualTo(new Counts(1, 0, 0, 1, 0));
    assertThat(imported(header + sara + ",,,,no\n").counts()).isEqualTo(new Counts(1, 0, 1, 0, 0));

    var now = find("+966501000001");
    assertThat(now.organisation()).isEmpty();
    assertThat(now.born()).isEmpty();
    assertThat(now.hours()).isEqualTo(Week.ALWAYS);
    assertThat(now.consentedAt()).isEmpty();
  }

  @Test
  void noFileUndoesAStop() {
    var phone = new Phone("+966501000001");
    Database.inTransaction(
        db.pool(),
        tx -> {
          Consent.stop(tx, phone, Consent.How.REPLY, NOW);
          return null;
        });

    imported(HEADER + SARA);
    assertThat(find(phone.e164()).stoppedAt()).contains(NOW);
    imported(HEADER.strip() + ",consent\n" + SARA.strip() + ",yes\n");
    assertThat(find(phone.e164()).stoppedAt()).contains(NOW);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          ,+966501000009,ar,nurse,46,24                          | 1 | name
          A,0123,ar,nurse,46,24                                  | 2 | phone
          A,,ar,nurse,46,24                                      | 2 | phone
          A,+966501000001,ar,nurse,46,24                         | 2 | phone
          A,+966501000009,fr,nurse,46,24                         | 3 | language
          A,+966501000009,ar,nurse;wizard,46,24                  | 4 | skills
          A,+966501000009,ar,nurse,181,24                        | 5 | lon
          A,+966501000009,ar,nurse,"46,675",24                   | 5 | lon
          A,+966501000009,ar,nurse,,24                           | 5 | lon
          A,+966501000009,ar,nurse,46,-90.1                      | 6 | lat
          A,+966501000009,ar,nurse,46,1e1                        | 6 | lat
          A,+966501000009,ar,nurse,46                            | 1 | line
          A,+966501000009,ar,nurse,46,24,more                    | 1 | line
          """)
  void aBadLineIsNamedAndTheOthersAreTaken(String bad, int column, String field) {
    var outcome = imported(HEADER + SARA + bad + "\nZed,+966501000003,en,boat,46,24\n");

    assertThat(outcome.counts()).isEqualTo(new Counts(3, 2, 0, 0, 1));
    var refusal = outcome.refused().getFirst();
    assertThat(refusal.line()).isEqualTo(3);
    assertThat(refusal.column()).isEqualTo(column);
    assertThat(refusal.flaw().field()).isEqualTo(field);
    assertThat(refusal.flaw().ar()).matches("(?s).*\\p{IsArabic}.*");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          languages,    ar;klingon
          born,         31/12/1990
          hours,        evenings
          organisation, nobody
          consent,      perhaps
          """)
  void aBadCellOfAnOptionalColumnIsNamedToo(String field, String cell) {
    var outcome = imported(HEADER.strip() + "," + field + "\n" + SARA.strip() + "," + cell + "\n");

    assertThat(outcome.counts()).isEqualTo(new Counts(1, 0, 0, 0, 1));
    assertThat(outcome.refused().getFirst().column()).isEqualTo(7);
    assertThat(outcome.refused().getFirst().flaw().field()).isEqualTo(field);
  }

  @Test
  void linesAreCountedAsAnEditorCountsThem() {
    var outcome = imported(HEADER + "\n\r\n\"two\nlines\",1,ar,,46,24\n" + "B,1,ar,,46,24\n");

    assertThat(outcome.refused()).extracting(Refusal::line).containsExactly(4L, 6L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name,phone,language,skills,lon                   | lat
          name,phone,language,skills,lon,lat,shoe size     | shoe size
          name,phone,language,skills,lon,lat,name          | name
          name;phone;language;skills;lon;lat               | name
          سارة,+966501000001,ar,nurse,46.675,24.713        | name
          ""                                               | name
          """)
  void aFileWithoutTheRightFirstLineChangesNothing(String header, String field) {
    var outcome = run(header + "\n" + SARA, UTF_8);

    var flaws = ((BadHeader) outcome).flaws();
    assertThat(flaws).extracting(Flaw::field).contains(field);
    assertThat(flaws).allMatch(flaw -> flaw.ar().matches("(?s).*\\p{IsArabic}.*"));
    assertThat(Volunteers.count(db.pool())).isZero();
  }

  @Test
  void anEmptyFileIsMissingEveryColumn() {
    assertThat(((BadHeader) run("", UTF_8)).flaws())
        .extracting(Flaw::field)
        .containsExactlyElementsOf(CsvColumns.REQUIRED);
  }

  @Test
  void bytesThatAreNotUtf8AreNamedByLineAndColumn() {
    var outcome =
        (Imported)
            run(HEADER + "José,+966501000001,en,,46,24\nZed,+966501000003,en,,46,24\n", ISO_8859_1);

    assertThat(outcome.counts()).isEqualTo(new Counts(2, 1, 0, 0, 1));
    assertThat(outcome.refused()).containsExactly(new Refusal(2, 1, Flaws.notUtf8("name")));
  }

  @Test
  void aFileWithAByteOrderMarkIsRead() {
    assertThat(imported("\uFEFF" + HEADER + SARA).counts().inserted()).isOne();
    assertThat(((Imported) run("\uFEFF" + HEADER + SARA, UTF_16LE)).counts().unchanged()).isOne();
  }

  @Test
  void whatLooksLikeAFormulaIsKeptAsText() {
    imported(HEADER + "\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",+966501000001,en,,46,24\n");

    assertThat(find("+966501000001").name()).isEqualTo("=HYPERLINK(\"http://x\",\"y\")");
  }

  @Test
  void aQuoteThatIsNeverClosedBreaksTheFileOffAndKeepsWhatCameBefore() {
    var rest = "B,+966501000002,en,,46,24\n".repeat(2_000);

    var outcome = (BrokenOff) run(HEADER + SARA + "\"A" + rest, UTF_8);

    assertThat(outcome.counts()).isEqualTo(new Counts(1, 1, 0, 0, 0));
    assertThat(outcome.at()).isEqualTo(new Refusal(3, 1, Flaws.UNREADABLE));
    assertThat(find("+966501000001").name()).isEqualTo("سارة");
  }

  @Test
  void ofManyRefusalsTheFirstAreNamedAndAllAreCounted() {
    var outcome = imported(HEADER + "A,nothing,ar,,46,24\n".repeat(5_000));

    assertThat(outcome.counts()).isEqualTo(new Counts(5_000, 0, 0, 0, 5_000));
    assertThat(outcome.refused()).hasSize(ImportVolunteers.REFUSALS_MAX);
  }

  @Test
  void aHundredThousandLinesStreamIn(TestReporter reporter) {
    var first = timed(reporter, "100,000 new volunteers");
    assertThat(first).isEqualTo(new Counts(100_000, 100_000, 0, 0, 0));

    var again = timed(reporter, "the same 100,000 again");
    assertThat(again).isEqualTo(new Counts(100_000, 0, 0, 100_000, 0));
    assertThat(Volunteers.count(db.pool())).isEqualTo(100_000);
  }

  private static Counts timed(TestReporter reporter, String what) {
    var start = System.nanoTime();
    var outcome =
        (Imported) ImportVolunteers.run(db.database().bulk(), many(100_000), "SA", 7, NOW);
    reporter.publishEntry(what, Duration.ofNanos(System.nanoTime() - start).toString());
    return outcome.counts();
  }

  /** A file that is made while it is read: nobody holds the whole. */
  private static InputStream many(int lines) {
    var texts =
        Stream.concat(
            Stream.of(HEADER), IntStream.range(0, lines).mapToObj(ImportVolunteersTest::line));
    var streams = texts.map(text -> new ByteArrayInputStream(text.getBytes(UTF_8))).iterator();
    return new SequenceInputStream(
        new Enumeration<>() {
          @Override
          public boolean hasMoreElements() {
            return streams.hasNext();
          }

          @Override
          public InputStream nextElement() {
            return streams.next();
          }
        });
  }

  private static String line(int i) {
    var lon = 46 + i % 997 * 1e-3;
    var lat = 24 + i % 991 * 1e-3;
    return "متطوع %d,05%08d,ar,first_aid;driver,%.4f,%.4f\n".formatted(i, i, lon, lat);
  }

  private static Imported imported(String csv) {
    return (Imported) run(csv, UTF_8);
  }

  private static Outcome run(String csv, Charset charset) {
    var bytes = new ByteArrayInputStream(csv.getBytes(charset));
    return ImportVolunteers.run(db.database().bulk(), bytes, "SA", 7, NOW);
  }

  private static Volunteer find(String phone) {
    return Volunteers.find(db.pool(), new Phone(phone)).orElseThrow();
  }

  private static long changes() {
    return db.pool()
        .query("SELECT count(*) FROM dispatch.roster_change")
        .execute()
        .await()
        .iterator()
        .next()
        .getLong(0);
  }
}
