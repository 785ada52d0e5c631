package org.fazaa.dispatcher.roster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
  private long whole; // the reading of everybody that counts, or is under way
  private final TreeSet<Long> open = new TreeSet<>();
  private final Map<Long, Long> taken = new HashMap<>(); // volunteer to reading, as far as it may
  // matter: while a reading is open that began earlier

  /** Who was read again while everybody is being read; null in place of who is gone. */
  private Map<Long, Person> meanwhile;

  Readings(Roster roster) {
    this.roster = roster;
  }

  /** A reading of some people, which is asked for after this. */
  long begin() {
    order.lock();
    try {
      open.add(++begun);
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
      whole = begin();
      return whole;
    } finally {
      order.unlock();
    }
  }

  /** What a reading of these found; who was not found is gone. */
  void take(long reading, List<Long> ids, Map<Long, Person> found) {
    order.lock();
    try {
      var fresh = new ArrayList<Person>(found.size());
      var gone = new ArrayList<VolunteerId>();
      for (var id : ids) {
        if (reading < whole || reading < taken.getOrDefault(id, 0L)) continue;
        taken.put(id, reading);
        var person = found.get(id);
        if (meanwhile != null) meanwhile.put(id, person);
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
    } finally {
      order.unlock();
    }
  }

  /** Whether it was taken or failed: it is over. */
  void end(long reading) {
    order.lock();
    try {
      open.remove(reading);
      if (reading == whole) meanwhile = null;
      if (open.isEmpty()) {
        taken.clear();
      } else if (taken.size() > KNOWN_MAX) {
        taken.values().removeIf(then -> then < open.first());
      }
    } finally {
      order.unlock();
    }
  }
}
