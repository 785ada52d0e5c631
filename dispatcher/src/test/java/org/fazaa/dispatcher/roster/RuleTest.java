package org.fazaa.dispatcher.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleTest {
  private static final Instant NOW = People.NOW; // a Sunday, 11 in the morning in Riyadh
  private static final Instant STARTS = NOW.plus(Duration.ofHours(2));
  private static final Instant ENDS = NOW.plus(Duration.ofHours(6));
  private static final VolunteerId HUDA = new VolunteerId(1);

  @Test
  void whoMeetsEveryRuleMayBeAskedAndHearsWhy() {
    var roster = with(huda());

    assertThat(roster.candidates(query(), 10)).extracting(Candidate::volunteer).contains(HUDA);
    assertThat(roster.whyNot(HUDA, query())).isEmpty();
    assertThat(roster.reasons(HUDA, query()))
        .allMatch(Reason::holds)
        .extracting(Reason::rule)
        .containsExactly(Rule.values());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaches")
  void whoBreaksOneRuleIsNotAskedAndTheReasonIsThatRule(Rule rule, UnaryOperator<Changed> breach) {
    var changed = breach.apply(new Changed());
    var roster = with(changed.person());

    assertThat(roster.candidates(changed.query(), 10)).isEmpty();
    var reasons = roster.whyNot(HUDA, changed.query());
    assertThat(reasons).extracting(Reason::rule).containsExactly(rule);
    assertThat(reasons.getFirst().ar()).matches("(?s).*\\p{IsArabic}.*");
    assertThat(reasons.getFirst().en()).isNotBlank();
  }

  static Stream<Arguments> breaches() {
    return Stream.of(
        breach(Rule.SKILLED, one -> one.skills = 0),
        breach(Rule.UNDERSTOOD, one -> one.languages = 0),
        breach(Rule.ACTIVE, one -> one.active = false),
        breach(Rule.CONSENTED, one -> one.consented = false),
        breach(Rule.NOT_STOPPED, one -> one.stopped = true),
        breach(Rule.NOT_PAUSED, one -> one.pausedUntil = NOW.plusSeconds(1)),
        breach(Rule.FREE, one -> one.hours = Week.parse("sun 13-16").orElseThrow()),
        breach(Rule.NOT_BUSY, one -> one.busy(STARTS.minusSeconds(9), STARTS.plusSeconds(1))),
        breach(Rule.NOT_BUSY, one -> one.busy(ENDS.minusSeconds(1), ENDS.plusSeconds(9))),
        breach(Rule.RESTED, one -> one.busy(NOW, STARTS.minusSeconds(3_599))),
        breach(Rule.NOT_JUST_ASKED, one -> one.lastAsked = NOW.minusSeconds(15 * 60 - 1)),
        breach(Rule.WITHIN_BUDGET, one -> one.fatigue = 10.1),
        breach(Rule.OF_AGE, one -> one.born = LocalDate.of(2008, 11, 23)),
        breach(Rule.NOT_ASKED, one -> one.asked = Set.of(HUDA)),
        breach(Rule.NOT_HELD, one -> one.held = Set.of(HUDA)),
        breach(Rule.WITHIN_REACH, one -> one.reachKm = 10),
        breach(Rule.IN_AREA, one -> one.area = (lon, lat) -> false),
        breach(Rule.IN_TIME, one -> one.kmh = 2));
  }

  @Test
  void everyRuleIsBrokenByACaseOfThisTest() {
    assertThat(breaches().map(one -> (Rule) one.get()[0])).containsAll(EnumSet.allOf(Rule.class));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("justRight")
  void onTheEdgeOfARuleItStillHolds(String name, UnaryOperator<Changed> edge) {
    var changed = edge.apply(new Changed());

    assertThat(with(changed.person()).candidates(changed.query(), 10)).hasSize(1);
  }

  static Stream<Arguments> justRight() {
    return Stream.of(
        edge("the pause ends now", one -> one.pausedUntil = NOW),
        edge("an hour of rest", one -> one.busy(NOW, STARTS.minusSeconds(3_600))),
        edge("the next task begins as this ends", one -> one.busy(ENDS, ENDS.plusSeconds(9))),
        edge("a quarter of an hour since the last text", one -> one.lastAsked(15 * 60)),
        edge("as tired as may be", one -> one.fatigue = 10),
        edge("tired, but a week ago", one -> one.tired(20, Duration.ofDays(7))),
        edge("the eighteenth birthday", one -> one.born = LocalDate.of(2008, 11, 22)),
        edge("the hours of the task and no more", one -> one.hours("sun 13-17")),
        edge("any language will do", one -> one.anyLanguage()));
  }

  @Test
  void theReasonSaysWhatIsMissingAndHowFarItIs() {
    var noSkill = new Changed();
    noSkill.skills = Skill.mask(Set.of(Skill.BOAT));
    var far = new Changed();
    far.reachKm = 10;

    var missing = with(noSkill.person()).whyNot(HUDA, noSkill.query()).getFirst();
    assertThat(missing.en()).isEqualTo("Lacks a skill that is asked for: Nurse");
    assertThat(missing.ar()).isEqualTo("تنقصه مهارة مطلوبة: تمريض");
    var distance = with(far.person()).whyNot(HUDA, far.query()).getFirst();
    assertThat(distance.en()).isEqualTo("Is too far away: 11.1 km, the limit is 10 km");
  }

  @Test
  void aCandidateComesWithAllThatTheChoiceGoesBy() {
    var one = new Changed();
    one.tired(2, Duration.ofDays(7));
    one.lastAsked(7 * 24 * 3_600);

    var candidate = with(one.person()).candidates(one.query(), 1).getFirst();

    assertThat(candidate.km()).isBetween(11.0, 11.3);
    assertThat(candidate.travel()).isBetween(Duration.ofMinutes(21), Duration.ofMinutes(23));
    assertThat(Skill.in(candidate.skills())).containsExactlyInAnyOrder(Skill.BOAT, Skill.NURSE);
    assertThat(candidate.history().at()).isEqualTo(NOW);
    assertThat(candidate.history().fatigue()).isBetween(0.735, 0.736);
    assertThat(candidate.history().urgent().yes()).isBetween(2.7, 2.8);
    assertThat(candidate.lastAsked()).contains(NOW.minus(Duration.ofDays(7)));
    assertThat(candidate.busyUntil()).isEmpty();
  }

  @Test
  void thereIsNothingToSayAboutSomebodyUnknown() {
    assertThat(with(huda()).reasons(new VolunteerId(2), query())).isEmpty();
  }

  private static Arguments breach(Rule rule, Consumer<Changed> change) {
    return Arguments.of(rule, changing(change));
  }

  private static Arguments edge(String name, Consumer<Changed> change) {
    return Arguments.of(name, changing(change));
  }

  private static UnaryOperator<Changed> changing(Consumer<Changed> change) {
    return changed -> {
      change.accept(changed);
      return changed;
    };
  }

  private static Roster with(Person person) {
    var roster = new Roster();
    roster.replace(new Grid());
    roster.change(List.of(person), List.of());
    return roster;
  }

  private static Person huda() {
    return new Changed().person();
  }

  private static Query query() {
    return new Changed().query();
  }

  /** Somebody who may be asked, and the need she may be asked for, until a case changes them. */
  private static final class Changed {
    long skills = Skill.mask(Set.of(Skill.NURSE, Skill.BOAT));
    int languages = SpokenLanguage.mask(Set.of(SpokenLanguage.AR));
    Week hours = Week.ALWAYS;
    boolean active = true;
    boolean consented = true;
    boolean stopped;
    LocalDate born;
    Instant pausedUntil;
    Instant busyFrom;
    Instant busyUntil;
    Instant lastAsked;
    double fatigue;
    Instant contactAt = NOW;

    double reachKm = 25;
    Region area = Region.EVERYWHERE;
    Set<SpokenLanguage> wanted = Set.of(SpokenLanguage.AR, SpokenLanguage.UR);
    double kmh = 40;
    Set<VolunteerId> asked = Set.of();
    Set<VolunteerId> held = Set.of();

    void busy(Instant from, Instant until) {
      busyFrom = from;
      busyUntil = until;
    }

    void lastAsked(long secondsAgo) {
      lastAsked = NOW.minusSeconds(secondsAgo);
    }

    void tired(double then, Duration ago) {
      fatigue = then;
      contactAt = NOW.minus(ago);
    }

    void hours(String written) {
      hours = Week.parse(written).orElseThrow();
    }

    void anyLanguage() {
      languages = 0;
      wanted = Set.of();
    }

    Person person() {
      var urgent = new Tally(3, 1);
      return new Person(
          HUDA,
          new Point(46, 24.1),
          skills,
          languages,
          hours,
          active,
          consented,
          stopped,
          Optional.ofNullable(born),
          Optional.ofNullable(pausedUntil),
          Optional.ofNullable(busyFrom),
          Optional.ofNullable(busyUntil),
          Optional.ofNullable(lastAsked),
          new History(Tally.NONE, urgent, Tally.NONE, fatigue, contactAt),
          0,
          Map.of());
    }

    Query query() {
      var usual = Limits.of(CallKind.URGENT, People.RIYADH);
      return new Query(
          new Point(46, 24),
          reachKm,
          area,
          Set.of(Skill.NURSE),
          wanted,
          STARTS,
          ENDS,
          new Limits(
              usual.rest(), usual.gap(), usual.fatigueMost(), usual.ageLeast(), kmh, usual.zone()),
          asked,
          held,
          NOW);
    }
  }
}
