package org.fazaa.dispatcher.roster;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The cells of one degree. What anybody in each may have is written side by side as well, so that a
 * search passes those where nobody can be found without a look at them, which is most of them.
 */
final class Tile {
  /** Nobody lives there. */
  static final long NOBODY = 0;

  private static final VarHandle SKILLS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long SOMEBODY = 1L << 63; // no skill has this bit

  private final AtomicReferenceArray<Cell> cells = new AtomicReferenceArray<>(Cells.TILE_SIZE);
  private final long[] skills = new long[Cells.TILE_SIZE];

  /** The skills in a cell and a bit more, or {@link #NOBODY}. */
  long skills(int number) {
    return (long) SKILLS.getOpaque(skills, number);
  }

  /** Null where nobody lives. */
  Cell cell(int number) {
    return cells.getAcquire(number);
  }

  /** For the one who changes the roster, within a move. */
  void set(int number, Cell cell) {
    SKILLS.setOpaque(skills, number, cell == null ? NOBODY : cell.skills() | SOMEBODY);
    cells.setRelease(number, cell);
  }
}
