package org.fazaa.dispatcher.roster;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Everybody on a map of cells of 0.02 degrees, each with its people in blocks. One changes it at a
 * time; who searches waits for nobody and makes nobody wait.
 *
 * <p>A search sees each person as they were at one moment, and that moment is not the same for all.
 * Whoever is there all the time is seen once: a person who moves is written in the new place, then
 * named among the moves, then taken from the old place. So a search that starts after it was named
 * finds them in the new place; any other finds them in the old one, or named at its end, and looks
 * again where they are. Whom it met in both places counts once.
 */
final class Grid {
  /** So often people are counted again when somebody moved meanwhile; then it may be one off. */
  private static final int COUNTS_MAX = 3;

  private final AtomicReferenceArray<Tile> tiles = new AtomicReferenceArray<>(Cells.TILES);
  private final Index index = new Index();
  private final Moves moves = new Moves();
  private final Weeks weeks = new Weeks();
  private final AtomicIntegerArray holders = new AtomicIntegerArray(Long.SIZE);
  private volatile int size;
  private volatile int cells; // where anybody lives

  private final ReentrantLock changing = new ReentrantLock();
  private final int[] row = new int[Columns.WIDTH]; // of whom is being changed
  private final int[] last = new int[Columns.WIDTH]; // of whom fills a gap

  int size() {
    return size;
  }

  /** How many volunteers have it. */
  int holders(Skill skill) {
    return holders.get(skill.ordinal());
  }

  Optional<Person> find(VolunteerId id) {
    return read(
        id.value(),
        (rows, room, i, proofs) -> {
          var copy = new int[Columns.WIDTH];
          Columns.copy(rows, room, i, copy, 0, 1, 0);
          var week = weeks.get(Columns.week(rows, room, i));
          return Columns.person(copy, week, Proofs.only(proofs, i));
        });
  }

  /** What each rule says about asking this person; nothing when there is no such person. */
  List<Reason> reasons(VolunteerId id, Query query) {
    var sight = new Sight(query, weeks);
    return read(
            id.value(),
            (rows, room, i, proofs) -> {
              sight.look(rows, room, i, proofs);
              return Rule.ALL.stream().map(rule -> rule.reason(sight)).toList();
            })
        .orElse(List.of());
  }

  /** The nearest who may be asked; of two equally near the one who registered first. */
  List<Candidate> nearest(Query query, int limit) {
    var sight = new Sight(query, weeks);
    for (var spare = 0; ; ) {
      var nearest = new Nearest(limit + spare);
      var settled = moves.settled();
      var before = moves.count();
      walk(
          query.place(),
          sight.skills,
          () -> Math.min(query.reachKm(), nearest.worst()),
          cell -> search(cell, sight, nearest));
      if (!moves.isStill(settled)) {
        var moved = moves.since(before);
        if (moved == null) continue; // too many to look after, so all over again
        nearest.mayRepeat();
        lookAgain(moved, sight, nearest);
      }
      if (!nearest.repeats() || !nearest.isFull()) return nearest.sorted(sight, limit);
      var doubles = nearest.size() - nearest.ids().size();
      if (doubles <= spare) return nearest.sorted(sight, limit);
      spare = 2 * doubles; // each took the place of somebody else
    }
  }

  private static void search(Cell cell, Sight sight, Nearest nearest) {
    if (!sight.turnTo(cell)) return;
    for (var block = 0; block < cell.blocks.length; block++) {
      var who = sight.among(cell, block);
      if (who != 0) search(cell.blocks[block], who, sight, nearest);
    }
  }

  private static void search(Block block, long who, Sight sight, Nearest nearest) {
    while (true) {
      var begun = block.begin();
      var rows = block.rows;
      var room = Block.room(rows);
      var end = Math.min(block.size, room);
      for (var some = who; some != 0; some &= some - 1) {
        var i = Long.numberOfTrailingZeros(some);
        if (i >= end) break;
        sight.look(rows, room, i, block.proofs);
        if (sight.isBeyond(nearest.worst())) continue;
        if (sight.isEligible() && nearest.copy(sight)) {
          if (!block.isStill(begun)) break;
          nearest.keep();
        }
      }
      if (block.isStill(begun)) return;
      nearest.mayRepeat(); // those who were kept before the block changed
    }
  }

  private void lookAgain(long[] moved, Sight sight, Nearest nearest) {
    var known = nearest.ids();
    for (var id : moved) {
      if (!known.add(id)) continue;
      read(
              id,
              (rows, room, i, proofs) -> {
                sight.look(rows, room, i, proofs);
                return sight.isEligible() && nearest.copy(sight);
              })
          .filter(near -> near)
          .ifPresent(near -> nearest.keep());
    }
  }

  /** How many within reach each rule turns away; whom several would, the first one does. */
  Map<Rule, Integer> turnedAway(Query query) {
    var sight = new Sight(query, weeks);
    var here = new EnumMap<Rule, Integer>(Rule.class);
    return count(
        query.place(),
        query.reachKm(),
        () -> new EnumMap<Rule, Integer>(Rule.class),
        (block, counts) -> {
          look(
              block,
              here::clear,
              (rows, room, i, proofs) -> {
                sight.look(rows, room, i, proofs);
                if (Rule.WITHIN_REACH.holds(sight) && Rule.IN_AREA.holds(sight)) {
                  sight.firstBroken().ifPresent(rule -> here.merge(rule, 1, Integer::sum));
                }
                return here;
              });
          here.forEach((rule, count) -> counts.merge(rule, count, Integer::sum));
        });
  }

  /** How many volunteers live in a region that lies within a circle. */
  int inside(Point middle, double km, Region region) {
    var here = new int[1];
    return count(
        middle,
        km,
        () -> new int[1],
        (block, count) -> {
          look(
              block,
              () -> here[0] = 0,
              (rows, room, i, proofs) -> {
                var lon = Columns.decimal(Columns.detail(rows, room, i, Columns.LON));
                var lat = Columns.decimal(Columns.detail(rows, room, i, Columns.LAT));
                if (region.contains(lon, lat)) here[0]++;
                return here;
              });
          count[0] += here[0];
        })[0];
  }

  // Counts from nothing and again from nothing, until nobody moved meanwhile.
  private <C> C count(Point middle, double km, Supplier<C> nothing, BiConsumer<Block, C> counter) {
    for (var tried = 1; ; tried++) {
      var counts = nothing.get();
      var settled = moves.settled();
      walk(
          middle,
          0,
          () -> km,
          cell -> {
            for (var block : cell.blocks) counter.accept(block, counts);
          });
      if (tried == COUNTS_MAX || moves.isStill(settled)) return counts;
    }
  }

  /** Looks at one of the people of a block; what it finds counts if nothing has changed since. */
  private interface Look<T> {
    T look(int[] rows, int room, int i, long[] proofs);
  }

  // Looks at everybody of a block as they were at one moment: begins anew when that has passed.
  private static void look(Block block, Runnable anew, Look<?> look) {
    int begun;
    do {
      anew.run();
      begun = block.begin();
      var rows = block.rows;
      var room = Block.room(rows);
      for (var i = 0; i < Math.min(block.size, room); i++) look.look(rows, room, i, block.proofs);
    } while (!block.isStill(begun));
  }

  private <T> Optional<T> read(long id, Look<T> look) {
    while (true) {
      var place = index.place(id);
      if (place == Index.NOWHERE) return Optional.empty();
      var block = index.block(place);
      if (block == null) continue; // they have moved, and the index says where
      var i = Index.inBlock(place);
      var begun = block.begin();
      var rows = block.rows;
      var room = Block.room(rows);
      if (i >= Math.min(block.size, room) || Columns.id(rows, room, i) != id) continue;
      var found = look.look(rows, room, i, block.proofs);
      if (block.isStill(begun)) return Optional.of(found);
    }
  }

  // Visits the cells where everybody lives who is this near and may have these skills, ring by
  // ring, and some that are farther.
  private void walk(Point middle, long skills, DoubleSupplier km, Consumer<Cell> visitor) {
    var rings = new Cells.Rings(middle);
    var settled = moves.settled();
    var unseen = cells;
    while ((unseen > 0 || !moves.isStill(settled)) && rings.kmBeyond() <= km.getAsDouble()) {
      for (var stretch : rings.next()) unseen -= walk(stretch, skills, visitor);
    }
  }

  // Answers in how many cells anybody lives. Where a whole tile is empty, it is passed in one step.
  private int walk(Cells.Stretch stretch, long skills, Consumer<Cell> visitor) {
    var seen = 0;
    for (var column = stretch.first(); column <= stretch.last(); ) {
      var number = Cells.number(column, stretch.row());
      var next = Math.min(Cells.nextTile(column), stretch.last() + 1);
      var tile = tiles.getAcquire(Cells.tile(number));
      if (tile != null) seen += walk(tile, Cells.inTile(number), next - column, skills, visitor);
      column = next;
    }
    return seen;
  }

  private static int walk(Tile tile, int from, int many, long skills, Consumer<Cell> visitor) {
    var seen = 0;
    for (var i = from; i < from + many; i++) {
      var there = tile.skills(i);
      if (there == Tile.NOBODY) continue;
      seen++;
      if ((there & skills) != skills) continue;
      var cell = tile.cell(i);
      if (cell != null) visitor.accept(cell);
    }
    return seen;
  }

  /** These people came or changed, and those left. */
  void change(Collection<Person> changed, Collection<VolunteerId> gone) {
    changing.lock();
    try {
      for (var one : changed) put(one);
      for (var id : gone) remove(id.value());
    } finally {
      changing.unlock();
    }
  }

  /**
   * Lays neighbours side by side in memory, which makes a search fast, and gives spare room back.
   * For when everybody has just been read: nobody else may use this grid yet.
   */
  void compact() {
    for (var t = 0; t < Cells.TILES; t++) {
      var tile = tiles.getPlain(t);
      for (var c = 0; tile != null && c < Cells.TILE_SIZE; c++) {
        if (tile.cell(c) == null) continue;
        var cell = tile.cell(c).compact();
        for (var block : cell.blocks) index.replace(block);
        tile.set(c, cell);
      }
    }
  }

  private void put(Person one) {
    var id = one.id().value();
    Columns.write(one, weeks.take(one.hours()), row);
    var own = Proofs.of(one.qualifiedUntil());
    var place = index.place(id);
    if (place == Index.NOWHERE) {
      moves.begin();
      insert(row, own);
      countSkills(0, Columns.activeSkills(row, 1, 0));
      size++;
      moves.add(id);
      moves.end();
    } else {
      replace(id, index.block(place), Index.inBlock(place), own);
    }
  }

  private void replace(long id, Block block, int i, long[] own) {
    var rows = block.rows;
    var room = Block.room(rows);
    var cell = Columns.cell(rows, room, i);
    var week = Columns.week(rows, room, i);
    countSkills(Columns.activeSkills(rows, room, i), Columns.activeSkills(row, 1, 0));
    if (cell != Columns.cell(row, 1, 0)) {
      moves.begin();
      insert(row, own);
      moves.add(id);
      vacate(cell, block, i);
      moves.end();
    } else if (Columns.skills(rows, room, i) != Columns.skills(row, 1, 0)
        || rows[Columns.LANGUAGES * room + i] != row[Columns.LANGUAGES]) {
      moves.begin();
      set(cell, block, i, row, own);
      moves.add(id);
      moves.end();
    } else {
      block.set(i, row, own);
    }
    weeks.release(week); // now that nobody finds its number there any more
  }

  private void remove(long id) {
    var place = index.place(id);
    if (place == Index.NOWHERE) return;
    var block = index.block(place);
    var i = Index.inBlock(place);
    var room = Block.room(block.rows);
    var week = Columns.week(block.rows, room, i);
    countSkills(Columns.activeSkills(block.rows, room, i), 0);
    moves.begin();
    index.clear(id);
    size--;
    moves.add(id);
    vacate(Columns.cell(block.rows, room, i), block, i);
    moves.end();
    weeks.release(week);
  }

  private void insert(int[] one, long[] own) {
    var number = Columns.cell(one, 1, 0);
    var id = Columns.id(one, 1, 0);
    var cell = cell(number);
    var last = cell.blocks.length == 0 ? null : cell.blocks[cell.blocks.length - 1];
    if (last != null && !last.isFull()) {
      var i = last.add(one, own);
      index.set(id, last, i);
      traits(number, last, i, 0, 0, Columns.skills(one, 1, 0), one[Columns.LANGUAGES]);
    } else {
      var block = index.newBlock();
      index.set(id, block, block.add(one, own));
      setCell(number, cell.with(block));
    }
  }

  private void set(int number, Block block, int i, int[] one, long[] own) {
    var room = Block.room(block.rows);
    var skills = Columns.skills(block.rows, room, i);
    var languages = block.rows[Columns.LANGUAGES * room + i];
    block.set(i, one, own);
    traits(number, block, i, skills, languages, Columns.skills(one, 1, 0), one[Columns.LANGUAGES]);
  }

  // What the cell says of one of a block: they had these skills and languages, and now have those.
  private void traits(int number, Block block, int i, long had, int spoke, long have, int speak) {
    if (had == have && spoke == speak) return;
    var cell = cell(number);
    var changed = cell.changed(block, i, had, spoke, have, speak);
    if (changed != cell) setCell(number, changed);
  }

  // The last of the cell moves into the gap: so there is never another one.
  private void vacate(int number, Block block, int i) {
    var blocks = cell(number).blocks;
    var end = blocks[blocks.length - 1];
    var at = end.size - 1;
    Columns.copy(end.rows, Block.room(end.rows), at, last, 0, 1, 0);
    var gap = block != end || i != at;
    if (gap) {
      var id = Columns.id(last, 1, 0);
      moves.begin();
      set(number, block, i, last, Proofs.only(end.proofs, at));
      index.set(id, block, i);
      moves.add(id);
    }
    traits(number, end, at, Columns.skills(last, 1, 0), last[Columns.LANGUAGES], 0, 0);
    end.removeLast();
    if (gap) moves.end();
    if (end.size == 0) {
      var cell = cell(number);
      setCell(number, cell.isOneBlock() ? null : cell.withoutLast());
      index.giveUp(end);
    }
  }

  private Cell cell(int number) {
    var tile = tiles.getPlain(Cells.tile(number));
    var cell = tile == null ? null : tile.cell(Cells.inTile(number));
    return cell == null ? Cell.EMPTY : cell;
  }

  private void setCell(int number, Cell cell) {
    var tile = tiles.getPlain(Cells.tile(number));
    if (tile == null) {
      tile = new Tile();
      tiles.setRelease(Cells.tile(number), tile);
    }
    var i = Cells.inTile(number);
    if (tile.cell(i) == null) cells++;
    if (cell == null) cells--;
    tile.set(i, cell);
  }

  private void countSkills(long before, long now) {
    for (var some = before ^ now; some != 0; some &= some - 1) {
      var skill = Long.numberOfTrailingZeros(some);
      holders.setRelease(skill, holders.getPlain(skill) + ((now >>> skill & 1) == 0 ? -1 : 1));
    }
  }
}
