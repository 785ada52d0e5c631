package org.fazaa.notifier.carrier;

import java.time.Instant;
import java.util.Optional;

/** What became of one POST. The carrier says what it saw; only the sender has policy. */
public sealed interface Submission {

  /** The carrier has it, under its own id. */
  record Accepted(String sid) implements Submission {}

  /**
   * It certainly does not have it.
   *
   * @param retryAt when the carrier as a whole may take texts again; empty when this text will
   *     never be taken
   */
  record Refused(String code, String why, Optional<Instant> retryAt) implements Submission {}

  /** The person told the carrier to stop. */
  record OptedOut() implements Submission {}

  /** It may or may not have it: no answer, a cut answer, or its own failure. */
  record Unknown(String why) implements Submission {}
}
