package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.Help.Remedy;
import org.fazaa.dispatcher.callout.Help.Trial;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Skill;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HelpTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final Skill RARE = Skill.values()[0];
  private static final Skill COMMON = Skill.values()[1];

  @AfterEach
  void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  @Test
  void onlyWhatIsWorthDoingIsNamedBestFirstAndNoMoreThanFive() {
    var now = line(2, 2);
    var trials = new ArrayList<Trial>();
    for (var people : List.of(2, 6, 8, 10, 12, 14, 16)) {
      trials.add(new Trial(new Remedy.FewerPeople(people), line(2, people), 50));
    }

    var help = Help.of(now, 50, trials, NOW);

    assertThat(help.steps()).hasSize(5).isSortedAccordingTo((a, b) -> compare(b, a));
    assertThat(help.best().orElseThrow().remedy()).isEqualTo(new Remedy.FewerPeople(16));
    assertThat(help.steps()).allMatch(step -> step.chance() > help.chance() + 0.03);
  }

  @Test
  void whatMoreTextsGiveIsNotSaidToComeFromAWiderArea() {
    var few = line(2, 20);
    var trials =
        List.of(
            new Trial(new Remedy.Wider(45), few, 20),
            new Trial(new Remedy.MoreTexts(), few, 20),
            new Trial(new Remedy.WithoutSkill(RARE), line(2, 40), 40));

    var help = Help.of(few, 2, trials, NOW);

    assertThat(help.steps())
        .extracting(step -> step.remedy().word())
        .containsExactly("without_skill", "more_texts");
  }

  @Test
  void ofTwoRingsTheWiderIsNamedOnlyWhereItBringsMore() {
    var now = line(3, 2);
    var same =
        List.of(
            new Trial(new Remedy.Wider(45), line(3, 12), 50),
            new Trial(new Remedy.Wider(60), line(3, 12), 50));
    var more =
        List.of(
            new Trial(new Remedy.Wider(45), line(3, 12), 50),
            new Trial(new Remedy.Wider(60), line(3, 24), 50));

    assertThat(Help.of(now, 50, same, NOW).steps())
        .extracting(Help.Step::remedy)
        .containsExactly(new Remedy.Wider(45));
    assertThat(Help.of(now, 50, more, NOW).steps())
        .extracting(Help.Step::remedy)
        .containsExactly(new Remedy.Wider(60));
  }

  @Test
  void whatHelpsIsSaidInBothLanguagesWithWhatItGives() {
    var help =
        Help.of(line(2, 1), 50, List.of(new Trial(new Remedy.AnyLanguage(), line(2, 16), 50)), NOW);

    assertThat(help.says().en())
        .matches("This would help: take any language: from \\d% to \\d\\d%.");
    assertThat(help.says().ar()).startsWith("قد ينفع: قبول أي لغة: من ");
    assertThat(Help.of(line(2, 1), 50, List.of(), NOW).says().en()).contains("phone");
  }

  @Test
  void theSkillThatFewHaveIsFoundOutFromTheRoster() {
    var town = new Town(db);
    town.people(1, RARE, COMMON);
    town.people(30, COMMON);
    var need = town.need(2, Priority.URGENT, RARE, COMMON);
    town.callOut(need, 50);

    var help = help(town, need);

    assertThat(help.best().orElseThrow().remedy()).isEqualTo(new Remedy.WithoutSkill(RARE));
    assertThat(help.chance()).isLessThan(0.1);
    assertThat(help.best().orElseThrow().chance()).isGreaterThan(0.8);
    assertThat(help.steps())
        .extracting(Help.Step::remedy)
        .contains(new Remedy.FewerPeople(1))
        .doesNotContain(new Remedy.WithoutSkill(COMMON));
    assertThat(town.offers(need)).isEmpty();
  }

  @Test
  void aSkillThatIsDroppedPausesTheCallOutUntilItIsApprovedAnew() {
    var town = new Town(db);
    town.people(1, RARE, COMMON);
    town.people(30, COMMON);
    var need = town.need(2, Priority.URGENT, RARE, COMMON);
    town.callOut(need, 50);

    without(town, need, Set.of(COMMON));

    var paused = town.view(need).need();
    assertThat(paused.state()).isEqualTo(Need.State.PAUSED);
    assertThat(paused.pausedWhy()).contains("rules");
    assertThat(AskRingTest.ask(town, need, 5, 5))
        .isEqualTo(new AskRing.Outcome.Refused(Refusal.RULES_CHANGED));
    assertThat(town.callOut(need, 50)).isInstanceOf(StartCallOut.Outcome.Started.class);
    town.ask();
    assertThat(town.offers(need).size()).isGreaterThan(2);
  }

  @Test
  void aSmallAreaIsWidenedAndAUsedUpEnvelopeWantsMoreTexts() {
    var town = new Town(db);
    town.people(60);
    var small = calledWithin(town, 0.4, 50);
    var used = calledWithin(town, 30, 1);

    assertThat(help(town, small).best().orElseThrow().remedy()).isEqualTo(new Remedy.Wider(1));
    assertThat(help(town, used).best().orElseThrow().remedy()).isEqualTo(new Remedy.MoreTexts());
  }

  @Test
  void whoWasAskedAndIsSilentIsPhonedAndWhoWaitsElsewhereIsAskedByName() {
    var town = new Town(db);
    var people = town.people(4);
    var other = AskRingTest.paused(town, 1, 50);
    AskRingTest.ask(town, other, 5, 4);
    var offers = town.offers(other);
    town.says(offers.get(0), "1");
    town.says(offers.get(1), "1");
    town.after(Duration.ofMinutes(1));
    town.hear();
    var asked = town.people(3);
    var need = AskRingTest.paused(town, 2, 50);
    AskRingTest.ask(town, need, 5, 3);
    town.after(Duration.ofMinutes(12));
    town.hear();

    var help = help(town, need);

    assertThat(town.offers(need)).extracting(Offer::volunteer).containsAll(asked);
    assertThat(help.steps())
        .extracting(Help.Step::remedy)
        .contains(new Remedy.Phone(3), new Remedy.FromStandby(List.of(people.get(1))));
  }

  @Test
  void whatWouldHelpIsKeptWhenTheNeedFirstWantsAHuman() {
    var town = new Town(db);
    town.people(2);
    var need = town.need(5, Priority.LIFE);
    town.callOut(need);
    var record = new RecordHelp(db.pool(), town.bus, town.roster, propose(town));
    town.ask();
    assertThat(town.view(need).help()).isEmpty();

    while (record.run(town.now)) {
      // until every need that wants a human has its row
    }

    var kept = town.view(need).help().orElseThrow();
    assertThat(kept.en()).startsWith("This would help: make do with");
    town.after(Duration.ofMinutes(5));
    record.run(town.now);
    assertThat(town.count("SELECT count(*) FROM dispatch.help WHERE need = $1", need.value()))
        .isEqualTo(1);
  }

  @Test
  void aFullNeedWantsNothing() {
    var town = new Town(db);
    var person = town.people(1).getFirst();
    var need = town.need(1, Priority.URGENT);
    town.tx(tx -> new EnterByHand(town.make).run(tx, town.staff(tx), need, person, town.now));

    assertThat(help(town, need)).isEqualTo(new Help(need, 1, List.of()));
    assertThat(propose(town).run(db.pool(), new NeedId(999_999_999), town.now)).isEmpty();
  }

  private static int compare(Help.Step a, Help.Step b) {
    return Double.compare(a.chance(), b.chance());
  }

  private static ProposeHelp propose(Town town) {
    return new ProposeHelp(town.roster, town.make);
  }

  private static Help help(Town town, NeedId need) {
    return propose(town).run(db.pool(), need, town.now).orElseThrow();
  }

  private static NeedId calledWithin(Town town, double km, int texts) {
    var need = town.need(2, Priority.URGENT);
    var request =
        new StartCallOut.Request(
            Optional.of(new Area.Circle(town.center, km * 1000)),
            Optional.of(texts),
            Optional.empty(),
            Optional.empty(),
            Optional.of(texts));
    town.tx(tx -> town.start.run(tx, town.staff(tx), need, request, town.now));
    return need;
  }

  private static void without(Town town, NeedId need, Set<Skill> skills) {
    var edit =
        new EditNeed.Edit(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(EnumSet.copyOf(skills)),
            Optional.empty());
    var edited =
        town.tx(tx -> EditNeed.run(tx, town.staff(tx), need, Optional.empty(), edit, town.now));
    assertThat(edited).isInstanceOf(EditNeed.Outcome.Edited.class);
  }

  /** So many places, and so many near people who say yes one time in four. */
  private static Line line(int open, int people) {
    return RoundTest.line(1, Priority.URGENT, open, RoundTest.people(1, people, 1, 0.25));
  }
}
