package org.fazaa.dispatcher.roster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Puts what is read of people into the roster, in the right order: readings overlap, and one that
 * is slow must not undo what a later one found. Of two readings of the same person the one that
 * began later counts: whatever had been committed when the other was asked for, it has seen as
 * well.
 */
final class Readings {
  private static final int KNOWN_MAX = 10_000;

  private final Roster roster;
  private final ReentrantLock order = new ReentrantLock();
  private long begun;
  private long whole; // the reading of everybody that was taken last
  private long nextWhole; // the one that is under way
  private final TreeMap<Long, Set<Long>> open = new TreeMap<>(); // and who is read

  /** The last reading of each volunteer, while one that began earlier may still come in. */
  private final Map<Long, Long> taken = new HashMap<>();

  /** Who was read again while everybody is being read; null in place of who is gone. */
  private Map<Long, Person> meanwhile;

  Readings(Roster roster) {
    this.roster = roster;
  }

  /** A reading of these people, or a statement that changes them, which is sent after this. */
  long begin(Set<Long> ids) {
    order.lock();
    try {
      open.put(++begun, ids);
      return begun;
    } finally {
      order.unlock();
    }
  }

  /** A reading of everybody, one at a time. */
  long beginAll() {
    order.lock();
    try {
      meanwhile = new HashMap<>();
      nextWhole = begin(Set.of());
      return nextWhole;
    } finally {
      order.unlock();
    }
  }

  /** What a reading found; who was not found is gone. */
  void take(long reading, Map<Long, Person> found) {
    order.lock();
    try {
      var fresh = new ArrayList<Person>(found.size());
      var gone = new ArrayList<VolunteerId>();
      for (var id : open.get(reading)) {
        if (reading < whole || reading < taken.getOrDefault(id, 0L)) continue;
        taken.put(id, reading);
        var person = found.get(id);
        if (meanwhile != null && reading > nextWhole) meanwhile.put(id, person);
        if (person == null) {
          gone.add(new VolunteerId(id));
        } else {
          fresh.add(person);
        }
      }
      if (roster.isLoaded()) roster.change(fresh, gone);
    } finally {
      order.unlock();
    }
  }

  /**
   * What a statement answered of those whom it changed, once that was committed. It holds them from
   * its change to its commit, so it is newer than whatever began before it. Answers whom something
   * that began later knows or reads as well: nobody can tell which is newer, so they must be read
   * again.
   */
  Set<Long> takeWritten(long writing, Map<Long, Person> written) {
    order.lock();
    try {
      var fresh = new ArrayList<Person>(written.size());
      var unsure = new HashSet<Long>();
      var now = ++begun;
      written.forEach(
          (id, person) -> {
            if (isReadSince(writing, id)) {
              unsure.add(id);
            } else {
              taken.put(id, now);
              fresh.add(person);
            }
          });
      if (roster.isLoaded()) roster.change(fresh, List.of());
      return unsure;
    } finally {
      order.unlock();
    }
  }

  private boolean isReadSince(long then, long id) {
    return meanwhile != null
        || whole > then
        || taken.getOrDefault(id, 0L) > then
        || open.tailMap(then, false).values().stream().anyMatch(ids -> ids.contains(id));
  }

  /** What the reading of everybody found, and who was read again since it began. */
  void replace(long reading, Grid everybody) {
    order.lock();
    try {
      var fresh = new ArrayList<Person>();
      var gone = new ArrayList<VolunteerId>();
      meanwhile.forEach(
          (id, person) -> {
            if (person == null) {
              gone.add(new VolunteerId(id));
            } else {
              fresh.add(person);
            }
          });
      everybody.change(fresh, gone);
      roster.replace(everybody);
      whole = reading;
    } finally {
      order.unlock();
    }
  }

  /** Whether it was taken or failed: it is over. */
  void end(long reading) {
    order.lock();
    try {
      open.remove(reading);
      if (reading == nextWhole) meanwhile = null;
      if (open.isEmpty()) {
        taken.clear();
      } else if (taken.size() > KNOWN_MAX) {
        taken.values().removeIf(then -> then < open.firstKey());
      }
    } finally {
      order.unlock();
    }
  }
}
