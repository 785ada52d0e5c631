package org.fazaa.web.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Processor time as the operating system counts it, so that it holds on shared cores too. */
final class Cpu {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /**
   * What {@code /proc} counts in; the kernel has reported hundredths on every platform for ages.
   */
  private static final long MILLIS_PER_TICK = 10;

  private static final int DEAD_USER = 13;
  private static final int DEAD_SYSTEM = 14;

  private Cpu() {}

  /** Of this JVM. */
  static Duration own() {
    return Duration.ofNanos(SYSTEM.getProcessCpuTime());
  }

  /** Of one process; zero once it is gone. */
  static Duration of(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Of a PostgreSQL server with all its sessions, those that have ended included. */
  static Duration ofServer(Path cluster) {
    try {
      var pid = Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst().strip();
      var server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
      var living = server.children().map(Cpu::of).reduce(of(server), Duration::plus);
      return living.plus(ofDead(Path.of("/proc", pid, "stat")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // The fields behind the name, which may hold blanks itself; elsewhere than on Linux there is no
  // such file, and sessions that ended within a measurement are missed.
  private static Duration ofDead(Path stat) throws IOException {
    if (!Files.exists(stat)) return Duration.ZERO;
    var text = Files.readString(stat);
    var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
    var ticks = Long.parseLong(fields[DEAD_USER]) + Long.parseLong(fields[DEAD_SYSTEM]);
    return Duration.ofMillis(ticks * MILLIS_PER_TICK);
  }

  /** The load average of the last minute; negative where the system has none. */
  static double load() {
    return SYSTEM.getSystemLoadAverage();
  }
}
