package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.web.Fazaa;

/**
 * A part of a bench in a JVM of its own, so that its CPU is counted apart. It is told by lines and
 * answers each with a line of JSON; it ends when its input does, so it never outlives this program.
 */
final class Child implements AutoCloseable {
  private static final List<String> JVM =
      List.of(
          "-Xmx512m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Djava.net.preferIPv4Stack=true");

  private final Process process;
  private final Writer told;
  private final BufferedReader said;
  private final JsonObject ready;

  private Child(Process process) {
    this.process = process;
    this.told = process.outputWriter();
    this.said = process.inputReader();
    this.ready = read("start");
  }

  /** Runs a hidden command of {@code ./fazaa bench}; returns when it says that it is ready. */
  static Child start(String... arguments) {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(JVM);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Fazaa.class.getName(), "bench"));
    command.addAll(List.of(arguments));
    try {
      var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      return new Child(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it said first. */
  JsonObject ready() {
    return ready;
  }

  /** One question at a time. */
  JsonObject ask(String line) {
    try {
      told.write(line + "\n");
      told.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("a part of the bench has ended before " + line, e);
    }
    return read(line);
  }

  private JsonObject read(String asked) {
    try {
      for (var line = said.readLine(); line != null; line = said.readLine()) {
        if (line.startsWith("{")) return new JsonObject(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("a part of the bench ended instead of answering " + asked);
  }

  /** Processor time since its start. */
  Duration cpu() {
    return Cpu.of(process.toHandle());
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
