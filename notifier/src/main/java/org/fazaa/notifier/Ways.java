package org.fazaa.notifier;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * By which ways people can be reached from here, and how they can answer.
 *
 * @param costs what one message costs by each way that is open besides SMS, in the smallest unit of
 *     the money that texts are paid in
 * @param numbered whether a country's own sender is a number, where it has a sender of its own; a
 *     number can be answered even where those of others cannot, a name never
 * @param name whether the sender for all other countries is a name
 * @param everywhere whether every phone can answer by SMS, as those of a simulation do
 */
public record Ways(
    Map<Way, Integer> costs, Map<String, Boolean> numbered, boolean name, boolean everywhere) {

  /** Of texts that test a way: they arrive by it or not at all, and never by another instead. */
  public static final String TEST_PURPOSE = "reach";

  private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]+");

  /** How a text asks to be answered. */
  public enum Answer {
    /** By a reply, or at its link where one is allowed. */
    REPLY,
    /** At its link only: nobody could read a reply. */
    LINK,
    /** With its code on the person's own page: neither a reply nor a link can be. */
    CODE,
    /** By pressing a button or a key. */
    PRESS
  }

  /** A way to a person, and how they answer by it. */
  public record Step(Way way, Answer answer) {}

  /** What is known of reaching one person. */
  public record Person(Phone phone, List<Way> wished, Set<Way> failing) {
    public Person {
      wished = List.copyOf(wished);
      failing = Set.copyOf(failing);
    }
  }

  public Ways {
    costs = Map.copyOf(costs);
    numbered = Map.copyOf(numbered);
  }

  /** Phones that are no real ones: each can answer by SMS, and there is no other way to it. */
  public static Ways simulated() {
    return new Ways(Map.of(), Map.of(), false, true);
  }

  /** Whether people can answer to this sender where the country lets them. */
  public static boolean isNumber(String sender) {
    return NUMBER.matcher(sender).matches();
  }

  /**
   * The ways to a person, best first; never empty. What they wish comes first, what has failed
   * last. Where an SMS cannot be answered WhatsApp comes before it. A machine rings people who did
   * not wish for it only when lives are at risk, or when nothing else is left.
   */
  public List<Step> choose(Person person, MessageClass messageClass) {
    var rules = CountryRules.of(person.phone.country());
    var order = new ArrayList<Way>();
    for (var way : person.wished) if (isOpen(way, rules, messageClass)) order.add(way);
    for (var way : usual(rules, messageClass)) {
      if (!order.contains(way) && isOpen(way, rules, messageClass)) order.add(way);
    }
    order.sort(Comparator.comparing(person.failing::contains));
    return order.stream().map(way -> new Step(way, answer(way, rules))).toList();
  }

  /** The first of them, by which a text leaves. */
  public Step first(Person person, MessageClass messageClass) {
    return choose(person, messageClass).getFirst();
  }

  /** A call to somebody who stays silent, where one can be made. */
  public Optional<Step> call(Person person) {
    var rules = CountryRules.of(person.phone.country());
    return isOpen(Way.VOICE, rules, MessageClass.LIFE_SAFETY)
        ? Optional.of(new Step(Way.VOICE, Answer.PRESS))
        : Optional.empty();
  }

  /** What an SMS asks for in this country. */
  public Answer bySms(CountryRules rules) {
    if (isTwoWay(rules)) return Answer.REPLY;
    return mayLink(rules) ? Answer.LINK : Answer.CODE;
  }

  /** Whether an SMS may carry a link there. */
  public boolean mayLink(CountryRules rules) {
    return everywhere || rules.links() != CountryRules.Links.NO;
  }

  private boolean isTwoWay(CountryRules rules) {
    if (everywhere) return true;
    var own = numbered.get(rules.country());
    return own != null ? own : rules.twoWay() && !name;
  }

  private Answer answer(Way way, CountryRules rules) {
    return switch (way) {
      case SMS -> bySms(rules);
      case WHATSAPP, VOICE -> Answer.PRESS;
    };
  }

  private boolean isOpen(Way way, CountryRules rules, MessageClass messageClass) {
    return switch (way) {
      case SMS -> true;
      case WHATSAPP -> costs.containsKey(way) && rules.whatsapp();
      case VOICE -> costs.containsKey(way) && rules.voice() && messageClass != MessageClass.FUND;
    };
  }

  private List<Way> usual(CountryRules rules, MessageClass messageClass) {
    var calls = messageClass == MessageClass.LIFE_SAFETY ? List.of(Way.VOICE) : List.<Way>of();
    var written = isTwoWay(rules) ? List.of(Way.SMS, Way.WHATSAPP) : List.of(Way.WHATSAPP, Way.SMS);
    return Stream.concat(written.stream(), calls.stream()).toList();
  }

  /** Ways as people write them in a file, such as {@code whatsapp;sms}; empty if one is unknown. */
  public static Optional<List<Way>> read(Collection<String> tags) {
    var ways = new ArrayList<Way>();
    var known = EnumSet.allOf(Way.class);
    for (var tag : tags) {
      var word = tag.strip().toLowerCase(Locale.ROOT);
      var way = known.stream().filter(one -> one.tag().equals(word)).findFirst();
      if (way.isEmpty()) return Optional.empty();
      if (!ways.contains(way.get())) ways.add(way.get());
    }
    return Optional.of(List.copyOf(ways));
  }
}
