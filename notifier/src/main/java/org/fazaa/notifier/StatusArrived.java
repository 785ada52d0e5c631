package org.fazaa.notifier;

import java.util.Map;
import java.util.Optional;

/**
 * A status as a carrier told it.
 *
 * @param sid the carrier's id of the text
 * @param word the carrier's own word
 * @param state what the word means here; empty for a word that we do not know
 * @param text our id of the text, or null where the carrier does not give it back
 * @param problem the carrier's error code, {@link Consent#STOPPED} where it says that, or null
 * @param sequel what a failure means beyond its text
 */
public record StatusArrived(
    String provider,
    String sid,
    String word,
    Optional<TextState> state,
    Long text,
    String problem,
    Sequel sequel,
    Map<String, String> raw) {

  /** What follows from a failure, besides that the text has failed. */
  public enum Sequel {
    NONE,
    /** The phone was off: once more, later, if it is still of use; after that a person calls. */
    ONCE_MORE,
    /** The sender's queue is full: it rests, and the text comes once more. */
    REST_LANE,
    /** The wording is blocked: never the same text again, and a person looks at it. */
    REWORD,
    /** No text reaches this phone. */
    UNREACHABLE,
    /** It did not reach its reader by this way: by SMS instead, at once. */
    OTHER_WAY,
    /** Its reader told the carrier to stop. */
    STOP
  }

  /** A status that means nothing beyond its text. */
  public StatusArrived(
      String provider,
      String sid,
      String word,
      Optional<TextState> state,
      Long text,
      String problem,
      Map<String, String> raw) {
    this(provider, sid, word, state, text, problem, plain(problem), raw);
  }

  private static Sequel plain(String problem) {
    return Consent.STOPPED.equals(problem) ? Sequel.STOP : Sequel.NONE;
  }
}
