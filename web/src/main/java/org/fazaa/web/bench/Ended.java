package org.fazaa.web.bench;

import static java.time.temporal.ChronoUnit.MICROS;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;

/** A loop's work as it is, which also knows when the turn of each moment was over. */
final class Ended implements Loop.Work {
  private final Loop.Work work;
  private final InstantSource clock;
  private final NavigableMap<Long, Long> ends = new ConcurrentSkipListMap<>();

  Ended(Loop.Work work, InstantSource clock) {
    this.work = work;
    this.clock = clock;
  }

  /** In microseconds, for a turn that did something; its own begin when it is not known. */
  long end(long begin) {
    return ends.getOrDefault(begin, begin);
  }

  /** How long each turn took that did something and began within these moments. */
  List<Long> took(long from, long to) {
    return ends.subMap(from, to).entrySet().stream()
        .map(turn -> turn.getValue() - turn.getKey())
        .toList();
  }

  /** When so many turns that began at this moment or after it had ended; none when fewer did. */
  OptionalLong end(long from, int turns) {
    return ends.tailMap(from).values().stream().skip(turns - 1L).mapToLong(end -> end).findFirst();
  }

  @Override
  public boolean run(Instant now) {
    var begin = now.truncatedTo(MICROS);
    var did = work.run(begin);
    if (did) ends.put(MICROS.between(Instant.EPOCH, begin), Clock.micros(clock));
    return did;
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
  public Duration poll() {
    return work.poll();
  }

  @Override
  public double share() {
    return work.share();
  }

  @Override
  public boolean restsApart() {
    return work.restsApart();
  }

  @Override
  public Optional<Instant> nextDue() {
    return work.nextDue();
  }

  @Override
  public Future<?> stirred() {
    return work.stirred();
  }

  @Override
  public void wind(Instant now) {
    work.wind(now);
  }
}
