package org.fazaa.web.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.fazaa.dispatcher.crisis.Area;

/**
 * A crisis area drawn by the server, so that it needs no script and no tiles: its outline, the
 * towns around, and a spot for each need. Coordinates are those of the drawing.
 */
public record AreaMap(
    String outline, List<Point> towns, List<Spot> spots, int scaleWidth, double scaleKm) {

  public static final int WIDTH = 320;
  public static final int HEIGHT = 220;

  private static final int MARGIN = 26;
  private static final int MOST_TOWNS = 9;
  private static final double KM_PER_DEGREE = 111.2;

  public record Point(String name, int x, int y) {}

  public record Spot(String name, int x, int y, String kind) {}

  /** Something at a point of the earth; its kind is life, full or plain. */
  record At(String name, double lon, double lat, String kind) {}

  /** A circle is drawn as one; the towns nearest to its centre are named. */
  static AreaMap circle(double lon, double lat, double radiusKm, List<At> needs, List<Town> towns) {
    var ring = new ArrayList<double[]>();
    for (var degree = 0; degree < 360; degree += 6) {
      var angle = Math.toRadians(degree);
      ring.add(
          new double[] {
            lon + radiusKm * Math.cos(angle) / kmPerLon(lat),
            lat + radiusKm * Math.sin(angle) / KM_PER_DEGREE
          });
    }
    return outlined(ring, lon, lat, radiusKm, needs, towns);
  }

  static AreaMap of(Area area, List<At> needs, List<Town> towns) {
    var center = area.center();
    return switch (area) {
      case Area.Circle circle ->
          circle(center.lon(), center.lat(), circle.radiusKm(), needs, towns);
      case Area.Shape shape -> {
        var ring =
            Arrays.stream(shape.polygon().getExteriorRing().getCoordinates())
                .map(corner -> new double[] {corner.x, corner.y})
                .toList();
        yield outlined(ring, center.lon(), center.lat(), shape.radiusKm(), needs, towns);
      }
    };
  }

  private static AreaMap outlined(
      List<double[]> ring,
      double lon,
      double lat,
      double radiusKm,
      List<At> needs,
      List<Town> towns) {
    var pixelsPerKm = (HEIGHT / 2.0 - MARGIN) / radiusKm;
    var drawing = new Drawing(lon, lat, pixelsPerKm);
    var outline =
        ring.stream()
            .map(corner -> drawing.x(corner[0]) + "," + drawing.y(corner[1]))
            .collect(Collectors.joining(" "));
    var named =
        towns.stream()
            .map(town -> new Point(town.name(), drawing.x(town.lon()), drawing.y(town.lat())))
            .filter(point -> drawing.holds(point.x, point.y))
            .limit(MOST_TOWNS)
            .toList();
    var spots =
        needs.stream()
            .map(at -> new Spot(at.name, drawing.x(at.lon), drawing.y(at.lat), at.kind))
            .filter(spot -> drawing.holds(spot.x, spot.y))
            .toList();
    var scaleKm = roundDown(60 / pixelsPerKm);
    return new AreaMap(outline, named, spots, (int) Math.round(scaleKm * pixelsPerKm), scaleKm);
  }

  // 1, 2 or 5 times a power of ten.
  private static double roundDown(double km) {
    var power = Math.pow(10, Math.floor(Math.log10(km)));
    var times = km / power >= 5 ? 5 : km / power >= 2 ? 2 : 1;
    return times * power;
  }

  private static double kmPerLon(double lat) {
    return KM_PER_DEGREE * Math.cos(Math.toRadians(lat));
  }

  private record Drawing(double lon, double lat, double pixelsPerKm) {
    int x(double of) {
      return (int) Math.round(WIDTH / 2.0 + (of - lon) * kmPerLon(lat) * pixelsPerKm);
    }

    int y(double of) {
      return (int) Math.round(HEIGHT / 2.0 - (of - lat) * KM_PER_DEGREE * pixelsPerKm);
    }

    boolean holds(int x, int y) {
      return x > 12 && x < WIDTH - 12 && y > 12 && y < HEIGHT - 6;
    }
  }
}
