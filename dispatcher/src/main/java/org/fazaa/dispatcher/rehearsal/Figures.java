package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.fazaa.dispatcher.callout.Calibration.Pair;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.rehearsal.Happened.Forecast;
import org.fazaa.dispatcher.rehearsal.Happened.Offer;
import org.fazaa.dispatcher.rehearsal.Happened.Texts;

/** What can be counted of all that happened. */
final class Figures {
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration WEEK = Duration.ofDays(7);

  private final Happened happened;
  private final List<Filling> fillings;

  Figures(Happened happened) {
    this.happened = happened;
    this.fillings = Filling.of(happened);
  }

  Tally all() {
    return tally(need -> true);
  }

  Map<Priority, Tally> classes() {
    var classes = new EnumMap<Priority, Tally>(Priority.class);
    for (var priority : Priority.values()) {
      classes.put(priority, tally(filling -> filling.need.priority() == priority));
    }
    return classes;
  }

  private Tally tally(Predicate<Filling> which) {
    var some = fillings.stream().filter(which).toList();
    var needs = some.stream().map(one -> one.need).toList();
    var offers =
        happened.offers().stream().filter(one -> which.test(fillings.get(one.need()))).toList();
    var texts = needs.stream().map(need -> need.texts()).reduce(Texts.NONE, Texts::plus);
    var answered = (int) offers.stream().filter(one -> one.answeredAt().isPresent()).count();
    var pairs = offers.stream().map(one -> new Pair(one.rate(), one.willing()));
    return new Tally(
        needs.size(),
        some.stream().mapToInt(Filling::filled).sum(),
        texts.handed(),
        texts.lost(),
        Math.max(0, texts.handed() - answered),
        some.stream().mapToInt(Filling::overResponses).sum(),
        texts.stops(),
        neverAsked(offers),
        neverAsked(offers.stream().filter(one -> one.askedAt().isBefore(end(MONTH))).toList()),
        seconds(some, Filling::fillSeconds),
        seconds(some, Filling::arriveSeconds),
        Burden.of(happened.people(), needs, offers),
        Districts.of(some),
        (int) some.stream().filter(Filling::isMissed).count(),
        signals(some),
        some.stream().mapToInt(Filling::noShows).sum(),
        pairs.toList(),
        forecasts(which, Forecast::atPress),
        forecasts(which, one -> !one.atPress()),
        forecasts(which, one -> one.atPress() && isAfter(WEEK, one)),
        forecasts(which, one -> !one.atPress() && isAfter(WEEK, one)));
  }

  private double neverAsked(List<Offer> offers) {
    Set<Long> asked = new HashSet<>();
    offers.forEach(one -> asked.add(one.person()));
    return 1 - (double) asked.size() / happened.people().size();
  }

  private boolean isAfter(Duration first, Forecast one) {
    return !one.at().isBefore(end(first));
  }

  private Instant end(Duration first) {
    return fillings.isEmpty() ? Instant.MAX : fillings.getFirst().need.openedAt().plus(first);
  }

  private static List<Long> seconds(Collection<Filling> some, Function<Filling, List<Long>> ofOne) {
    return some.stream().map(ofOne).flatMap(List::stream).sorted().toList();
  }

  private static Tally.Signals signals(Collection<Filling> some) {
    var signalled = some.stream().filter(Filling::isSignalled).toList();
    var missed = some.stream().filter(Filling::isMissed).toList();
    return new Tally.Signals(
        signalled.size(),
        (int) signalled.stream().filter(Filling::isMissed).count(),
        (int) missed.stream().filter(Filling::isSignalledByHalf).count());
  }

  private List<Pair> forecasts(Predicate<Filling> which, Predicate<Forecast> said) {
    return happened.forecasts().stream()
        .filter(said)
        .filter(one -> which.test(fillings.get(one.need())))
        .map(one -> new Pair(one.chance(), !fillings.get(one.need()).isMissed()))
        .toList();
  }
}
