package org.fazaa.dispatcher.rehearsal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;

/**
 * Invented volunteers who live where things happen, as a file that is imported like any other. They
 * are settled around the incidents, fewer the farther away; most have no special skill, a few are
 * doctors.
 */
final class SyntheticVolunteers {
  private static final double SPREAD_KM = 4;
  private static final double SPREAD_MAX_KM = 40;
  private static final double ARABIC = 0.7;
  private static final double KM_PER_DEGREE = 111.2;

  private SyntheticVolunteers() {}

  /** The share of people who have a skill, each drawn apart; three in five have none. */
  private static final Map<Skill, Double> SHARES = new LinkedHashMap<>();

  static {
    SHARES.put(Skill.FIRST_AID, 0.10);
    SHARES.put(Skill.TOOLS, 0.12);
    SHARES.put(Skill.DRIVER, 0.08);
    SHARES.put(Skill.LIFTING, 0.03);
    SHARES.put(Skill.DRIVER_4X4, 0.03);
    SHARES.put(Skill.LOGISTICS, 0.03);
    SHARES.put(Skill.TRAFFIC, 0.02);
    SHARES.put(Skill.CROWD, 0.02);
    SHARES.put(Skill.BOAT, 0.02);
    SHARES.put(Skill.SEARCH_AND_RESCUE, 0.02);
    SHARES.put(Skill.KITCHEN, 0.02);
    SHARES.put(Skill.TRANSLATION, 0.01);
    SHARES.put(Skill.NURSE, 0.01);
    SHARES.put(Skill.WATER_RESCUE, 0.005);
    SHARES.put(Skill.HAZARDOUS_MATERIALS, 0.003);
    SHARES.put(Skill.DOCTOR, 0.002);
    SHARES.put(Skill.DIVER, 0.0005);
  }

  static void write(Path file, int count, List<Incident> around, long seed) {
    try (var out = Files.newBufferedWriter(file)) {
      out.write("name,phone,language,skills,lon,lat\n");
      for (int number = 0; number < count; number++) {
        writeOne(out, number, around, Draws.of(seed, Draws.About.PLACES, number));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeOne(
      BufferedWriter out, int number, List<Incident> around, RandomGenerator random)
      throws IOException {
    var home = near(around.get(random.nextInt(around.size())).place(), random);
    var arabic = random.nextDouble() < ARABIC;
    var line =
        List.of(
            (arabic ? "متطوع " : "Volunteer ") + (number + 1),
            "+9665" + (50_000_000 + number),
            arabic ? "ar" : "en",
            skills(random).stream().map(Skill::code).collect(Collectors.joining(";")),
            String.format(Locale.ROOT, "%.5f", home.lon()),
            String.format(Locale.ROOT, "%.5f", home.lat()));
    out.write(String.join(",", line));
    out.write('\n');
  }

  /** Exponentially fewer people the farther away, in any direction. */
  static Point near(Point center, RandomGenerator random) {
    var km = Math.min(SPREAD_MAX_KM, -SPREAD_KM * Math.log(1 - random.nextDouble()));
    var direction = 2 * Math.PI * random.nextDouble();
    var lat = center.lat() + km * Math.sin(direction) / KM_PER_DEGREE;
    var shrink = Math.max(0.1, Math.cos(Math.toRadians(center.lat())));
    var lon = center.lon() + km * Math.cos(direction) / (KM_PER_DEGREE * shrink);
    return new Point(Math.clamp(lon, -180, 180), Math.clamp(lat, -90, 90));
  }

  static Set<Skill> skills(RandomGenerator random) {
    var skills = EnumSet.noneOf(Skill.class);
    SHARES.forEach(
        (skill, share) -> {
          if (random.nextDouble() < share) {
            skills.add(skill);
          }
        });
    if (skills.contains(Skill.DOCTOR) || skills.contains(Skill.NURSE)) {
      skills.add(Skill.FIRST_AID);
    }
    return skills;
  }
}
