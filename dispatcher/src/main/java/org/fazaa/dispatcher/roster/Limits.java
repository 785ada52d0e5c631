package org.fazaa.dispatcher.roster;

import java.time.Duration;
import java.time.ZoneId;
import org.fazaa.dispatcher.people.CallKind;

/**
 * How far people may be bothered. The price of a text rises long before these are reached; they are
 * here so that no fault can text anybody without end.
 *
 * @param rest between the end of one duty and the start of the next
 * @param gap between two texts that ask: a quarter of an hour means at most four in an hour
 * @param fatigueMost recent texts, fading over a week
 * @param ageLeast of those whose birth is known
 * @param kmh how fast people get about
 * @param zone whose clocks their weekly hours follow
 */
public record Limits(
    Duration rest, Duration gap, double fatigueMost, int ageLeast, double kmh, ZoneId zone) {
  /** Roads are this much longer than the straight line. */
  private static final double ROAD_BENDS = 1.3;

  private static final int GROWN_UP = 18;
  private static final double KMH = 40;
  private static final Duration GAP = Duration.ofMinutes(15);
  private static final double FATIGUE_MOST = 10;

  public static Limits of(CallKind kind, ZoneId zone) {
    var rest =
        switch (kind) {
          case LIFE -> Duration.ZERO;
          case URGENT -> Duration.ofHours(1);
          case PLANNED -> Duration.ofHours(8);
        };
    return new Limits(rest, GAP, FATIGUE_MOST, GROWN_UP, KMH, zone);
  }

  /** The same for people of at least this age. */
  public Limits fromAge(int least) {
    return new Limits(rest, gap, fatigueMost, least, kmh, zone);
  }

  /** How long it takes over this many kilometres of straight line. */
  public Duration travel(double km) {
    return Duration.ofSeconds(travelSeconds(km));
  }

  long travelSeconds(double km) {
    return (long) Math.ceil(km * ROAD_BENDS / kmh * 3600);
  }
}
