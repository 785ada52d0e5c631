package org.fazaa.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.notifier.Language;

/** Towns by which a point is named, and which can be picked instead of typing one. */
public final class Towns {

  public record Town(
      String id, String ar, String en, String country, Point place, int population) {}

  private static final List<Town> ALL = read();

  /** A point this near to a town's middle is in it. */
  private static final double IN_TOWN_KM = 8;

  private Towns() {}

  /** The towns of a country, largest first; all when it has none here. */
  public static List<Town> of(String country) {
    var found = ALL.stream().filter(town -> town.country.equals(country)).toList();
    return found.isEmpty() ? ALL : found;
  }

  public static List<Town> all() {
    return ALL;
  }

  public static Optional<Town> find(String id) {
    return ALL.stream().filter(town -> town.id.equals(id)).findFirst();
  }

  public static List<Town> near(Point place, double km) {
    return ALL.stream().filter(town -> town.place.kmTo(place) <= km).toList();
  }

  /** The name of the nearest town, for a text. */
  public static String nearest(Point place, Language language) {
    var town = nearest(place);
    return new Title(town.ar, town.en).in(language);
  }

  private static Town nearest(Point place) {
    return ALL.stream()
        .min(Comparator.comparingDouble(town -> town.place.kmTo(place)))
        .orElseThrow();
  }

  /** The point in words: its town, or how far from which. */
  public static String name(Point place, Frame frame) {
    var nearest = nearest(place);
    var km = nearest.place.kmTo(place);
    var name = frame.pick(nearest.ar, nearest.en);
    if (km <= IN_TOWN_KM) return name;
    return frame.say(Word.KM_FROM, frame.km(km), name);
  }

  private static List<Town> read() {
    try (var file =
        new BufferedReader(
            new InputStreamReader(Towns.class.getResourceAsStream("/towns.csv"), UTF_8))) {
      return file.lines().skip(1).map(Towns::town).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Town town(String line) {
    var field = line.split(",");
    var place = new Point(Double.parseDouble(field[4]), Double.parseDouble(field[5]));
    return new Town(field[0], field[1], field[2], field[3], place, Integer.parseInt(field[6]));
  }
}
