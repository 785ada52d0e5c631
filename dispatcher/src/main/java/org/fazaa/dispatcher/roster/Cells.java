package org.fazaa.dispatcher.roster;

import java.util.Arrays;
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

  private static int column(double lon) {
    return Math.min((int) ((lon + 180) * IN_DEGREE), COLUMNS - 1);
  }

  private static int row(double lat) {
    return Math.min((int) ((lat + 90) * IN_DEGREE), ROWS - 1);
  }

  private static int number(int column, int row) {
    var tile = row / IN_DEGREE * 360 + column / IN_DEGREE;
    return tile * TILE_SIZE + row % IN_DEGREE * IN_DEGREE + column % IN_DEGREE;
  }

  /** The cells around a place, ring by ring: first its own, then the eight around that, … */
  static final class Rings {
    private final Point place;
    private final int column;
    private final int row;
    private int ring;

    Rings(Point place) {
      this.place = place;
      column = column(place.lon());
      row = row(place.lat());
    }

    int[] next() {
      var numbers = new int[8 * ring + 1];
      var count = 0;
      // Half way around the earth the two sides meet: the last column belongs to one of them.
      var west = Math.min(ring, COLUMNS / 2);
      var east = Math.min(ring, COLUMNS / 2 - 1);
      for (var y = Math.max(row - ring, 0); y <= Math.min(row + ring, ROWS - 1); y++) {
        var wholeRow = Math.abs(y - row) == ring;
        if (wholeRow) {
          for (var x = -west; x <= east; x++) numbers[count++] = number(around(x), y);
        } else {
          if (west == ring) numbers[count++] = number(around(-west), y);
          if (east == ring) numbers[count++] = number(around(east), y);
        }
      }
      ring++;
      return Arrays.copyOf(numbers, count);
    }

    private int around(int x) {
      return Math.floorMod(column + x, COLUMNS);
    }

    /** All who are nearer than this live in the cells that were given out. */
    double kmBeyond() {
      if (ring == 0) return 0;
      var north = degrees(row + ring) - 90 - place.lat();
      var south = place.lat() - (degrees(row - ring + 1) - 90);
      var east = degrees(column + ring) - 180 - place.lon();
      var west = place.lon() - (degrees(column - ring + 1) - 180);
      var km = Double.POSITIVE_INFINITY;
      if (row + ring < ROWS) km = Math.toRadians(north) * KM_IN_RADIAN;
      if (row - ring >= 0) km = Math.min(km, Math.toRadians(south) * KM_IN_RADIAN);
      if (2 * ring - 1 < COLUMNS) km = Math.min(km, kmToMeridian(Math.min(east, west)));
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
