package org.fazaa.dispatcher.crisis;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.people.Flaw;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OpenNeedTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final Point JEDDAH = new Point(39.2, 21.5);
  private static final Area AREA = new Area.Circle(JEDDAH, 20_000);
  private static final Title TITLE = new Title("تنظيف", "Clean-up");

  @Test
  void aNeedIsReadBackAsItWasOpened() {
    var crisis = crisis();
    var draft =
        new OpenNeed.Draft(
            TITLE,
            Set.of(Skill.BOAT, Skill.NURSE),
            Set.of(SpokenLanguage.UR),
            3,
            JEDDAH,
            NOW.plus(Duration.ofHours(3)),
            NOW.plus(Duration.ofHours(7)),
            Priority.URGENT);

    var opened = (OpenNeed.Outcome.Opened) open(crisis, draft);

    var need = Need.find(db.pool(), opened.need()).orElseThrow();
    assertThat(need.title()).isEqualTo(TITLE);
    assertThat(need.skills()).isEqualTo(draft.skills());
    assertThat(need.languages()).isEqualTo(draft.languages());
    assertThat(need.place()).isEqualTo(JEDDAH);
    assertThat(need.fillBy()).isEqualTo(draft.startsAt());
    assertThat(need.state()).isEqualTo(Need.State.OPEN);
    assertThat(need.zone()).isEqualTo(ZoneId.of("Asia/Riyadh"));
    assertThat(opened.facts()).hasSize(1);
  }

  @Test
  void everyMistakeIsNamedAtOnce() {
    var draft =
        new OpenNeed.Draft(
            new Title("", "Clean-up"), Set.of(), Set.of(), 0, new Point(0, 0), NOW, NOW, null);

    var refused = (OpenNeed.Outcome.Incomplete) open(crisis(), draft);

    assertThat(refused.flaws())
        .extracting(Flaw::field)
        .containsExactlyInAnyOrder("title", "people", "priority", "place", "ends_at");
    assertThat(refused.facts()).isEmpty();
  }

  @Test
  void whatHasBegunMustFillWithinTheTimeOfItsClass() {
    var end = NOW.plus(Duration.ofHours(1));
    assertThat(OpenNeed.fillBy(Priority.LIFE, NOW, end, NOW))
        .isEqualTo(NOW.plus(Duration.ofMinutes(30)));
    assertThat(OpenNeed.fillBy(Priority.URGENT, NOW, end, NOW)).isEqualTo(end);
    var later = NOW.plus(Duration.ofDays(2));
    assertThat(OpenNeed.fillBy(Priority.LIFE, later, later.plusSeconds(60), NOW)).isEqualTo(later);
  }

  @Test
  void thereIsNoNeedWithoutACrisis() {
    assertThat(open(new CrisisId(0), draft())).isInstanceOf(OpenNeed.Outcome.NoCrisis.class);
  }

  @Test
  void aCrisisWithoutAnAreaCannotBeOpened() {
    var draft =
        new OpenCrisis.Draft(TITLE, CrisisKind.FLOOD, null, Mode.LIVE, "SA", Optional.empty());

    var refused = (OpenCrisis.Outcome.Incomplete) openCrisis(draft);

    assertThat(refused.flaws()).extracting(Flaw::field).containsExactly("area");
  }

  @Test
  void aCountryWithoutAKnownClockMustNameOne() {
    var without =
        new OpenCrisis.Draft(TITLE, CrisisKind.FLOOD, AREA, Mode.LIVE, "US", Optional.empty());
    var with =
        new OpenCrisis.Draft(
            TITLE,
            CrisisKind.FLOOD,
            AREA,
            Mode.LIVE,
            "US",
            Optional.of(ZoneId.of("America/Chicago")));

    assertThat(openCrisis(without)).isInstanceOf(OpenCrisis.Outcome.Incomplete.class);
    assertThat(openCrisis(with)).isInstanceOf(OpenCrisis.Outcome.Opened.class);
  }

  @Test
  void whoWasDismissedHasNoAuthorityAnyMore() {
    Database.inTransaction(db.pool(), tx -> Staff.appoint(tx, 9, "Sami", NOW));
    assertThat(find(9)).isPresent();

    Database.inTransaction(
        db.pool(),
        tx -> {
          Staff.dismiss(tx, 9, NOW);
          return null;
        });

    assertThat(find(9)).isEmpty();
  }

  @Test
  void openCrisesAreListedBeforeClosedOnesWithTheirFigures() {
    var crisis = crisis();
    open(crisis, draft());

    var listed = Crisis.list(db.pool());

    assertThat(listed.getFirst().id()).isEqualTo(crisis);
    assertThat(listed.getFirst().needs()).isEqualTo(1);
    assertThat(listed.getFirst().people()).isEqualTo(2);
    assertThat(listed.getFirst().area()).isEqualTo(AREA);
  }

  private static Optional<Staff> find(long account) {
    return Database.inTransaction(db.pool(), tx -> Staff.find(tx, account));
  }

  private static OpenNeed.Draft draft() {
    return new OpenNeed.Draft(
        TITLE, Set.of(), Set.of(), 2, JEDDAH, NOW, NOW.plusSeconds(3_600), Priority.LIFE);
  }

  private static OpenNeed.Outcome open(CrisisId crisis, OpenNeed.Draft draft) {
    return Database.inTransaction(db.pool(), tx -> OpenNeed.run(tx, staff(tx), crisis, draft, NOW));
  }

  private static CrisisId crisis() {
    var draft =
        new OpenCrisis.Draft(TITLE, CrisisKind.FLOOD, AREA, Mode.LIVE, "SA", Optional.empty());
    return ((OpenCrisis.Outcome.Opened) openCrisis(draft)).crisis();
  }

  private static OpenCrisis.Outcome openCrisis(OpenCrisis.Draft draft) {
    return Database.inTransaction(db.pool(), tx -> OpenCrisis.run(tx, staff(tx), draft, NOW));
  }

  private static Staff staff(SqlConnection tx) {
    return Staff.appoint(tx, 1, "Huda", NOW);
  }
}
