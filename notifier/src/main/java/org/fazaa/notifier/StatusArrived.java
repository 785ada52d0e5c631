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
 */
public record StatusArrived(
    String provider,
    String sid,
    String word,
    Optional<TextState> state,
    Long text,
    String problem,
    Map<String, String> raw) {}
