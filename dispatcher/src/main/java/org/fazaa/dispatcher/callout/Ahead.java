package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How asking will go on until the deadline: whom {@link Round} will ask, and when. It waits for
 * those who were asked, so that most of all who could be asked may never be: only those whom it
 * reaches in time can say yes in time.
 */
final class Ahead {
  private static final int STEPS = 40;
  private static final Tuning TUNING = Tuning.BEST;

  private final Line line;
  private final Instant now;
  private final long left;

  /** What is still to be expected of the silent, by when and how they were asked. */
  private final Map<Wave, Double> silent = new LinkedHashMap<>();

  /** The share of all answers that have come after so many steps. */
  private final double[] come = new double[STEPS + 1];

  /** The yes that those asked in each step are good for. */
  private final double[] asked = new double[STEPS];

  private record Wave(Instant askedAt, Delay delay) {
    double answeredBy(Instant at) {
      return delay.answeredWithin(Duration.between(askedAt, at));
    }
  }

  private Ahead(Line line, Instant now) {
    this.line = line;
    this.now = now;
    this.left = Math.max(0, Duration.between(now, line.fillBy()).toMillis());
    for (var one : line.waiting()) {
      var silence = Duration.between(one.askedAt(), now);
      var wave = new Wave(one.askedAt(), one.delay());
      silent.merge(wave, one.delay().stillMayAnswer(one.rate(), silence), Double::sum);
    }
    for (var step = 0; step <= STEPS; step++) {
      come[step] = line.delay().answeredWithin(Duration.ofMillis(left * step / STEPS));
    }
  }

  /**
   * The yes that are to be expected in time after each number of further texts. Beyond the last
   * that will be sent in time nothing more is.
   *
   * @param queue all who may be asked, in the order in which they will be
   * @param waiting what the silent will still say in time
   */
  static double[] means(Line line, List<Priced> queue, double waiting, Instant now) {
    var ahead = new Ahead(line, now);
    var reach = queue.stream().filter(one -> one.isWithinReach(line, TUNING)).toList();
    var means = new double[reach.size() + 1];
    means[0] = waiting;
    var texts = 0;
    for (var step = 0; ahead.left > 0 && step < STEPS; step++) {
      var sent = ahead.ask(step, reach, texts);
      for (; sent > 0; sent--, texts++) {
        var rate = reach.get(texts).person().rate();
        means[texts + 1] = means[texts] + rate * ahead.come[STEPS - step];
      }
    }
    for (; texts < reach.size(); texts++) means[texts + 1] = means[texts];
    return means;
  }

  /** How many are asked in this step: until the next text costs more than it brings. */
  private int ask(int step, List<Priced> reach, int first) {
    var at = now.plusMillis(left * step / STEPS);
    var worth = TUNING.worth(line, at);
    var over = TUNING.over(line, at);
    var still = stillSilent(at);
    var arrived = Math.max(0, stillSilent(now) - still);
    var expected = still;
    for (var before = 0; before < step; before++) {
      arrived += asked[before] * come[step - before];
      expected += asked[before] * (1 - come[step - before]);
    }
    var open = Math.max(1, line.open() - (int) arrived);
    var next = first;
    for (; next < reach.size(); next++) {
      var one = reach.get(next);
      var rate = one.person().rate();
      var useful = Rates.poissonBelow(expected, open);
      if (worth * one.reward() * useful <= one.price() + over * worth * rate * (1 - useful)) break;
      expected += rate;
      asked[step] += rate;
    }
    return next - first;
  }

  private double stillSilent(Instant at) {
    var sum = 0.0;
    for (var one : silent.entrySet()) {
      var come = one.getKey().answeredBy(now);
      if (come < 1) sum += one.getValue() * (1 - one.getKey().answeredBy(at)) / (1 - come);
    }
    return sum;
  }
}
