package org.fazaa.dispatcher.roster;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** In which block somebody is, and which of its people they are, by the number of the volunteer. */
final class Index {
  static final int NOWHERE = -1;

  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;

  private volatile int[][] pages = new int[0][]; // the place + 1, or 0
  private volatile Block[] blocks = new Block[64];
  private int[] free = new int[64]; // numbers of blocks that are no more, the first so many
  private int freeCount;
  private int end;

  int place(long id) {
    var page = id >>> PAGE_BITS;
    var now = pages;
    if (page >= now.length || now[(int) page] == null) return NOWHERE;
    return (int) ENTRY.getAcquire(now[(int) page], (int) (id & PAGE - 1)) - 1;
  }

  /** The block at a place; null when it has been given up since. */
  Block block(int place) {
    return blocks[place >>> Block.PLACE_BITS];
  }

  static int inBlock(int place) {
    return place & Block.ROOM_MAX - 1;
  }

  void set(long id, Block block, int i) {
    setEntry(id, (block.number << Block.PLACE_BITS | i) + 1);
  }

  void clear(long id) {
    setEntry(id, 0);
  }

  private void setEntry(long id, int entry) {
    var page = Math.toIntExact(id >>> PAGE_BITS);
    var now = pages;
    if (page >= now.length) now = Arrays.copyOf(now, Math.max(page + 1, now.length * 5 / 4));
    if (now[page] == null) now[page] = new int[PAGE];
    ENTRY.setRelease(now[page], (int) (id & PAGE - 1), entry);
    pages = now; // also when it is the same, so that a new page is seen
  }

  Block newBlock() {
    var number = freeCount > 0 ? free[--freeCount] : end++;
    var now = blocks;
    if (number == now.length) now = Arrays.copyOf(now, number * 5 / 4);
    var block = new Block(number);
    now[number] = block;
    blocks = now;
    return block;
  }

  void giveUp(Block block) {
    if (freeCount == free.length) free = Arrays.copyOf(free, 2 * freeCount);
    free[freeCount++] = block.number;
    var now = blocks;
    now[block.number] = null;
    blocks = now;
  }
}
