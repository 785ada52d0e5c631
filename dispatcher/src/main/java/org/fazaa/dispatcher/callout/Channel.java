package org.fazaa.dispatcher.callout;

import java.time.Instant;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.notifier.Segments;
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
    return publicUrl
        .map(url -> " " + url + "/a/" + links.token(PURPOSE, offer.about(), until))
        .orElse("");
  }
}
