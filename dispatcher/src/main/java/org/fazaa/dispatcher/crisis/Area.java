package org.fazaa.dispatcher.crisis;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.dispatcher.people.Flaw;
import org.fazaa.dispatcher.people.Point;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.operation.valid.IsValidOp;

/** Where a crisis is. Without an area nobody can be asked, so an empty one does not exist. */
public sealed interface Area {
  double MOST_RADIUS_M = 500_000;
  int MOST_CORNERS = 2_000;

  boolean contains(Point place);

  Point center();

  /** The circle around {@link #center()} that holds all of it. */
  double radiusKm();

  /** As the API writes it: {@code {center, radius_m}} or a GeoJSON polygon. */
  JsonObject json();

  record Circle(Point center, double radiusM) implements Area {
    @Override
    public boolean contains(Point place) {
      return center.kmTo(place) * 1000 <= radiusM;
    }

    @Override
    public double radiusKm() {
      return radiusM / 1000;
    }

    @Override
    public JsonObject json() {
      return new JsonObject()
          .put("center", new JsonArray().add(center.lon()).add(center.lat()))
          .put("radius_m", radiusM);
    }
  }

  record Shape(Polygon polygon) implements Area {
    @Override
    public boolean contains(Point place) {
      return polygon.covers(EARTH.createPoint(new Coordinate(place.lon(), place.lat())));
    }

    @Override
    public Point center() {
      var middle = polygon.getEnvelopeInternal().centre();
      return new Point(middle.x, middle.y);
    }

    @Override
    public double radiusKm() {
      var middle = center();
      var most = 0.0;
      for (var corner : polygon.getExteriorRing().getCoordinates()) {
        most = Math.max(most, middle.kmTo(new Point(corner.x, corner.y)));
      }
      return most;
    }

    @Override
    public JsonObject json() {
      var rings = new JsonArray().add(ringJson(polygon.getExteriorRing()));
      for (var i = 0; i < polygon.getNumInteriorRing(); i++) {
        rings.add(ringJson(polygon.getInteriorRingN(i)));
      }
      return new JsonObject().put("type", "Polygon").put("coordinates", rings);
    }
  }

  /** An area, or what is wrong with what was written. */
  sealed interface Parsed {
    record Good(Area area) implements Parsed {}

    record Bad(Flaw flaw) implements Parsed {}
  }

  static Parsed parse(JsonObject json) {
    if (json == null || json.isEmpty()) return bad("draw an area", "ارسم المنطقة");
    try {
      return json.containsKey("type") ? parsePolygon(json) : parseCircle(json);
    } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
      return bad(
          "write {center: [lon, lat], radius_m} or a GeoJSON Polygon",
          "اكتب {center: [lon, lat], radius_m} أو مضلع GeoJSON");
    }
  }

  /** An area that was checked before it was stored. */
  static Area stored(JsonObject json) {
    return switch (parse(json)) {
      case Parsed.Good(var area) -> area;
      case Parsed.Bad(var flaw) -> throw new IllegalStateException("stored area: " + flaw.en());
    };
  }

  private static Parsed parseCircle(JsonObject json) {
    var center = place(json.getJsonArray("center"));
    var radius = json.getDouble("radius_m");
    if (!(radius > 0 && radius <= MOST_RADIUS_M)) {
      return bad(
          "radius_m must be more than 0 and at most 500000",
          "يجب أن يكون radius_m أكبر من 0 ولا يزيد على 500000");
    }
    return new Parsed.Good(new Circle(center, radius));
  }

  private static Parsed parsePolygon(JsonObject json) {
    if (json.getValue("type").equals("Feature")) return parse(json.getJsonObject("geometry"));
    if (!json.getValue("type").equals("Polygon")) {
      return bad("only a Polygon can be an area", "المنطقة تكون مضلعًا (Polygon) فقط");
    }
    var rings = new ArrayList<LinearRing>();
    var corners = 0;
    for (var ring : json.getJsonArray("coordinates")) {
      corners += ((JsonArray) ring).size();
      if (corners > MOST_CORNERS) {
        return bad("at most 2000 corners", "2000 رأس على الأكثر");
      }
      rings.add(ring((JsonArray) ring));
    }
    if (rings.isEmpty()) return bad("the polygon is empty", "المضلع فارغ");
    var holes = rings.subList(1, rings.size()).toArray(LinearRing[]::new);
    var polygon = EARTH.createPolygon(rings.getFirst(), holes);
    var fault = new IsValidOp(polygon).getValidationError();
    if (fault != null) {
      var at = fault.getCoordinate();
      return bad(
          "the outline crosses or touches itself at [%s, %s]".formatted(at.x, at.y),
          "حدود المضلع تتقاطع عند [%s, %s]".formatted(at.x, at.y));
    }
    if (polygon.getArea() == 0) return bad("the area is empty", "المنطقة فارغة");
    return new Parsed.Good(new Shape(polygon));
  }

  private static LinearRing ring(JsonArray corners) {
    var all = new ArrayList<Coordinate>();
    for (var corner : corners) {
      var place = place((JsonArray) corner);
      all.add(new Coordinate(place.lon(), place.lat()));
    }
    return EARTH.createLinearRing(all.toArray(Coordinate[]::new));
  }

  private static Point place(JsonArray point) {
    if (point.size() < 2) throw new IllegalArgumentException("a point is [lon, lat]");
    return new Point(point.getDouble(0), point.getDouble(1));
  }

  private static JsonArray ringJson(LinearRing ring) {
    var corners = new JsonArray();
    for (var corner : ring.getCoordinates()) {
      corners.add(new JsonArray(List.of(corner.x, corner.y)));
    }
    return corners;
  }

  private static Parsed bad(String en, String ar) {
    return new Parsed.Bad(new Flaw("area", en, ar));
  }

  GeometryFactory EARTH = new GeometryFactory();
}
