package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fazaa.notifier.Ways.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaysTest {

  @ParameterizedTest(name = "{0} wishes {2} of {1}, {3} fails, {4}: {5}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # phone | open | wishes | fails | class | leaves by
          +15005550006 | - | - | - | service | sms:reply
          +15005550006 | whatsapp voice | - | - | service | sms:reply whatsapp:press
          +15005550006 | whatsapp voice | - | - | life-safety | sms:reply whatsapp:press voice:press
          +966500000001 | - | - | - | service | sms:link
          +966500000001 | whatsapp | - | - | service | whatsapp:press sms:link
          +966500000001 | whatsapp | sms | - | service | sms:link whatsapp:press
          +966500000001 | whatsapp | - | whatsapp | service | sms:link whatsapp:press
          +966500000001 | whatsapp voice | voice | - | service | voice:press whatsapp:press sms:link
          +966500000001 | whatsapp voice |sms|-| life-safety | sms:link whatsapp:press voice:press
          +966500000001 | whatsapp voice | voice | - | fund | whatsapp:press sms:link
          +966500000001 | - | whatsapp | - | service | sms:link
          +97433000001 | - | - | - | service | sms:link
          +96550000001 | - | - | - | service | sms:link
          +201000000001 | - | - | - | service | sms:link
          +971500000001 | - | - | - | service | sms:code
          +971500000001 | whatsapp | - | - | service | whatsapp:press sms:code
          +971500000001 | whatsapp | sms | sms | service | whatsapp:press sms:code
          +447700900001 | - | - | - | drill | sms:reply
          +4915100000001 | whatsapp voice | - | sms | service | whatsapp:press sms:reply
          """)
  void waysToAPerson(
      String phone, String open, String wishes, String fails, String messageClass, String leaves) {
    var costs = new EnumMap<Way, Integer>(Way.class);
    ways(open).forEach(way -> costs.put(way, 30));
    var ways = new Ways(costs, Map.of(), false, false);
    var person = new Person(new Phone(phone), ways(wishes), Set.copyOf(ways(fails)));
    assertThat(written(ways.choose(person, MessageClass.of(messageClass)))).isEqualTo(leaves);
  }

  @Test
  void aNumberOfACountrysOwnCanBeAnsweredThereAndANameNowhere() {
    var own = new Ways(Map.of(), Map.of("SA", true, "US", false), true, false);
    assertThat(sms(own, "SA")).isEqualTo(Ways.Answer.REPLY);
    assertThat(sms(own, "US")).isEqualTo(Ways.Answer.LINK);
    assertThat(sms(own, "GB")).as("all others have a name").isEqualTo(Ways.Answer.LINK);
    assertThat(sms(Ways.simulated(), "AE")).isEqualTo(Ways.Answer.REPLY);
    assertThat(Ways.isNumber("+15005550006")).isTrue();
    assertThat(Ways.isNumber("701234")).isTrue();
    assertThat(Ways.isNumber("Fazaa")).isFalse();
  }

  /** Whatever is open, wished and failing: a way is named once, and an SMS is always among them. */
  @Test
  void nobodyIsLeftWithoutAWay() {
    for (var country : List.of("+966500000001", "+971500000001", "+15005550006", "+3585000001")) {
      for (var open : subsets()) {
        var costs = new EnumMap<Way, Integer>(Way.class);
        open.stream().filter(way -> way != Way.SMS).forEach(way -> costs.put(way, 1));
        var ways = new Ways(costs, Map.of(), false, false);
        for (var wished : subsets()) {
          for (var failing : subsets()) {
            for (var of : MessageClass.values()) {
              var person = new Person(new Phone(country), List.copyOf(wished), failing);
              var chosen = ways.choose(person, of).stream().map(Ways.Step::way).toList();
              assertThat(chosen).doesNotHaveDuplicates().contains(Way.SMS);
              var besides = chosen.stream().filter(way -> way != Way.SMS).toList();
              assertThat(open).containsAll(besides);
            }
          }
        }
      }
    }
  }

  @Test
  void aCallIsMadeOnlyWhereItIsOpen() {
    var person = new Person(new Phone("+966500000001"), List.of(), Set.of());
    assertThat(new Ways(Map.of(Way.WHATSAPP, 1), Map.of(), false, false).call(person)).isEmpty();
    assertThat(new Ways(Map.of(Way.VOICE, 1), Map.of(), false, false).call(person))
        .hasValue(new Ways.Step(Way.VOICE, Ways.Answer.PRESS));
  }

  @Test
  void waysAreReadAsPeopleWriteThem() {
    assertThat(Ways.read(List.of(" WhatsApp ", "sms", "sms")))
        .hasValue(List.of(Way.WHATSAPP, Way.SMS));
    assertThat(Ways.read(List.of())).hasValue(List.of());
    assertThat(Ways.read(List.of("sms", "pigeon"))).isEqualTo(Optional.empty());
  }

  private static Ways.Answer sms(Ways ways, String country) {
    return ways.bySms(CountryRules.of(country));
  }

  private static List<Set<Way>> subsets() {
    var all = EnumSet.allOf(Way.class);
    return IntStream.range(0, 1 << all.size())
        .mapToObj(
            bits ->
                all.stream()
                    .filter(way -> (bits & 1 << way.ordinal()) != 0)
                    .collect(Collectors.toUnmodifiableSet()))
        .toList();
  }

  private static List<Way> ways(String tags) {
    return tags == null ? List.of() : Arrays.stream(tags.split(" ")).map(Way::of).toList();
  }

  private static String written(List<Ways.Step> steps) {
    return steps.stream()
        .map(step -> step.way() + ":" + step.answer())
        .collect(Collectors.joining(" "))
        .toLowerCase(Locale.ROOT);
  }
}
