package org.fazaa.dispatcher.roster;

import java.util.ArrayList;
import java.util.List;
import org.fazaa.dispatcher.people.Point;

/** The earth cut into cells of 0.02 degrees, numbered tile by tile; a tile is one degree. */
final class Cells {
  private static final int IN_DEGREE = 50;
  private static final int COLUMNS = 360 * IN_DEGREE;
  private static final int ROWS = 180 * IN_DEGREE;

  static final int TILES = 360 * 180;
  static final int TILE_SIZE = IN_DEGREE * IN_DEGREE;

  private static final double KM_IN_RADIAN = Point.km(0, 0, 90, 0) / (Math.PI / 2);
  private static final double ROUNDING_KM = 1e-6;

  private Cells() {}

  static int number(double lon, double lat) {
    return number(column(lon), row(lat));
  }

  static int tile(int number) {
    return number / TILE_SIZE;
  }

  static int inTile(int number) {
    return number % TILE_SIZE;
  }

  /** The first column of the next tile to the east. */
  static int nextTile(int column) {
    return column - column % IN_DEGREE + IN_DEGREE;
  }

  private static int column(double lon) {
    return Math.min((int) ((lon + 180) * IN_DEGREE), COLUMNS - 1);
  }

  private static int row(double lat) {
    return Math.min((int) ((lat + 90) * IN_DEGREE), ROWS - 1);
  }

  static int number(int column, int row) {
    var tile = row / IN_DEGREE * 360 + column / IN_DEGREE;
    return tile * TILE_SIZE + row % IN_DEGREE * IN_DEGREE + column % IN_DEGREE;
  }

  /** Neighbouring cells of one row, from west to east. */
  record Stretch(int row, int first, int last) {}

  /**
   * The cells around a place, ring by ring: first its own, then those around that, and so on. A
   * ring has as many more columns than rows as cells are narrower than high there.
   */
  static final class Rings {
    private final Point place;
    private final int column;
    private final int row;
    private final double columnsInRow;
    private int ring;

    Rings(Point place) {
      this.place = place;
      column = column(place.lon());
      row = row(place.lat());
      columnsInRow = 1 / Math.cos(Math.toRadians(place.lat()));
    }

    List<Stretch> next() {
      var stretches = new ArrayList<Stretch>();
      var inner = width(ring - 1);
      var outer = width(ring);
      for (var y = Math.max(row - ring, 0); y <= Math.min(row + ring, ROWS - 1); y++) {
        if (Math.abs(y - row) == ring) {
          add(stretches, y, -outer, outer);
        } else if (outer > inner) {
          add(stretches, y, -outer, -inner - 1);
          add(stretches, y, inner + 1, outer);
        }
      }
      ring++;
      return stretches;
    }

    /** How many columns a ring goes to either side; from half the earth on, it goes all around. */
    private int width(int ring) {
      return (int) Math.min(Math.ceil(ring * columnsInRow), COLUMNS / 2);
    }

    // From and to count from our own column; a stretch over the date line is two. Half way around
    // the earth both sides end in the same column, which belongs to the west.
    private void add(List<Stretch> stretches, int y, int from, int to) {
      var first = column + from;
      var last = column + Math.min(to, COLUMNS / 2 - 1);
      if (first > last) return;
      if (first < 0) {
        stretches.add(new Stretch(y, first + COLUMNS, Math.min(last, -1) + COLUMNS));
        first = 0;
      }
      if (last >= COLUMNS) {
        stretches.add(new Stretch(y, Math.max(first, COLUMNS) - COLUMNS, last - COLUMNS));
        last = COLUMNS - 1;
      }
      if (first <= last) stretches.add(new Stretch(y, first, last));
    }

    /** All who are nearer than this live in the cells that were given out. */
    double kmBeyond() {
      if (ring == 0) return 0;
      var width = width(ring - 1);
      var north = degrees(row + ring) - 90 - place.lat();
      var south = place.lat() - (degrees(row - ring + 1) - 90);
      var east = degrees(column + width + 1) - 180 - place.lon();
      var west = place.lon() - (degrees(column - width) - 180);
      var km = Double.POSITIVE_INFINITY;
      if (row + ring < ROWS) km = Math.toRadians(north) * KM_IN_RADIAN;
      if (row - ring >= 0) km = Math.min(km, Math.toRadians(south) * KM_IN_RADIAN);
      if (width < COLUMNS / 2) km = Math.min(km, kmToMeridian(Math.min(east, west)));
      return km - ROUNDING_KM;
    }

    private double kmToMeridian(double degreesAway) {
      var latitude = Math.toRadians(place.lat());
      if (degreesAway >= 90) return (Math.PI / 2 - Math.abs(latitude)) * KM_IN_RADIAN;
      return Math.asin(Math.cos(latitude) * Math.sin(Math.toRadians(degreesAway))) * KM_IN_RADIAN;
    }

    private static double degrees(int cells) {
      return (double) cells / IN_DEGREE;
    }
  }
}
