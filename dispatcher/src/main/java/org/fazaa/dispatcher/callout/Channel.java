package org.fazaa.dispatcher.callout;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Segments;
import org.fazaa.notifier.Texts;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.reply.AnswerLink;

/**
 * The way offers leave this house.
 *
 * @param simulated no text can reach a real phone; only then may a drill call anybody
 * @param publicUrl where answer pages are; without it offers carry no link
 * @param segmentCost of one SMS segment, in the smallest unit of {@code currency}
 * @param crisisCap what the texts of a crisis may cost until somebody sets another cap
 * @param ways by which people can be reached
 */
public record Channel(
    boolean simulated,
    Optional<String> publicUrl,
    AnswerLink links,
    int segmentCost,
    String currency,
    long crisisCap,
    Ways ways) {

  /** What every text and reply of this room is marked with. */
  public static final String PURPOSE = "dispatch";

  /** What the texts of a crisis are paid from. */
  public static String budget(CrisisId crisis) {
    return "crisis:" + crisis.value();
  }

  /** What this body costs as an SMS. */
  int cost(String body) {
    return Segments.of(body).segments() * segmentCost;
  }

  /** What this body costs by this way, which is open. */
  int cost(Way way, String body) {
    return way == Way.SMS ? cost(body) : ways.costs().get(way);
  }

  /**
   * The one-tap answer page of an offer, with a blank before it; empty without a public address.
   */
  String link(OfferId offer, Instant until) {
    return link(PURPOSE, offer.about(), until);
  }

  /** The answer page of what a text of this purpose is about, likewise. */
  public String link(String purpose, String about, Instant until) {
    return publicUrl.map(url -> " " + url + "/a/" + links.token(purpose, about, until)).orElse("");
  }

  /**
   * What an SMS to a country says that asks for an answer, in the words for how one can be given
   * there; also where the chosen way turns out to be closed.
   *
   * @param text whose variants end in {@code -link} and {@code -code}
   */
  public String bySms(
      String text, Language language, Map<String, String> values, CountryRules rules) {
    var said = new HashMap<>(values);
    return switch (ways.bySms(rules)) {
      case REPLY, PRESS -> {
        if (!ways.mayLink(rules)) said.put("link", "");
        yield Texts.render(text, language, said);
      }
      case LINK ->
          values.get("link").isEmpty()
              ? Texts.render(text, language, said)
              : Texts.render(text + "-link", language, said);
      case CODE -> {
        said.remove("link");
        yield Texts.render(text + "-code", language, said);
      }
    };
  }
}
