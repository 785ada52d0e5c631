package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Outcome;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Skill;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each invariant is broken by a superuser, as the program never could, and must notice. */
class InvariantsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static Town town;
  private static NeedId today;
  private static NeedId tomorrow;
  private static NeedId closed;

  @BeforeAll
  static void needsOfEveryKind() {
    town = new Town(db);
    town.people(90, Skill.FIRST_AID);
    today = called(town.need(3, Priority.URGENT, Skill.FIRST_AID));
    town.says(town.offers(today).get(0), "1");
    town.says(town.offers(today).get(1), "2");
    tomorrow = called(town.need(2, Priority.PLANNED, town.now.plus(Duration.ofDays(1))));
    town.says(town.offers(tomorrow).get(0), "1");
    closed = called(town.need(2, Priority.URGENT));
    town.says(town.offers(closed).get(0), "1");
    town.tx(tx -> CloseNeed.run(tx, town.staff(tx), closed, "over", town.now));
  }

  private static NeedId called(NeedId need) {
    town.callOut(need);
    town.ask(Waves.FIXED);
    assertThat(town.offers(need)).hasSizeGreaterThan(2);
    return need;
  }

  @Test
  void nothingIsFoundWhereAllIsWell() {
    for (var invariant : Invariants.ALL) assertHolds(invariant);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("breaches")
  void aBreachIsFoundInTheNeedThatItIsIn(
      String number, String what, List<String> needs, String breach) {
    var invariant = find(number);
    var connection = db.superuserPool().getConnection().await();
    try {
      connection.begin().await();
      connection.query(WITHOUT_CONSTRAINTS).execute().await();
      assertThat(connection.query(filledIn(breach)).execute().await().rowCount()).isPositive();
      var found = invariant.check().run(connection, town.now);
      assertThat(found)
          .extracting(violation -> violation.subject().orElseThrow())
          .containsExactlyInAnyOrderElementsOf(
              needs.stream().map(InvariantsTest::filledIn).toList());
    } finally {
      connection.close().await();
    }
    assertHolds(invariant);
  }

  @Test
  void noneIsLeftWithoutAPlantedBreach() {
    var planted = new HashSet<String>();
    breaches().forEach(breach -> planted.add((String) breach.get()[0]));

    assertThat(Invariants.ALL)
        .extracting(Invariant::number)
        .containsExactlyInAnyOrderElementsOf(planted);
  }

  static Stream<Arguments> breaches() {
    return Stream.of(
        breach(
            "10",
            "a place too many",
            "UPDATE dispatch.need SET filled = filled + 1 WHERE id = :today"),
        breach(
            "10",
            "an offer too many",
            """
            UPDATE dispatch.offer SET state = 'assigned'
            WHERE id = (SELECT max(id) FROM dispatch.offer WHERE need = :today AND state = 'open')\
            """),
        breach(
            "10",
            "more standby than there is",
            "UPDATE dispatch.need SET standby = standby + 1 WHERE id = :today"),
        breach(
            "10",
            "more than it asks for",
            """
            WITH more AS (
              UPDATE dispatch.offer SET state = 'assigned' WHERE need = :today AND state = 'open'
              RETURNING id)
            UPDATE dispatch.need SET filled = filled + (SELECT count(*) FROM more)
            WHERE id = :today\
            """),
        breach(
            "11",
            "an open offer in a closed need",
            List.of(":closed"),
            "UPDATE dispatch.offer SET state = 'open' WHERE need = :closed AND state <>"
                + " 'assigned'"),
        breach(
            "11",
            "somebody who said stop",
            """
            UPDATE dispatch.volunteer SET stopped_at = '2026-11-22 07:00Z'
            WHERE id IN (SELECT volunteer FROM dispatch.offer
                         WHERE need = :today AND state = 'assigned')\
            """),
        breach(
            "11",
            "somebody who has left",
            """
            UPDATE dispatch.volunteer SET active = false
            WHERE id IN (SELECT volunteer FROM dispatch.offer
                         WHERE need = :today AND state = 'assigned')\
            """),
        breach(
            "11",
            "somebody who cannot do it",
            """
            UPDATE dispatch.volunteer SET skills = '{}'
            WHERE id IN (SELECT volunteer FROM dispatch.offer
                         WHERE need = :today AND state = 'assigned')\
            """),
        breach(
            "12",
            "one person in two places",
            List.of(":today", ":tomorrow"),
            """
            UPDATE dispatch.offer SET volunteer = (
              SELECT volunteer FROM dispatch.offer WHERE need = :today AND state = 'assigned')
            WHERE need = :tomorrow AND state = 'assigned';
            UPDATE dispatch.need SET starts_at = t.starts_at, ends_at = t.ends_at
            FROM (SELECT starts_at, ends_at FROM dispatch.need WHERE id = :today) t
            WHERE id = :tomorrow\
            """),
        breach(
            "13",
            "open after its time",
            """
            UPDATE dispatch.offer SET valid_until = '2026-11-22 07:58Z'
            WHERE need = :today AND state = 'open'\
            """),
        breach(
            "13",
            "nobody is asked any more",
            """
            UPDATE dispatch.offer SET state = 'expired' WHERE need = :today AND state = 'open';
            UPDATE dispatch.need SET next_round_at = '2026-11-22 07:54Z', needs_human_at = NULL
            WHERE id = :today\
            """),
        breach(
            "13",
            "no round is planned",
            """
            UPDATE dispatch.offer SET state = 'expired' WHERE need = :today AND state = 'open';
            UPDATE dispatch.need SET next_round_at = ends_at, last_wave_at = '2026-11-22 07:54Z',
              needs_human_at = NULL
            WHERE id = :today\
            """),
        breach(
            "15",
            "another number said yes",
            """
            UPDATE notify.reply SET from_phone = '+966599999999'
            WHERE id IN (SELECT reply FROM dispatch.offer_event
                         WHERE need = :today AND what = 'assigned')\
            """));
  }

  private static Arguments breach(String number, String what, String sql) {
    return breach(number, what, List.of(":today"), sql);
  }

  private static Arguments breach(String number, String what, List<String> needs, String sql) {
    return arguments(number, what, needs, sql);
  }

  private static String filledIn(String sql) {
    return sql.replace(":today", today.value() + "")
        .replace(":tomorrow", tomorrow.value() + "")
        .replace(":closed", closed.value() + "");
  }

  private static Invariant find(String number) {
    return Invariants.ALL.stream()
        .filter(invariant -> invariant.number().equals(number))
        .findFirst()
        .orElseThrow();
  }

  private static void assertHolds(Invariant invariant) {
    assertThat(invariant.look(db.pool(), town.now))
        .as(invariant.number() + ": " + invariant.holds().en())
        .isEqualTo(new Outcome.Holds());
  }

  private static final String WITHOUT_CONSTRAINTS =
      """
      SET LOCAL session_replication_role = replica;
      ALTER TABLE dispatch.need DROP CONSTRAINT need_check1;
      DROP INDEX dispatch.offer_one_open;
      DROP INDEX dispatch.offer_one_open_life\
      """;
}
