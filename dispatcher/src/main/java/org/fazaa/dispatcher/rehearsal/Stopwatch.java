package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;

/** Measures how long those turns of a loop take that do something. */
final class Stopwatch implements Loop.Work {
  private final Loop.Work work;
  private final List<Duration> times = new ArrayList<>();

  Stopwatch(Loop.Work work) {
    this.work = work;
  }

  List<Duration> times() {
    return List.copyOf(times);
  }

  @Override
  public boolean run(Instant now) {
    var started = System.nanoTime();
    var busy = work.run(now);
    if (busy) times.add(Duration.ofNanos(System.nanoTime() - started));
    return busy;
  }

  @Override
  public String name() {
    return work.name();
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return work.wokenBy();
  }

  @Override
  public Optional<Instant> nextDue() {
    return work.nextDue();
  }
}
