package org.fazaa.dispatcher.callout;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.fazaa.dispatcher.callout.Learned.About;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.History;
import org.fazaa.notifier.Way;

/**
 * How people answer, learned from every offer that came to an end. A chance is a person's own rate
 * times what distance, the hour and recent texts leave of it; each of these is a count of yes
 * beside the yes that were to be expected, so that it can be read and shown.
 *
 * <p>Where little is known, what published call-outs saw stands in, and it gives way as counts
 * grow.
 */
public final class Rates {
  /** Start at one yes in four until a group has shown otherwise. */
  static final double FIRST_GUESS = 0.25;

  /** Nobody is surer than this. */
  public static final double MOST_CERTAIN = 0.9;

  private static final double GROUP_WEIGHT = 20;
  private static final double TRAIT_WEIGHT = 20;

  /** Willingness is spread about alike around any mean: rarer answers make a tighter crowd. */
  private static final double SPREAD = 1.2;

  /** What somebody does about other kinds of call says half as much about this one. */
  private static final double OTHER_KINDS = 0.8;

  private static final double NEAR_KM = 6;
  private static final double NIGHT = 0.6;
  private static final double WEARY = 0.03;
  private static final List<About> TRAITS = List.of(About.KM, About.HOUR, About.RECENT);
  private static final double SHOWS = 0.92;
  private static final double SHOWS_WEIGHT = 50;

  private final double[] group = new double[CallKind.values().length];
  private final double[] weight = new double[group.length];
  private final double[][] traits = new double[About.values().length][];
  private final Map<Way, Delay> delays = new EnumMap<>(Way.class);
  private final double shows;

  public Rates(Learned learned) {
    for (var kind : CallKind.values()) {
      var i = kind.ordinal();
      var guess = (GROUP_WEIGHT * FIRST_GUESS + learned.yes(About.KIND, i));
      var rate = guess / (GROUP_WEIGHT + learned.trials(About.KIND, i));
      group[i] = Math.clamp(rate, 0.1 * FIRST_GUESS, 3 * FIRST_GUESS);
      weight[i] = Math.clamp(SPREAD / group[i], 3, 40);
    }
    for (var trait : TRAITS) {
      var factors = new double[trait.bins()];
      for (var bin = 0; bin < factors.length; bin++) {
        var seen = TRAIT_WEIGHT + learned.yes(trait, bin);
        factors[bin] = seen / (TRAIT_WEIGHT + learned.trials(trait, bin));
      }
      traits[trait.ordinal()] = factors;
    }
    for (var way : Way.values()) delays.put(way, learned.delay(way));
    shows =
        (SHOWS_WEIGHT * SHOWS + learned.yes(About.SHOWS, 0))
            / (SHOWS_WEIGHT + learned.trials(About.SHOWS, 0));
  }

  /** Before anything has been learned. */
  public static final Rates FIRST = new Rates(new Learned());

  /** What people of no history say to this kind of call, next door and rested. */
  public double group(CallKind kind) {
    return group[kind.ordinal()];
  }

  public Delay delay(Way way) {
    return delays.get(way);
  }

  /** The share of those with a place who come. */
  public double shows() {
    return shows;
  }

  /** A person's own rate: their counts pull the group's. */
  public double own(CallKind kind, History history) {
    var yes = 0.0;
    var all = 0.0;
    for (var other : CallKind.values()) {
      var tally = history.of(other);
      var share = other == kind ? 1 : OTHER_KINDS;
      yes += share * tally.yes();
      all += share * tally.all();
    }
    var prior = weight[kind.ordinal()];
    return (prior * group[kind.ordinal()] + yes) / (prior + all);
  }

  /**
   * How much of a rate is left that far away, at that hour and after so many recent texts; 1 next
   * door, by day and rested.
   *
   * @param recent texts, fading over a week
   */
  public double ease(double km, int hour, double recent) {
    return factor(About.KM, km) * factor(About.HOUR, hour) * factor(About.RECENT, recent);
  }

  public static double chance(double own, double ease) {
    return Math.min(MOST_CERTAIN, own * ease);
  }

  double factor(About trait, double value) {
    var guess =
        switch (trait) {
          case KM -> Math.exp(-value / NEAR_KM);
          case HOUR -> value >= 23 || value < 6 ? NIGHT : 1;
          case RECENT -> Math.exp(-WEARY * value);
          case KIND, DELAY, SHOWS -> throw new IllegalArgumentException(trait + " is no trait");
        };
    return guess * traits[trait.ordinal()][trait.bin(value)];
  }

  /** How far a trait has proved other than first guessed: 1 as guessed. */
  double correction(About trait, int bin) {
    return traits[trait.ordinal()][bin];
  }

  private static final double ROAD_BENDS = 1.3;
  private static final double ROAD_KMH = 40;

  static double travelMinutes(double km) {
    return km * ROAD_BENDS / ROAD_KMH * 60;
  }

  /** How much of a helper's worth is left after this much travel. */
  static double arrivesInTime(Priority priority, double km) {
    return Math.exp(-travelMinutes(km) / patienceMinutes(priority));
  }

  /** P(X < count) for a Poisson X: the chance that one more yes is still wanted. */
  static double poissonBelow(double mean, int count) {
    var term = Math.exp(-mean);
    var sum = 0.0;
    for (var k = 0; k < count; k++) {
      sum += term;
      term *= mean / (k + 1);
    }
    return Math.min(1, sum);
  }

  private static double patienceMinutes(Priority priority) {
    return switch (priority) {
      case LIFE -> 10;
      case URGENT -> 30;
      case PLANNED -> 90;
    };
  }
}
