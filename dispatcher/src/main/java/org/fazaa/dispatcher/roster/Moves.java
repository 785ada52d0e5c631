package org.fazaa.dispatcher.roster;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who came, left or got another place in memory, in order; the last of them are remembered. A
 * search that walks from place to place looks here at its end for those who may have slipped past.
 */
final class Moves {
  private static final int KEPT = 1 << 15;

  private final long[] ids = new long[KEPT];
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong count = new AtomicLong();

  /** Something is about to move: it may be seen twice until it was added. */
  void begin() {
    begun.setRelease(begun.getPlain() + 1);
  }

  /** Whether nothing has moved since there were so many, nor is moving. */
  boolean isStill(long then) {
    return begun.getAcquire() == then;
  }

  void add(long id) {
    var at = count.getPlain();
    ids[(int) (at & KEPT - 1)] = id;
    count.setRelease(at + 1);
  }

  /** How many there have been; what is read after this is not older than they are. */
  long count() {
    return count.getAcquire();
  }

  /** Who has moved since there were so many; null when it is too many to be remembered. */
  long[] since(long then) {
    var now = count.getAcquire();
    if (now - then >= KEPT) return null;
    var moved = new long[(int) (now - then)];
    for (var i = 0; i < moved.length; i++) moved[i] = ids[(int) (then + i & KEPT - 1)];
    VarHandle.acquireFence();
    return count.getOpaque() - then < KEPT ? moved : null;
  }
}
