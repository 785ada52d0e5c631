package org.fazaa.config;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes that the tests started themselves, by their ids. */
public final class Signals {
  private Signals() {}

  /**
   * @param signal as {@code kill} takes it, such as {@code -STOP}
   */
  public static void send(String signal, long pid) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
