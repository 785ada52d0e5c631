package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;

/**
 * Runs the loops of the program one at a time, always in the same order, until none has anything to
 * do. As when they are live, a loop is woken by its facts or by what falls due for it.
 */
final class Turns {
  private static final int TURNS_MAX = 100_000;

  private final List<Loop.Work> works;
  private final Map<Loop.Work, Optional<Instant>> due = new IdentityHashMap<>();
  private final Set<Class<?>> told = ConcurrentHashMap.newKeySet();

  Turns(Vertx vertx, List<? extends Loop.Work> works) {
    this.works = List.copyOf(works);
    this.works.forEach(work -> due.put(work, work.nextDue()));
    vertx
        .eventBus()
        .addOutboundInterceptor(
            delivery -> {
              if (delivery.body() instanceof Fact fact) {
                told.add(fact.getClass());
              }
              delivery.next();
            });
  }

  /** Everybody works until all are idle at this moment. */
  void settle(Instant now) {
    var woken = new HashSet<Loop.Work>();
    wake(woken, now);
    for (int turns = 0; !woken.isEmpty(); turns++) {
      if (turns == TURNS_MAX) {
        throw new IllegalStateException("at " + now + " the loops never come to rest: " + woken);
      }
      var work = works.stream().filter(woken::contains).findFirst().orElseThrow();
      if (!work.run(now)) {
        woken.remove(work);
      }
      hear(woken);
    }
    // What one has done may have made something fall due for any other.
    works.forEach(work -> due.put(work, work.nextDue()));
  }

  /** When the next of them has something to do. */
  Optional<Instant> nextDue() {
    return due.values().stream().flatMap(Optional::stream).min(Instant::compareTo);
  }

  private void wake(Set<Loop.Work> woken, Instant now) {
    for (var work : works) {
      if (due.get(work).filter(at -> !at.isAfter(now)).isPresent()) {
        woken.add(work);
      }
    }
    hear(woken);
  }

  private void hear(Set<Loop.Work> woken) {
    var news = new ArrayList<>(told);
    told.removeAll(news);
    for (var work : works) {
      if (work.wokenBy().stream().anyMatch(news::contains)) {
        woken.add(work);
      }
    }
  }
}
