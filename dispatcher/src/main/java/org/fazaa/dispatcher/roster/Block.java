package org.fazaa.dispatcher.roster;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A few people who live in the same cell of the map, one after the other. One thread changes them,
 * any number reads and waits for nobody: who reads notes the version before, and looks again when
 * it is another one afterwards, so that nobody is ever seen half changed.
 */
final class Block {
  static final int PLACE_BITS = 6;
  static final int ROOM_MAX = 1 << PLACE_BITS;

  private static final VarHandle VERSION;

  static {
    try {
      VERSION = MethodHandles.lookup().findVarHandle(Block.class, "version", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final int number;

  private int version; // odd while something is being changed

  int size;
  int[] rows = new int[0]; // as many as there is room for, laid out as Columns says
  long[] proofs = Proofs.NONE;
  long skills; // what anybody here has: where it is not enough, nobody needs to be looked at
  int languages;

  Block(int number) {
    this.number = number;
  }

  /** The version that is about to be read. */
  int begin() {
    while (true) {
      var now = (int) VERSION.getAcquire(this);
      if ((now & 1) == 0) return now;
      Thread.onSpinWait(); // a change takes less than a microsecond
    }
  }

  /** Whether all that was read since {@link #begin} belongs together. */
  boolean isStill(int begun) {
    VarHandle.acquireFence();
    return (int) VERSION.getOpaque(this) == begun;
  }

  static int room(int[] rows) {
    return rows.length / Columns.WIDTH;
  }

  /** Which of them have all these skills and one of these languages, by bits; read without care. */
  long having(long wantedSkills, int wantedLanguages) {
    if ((skills & wantedSkills) != wantedSkills) return 0;
    if (wantedLanguages != 0 && (languages & wantedLanguages) == 0) return 0;
    var all = rows;
    var room = room(all);
    var who = 0L;
    for (var i = Math.min(size, room) - 1; i >= 0; i--) {
      var has = (Columns.skills(all, room, i) & wantedSkills) == wantedSkills;
      var speaks =
          wantedLanguages == 0 || (all[Columns.LANGUAGES * room + i] & wantedLanguages) != 0;
      who = who << 1 | (has && speaks ? 1 : 0);
    }
    return who;
  }

  // What follows is for the one who changes the roster.

  private void change() {
    VERSION.setOpaque(this, version + 1);
    VarHandle.storeStoreFence();
  }

  private void changed() {
    VERSION.setRelease(this, version + 1);
  }

  boolean isFull() {
    return size == ROOM_MAX;
  }

  /** Adds the person who is written in a row of one, and answers which they are here. */
  int add(int[] row, long[] own) {
    change();
    if (size == room(rows)) grow();
    write(size, row, own);
    size++;
    changed();
    return size - 1;
  }

  void set(int i, int[] row, long[] own) {
    change();
    var lost = Columns.skills(rows, room(rows), i) & ~Columns.skills(row, 1, 0);
    var unspoken = rows[Columns.LANGUAGES * room(rows) + i] & ~row[Columns.LANGUAGES];
    write(i, row, own);
    if (lost != 0 || unspoken != 0) gather();
    changed();
  }

  /** Takes the last one away. */
  void removeLast() {
    change();
    size--;
    proofs = Proofs.with(proofs, size, Proofs.NONE);
    gather();
    changed();
  }

  private void write(int i, int[] row, long[] own) {
    Columns.copy(row, 1, 0, rows, 0, room(rows), i);
    proofs = Proofs.with(proofs, i, own);
    skills |= Columns.skills(row, 1, 0);
    languages |= row[Columns.LANGUAGES];
  }

  private void gather() {
    var low = 0;
    var high = 0;
    var spoken = 0;
    var room = room(rows);
    for (var i = 0; i < size; i++) {
      low |= rows[Columns.SKILLS_LOW * room + i];
      high |= rows[Columns.SKILLS_HIGH * room + i];
      spoken |= rows[Columns.LANGUAGES * room + i];
    }
    skills = Columns.whole(low, high);
    languages = spoken;
  }

  // Many cells hold a few people, so room is made for few at a time.
  private void grow() {
    var room = room(rows);
    var more = Math.min(room + Math.max(1, room / 8), ROOM_MAX);
    var next = new int[more * Columns.WIDTH];
    for (var column = 0; column < Columns.COLUMNS; column++) {
      System.arraycopy(rows, column * room, next, column * more, room);
    }
    System.arraycopy(
        rows, Columns.COLUMNS * room, next, Columns.COLUMNS * more, room * Columns.DETAILS);
    rows = next;
  }
}
