package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.dispatcher.rehearsal.Happened.Need;
import org.fazaa.dispatcher.rehearsal.Happened.Offer;

/** A need, and who holds its places as time goes on until its deadline. */
final class Filling {
  final Need need;
  private final Map<Long, Place> holders = new HashMap<>();
  private final Set<Long> refused = new HashSet<>();
  private final Set<Long> everHeld = new HashSet<>();

  /** A place given to somebody. */
  private record Place(Offer offer, Instant at) {}

  private Filling(Need need) {
    this.need = need;
  }

  /** One for each need, in its order. */
  static List<Filling> of(Happened happened) {
    var fillings = happened.needs().stream().map(Filling::new).toList();
    for (var event : happened.events()) {
      var offer = happened.offers().get(event.offer());
      fillings.get(offer.need()).add(offer, event.at(), event.what());
    }
    return fillings;
  }

  // Only what happened before the deadline says whether a need was filled in time.
  private void add(Offer offer, Instant at, String what) {
    var inTime = !at.isAfter(need.fillBy());
    switch (what) {
      case "assigned", "promoted" -> {
        everHeld.add(offer.person());
        refused.remove(offer.person());
        if (inTime) holders.put(offer.person(), new Place(offer, at));
      }
      case "standby", "too_late" -> {
        if (!everHeld.contains(offer.person())) refused.add(offer.person());
      }
      default -> {
        if (inTime) holders.remove(offer.person());
      }
    }
  }

  boolean isMissed() {
    return holders.size() < need.people();
  }

  int filled() {
    return Math.min(holders.size(), need.people());
  }

  /** People who said yes and never got a place. */
  int overResponses() {
    return refused.size();
  }

  int noShows() {
    return (int) holders.values().stream().filter(place -> !place.offer.comes()).count();
  }

  /** The time that each place took to fill; one that stayed empty counts with the deadline. */
  List<Long> fillSeconds() {
    return seconds(places().map(place -> sinceOpened(place.at)).toList());
  }

  /** The time until somebody stood at each place; if nobody did, it counts with the deadline. */
  List<Long> arriveSeconds() {
    return seconds(
        places()
            .filter(place -> place.offer.comes())
            .map(place -> sinceOpened(place.at.plus(place.offer.travel())))
            .toList());
  }

  boolean isSignalled() {
    return need.signalledAt().filter(at -> at.isBefore(need.fillBy())).isPresent();
  }

  /** Whether it was said that a human is needed while half of the time was left. */
  boolean isSignalledByHalf() {
    var half = Duration.between(need.openedAt(), need.fillBy()).dividedBy(2);
    var latest = need.openedAt().plus(half);
    return need.signalledAt().filter(at -> !at.isAfter(latest)).isPresent();
  }

  private Stream<Place> places() {
    return holders.values().stream()
        .sorted(Comparator.comparing(Place::at).thenComparingLong(place -> place.offer.person()))
        .limit(need.people());
  }

  private List<Long> seconds(List<Long> some) {
    var all = new ArrayList<>(some);
    while (all.size() < need.people()) all.add(sinceOpened(need.fillBy()));
    return all;
  }

  private long sinceOpened(Instant at) {
    return Duration.between(need.openedAt(), at).toSeconds();
  }
}
