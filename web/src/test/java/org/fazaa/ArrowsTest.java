package org.fazaa;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may use whom. Maven holds the arrows between modules; these hold them and those inside. */
class ArrowsTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.fazaa");

  private static final String CONFIG = "org.fazaa.config..";
  private static final String NOTIFIER = "org.fazaa.notifier..";
  private static final String DISPATCHER = "org.fazaa.dispatcher..";
  private static final String FUND = "org.fazaa.fund..";
  private static final String[] OUTSIDE = {"io.vertx..", "com.twilio.."};
  private static final String TWILIO = "org.fazaa.notifier.carrier.twilio..";
  private static final String WEB = "org.fazaa.web..";
  private static final String BENCH = "org.fazaa.web.bench..";

  /** Rules and figures that a table of cases can test, without a database or a carrier. */
  private static final Set<String> PURE =
      Set.of("Round", "Forecast", "Meaning", "Reading", "Segments", "Phone", "Language", "Money");

  private static final DescribedPredicate<JavaClass> IS_PURE =
      describe(
          "pure rules",
          type ->
              PURE.contains(type.getSimpleName())
                  || PURE.contains(outermost(type).getSimpleName()));

  private static final DescribedPredicate<JavaField> OF_A_RECORD =
      describe("components of records of the domain", ArrowsTest::isComponent);

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theArrowsHold(String name, ArchRule rule) {
    rule.check(OURS);
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of("config knows no other room", only(CONFIG)),
        Arguments.of("notifier knows only config", only(NOTIFIER, CONFIG)),
        Arguments.of(
            "dispatcher writes texts and nothing else", only(DISPATCHER, NOTIFIER, CONFIG)),
        Arguments.of("the fund writes texts and nothing else", only(FUND, NOTIFIER, CONFIG)),
        Arguments.of("pure rules name no Vert.x and no Twilio", pure()),
        Arguments.of("records hold nothing of Vert.x or Twilio", plainRecords()),
        Arguments.of("Twilio stays in its folder and in the bench", twilio()),
        Arguments.of("call-outs and rehearsals name no real carrier", apart(DISPATCHER, TWILIO)),
        Arguments.of("Hazelcast only joins nodes", inside(CONFIG, "com.hazelcast..")),
        Arguments.of("JDBC only migrates, and is measured beside us in the bench", jdbc()),
        Arguments.of(
            "pages and routes stay at the edge",
            inside(WEB, "io.vertx.ext.web", "io.vertx.ext.web.handler..", "gg.jte..")),
        Arguments.of("packages of a room do not turn in circles", noCircles()));
  }

  @Test
  void everyPureRuleExists() {
    assertThat(OURS.stream().map(JavaClass::getSimpleName)).containsAll(PURE);
  }

  @Test
  void thePackagesAreTheOnesDrawn() {
    var packages =
        OURS.stream().filter(type -> !isPage(type)).map(JavaClass::getPackageName).distinct();

    assertThat(packages).isSubsetOf(DRAWN);
  }

  @Test
  void noRoomIsNamedAfterNothing() {
    var names =
        Stream.concat(
            Sources.MODULES.stream(),
            OURS.stream().flatMap(type -> Stream.of(type.getPackageName().split("\\."))));

    assertThat(names)
        .doesNotContain("common", "core", "shared", "util", "utils", "helper", "model", "dto")
        .doesNotContain("service", "impl", "repository", "domain", "base", "misc", "lib");
  }

  @Test
  void aPlantedArrowIsFound() {
    assertThat(only(CONFIG).evaluate(planted(org.fazaa.config.PlantedArrow.class)).hasViolation())
        .isTrue();
  }

  @Test
  void aPlantedRecordWithARowIsFound() {
    assertThat(plainRecords().evaluate(planted(Impure.class)).hasViolation()).isTrue();
  }

  @Test
  void aPlantedRuleThatReadsTheDatabaseIsFound() {
    assertThat(pure().evaluate(planted(Round.class)).hasViolation()).isTrue();
  }

  @Test
  void aPlantedUseOfHazelcastIsFound() {
    var rule = inside(CONFIG, "com.hazelcast..");

    assertThat(rule.evaluate(planted(Clustered.class)).hasViolation()).isTrue();
  }

  record Impure(io.vertx.sqlclient.Row row) {}

  static final class Round {
    io.vertx.sqlclient.Pool pool;
  }

  static final class Clustered {
    com.hazelcast.core.HazelcastInstance cluster;
  }

  private static JavaClasses planted(Class<?> type) {
    return new ClassFileImporter().importClasses(type);
  }

  private static final List<String> DRAWN =
      List.of(
          "org.fazaa.config",
          "org.fazaa.notifier",
          "org.fazaa.notifier.carrier",
          "org.fazaa.notifier.carrier.twilio",
          "org.fazaa.notifier.carrier.simulated",
          "org.fazaa.notifier.carrier.standin",
          "org.fazaa.notifier.reply",
          "org.fazaa.dispatcher.crisis",
          "org.fazaa.dispatcher.people",
          "org.fazaa.dispatcher.roster",
          "org.fazaa.dispatcher.callout",
          "org.fazaa.dispatcher.reach",
          "org.fazaa.dispatcher.rehearsal",
          "org.fazaa.fund.ledger",
          "org.fazaa.fund.giving",
          "org.fazaa.fund.giving.provider",
          "org.fazaa.fund.giving.provider.standin",
          "org.fazaa.fund.spending",
          "org.fazaa.web",
          "org.fazaa.web.api",
          "org.fazaa.web.bench",
          "org.fazaa.web.session",
          "org.fazaa.web.live",
          "org.fazaa.web.console",
          "org.fazaa.web.volunteer",
          "org.fazaa.web.donor");

  private static ArchRule apart(String room, String other) {
    return noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(other);
  }

  private static ArchRule only(String room, String... others) {
    var allowed = Stream.concat(Stream.of(room), Stream.of(others)).toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.fazaa..")
                .and(DescribedPredicate.not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true);
  }

  /** The bench lays tables of its own beside ours, and COPY and a plain driver are its floor. */
  private static ArchRule jdbc() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(CONFIG, BENCH)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.sql..");
  }

  private static ArchRule inside(String room, String... library) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library);
  }

  /** The bench runs Twilio's SDK as it comes beside our own use of it. */
  private static ArchRule twilio() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(TWILIO, BENCH)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.twilio..");
  }

  private static ArchRule pure() {
    return noClasses()
        .that(IS_PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(OUTSIDE)
        .allowEmptyShould(true);
  }

  /** A query may stand beside its record; what the record holds is plain, so that tests can too. */
  private static ArchRule plainRecords() {
    return fields()
        .that(OF_A_RECORD)
        .should()
        .haveRawType(DescribedPredicate.not(resideInAnyPackage(OUTSIDE)))
        .allowEmptyShould(true);
  }

  private static boolean isComponent(JavaField field) {
    return field.getOwner().isRecord()
        && !field.getModifiers().contains(JavaModifier.STATIC)
        && resideInAnyPackage(NOTIFIER, DISPATCHER, FUND, "org.fazaa").test(field.getOwner());
  }

  private static ArchRule noCircles() {
    return slices()
        .matching("org.fazaa.(*).(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);
  }

  private static boolean isPage(JavaClass type) {
    return outermost(type).getSimpleName().startsWith("Jte");
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArrowsTest::outermost).orElse(type);
  }
}
