package org.fazaa.dispatcher.roster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Everybody on a map of cells of 0.02 degrees. A grid never changes: a change makes another one
 * that shares what stayed the same, so a search sees one moment and waits for nobody.
 */
final class Grid {
  static final Grid EMPTY = new Grid(new Cell[Cells.TILES][], new int[0][], 0, new int[64]);

  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;

  private final Cell[][] tiles;
  private final int[][] cellOf; // by volunteer, in pages: the number of the cell + 1, or 0
  private final int size;
  private final int[] holders;

  private Grid(Cell[][] tiles, int[][] cellOf, int size, int[] holders) {
    this.tiles = tiles;
    this.cellOf = cellOf;
    this.size = size;
    this.holders = holders;
  }

  int size() {
    return size;
  }

  /** How many volunteers have it. */
  int holders(Skill skill) {
    return holders[skill.ordinal()];
  }

  Optional<Person> find(VolunteerId id) {
    return locate(id).map(one -> one.cell.person(one.i));
  }

  /** The person in sight of this query, if there is such a person. */
  Optional<Sight> see(VolunteerId id, Query query) {
    return locate(id)
        .map(
            one -> {
              var sight = new Sight(query);
              sight.look(one.cell, one.i);
              return sight;
            });
  }

  /** The nearest who may be asked; of two equally near the one who registered first. */
  List<Candidate> nearest(Query query, int limit) {
    var sight = new Sight(query);
    var nearest = new Nearest(limit);
    walk(
        query.place(),
        () -> Math.min(query.reachKm(), nearest.worst()),
        (cell, i) -> {
          sight.look(cell, i);
          if (sight.isEligible()) nearest.offer(sight);
        });
    return nearest.sorted(sight);
  }

  /** How many within reach each rule turns away; whom several would, the first one does. */
  Map<Rule, Integer> turnedAway(Query query) {
    var sight = new Sight(query);
    var counts = new EnumMap<Rule, Integer>(Rule.class);
    walk(
        query.place(),
        query::reachKm,
        (cell, i) -> {
          sight.look(cell, i);
          if (Rule.WITHIN_REACH.holds(sight) && Rule.IN_AREA.holds(sight)) {
            sight.firstBroken().ifPresent(rule -> counts.merge(rule, 1, Integer::sum));
          }
        });
    return counts;
  }

  /** How many volunteers live in a region that lies within a circle. */
  int inside(Point middle, double km, Region region) {
    var count = new int[1];
    walk(
        middle,
        () -> km,
        (cell, i) -> {
          if (region.contains(cell.lon[i], cell.lat[i])) count[0]++;
        });
    return count[0];
  }

  private interface Looker {
    void look(Cell cell, int i);
  }

  // Looks at everybody this near, ring by ring, and at some who are farther.
  private void walk(Point middle, DoubleSupplier km, Looker looker) {
    var rings = new Cells.Rings(middle);
    var unseen = size;
    while (unseen > 0 && rings.kmBeyond() <= km.getAsDouble()) {
      for (var stretch : rings.next()) unseen -= walk(stretch, looker);
    }
  }

  // Answers how many it looked at. Where a whole tile is empty, it is passed in one step.
  private int walk(Cells.Stretch stretch, Looker looker) {
    var seen = 0;
    for (var column = stretch.first(); column <= stretch.last(); ) {
      var number = Cells.number(column, stretch.row());
      if (tiles[Cells.tile(number)] == null) {
        column = Cells.nextTile(column);
      } else {
        var cell = cell(tiles, number);
        for (var i = 0; i < cell.size(); i++) looker.look(cell, i);
        seen += cell.size();
        column++;
      }
    }
    return seen;
  }

  /** This grid after these people came or changed and those left. */
  Grid with(Collection<Person> changed, Collection<VolunteerId> gone) {
    var change = new Change();
    for (var one : changed) change.put(one);
    for (var id : gone) change.remove(id);
    return change.grid();
  }

  private record Found(Cell cell, int i) {}

  private Optional<Found> locate(VolunteerId id) {
    var number = cellOf(id.value());
    if (number < 0) return Optional.empty();
    var cell = cell(tiles, number);
    return Optional.of(new Found(cell, cell.find(id.value())));
  }

  private int cellOf(long id) {
    var page = id >>> PAGE_BITS;
    if (page >= cellOf.length || cellOf[(int) page] == null) return -1;
    return cellOf[(int) page][(int) (id & PAGE - 1)] - 1;
  }

  private static Cell cell(Cell[][] tiles, int number) {
    var tile = tiles[Cells.tile(number)];
    var cell = tile == null ? null : tile[Cells.inTile(number)];
    return cell == null ? Cell.EMPTY : cell;
  }

  /** The next grid in the making: what it touches is copied once, the rest is shared. */
  private final class Change {
    private final Map<Integer, List<Person>> coming = new HashMap<>();
    private final Map<Integer, Set<Long>> leaving = new HashMap<>();
    private final int[] nextHolders = holders.clone();
    private final Set<Integer> pagesCopied = new HashSet<>();
    private int[][] nextCellOf = cellOf.clone();
    private int nextSize = size;

    void put(Person one) {
      remove(one.id());
      var number = Cells.number((float) one.place().lon(), (float) one.place().lat());
      coming.computeIfAbsent(number, none -> new ArrayList<>()).add(one);
      setCell(one.id().value(), number + 1);
      nextSize++;
      if (one.active()) count(one.skills(), 1);
    }

    void remove(VolunteerId id) {
      locate(id)
          .ifPresent(
              found -> {
                var number = cellOf(id.value());
                leaving.computeIfAbsent(number, none -> new HashSet<>()).add(id.value());
                setCell(id.value(), 0);
                nextSize--;
                if ((found.cell.flags[found.i] & Cell.ACTIVE) != 0) {
                  count(found.cell.skills[found.i], -1);
                }
              });
    }

    Grid grid() {
      var nextTiles = tiles.clone();
      var touched = new HashSet<>(coming.keySet());
      touched.addAll(leaving.keySet());
      for (var number : touched) {
        var tile = Cells.tile(number);
        if (nextTiles[tile] == null) {
          nextTiles[tile] = new Cell[Cells.TILE_SIZE];
        } else if (nextTiles[tile] == tiles[tile]) {
          nextTiles[tile] = tiles[tile].clone();
        }
        nextTiles[tile][Cells.inTile(number)] =
            cell(tiles, number)
                .with(
                    coming.getOrDefault(number, List.of()), leaving.getOrDefault(number, Set.of()));
      }
      return new Grid(nextTiles, nextCellOf, nextSize, nextHolders);
    }

    private void setCell(long id, int value) {
      var page = (int) (id >>> PAGE_BITS);
      if (page >= nextCellOf.length) nextCellOf = Arrays.copyOf(nextCellOf, page + 1);
      if (nextCellOf[page] == null) {
        nextCellOf[page] = new int[PAGE];
        pagesCopied.add(page);
      } else if (pagesCopied.add(page)) {
        nextCellOf[page] = nextCellOf[page].clone();
      }
      nextCellOf[page][(int) (id & PAGE - 1)] = value;
    }

    private void count(long skills, int change) {
      for (var skill : Skill.in(skills)) nextHolders[skill.ordinal()] += change;
    }
  }
}
