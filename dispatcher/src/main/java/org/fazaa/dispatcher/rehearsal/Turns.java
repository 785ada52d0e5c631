package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
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
  private final Map<Loop.Work, Optional<Instant>> due = new HashMap<>();
  private final Set<Loop.Work> woken = new HashSet<>();
  private final Set<Class<?>> told = ConcurrentHashMap.newKeySet();

  Turns(Vertx vertx, List<Loop.Work> works) {
    this.works = List.copyOf(works);
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
    var turns = 0;
    var stirred = hear();
    wakeDue(now);
    while (!woken.isEmpty()) {
      var ran = new HashSet<Loop.Work>();
      while (!woken.isEmpty()) {
        if (++turns > TURNS_MAX) {
          throw new IllegalStateException("at " + now + " the loops never come to rest: " + woken);
        }
        var work = works.stream().filter(woken::contains).findFirst().orElseThrow();
        ran.add(work);
        if (work.run(now)) {
          stirred = true;
        } else {
          woken.remove(work);
        }
        stirred |= hear();
      }
      // Who did nothing and told nothing has moved only their own next time, else anybody's.
      for (var work : stirred ? works : ran) {
        due.put(work, work.nextDue());
      }
      wakeDue(now);
      stirred = false;
    }
  }

  /** When the next of them has something to do. */
  Optional<Instant> nextDue() {
    return due.values().stream().flatMap(Optional::stream).min(Instant::compareTo);
  }

  private void wakeDue(Instant now) {
    due.forEach(
        (work, at) -> {
          if (at.isPresent() && !at.get().isAfter(now)) {
            woken.add(work);
          }
        });
  }

  /** True when anything was told since we last listened. */
  private boolean hear() {
    var news = Set.copyOf(told);
    told.removeAll(news);
    for (var work : works) {
      if (work.wokenBy().stream().anyMatch(news::contains)) {
        woken.add(work);
      }
    }
    return !news.isEmpty();
  }
}
