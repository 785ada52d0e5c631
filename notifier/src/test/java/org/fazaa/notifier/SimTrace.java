package org.fazaa.notifier;

import java.util.ArrayList;
import java.util.List;

/** What happened in a simulated world: a digest of all of it, and the last of it to be read. */
final class SimTrace {

  /** One event each, with how it is printed: who, and two numbers that say what. */
  enum What {
    ADDED("text %2$d is written"),
    BEGUN("node %1$d begins text %2$d under fence %3$d"),
    POSTED("text %2$d reaches the carrier from node %1$d, POST %3$d"),
    ANSWERED("the carrier answers node %1$d about text %2$d, manner %3$d"),
    CUT("node %1$d hears nothing about text %2$d, manner %3$d"),
    STALE("node %1$d does not hand over text %2$d: its turn began long ago"),
    MOVED("text %2$d becomes state %3$d"),
    LOST_FENCE("an answer under fence %3$d changes nothing of text %2$d"),
    DEFERRED("text %2$d waits, %3$d ms"),
    CLAIMED("node %1$d looks for text %2$d under fence %3$d"),
    TRACED("the carrier says %3$d of text %2$d"),
    STATUS("a status of text %2$d arrives: state %3$d"),
    REPEATED("text %2$d is written once more as %3$d"),
    SAID("somebody answers text %2$d, message %3$d"),
    REPLY("message %2$d reaches us, %3$d times so far"),
    FETCHED("node %1$d fetches %2$d missed replies"),
    STOPPED("phone %2$d stops"),
    WITHDRAWN("text %2$d is withdrawn"),
    CRASH("node %1$d dies"),
    START("node %1$d starts"),
    FREEZE("node %1$d stands still for %2$d ms"),
    JUMP("the machine's clock of node %1$d jumps by %2$d ms"),
    STORE_CLOCK("the store's clock jumps by %2$d ms"),
    STORE_DOWN("the store is away for %2$d ms"),
    COMMIT_CUT("node %1$d does not hear that its commit succeeded"),
    CARRIER_DOWN("the carrier is away for %2$d ms"),
    HALT("nothing leaves until released: %2$d"),
    CALM("faults end");

    final String pattern;

    What(String pattern) {
      this.pattern = pattern;
    }
  }

  private static final int KEPT = 50;
  private static final int WIDTH = 5;

  private final long[] last = new long[KEPT * WIDTH];
  private final List<String> whole;
  private long many;
  private long digest = 1;

  /**
   * @param whole whether every line is kept, to replay a seed
   */
  SimTrace(boolean whole) {
    this.whole = whole ? new ArrayList<>() : null;
  }

  void note(long at, What what, long node, long first, long second) {
    int from = (int) (many++ % KEPT) * WIDTH;
    last[from] = at;
    last[from + 1] = what.ordinal();
    last[from + 2] = node;
    last[from + 3] = first;
    last[from + 4] = second;
    for (int i = from; i < from + WIDTH; i++) {
      digest = Long.rotateLeft((digest ^ last[i]) * 0x9E3779B97F4A7C15L, 29);
    }
    if (whole != null) {
      whole.add(line(from));
    }
  }

  long digest() {
    return digest;
  }

  long events() {
    return many;
  }

  List<String> lines() {
    if (whole != null) {
      return whole;
    }
    var lines = new ArrayList<String>();
    for (long i = Math.max(0, many - KEPT); i < many; i++) {
      lines.add(line((int) (i % KEPT) * WIDTH));
    }
    return lines;
  }

  private String line(int from) {
    var said = What.values()[(int) last[from + 1]].pattern;
    return String.format("%9d ms  ", last[from])
        + String.format(said, last[from + 2], last[from + 3], last[from + 4]);
  }
}
