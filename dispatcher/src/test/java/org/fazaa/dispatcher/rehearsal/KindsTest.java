package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.rehearsal.Kinds.Asked;
import org.fazaa.dispatcher.rehearsal.Kinds.Ignored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindsTest {

  @Test
  void theFirstRuleThatFitsDecides() {
    var kinds =
        parse(
            """
            # comments are passed over
            kind,class,skills,people,within_min,lasts_min
            /FLOOD.*DEEP/,life,boat;first_aid,4,20,90
            FLOOD*,urgent
            CALL ?,ignore
            """);

    var deep = (Asked) kinds.find("flood, deep").orElseThrow();
    assertThat(deep.priority()).isEqualTo(Priority.LIFE);
    assertThat(deep.skills()).isEqualTo(Set.of(Skill.BOAT, Skill.FIRST_AID));
    assertThat(deep.people()).contains(4);
    assertThat(deep.within()).isEqualTo(Duration.ofMinutes(20));
    assertThat(deep.lasts()).isEqualTo(Duration.ofMinutes(90));
    var other = (Asked) kinds.find("FLOODED CELLAR").orElseThrow();
    assertThat(other.priority()).isEqualTo(Priority.URGENT);
    assertThat(other.people()).isEmpty();
    assertThat(other.within()).isEqualTo(Priority.URGENT.fillWithin());
    assertThat(kinds.find("CALL 7")).containsInstanceOf(Ignored.class);
    assertThat(kinds.find("CALL 77")).isEmpty();
    assertThat(kinds.find("A FLOOD")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FIRE,serious | line 2, column class, 'serious'",
        "FIRE,life,juggling | line 2, column skills, 'juggling'",
        "FIRE,life,,0 | line 2, column people, '0'",
        "FIRE,life,,,-5 | line 2, column within_min, '-5'",
        "FIRE,life,,,,long | line 2, column lasts_min, 'long'",
        "/FIRE(/,life | line 2, column kind, '/FIRE(/'",
      })
  void aBadRuleIsNamedWithLineAndColumn(String rule, String named) {
    assertThatThrownBy(() -> parse("kind,class,skills,people,within_min,lasts_min\n" + rule))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(named);
  }

  @Test
  void aTableWithoutItsColumnsOrWithoutRulesIsRefused() {
    assertThatThrownBy(() -> parse("pattern,class\nFIRE,life")).hasMessageContaining("line 1");
    assertThatThrownBy(() -> parse("kind,class\n")).hasMessageContaining("has no rules");
    assertThatThrownBy(() -> Kinds.of(Optional.of("atlantis"), List.of()))
        .hasMessageContaining("atlantis")
        .hasMessageContaining("houston-911");
  }

  @ParameterizedTest
  @CsvSource({
    "id call_time_utc type units_max lat lon, houston-911",
    "id created_local closed_local lat lon, houston-311-flooding",
    "id created_local code type lat lon, chp",
    "id time_local categories verified lat lon, haiti-2010",
    "when what where, generic",
  })
  void aKnownFeedBringsItsOwnTable(String header, String table) {
    assertThat(Kinds.of(Optional.empty(), List.of(header.split(" "))).name()).isEqualTo(table);
  }

  @ParameterizedTest
  @CsvSource({
    "Building Collapse, LIFE",
    "Vehicle accident with injuries, LIFE",
    "Kitchen fire, URGENT",
    "Flooded underpass, URGENT",
    "حريق في شقة, URGENT",
    "حادث مروري, LIFE",
    "احتجاز مياه, URGENT",
    "Power line down, PLANNED",
    "Fallen tree, PLANNED",
    "'', URGENT",
  })
  void anUnknownFeedIsReadByPlainWords(String kind, Priority priority) {
    var rule = Kinds.shipped("generic").find(kind);

    assertThat(rule).map(found -> ((Asked) found).priority()).contains(priority);
  }

  @Test
  void aKindThatNoWordFitsIsNotGuessed() {
    assertThat(Kinds.shipped("generic").find("Barking dog")).isEmpty();
  }

  @Test
  void theGravestOfSeveralCodesDecides() {
    var haiti = Kinds.shipped("haiti-2010");

    assertThat(priority(haiti, "2a 2b 1c")).isEqualTo(Priority.LIFE);
    assertThat(priority(haiti, "2d 5c")).isEqualTo(Priority.URGENT);
    assertThat(haiti.find("8")).containsInstanceOf(Ignored.class);
  }

  private static Priority priority(Kinds kinds, String kind) {
    return ((Asked) kinds.find(kind).orElseThrow()).priority();
  }

  private static Kinds parse(String text) {
    return Kinds.parse("test", text, Refused.Mistakes.in("test"));
  }
}
