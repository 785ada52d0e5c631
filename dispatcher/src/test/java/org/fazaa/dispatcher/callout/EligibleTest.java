package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.OpenNeed;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.AddOrganisation;
import org.fazaa.dispatcher.people.AddOrganisationRule;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.CloseOrganisationRule;
import org.fazaa.dispatcher.people.Flaw;
import org.fazaa.dispatcher.people.OrganisationRule;
import org.fazaa.dispatcher.people.Qualification;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VerifyQualification;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Candidate;
import org.fazaa.dispatcher.roster.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Proofs and organisations' rules, from what somebody writes to who is asked. */
class EligibleTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final OrganisationRule.Why RESTING =
      new OrganisationRule.Why("عادوا من مهمة طويلة", "They came home from a long task");
  private static final long OMAR = 7;

  @Test
  void onlyWhoHasProvenTheSkillIsAskedWhereProofIsWanted() {
    var town = new Town(db);
    var people = town.people(3, Skill.NURSE);
    verify(town, people.get(0), "nurse", "");
    verify(town, people.get(1), "nurse", "2026-11-21"); // the day before
    town.hear();

    assertThat(candidates(town, need(town, true, 18))).containsExactly(people.get(0));
    assertThat(candidates(town, need(town, false, 18)))
        .as("by their word, but for a proof that is over")
        .containsExactlyInAnyOrder(people.get(0), people.get(2));
  }

  @Test
  void aProofIsReadByTheRosterAndReplacedByTheNextWord() {
    var town = new Town(db);
    var one = town.people(1, Skill.DRIVER).getFirst();
    verify(town, one, "nurse", "2027-06-30");
    town.hear();

    var known = town.roster.find(one).orElseThrow();
    assertThat(known.qualifiedUntil()).isEqualTo(Map.of(Skill.NURSE, LocalDate.of(2027, 6, 30)));
    assertThat(Skill.in(known.skills())).contains(Skill.NURSE, Skill.DRIVER);

    verify(town, one, "nurse", "2026-11-20");
    town.hear();
    assertThat(town.roster.find(one).orElseThrow().qualifiedUntil())
        .isEqualTo(Map.of(Skill.NURSE, LocalDate.of(2026, 11, 20)));
    assertThat(Qualification.list(db.pool(), one))
        .singleElement()
        .returns("licence 12", Qualification::proof)
        .returns(OMAR, Qualification::verifiedBy);
    assertThat(Volunteers.find(db.pool(), one).orElseThrow().skills())
        .containsExactlyInAnyOrder(Skill.NURSE, Skill.DRIVER);
  }

  @Test
  void aProofThatCannotBeReadIsRefusedWithEachFlaw() {
    var town = new Town(db);
    var one = town.people(1, Skill.DRIVER).getFirst();

    var draft = new VerifyQualification.Draft("juggler", "30/06/2027", " ");
    var refused = town.tx(tx -> VerifyQualification.run(tx, one, OMAR, draft, town.now));
    assertThat(((VerifyQualification.Outcome.Incomplete) refused).flaws())
        .extracting(Flaw::field)
        .containsExactly("skill", "valid_until", "proof");
    assertThat(verify(town, new VolunteerId(Long.MAX_VALUE), "nurse", ""))
        .isInstanceOf(VerifyQualification.Outcome.NoSuchVolunteer.class);
    assertThat(Qualification.list(db.pool(), one)).isEmpty();
  }

  @Test
  void anOrganisationKeepsItsPeopleFromTheCallsItNamesAndForSoLong() {
    var town = new Town(db);
    var people = town.people(2, Skill.NURSE);
    var code = organisation(town, people.get(0));
    var planned = need(town, false, 18);
    var life = town.need(1, Priority.LIFE, Skill.NURSE);
    var added = keep(town, code, Set.of(CallKind.PLANNED, CallKind.URGENT), Duration.ofHours(3));
    assertThat(added).isInstanceOf(AddOrganisationRule.Outcome.Added.class);

    assertThat(candidates(town, planned)).containsExactly(people.get(1));
    assertThat(candidates(town, life)).contains(people.get(0));
    assertThat(town.propose.reasons(db.pool(), found(planned), people.get(0), town.now))
        .filteredOn(reason -> !reason.holds())
        .singleElement()
        .matches(reason -> reason.rule() == Rule.NOT_BLOCKED)
        .matches(reason -> reason.en().endsWith("They came home from a long task"));

    town.after(Duration.ofHours(3));
    assertThat(candidates(town, planned)).as("it is over").contains(people.get(0));
  }

  @Test
  void aRuleThatIsClosedStandsInNobodysWay() {
    var town = new Town(db);
    var one = town.people(1, Skill.NURSE).getFirst();
    var code = organisation(town, one);
    var need = need(town, false, 18);
    var added = keep(town, code, EnumSet.allOf(CallKind.class), null);
    var rule = ((AddOrganisationRule.Outcome.Added) added).rule();
    assertThat(rule.isInForce(town.now)).isTrue();
    assertThat(candidates(town, need)).isEmpty();

    var closed = town.tx(tx -> CloseOrganisationRule.run(tx, OMAR, rule.id(), town.now));
    assertThat(closed).isInstanceOf(CloseOrganisationRule.Outcome.Closed.class);
    assertThat(candidates(town, need)).containsExactly(one);
    var again = town.tx(tx -> CloseOrganisationRule.run(tx, OMAR, rule.id(), town.now));
    assertThat(again).isInstanceOf(CloseOrganisationRule.Outcome.AlreadyClosed.class);
    var none = town.tx(tx -> CloseOrganisationRule.run(tx, OMAR, Long.MAX_VALUE, town.now));
    assertThat(none).isInstanceOf(CloseOrganisationRule.Outcome.NoSuchRule.class);
    assertThat(OrganisationRule.list(db.pool(), town.now))
        .filteredOn(listed -> listed.id() == rule.id())
        .singleElement()
        .matches(listed -> !listed.isInForce(town.now));
  }

  @Test
  void aRuleOfNoOrganisationOrWithoutAReasonIsRefused() {
    var town = new Town(db);
    var code = organisation(town, town.people(1).getFirst());

    assertThat(keep(town, "nobody-at-all", Set.of(CallKind.LIFE), null))
        .isInstanceOf(AddOrganisationRule.Outcome.NoSuchOrganisation.class);
    var draft =
        new AddOrganisationRule.Draft(
            code,
            Set.of(),
            Optional.empty(),
            Optional.of(town.now),
            new OrganisationRule.Why("", "x".repeat(201)));
    var refused = town.tx(tx -> AddOrganisationRule.run(tx, OMAR, draft, town.now));
    assertThat(((AddOrganisationRule.Outcome.Incomplete) refused).flaws())
        .extracting(Flaw::field)
        .containsExactly("kinds", "why_ar", "why_en", "until");
  }

  @Test
  void whoComesTooLateIsNotAskedForWhatTheyMayNotBeAskedFor() {
    var town = new Town(db);
    town.people(4, Skill.NURSE);
    var full = town.need(1, Priority.URGENT, Skill.NURSE);
    town.callOut(full);
    town.ask(Waves.FIXED);
    var offers = town.offers(full);
    assertThat(offers).hasSize(4);
    var other = need(town, true, 18);
    town.callOut(other);
    var proven = offers.get(3);
    verify(town, proven.volunteer(), "nurse", "2030-01-01");

    town.says(offers.get(0), "yes");
    town.says(offers.get(1), "yes"); // on standby
    town.says(offers.get(2), "yes");
    assertThat(town.offers(other)).isEmpty();
    town.says(proven, "yes");
    assertThat(town.offers(other)).extracting(Offer::volunteer).containsExactly(proven.volunteer());
  }

  @Test
  void anAgeBelowEighteenIsForPlannedNeedsOnly() {
    var town = new Town(db);
    assertThat(flaws(draft(town, Priority.LIFE, true, 17), town)).containsExactly("age_least");
    assertThat(flaws(draft(town, Priority.PLANNED, true, 15), town)).containsExactly("age_least");
    assertThat(flaws(draft(town, Priority.PLANNED, true, 16), town)).isEmpty();

    var young = town.people(1, Skill.NURSE).getFirst();
    var born = Tuple.of(young.value(), LocalDate.of(2010, 1, 1));
    town.tx(
        tx ->
            tx.preparedQuery("UPDATE dispatch.volunteer SET born = $2 WHERE id = $1")
                .execute(born)
                .await());
    town.hear();
    assertThat(candidates(town, need(town, false, 16))).containsExactly(young);
    assertThat(candidates(town, need(town, false, 18))).isEmpty();
  }

  private static List<VolunteerId> candidates(Town town, NeedId need) {
    return town.propose.candidates(db.pool(), found(need), 50, town.now).stream()
        .map(Candidate::volunteer)
        .toList();
  }

  private static Need found(NeedId need) {
    return Need.find(db.pool(), need).orElseThrow();
  }

  private static VerifyQualification.Outcome verify(
      Town town, VolunteerId one, String skill, String until) {
    var draft = new VerifyQualification.Draft(skill, until, "licence 12");
    return town.tx(tx -> VerifyQualification.run(tx, one, OMAR, draft, town.now));
  }

  /** An organisation of this volunteer alone. */
  private static String organisation(Town town, VolunteerId member) {
    var code = "aid-" + member.value();
    var draft = new AddOrganisation.Draft(code, "العون", "Aid");
    town.tx(tx -> AddOrganisation.run(tx, draft));
    var sql =
        """
        UPDATE dispatch.volunteer
        SET organisation = (SELECT id FROM dispatch.organisation WHERE code = $2) WHERE id = $1\
        """;
    town.tx(tx -> tx.preparedQuery(sql).execute(Tuple.of(member.value(), code)).await());
    town.hear();
    return code;
  }

  private static AddOrganisationRule.Outcome keep(
      Town town, String code, Set<CallKind> kinds, Duration time) {
    var until = Optional.ofNullable(time).map(town.now::plus);
    var draft = new AddOrganisationRule.Draft(code, kinds, Optional.empty(), until, RESTING);
    return town.tx(tx -> AddOrganisationRule.run(tx, OMAR, draft, town.now));
  }

  private static NeedId need(Town town, boolean proof, int ageLeast) {
    var draft = draft(town, Priority.PLANNED, proof, ageLeast);
    var opened = town.tx(tx -> OpenNeed.run(tx, town.staff(tx), town.crisis, draft, town.now));
    return ((OpenNeed.Outcome.Opened) opened).need();
  }

  private static List<String> flaws(OpenNeed.Draft draft, Town town) {
    var outcome = town.tx(tx -> OpenNeed.run(tx, town.staff(tx), town.crisis, draft, town.now));
    return outcome instanceof OpenNeed.Outcome.Incomplete(var flaws)
        ? flaws.stream().map(Flaw::field).toList()
        : List.of();
  }

  private static OpenNeed.Draft draft(Town town, Priority priority, boolean proof, int ageLeast) {
    return new OpenNeed.Draft(
        new Title("تمريض", "Nursing"),
        Set.of(Skill.NURSE),
        Set.of(),
        proof,
        ageLeast,
        2,
        town.center,
        town.now.plus(Duration.ofHours(4)),
        town.now.plus(Duration.ofHours(6)),
        priority);
  }
}
