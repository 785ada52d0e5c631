package org.fazaa.web.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fazaa.config.EmbeddedServer;
import org.fazaa.config.EmbeddedServer.Durability;

/**
 * A folder of a bench's own, a PostgreSQL in it that acknowledges nothing before it is on the disk,
 * and whatever else is kept until the end. All of it is gone afterwards, also when the bench is
 * interrupted.
 */
final class Ground implements AutoCloseable {
  private final Path folder;
  private final Deque<Runnable> kept = new ConcurrentLinkedDeque<>();
  private final Thread interrupted = new Thread(this::clear, "remove the bench's database");
  private final AtomicBoolean cleared = new AtomicBoolean();

  private Ground(Path folder) {
    this.folder = folder;
  }

  static Ground open() {
    try {
      var ground = new Ground(Files.createTempDirectory("fazaa-bench"));
      Runtime.getRuntime().addShutdownHook(ground.interrupted);
      return ground;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Whoever is given it closes it. */
  EmbeddedServer server() {
    return EmbeddedServer.start(folder, Durability.FULL);
  }

  /** What is kept last is closed first. */
  void keep(Runnable close) {
    kept.push(close);
  }

  /** Processor time of its PostgreSQL. */
  Duration serverCpu() {
    return Cpu.ofServer(folder.resolve("postgres"));
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(interrupted);
    } catch (IllegalStateException e) {
      return; // the program is being stopped, and the hook is at work
    }
    clear();
  }

  private void clear() {
    if (cleared.compareAndSet(false, true)) {
      kept.forEach(Runnable::run);
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
