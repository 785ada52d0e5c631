package org.fazaa.notifier.carrier.simulated;

import java.time.Duration;
import org.fazaa.notifier.TextState;

/** Something that happens at a simulated phone some time after a text was sent to it. */
public sealed interface Reaction {
  Duration after();

  /**
   * The network tells how far the text got.
   *
   * @param problem error code, or null
   */
  record Status(Duration after, TextState state, String problem) implements Reaction {}

  /** The person writes back. */
  record Says(Duration after, String body) implements Reaction {}

  /** The person does not write any more what they were about to write on the same matter. */
  record Silence() implements Reaction {
    @Override
    public Duration after() {
      return Duration.ZERO;
    }
  }
}
