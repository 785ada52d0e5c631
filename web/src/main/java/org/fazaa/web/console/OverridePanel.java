package org.fazaa.web.console;

import java.util.Optional;

/** What a coordinator may do beside the rounds of a need that has an envelope. */
record OverridePanel(boolean calling, Optional<Waiting> waiting) {

  /**
   * A large ring that waits for a second person.
   *
   * @param own whether whoever looks has asked for it, and so cannot confirm it
   */
  record Waiting(long ring, String by, boolean own, String within, int people) {}
}
