package org.fazaa.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Another JVM with this test's class path, told by arguments and heard by its lines. */
public final class ChildJvm implements AutoCloseable {
  private static final String END = "\u0000";

  /** Several start at once on a small machine: what only pays off after minutes is left out. */
  private static final List<String> QUICK =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Djava.net.preferIPv4Stack=true",
          "--enable-native-access=ALL-UNNAMED");

  private static final long PATIENCE_S = 120;

  private final Process process;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private ChildJvm(Process process) {
    this.process = process;
    // Always read: a child whose pipe is full would stand still.
    Thread.ofVirtual().start(this::read);
  }

  public static ChildJvm start(
      Class<?> main, Map<String, String> environment, String... arguments) {
    return start(main, environment, List.of(), arguments);
  }

  /** The same with options for the JVM itself, such as {@code -Dname=value}. */
  public static ChildJvm start(
      Class<?> main, Map<String, String> environment, List<String> options, String... arguments) {
    return start(List.of(), classPath(), main, environment, options, arguments);
  }

  /**
   * The same with another class path than the test's own.
   *
   * @param within what the command begins with, such as the network that it runs in
   */
  public static ChildJvm start(
      List<String> within,
      String classPath,
      Class<?> main,
      Map<String, String> environment,
      List<String> options,
      String... arguments) {
    var command = new ArrayList<>(within);
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(QUICK);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      return new ChildJvm(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Surefire may hand the class path over in a manifest; this property holds the real one.
  public static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private void read() {
    try (var reader = process.inputReader()) {
      reader.lines().forEach(lines::add);
    } catch (UncheckedIOException | IOException e) {
      lines.add("(its output broke off: " + e.getMessage() + ")");
    }
    lines.add(END);
  }

  /**
   * Reads on until a line holds these words, and returns that line.
   *
   * @throws IllegalStateException with all that was read when the child ends or falls silent before
   */
  public String awaitLine(String words) {
    var read = new ArrayList<String>();
    try {
      while (true) {
        var line = lines.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
          throw new IllegalStateException(
              "child never said '" + words + "':\n" + String.join("\n", read));
        }
        read.add(line);
        if (line.contains(words)) {
          return line;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What it said since the last awaited line. */
  public List<String> said() {
    return List.copyOf(lines);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** Stands still, as in a long pause of the collector or of its virtual machine. */
  public void freeze() {
    signal("-STOP");
  }

  public void thaw() {
    signal("-CONT");
  }

  private void signal(String name) {
    Signals.send(name, process.pid());
  }

  /** As {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
