package org.fazaa.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Another JVM with this test's class path, told by arguments and heard by its lines. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  private ChildJvm(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  public static ChildJvm start(
      Class<?> main, Map<String, String> environment, String... arguments) {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-Xmx512m", "--enable-native-access=ALL-UNNAMED", "-cp", classPath()));
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
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /**
   * Reads on until a line holds these words, and returns that line.
   *
   * @throws IllegalStateException with all that was read when the child ends before
   */
  public String awaitLine(String words) {
    var read = new ArrayList<String>();
    try {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        read.add(line);
        if (line.contains(words)) {
          return line;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(
        "child ended without '" + words + "':\n" + String.join("\n", read));
  }

  public long pid() {
    return process.pid();
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
