package org.fazaa.dispatcher.callout;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Meaning.Stage;
import org.fazaa.notifier.reply.Reading;
import org.fazaa.notifier.reply.Reading.Confidence;
import org.fazaa.notifier.reply.Reply;
import org.fazaa.notifier.reply.Whereabouts;

/**
 * The same words say different things from somebody who was asked, who has a place and who is
 * there: a reply is read again by where its writer stands.
 */
final class ReadAgain {
  private ReadAgain() {}

  static Reading of(Held held, Reply reply) {
    var offers = held.offers(reply.from());
    if (reply.decided()) {
      return as(reply.meaning(), read(held, reply, newest(offers)));
    }
    // What has changed their consent stands, whatever else it may say here.
    var alone = Meaning.read(reply.body());
    if (alone.isSure() && (is(alone, Meaning.STOP) || is(alone, Meaning.START))) return alone;
    var readings = new EnumMap<Stage, Reading>(Stage.class);
    for (var offer : meant(reply, offers)) {
      readings.computeIfAbsent(offer.stage(), stage -> read(held, reply, offer));
    }
    return readings.isEmpty() ? alone : choose(readings, newest(offers));
  }

  private static List<Offer> meant(Reply reply, List<Offer> offers) {
    var coded = offers.stream().filter(offer -> offer.code().equals(reply.code())).toList();
    return coded.isEmpty() ? offers : coded;
  }

  // Danger before all; then what can be acted on; then as from whoever was asked last.
  private static Reading choose(Map<Stage, Reading> readings, Offer newest) {
    var all = List.copyOf(readings.values());
    for (var one : all) if (is(one, Meaning.DANGER)) return one;
    var clear = all.stream().filter(one -> !is(one, Meaning.PERSON)).toList();
    if (clear.isEmpty()) return all.getFirst();
    var last = readings.get(newest.stage());
    return last != null && clear.contains(last) ? last : clear.getFirst();
  }

  private static Offer newest(List<Offer> offers) {
    return offers.stream()
        .max(Comparator.comparing(Offer::askedAt).thenComparingLong(offer -> offer.id().value()))
        .orElse(null);
  }

  private static Reading read(Held held, Reply reply, Offer offer) {
    return offer == null
        ? Meaning.read(reply.body())
        : Meaning.read(reply.body(), offer.stage(), whereabouts(held.need(offer.need()), held));
  }

  private static Whereabouts whereabouts(Need need, Held held) {
    return new Whereabouts(held.now().atZone(need.zone()), need.place().lat(), need.place().lon());
  }

  private static Reading as(Meaning meaning, Reading words) {
    return new Reading(
        meaning,
        Confidence.HIGH,
        words.etaMinutes(),
        words.at(),
        words.party(),
        words.code(),
        Reading.Why.DECIDED);
  }

  private static boolean is(Reading reading, Meaning meaning) {
    return reading.meaning() == meaning;
  }
}
