package org.fazaa.notifier.carrier;

import java.time.Instant;

/** What became of one POST. The carrier says what it saw; only the sender has policy. */
public sealed interface Submission {

  /** The carrier has it, under its own id. */
  record Accepted(String sid) implements Submission {}

  /**
   * It certainly does not have it.
   *
   * @param code the carrier's own, such as 21211
   * @param action what this means for the text, its sender or its phone
   */
  record Refused(String code, String why, Action action) implements Submission {}

  /** The person told the carrier to stop. */
  record OptedOut() implements Submission {}

  /** It may or may not have it: no answer, a cut answer, or its own failure. */
  record Unknown(String why) implements Submission {}

  /** What a definite refusal asks for. */
  sealed interface Action {

    /** This text once more, not before then; others may go on. */
    record TryLater(Instant at) implements Action {}

    /**
     * The sender as a whole takes nothing until then; this text waits with the others.
     *
     * @param page whether only a person can mend it: a wrong key, a country that is not enabled
     */
    record StopLane(Instant until, boolean page) implements Action {}

    /** This text will never be taken. */
    record GiveUp() implements Action {}

    /** No text will ever reach this phone: ask its owner for another one. */
    record NumberUnusable() implements Action {}

    /** Not from this sender to this phone; another sender may. */
    record OtherSender() implements Action {}

    /**
     * Not by this way: by SMS instead, at once.
     *
     * @param page whether a person can mend it: a template that is not approved, a wrong sender
     */
    record OtherWay(boolean page) implements Action {}
  }
}
