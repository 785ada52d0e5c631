package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.History;
import org.fazaa.notifier.Way;

/**
 * The sums from which {@link Rates} are drawn. They only grow, so that those of many turns and
 * nodes can be added in any order.
 */
public final class Learned {
  /** Somebody who was asked less often than this still answers as anybody would. */
  private static final double FRESH = 1;

  /** What is learned about, and in which steps. */
  enum About {
    /** How those whom we hardly know answer each kind of call. */
    KIND(CallKind.values().length),
    KM(0.5, 1, 2, 3, 5, 8, 12, 18, 26),
    HOUR(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23),
    /** Recent texts, fading over a week. */
    RECENT(0.25, 0.75, 1.5, 2.5, 4, 6, 8),
    /** How late answers come, by each way: their number, their logarithms and squares of these. */
    DELAY(Way.values().length),
    /** Of those with a place, who come. */
    SHOWS(1);

    private final double[] edges;
    private final int bins;

    About(int bins) {
      this.edges = new double[0];
      this.bins = bins;
    }

    About(double... edges) {
      this.edges = edges;
      this.bins = edges.length + 1;
    }

    int bins() {
      return bins;
    }

    int bin(double value) {
      var bin = 0;
      while (bin < edges.length && value >= edges[bin]) bin++;
      return bin;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One row of the table.
   *
   * @param yes that came, or answers that did
   * @param trials the yes that were to be expected, or the logarithms of delays in seconds
   * @param squares of these logarithms
   */
  record Sum(String about, int bin, double yes, double trials, double squares) {}

  /**
   * An offer that came to an end.
   *
   * @param own the rate that the person was given when asked
   * @param asked how often they had been asked for anything, fading
   * @param heard the share of all answers that had come by its end; 1 when it was answered
   */
  public record Ended(
      CallKind kind,
      Way way,
      double own,
      double km,
      int hour,
      double recent,
      double asked,
      boolean saidYes,
      double heard,
      Optional<Duration> answeredAfter) {}

  private static final int COLUMNS = 3;
  private final double[][][] sums = new double[About.values().length][][];

  private final Instant[][] grownAt = new Instant[About.values().length][];

  public Learned() {
    for (var about : About.values()) {
      sums[about.ordinal()] = new double[about.bins()][COLUMNS];
      grownAt[about.ordinal()] = new Instant[about.bins()];
    }
  }

  static Learned of(List<Sum> rows) {
    var learned = new Learned();
    for (var row : rows) {
      Arrays.stream(About.values())
          .filter(about -> about.word().equals(row.about) && row.bin < about.bins())
          .forEach(about -> learned.add(about, row.bin, row.yes, row.trials, row.squares));
    }
    return learned;
  }

  /** All that is not zero. */
  List<Sum> rows() {
    var rows = new ArrayList<Sum>();
    for (var about : About.values()) {
      for (var bin = 0; bin < about.bins(); bin++) {
        var sum = sums[about.ordinal()][bin];
        if (sum[0] != 0 || sum[1] != 0) {
          rows.add(new Sum(about.word(), bin, sum[0], sum[1], sum[2]));
        }
      }
    }
    return rows;
  }

  /**
   * @param rates as they are by now: what one trait adds is judged beside the others
   */
  public void add(Ended one, Rates rates) {
    var said = one.saidYes ? 1 : 0;
    var ease = rates.ease(one.km, one.hour, one.recent);
    if (one.asked < FRESH) add(About.KIND, one.kind.ordinal(), said, one.heard * ease, 0);
    var expected = one.heard * one.own * ease;
    addTrait(About.KM, one.km, said, expected, rates);
    addTrait(About.HOUR, one.hour, said, expected, rates);
    addTrait(About.RECENT, one.recent, said, expected, rates);
    one.answeredAfter.ifPresent(
        late -> {
          var log = Math.log(Math.max(1, late.toMillis() / 1000.0));
          add(About.DELAY, one.way.ordinal(), 1, log, log * log);
        });
  }

  /** Adds what was learned just now to what is known; the table does the same. */
  public void grow(Learned more, Instant now) {
    for (var about : About.values()) {
      for (var bin = 0; bin < about.bins(); bin++) {
        var added = more.sums[about.ordinal()][bin];
        if (added[0] == 0 && added[1] == 0) continue;
        var known = sums[about.ordinal()][bin];
        var since = grownAt[about.ordinal()][bin];
        var left = since == null ? 1 : faded(Duration.between(since, now));
        for (var i = 0; i < COLUMNS; i++) known[i] = known[i] * left + added[i];
        grownAt[about.ordinal()][bin] = now;
      }
    }
  }

  private static double faded(Duration age) {
    var seconds = Math.max(0, age.toMillis() / 1000.0);
    return Math.pow(0.5, seconds / History.ANSWERS_HALVE_IN.toSeconds());
  }

  // What was to be expected if this trait were as first guessed.
  private void addTrait(About trait, double value, double said, double expected, Rates rates) {
    var bin = trait.bin(value);
    add(trait, bin, said, expected / rates.correction(trait, bin), 0);
  }

  /**
   * @param came of so many who promised to
   */
  void addShows(double came, double promised) {
    add(About.SHOWS, 0, came, promised, 0);
  }

  private void add(About about, int bin, double yes, double trials, double squares) {
    var sum = sums[about.ordinal()][bin];
    sum[0] += yes;
    sum[1] += trials;
    sum[2] += squares;
  }

  double yes(About about, int bin) {
    return sums[about.ordinal()][bin][0];
  }

  double trials(About about, int bin) {
    return sums[about.ordinal()][bin][1];
  }

  Delay delay(Way way) {
    var sum = sums[About.DELAY.ordinal()][way.ordinal()];
    return Delay.learned(sum[0], sum[1], sum[2]);
  }
}
