package org.fazaa.dispatcher.people;

/** A place on earth, in degrees, in the order of GeoJSON. */
public record Point(double lon, double lat) {
  private static final double EARTH_KM = 6371.0088;

  public Point {
    if (!isOnEarth(lon, lat)) {
      throw new IllegalArgumentException("no such place: " + lon + ", " + lat);
    }
  }

  public static boolean isOnEarth(double lon, double lat) {
    return Math.abs(lon) <= 180 && Math.abs(lat) <= 90; // false for NaN
  }

  /** As the crow flies. */
  public double kmTo(Point other) {
    return km(lon, lat, other.lon, other.lat);
  }

  public static double km(double lonA, double latA, double lonB, double latB) {
    var north = Math.sin(Math.toRadians(latB - latA) / 2);
    var east = Math.sin(Math.toRadians(lonB - lonA) / 2);
    var cosines = Math.cos(Math.toRadians(latA)) * Math.cos(Math.toRadians(latB));
    var chord = north * north + cosines * east * east;
    return 2 * EARTH_KM * Math.asin(Math.sqrt(Math.min(1, chord)));
  }
}
