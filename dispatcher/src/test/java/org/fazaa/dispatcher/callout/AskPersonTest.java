package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.AskPerson.Outcome;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Reason;
import org.fazaa.dispatcher.roster.Rule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AskPersonTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  @AfterEach
  void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  @Test
  void onePersonIsAskedByNameOnceTheCoordinatorHasSeenWhatItGives() {
    var town = new Town(db);
    var person = town.people(3).getFirst();
    var need = AskRingTest.paused(town, 1, 50);

    var preview = preview(town, need, person);
    assertThat(preview.refusal()).isEmpty();
    assertThat(preview.broken()).isEmpty();
    assertThat(preview.after()).isGreaterThan(preview.before() + 0.1);
    assertThat(town.offers(need)).isEmpty();

    assertThat(ask(town, need, person, false)).isInstanceOf(Outcome.Asked.class);
    var offer = town.offers(need).getFirst();
    assertThat(offer.volunteer()).isEqualTo(person);
    assertThat(town.texts(offer.phone())).singleElement().asString().contains(offer.code());
    assertThat(town.view(need).texts()).isEqualTo(1);
    assertThat(
            town.count(
                "SELECT count(*) FROM dispatch.decision WHERE policy = 'person' AND need = $1",
                need.value()))
        .isEqualTo(1);
  }

  @Test
  void aRuleThatSparesPeopleIsSetAsideOnlyOnceItWasSeen() {
    var town = new Town(db);
    var person = town.people(1).getFirst();
    var first = AskRingTest.paused(town, 1, 50);
    ask(town, first, person, false);
    town.says(town.offers(first).getFirst(), "2");
    town.hear();
    var need = AskRingTest.paused(town, 1, 50);

    assertThat(rules(preview(town, need, person).broken())).containsExactly(Rule.NOT_JUST_ASKED);
    assertThat(preview(town, need, person).refusal()).isEmpty();
    var unseen = (Outcome.SayAnyway) ask(town, need, person, false);
    assertThat(rules(unseen.broken())).containsExactly(Rule.NOT_JUST_ASKED);
    assertThat(town.offers(need)).isEmpty();
    assertThat(ask(town, need, person, true)).isInstanceOf(Outcome.Asked.class);
    assertThat(town.offers(need)).hasSize(1);
  }

  @Test
  void everyOtherRuleRefusesWhateverIsTicked() {
    var town = new Town(db);
    var people = town.people(4);
    var needsDoctor = town.need(1, Priority.URGENT, Skill.values()[0]);
    town.callOut(needsDoctor, 50);
    town.tx(tx -> PauseCallOut.run(tx, town.staff(tx), needsDoctor, town.now));
    var need = AskRingTest.paused(town, 2, 50);
    ask(town, need, people.get(0), false);
    town.tx(tx -> Volunteers.setActive(tx, people.get(1), false));
    var phone = Volunteers.find(db.pool(), people.get(2)).orElseThrow().phone();
    town.tx(tx -> Volunteers.stop(tx, phone, town.now));
    town.hear();

    assertThat(forbidden(town, needsDoctor, people.get(3))).containsExactly(Rule.SKILLED);
    assertThat(forbidden(town, need, people.get(0))).contains(Rule.NOT_ASKED, Rule.NOT_HELD);
    assertThat(forbidden(town, need, people.get(1))).containsExactly(Rule.ACTIVE);
    assertThat(forbidden(town, need, people.get(2))).containsExactly(Rule.NOT_STOPPED);
    assertThat(town.offers(need)).hasSize(1);
  }

  @Test
  void whoLivesOutsideTheApprovedAreaNeedsANewEnvelope() {
    var town = new Town(db);
    town.people(1);
    var need = AskRingTest.paused(town, 1, 50);
    var elsewhere = new Town(db);
    var person = elsewhere.people(1).getFirst();
    town.hear();

    assertThat(forbidden(town, need, person)).contains(Rule.WITHIN_REACH, Rule.IN_AREA);
  }

  @Test
  void whoStoppedOrWasAskedInTheLastSecondIsNotAsked() {
    var town = new Town(db);
    var people = town.people(2);
    var need = AskRingTest.paused(town, 2, 50);
    var other = AskRingTest.paused(town, 2, 50);
    var phone = Volunteers.find(db.pool(), people.get(0)).orElseThrow().phone();
    town.tx(tx -> Volunteers.stop(tx, phone, town.now));
    ask(town, other, people.get(1), false);

    assertThat(ask(town, need, people.get(0), true)).isEqualTo(new Outcome.OutOfReach());
    assertThat(forbidden(town, need, people.get(1))).containsExactly(Rule.NOT_HELD);
    assertThat(town.offers(need)).isEmpty();
  }

  @Test
  void anEnvelopeThatIsUsedUpAndStrangersAreRefused() {
    var town = new Town(db);
    var people = town.people(3);
    var need = AskRingTest.paused(town, 2, 1);
    ask(town, need, people.get(0), false);
    town.after(Duration.ofMinutes(1));

    assertThat(ask(town, need, people.get(1), false)).isInstanceOf(Outcome.ExceedsEnvelope.class);
    assertThat(ask(town, need, new VolunteerId(999_999_999), false))
        .isEqualTo(new Outcome.NoSuchVolunteer());
    assertThat(ask(town, new NeedId(999_999_999), people.get(1), false))
        .isEqualTo(new Outcome.NoSuchNeed());
    assertThat(ask(town, town.need(1, Priority.URGENT), people.get(1), false))
        .isEqualTo(new Outcome.Refused(Refusal.NOT_CALLED_OUT));
  }

  private static List<Rule> forbidden(Town town, NeedId need, VolunteerId person) {
    var outcome = ask(town, need, person, true);
    assertThat(outcome).isInstanceOf(Outcome.Forbidden.class);
    assertThat(preview(town, need, person).refusal()).contains(outcome);
    return rules(((Outcome.Forbidden) outcome).broken());
  }

  private static List<Rule> rules(List<Reason> broken) {
    return broken.stream().map(Reason::rule).toList();
  }

  private static AskPerson.Preview preview(Town town, NeedId need, VolunteerId person) {
    var ask = new AskPerson(town.roster, town.make);
    return ask.preview(db.pool(), need, person, town.now).orElseThrow();
  }

  private static Outcome ask(Town town, NeedId need, VolunteerId person, boolean anyway) {
    var ask = new AskPerson(town.roster, town.make);
    return town.tx(tx -> ask.run(tx, town.staff(tx), need, person, anyway, town.now));
  }
}
