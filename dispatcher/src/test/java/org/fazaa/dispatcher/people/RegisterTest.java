package org.fazaa.dispatcher.people;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.people.Register.Draft;
import org.fazaa.dispatcher.people.Register.Outcome.Incomplete;
import org.fazaa.dispatcher.people.Register.Outcome.PhoneTaken;
import org.fazaa.dispatcher.people.Register.Outcome.Registered;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisterTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @Test
  void whoRegistersCanBeFoundAsTheyDescribedThemselves() {
    organisation("red-crescent");
    var id =
        registered(
            new Draft(
                " سارة العتيبي ",
                "٠٥٠ ١٢٣ ٤٥٦٧",
                "SA",
                "ar",
                List.of("nurse", "first_aid"),
                List.of("ar", "ur"),
                46.675,
                24.713,
                "1990-12-31",
                "sun-thu 16-23",
                "red-crescent",
                null,
                true));

    var sara = Volunteers.find(db.pool(), id).orElseThrow();

    assertThat(sara.name()).isEqualTo("سارة العتيبي");
    assertThat(sara.phone()).isEqualTo(new Phone("+966501234567"));
    assertThat(sara.language()).isEqualTo(Language.AR);
    assertThat(sara.skills()).containsExactly(Skill.FIRST_AID, Skill.NURSE);
    assertThat(sara.languages()).containsExactly(SpokenLanguage.AR, SpokenLanguage.UR);
    assertThat(sara.place()).isEqualTo(new Point(46.675, 24.713));
    assertThat(sara.born()).contains(LocalDate.of(1990, 12, 31));
    assertThat(sara.hours().toString()).isEqualTo("sun-thu 16-23");
    assertThat(sara.organisation()).contains("red-crescent");
    assertThat(sara.active()).isTrue();
    assertThat(sara.consentedAt()).contains(NOW);
    assertThat(sara.stoppedAt()).isEmpty();
    assertThat(sara.history()).isEqualTo(History.none(NOW));
    assertThat(sara.registeredAt()).isEqualTo(NOW);
    assertThat(Volunteers.find(db.pool(), sara.phone())).contains(sara);
  }

  @Test
  void whatNeedNotBeSaidHasPlainDefaults() {
    var id =
        registered(
            new Draft(
                "Ravi",
                "+966501110001",
                null,
                "en",
                null,
                null,
                46.7,
                24.7,
                null,
                null,
                null,
                null,
                false));

    var ravi = Volunteers.find(db.pool(), id).orElseThrow();

    assertThat(ravi.skills()).isEmpty();
    assertThat(ravi.languages()).containsExactly(SpokenLanguage.EN);
    assertThat(ravi.hours()).isEqualTo(Week.ALWAYS);
    assertThat(ravi.born()).isEmpty();
    assertThat(ravi.organisation()).isEmpty();
    assertThat(ravi.consentedAt()).isEmpty();
  }

  @Test
  void onePhoneIsOnePerson() {
    var first = registered(draft("Huda", "+966501110002"));

    var again = run(draft("Somebody else", "+966 50 111 0002"));

    assertThat(again).isEqualTo(new PhoneTaken(first));
    assertThat(Volunteers.find(db.pool(), first).orElseThrow().name()).isEqualTo("Huda");
  }

  @Test
  void aPhoneThatSaidStopStaysStopped() {
    var phone = new Phone("+966501110003");
    Database.inTransaction(
        db.pool(),
        tx -> {
          Consent.stop(tx, phone, Consent.How.REPLY, NOW);
          return null;
        });

    var id = registered(draft("Omar", phone.e164()));

    assertThat(Volunteers.find(db.pool(), id).orElseThrow().stoppedAt()).contains(NOW);
  }

  @Test
  void everyFlawIsNamedAtOnceInBothLanguagesAndNothingIsWritten() {
    var before = rows();

    var outcome =
        run(
            new Draft(
                "",
                "0501234567",
                null,
                "fr",
                List.of("nurse", "wizard"),
                List.of("klingon"),
                181.0,
                null,
                "2190-01-01",
                "whenever",
                null,
                null,
                true));

    var flaws = ((Incomplete) outcome).flaws();
    assertThat(flaws)
        .extracting(Flaw::field)
        .containsExactly(
            "name", "phone", "language", "skills", "languages", "lon", "lat", "born", "hours");
    assertThat(flaws).allMatch(flaw -> flaw.ar().matches("(?s).*\\p{IsArabic}.*"));
    assertThat(flaws.get(3).en()).contains("wizard");
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void anUnknownOrganisationIsNamed() {
    var draft =
        new Draft(
            "Amal",
            "+966501110004",
            null,
            "ar",
            null,
            null,
            46.0,
            24.0,
            null,
            null,
            "nobody",
            null,
            true);

    assertThat(run(draft)).isEqualTo(new Incomplete(List.of(Flaws.organisation("nobody"))));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          +966501234567,      ,   +966501234567
          00966501234567,     SA, +966501234567
          0501234567,         SA, +966501234567
          ٠٥٠١٢٣٤٥٦٧,         SA, +966501234567
          50 123-4567,        SA, +966501234567
          3312 3456,          QA, +97433123456
          0501234567,         ,
          12,                 SA,
          not a phone,        SA,
          +0000000000,        SA,
          """)
  void phonesAreReadAsPeopleWriteThem(String written, String country, String e164) {
    var reading =
        Register.read(
            new Draft(
                "A", written, country, "ar", null, null, 46.0, 24.0, null, null, null, null, true),
            NOW);

    if (e164 == null) {
      assertThat(reading).isEqualTo(new Register.Reading.Flawed(List.of(Flaws.PHONE)));
    } else {
      assertThat(((Register.Reading.Sound) reading).profile().phone()).isEqualTo(new Phone(e164));
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          =HYPERLINK("http://example.org"), true
          O'Neill,                          true
          "العنود بنت عبدالله",             true
          `two
          lines`,                           false
          """)
  void aNameIsWhateverStandsOnOneLine(String name, boolean good) {
    var reading = Register.read(draft(name, "+966501234567"), NOW);

    assertThat(reading instanceof Register.Reading.Sound).isEqualTo(good);
  }

  @Test
  void anOrganisationIsAddedOnce() {
    var draft = new AddOrganisation.Draft("civil-aid", "العون المدني", "Civil Aid");
    var added = Database.inTransaction(db.pool(), tx -> AddOrganisation.run(tx, draft));
    var again = Database.inTransaction(db.pool(), tx -> AddOrganisation.run(tx, draft));

    var id = ((AddOrganisation.Outcome.Added) added).id();
    assertThat(again).isEqualTo(new AddOrganisation.Outcome.CodeTaken(id));
  }

  @Test
  void anOrganisationNeedsACodeAndTwoNames() {
    assertThat(AddOrganisation.check(new AddOrganisation.Draft("Red Crescent", " ", null)))
        .extracting(Flaw::field)
        .containsExactly("code", "name_ar", "name_en");
  }

  static Draft draft(String name, String phone) {
    return new Draft(
        name,
        phone,
        null,
        "ar",
        List.of("first_aid"),
        null,
        46.7,
        24.7,
        null,
        null,
        null,
        null,
        true);
  }

  private static Register.Outcome run(Draft draft) {
    return Database.inTransaction(db.pool(), tx -> Register.run(tx, draft, NOW));
  }

  private static VolunteerId registered(Draft draft) {
    return ((Registered) run(draft)).id();
  }

  private static void organisation(String code) {
    Database.inTransaction(
        db.pool(),
        tx -> AddOrganisation.run(tx, new AddOrganisation.Draft(code, "الهلال", "Crescent")));
  }

  private static long rows() {
    return db.pool()
        .preparedQuery("SELECT count(*) FROM dispatch.volunteer WHERE $1")
        .execute(Tuple.of(true))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }
}
