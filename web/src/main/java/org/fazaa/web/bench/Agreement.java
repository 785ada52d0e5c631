package org.fazaa.web.bench;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import org.fazaa.dispatcher.roster.Roster;

/**
 * Whether the roster finds exactly whom a full scan finds, in the same order, at rest and while
 * people change under it.
 */
final class Agreement {
  private static final int LOG = 1 << 24;

  private final Roster roster;
  private final ColumnScan scan;
  private final Instant now;
  private final int[] log = new int[LOG];
  private volatile int logged;

  Agreement(Roster roster, ColumnScan scan, Instant now) {
    this.roster = roster;
    this.scan = scan;
    this.now = now;
  }

  private long[] ask(Search search) {
    return roster.candidates(search.query(now), Search.BEST).stream()
        .mapToLong(found -> found.volunteer().value())
        .toArray();
  }

  /** How many searches differ while nothing changes. */
  int atRest(List<Search> searches) {
    var differ = 0;
    for (var search : searches) {
      if (!Arrays.equals(ask(search), scan.find(search))) differ++;
    }
    return differ;
  }

  /** How many searches find others in PostgreSQL than by the scan. */
  int inSql(List<Search> searches, SearchSql sql) {
    var differ = 0;
    for (var search : searches) {
      var expected = scan.find(search);
      for (var plan : SearchSql.Plan.values()) {
        if (!Arrays.equals(sql.find(search, plan), expected)) differ++;
      }
    }
    return differ;
  }

  /**
   * How many searches differ while somebody changes all the time. The scan needs the world to stand
   * still, so changes rest until it is done; whoever changed since the search began may be in its
   * answer or not, and is left out of the comparison.
   *
   * @param change changes one person, by their place in the columns, in roster and scan
   */
  int whileChanging(List<Search> searches, IntConsumer change, Random random)
      throws InterruptedException {
    var still = new ReentrantReadWriteLock(true);
    var over = new AtomicBoolean();
    var changing = Thread.ofPlatform().start(() -> changeOn(change, random, still, over));
    var differ = 0;
    try {
      for (var search : searches) {
        var from = Math.max(0, logged - 1);
        var found = ask(search);
        still.writeLock().lock();
        try {
          if (!agree(search, found, changed(from, logged))) differ++;
        } finally {
          still.writeLock().unlock();
        }
      }
    } finally {
      over.set(true);
      changing.join();
    }
    return differ;
  }

  /** So many changes were made while searches were compared. */
  int changes() {
    return logged;
  }

  private void changeOn(
      IntConsumer change, Random random, ReentrantReadWriteLock still, AtomicBoolean over) {
    while (!over.get() && logged < LOG) {
      var who = random.nextInt(scan.size);
      still.readLock().lock();
      try {
        log[logged] = who;
        logged = logged + 1;
        change.accept(who);
      } finally {
        still.readLock().unlock();
      }
    }
  }

  private Set<Long> changed(int from, int to) {
    var changed = new HashSet<Long>();
    for (var i = from; i < to; i++) changed.add(log[i] + 1L);
    return changed;
  }

  private boolean agree(Search search, long[] found, Set<Long> changed) {
    var ours = without(found, changed);
    var theirs = without(scan.find(search, Search.BEST + changed.size()), changed);
    if (found.length < Search.BEST) return Arrays.equals(ours, theirs);
    return ours.length <= theirs.length && Arrays.equals(ours, Arrays.copyOf(theirs, ours.length));
  }

  private static long[] without(long[] ids, Set<Long> changed) {
    return Arrays.stream(ids).filter(id -> !changed.contains(id)).toArray();
  }
}
