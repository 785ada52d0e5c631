package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * How fast something was done over and over for a while.
 *
 * @param nanos of each time
 * @param cpu processor time of this JVM meanwhile
 */
record Pace(double perSecond, long[] nanos, Duration cpu) {

  /** Each worker does it again as soon as it is done, with a number that counts up. */
  static Pace of(int workers, Duration time, IntFunction<IntConsumer> work) {
    try (var threads = Executors.newFixedThreadPool(workers)) {
      return of(threads, workers, time, work);
    }
  }

  private static Pace of(
      ExecutorService threads, int workers, Duration time, IntFunction<IntConsumer> work) {
    var cpu = Cpu.own();
    var start = System.nanoTime();
    var running = new ArrayList<Future<long[]>>();
    for (var worker = 0; worker < workers; worker++) {
      var number = worker;
      Callable<long[]> turn = () -> repeat(work.apply(number), start + time.toNanos());
      running.add(threads.submit(turn));
    }
    var times = running.stream().map(Pace::result).toList();
    var took = System.nanoTime() - start;
    var all = times.stream().flatMapToLong(Arrays::stream).toArray();
    return new Pace(all.length / (took / 1e9), all, Cpu.own().minus(cpu));
  }

  private static long[] repeat(IntConsumer work, long end) {
    var times = new long[1 << 16];
    var done = 0;
    for (var before = System.nanoTime(); before < end; done++) {
      work.accept(done);
      var after = System.nanoTime();
      if (done == times.length) times = Arrays.copyOf(times, 2 * done);
      times[done] = after - before;
      before = after;
    }
    return Arrays.copyOf(times, done);
  }

  private static long[] result(Future<long[]> running) {
    try {
      return running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** The median of some rounds. */
  static double rate(List<Pace> rounds) {
    var sorted = rounds.stream().mapToDouble(Pace::perSecond).sorted().toArray();
    var middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** By nearest rank over all rounds, in microseconds. */
  static double micros(List<Pace> rounds, double percent) {
    var sorted = rounds.stream().flatMapToLong(one -> Arrays.stream(one.nanos)).sorted().toArray();
    if (sorted.length == 0) return Double.NaN;
    var rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)] / 1e3;
  }

  static JsonObject quantiles(List<Pace> rounds) {
    return new JsonObject()
        .put("p50", Run.tenths(micros(rounds, 50)))
        .put("p99", Run.tenths(micros(rounds, 99)));
  }
}
