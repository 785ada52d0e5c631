package org.fazaa.dispatcher.roster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The nearest of all that were offered, up to a number of them, each copied as they were when they
 * were seen. Of two equally near the one who registered first is nearer.
 */
final class Nearest {
  private static final int ROOM_AT_FIRST = 64;

  private final int limit;
  private int size;
  private double[] km;
  private long[] ids;
  private int[] rows;
  private int[] heap; // where in the three above somebody is, the farthest on top
  private boolean twice; // somebody may be here twice
  private int next; // where the next one goes: nobody who counts is there

  Nearest(int limit) {
    this.limit = limit;
    makeRoom(Math.min(limit, ROOM_AT_FIRST) + 1);
  }

  private void makeRoom(int room) {
    km = km == null ? new double[room] : Arrays.copyOf(km, room);
    ids = ids == null ? new long[room] : Arrays.copyOf(ids, room);
    rows = rows == null ? new int[room * Columns.WIDTH] : Arrays.copyOf(rows, room * Columns.WIDTH);
    heap = heap == null ? new int[room] : Arrays.copyOf(heap, room);
  }

  int size() {
    return size;
  }

  /** From now on somebody may be offered who is here already. */
  void mayRepeat() {
    twice = true;
  }

  boolean repeats() {
    return twice;
  }

  /** Who is farther than this need not be offered. */
  double worst() {
    return isFull() ? km[heap[0]] : Double.POSITIVE_INFINITY;
  }

  boolean isFull() {
    return size == limit;
  }

  /** Copies the person in sight, if they are near enough; they count once they are kept. */
  boolean copy(Sight sight) {
    km[next] = sight.km();
    if (km[next] > worst()) return false;
    ids[next] = sight.id();
    if (isFull() && !isFarther(heap[0], next)) return false;
    sight.copyTo(rows, next * Columns.WIDTH);
    return true;
  }

  /** Keeps the one who was copied last. */
  void keep() {
    if (isFull()) {
      var farthest = heap[0];
      heap[0] = next;
      sink(0, size);
      next = farthest;
    } else {
      heap[size] = next;
      rise(size);
      next = ++size;
      if (next == km.length) makeRoom(Math.min(limit, 2 * next) + 1);
    }
  }

  /** Whom it holds. It is smaller than {@link #size} when somebody was seen twice. */
  Set<Long> ids() {
    var all = new HashSet<Long>();
    for (var i = 0; i < size; i++) all.add(ids[heap[i]]);
    return all;
  }

  /** So many of them at most, nearest first; nobody can be added any more. */
  List<Candidate> sorted(Sight sight, int most) {
    var order = new int[size];
    while (size > 0) {
      order[--size] = heap[0];
      heap[0] = heap[size];
      sink(0, size);
    }
    var candidates = new ArrayList<Candidate>(Math.min(most, order.length));
    var seen = new HashSet<Long>();
    for (var one : order) {
      if (candidates.size() == most) break;
      if (twice && !seen.add(ids[one])) continue;
      candidates.add(sight.candidate(rows, one * Columns.WIDTH, km[one]));
    }
    return candidates;
  }

  private boolean isFarther(int one, int other) {
    return km[one] > km[other] || km[one] == km[other] && ids[one] > ids[other];
  }

  private void rise(int from) {
    var one = heap[from];
    var at = from;
    while (at > 0 && isFarther(one, heap[(at - 1) / 2])) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = one;
  }

  private void sink(int from, int end) {
    if (end == 0) return;
    var one = heap[from];
    var at = from;
    while (2 * at + 1 < end) {
      var child = 2 * at + 1;
      if (child + 1 < end && isFarther(heap[child + 1], heap[child])) child++;
      if (!isFarther(heap[child], one)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = one;
  }
}
