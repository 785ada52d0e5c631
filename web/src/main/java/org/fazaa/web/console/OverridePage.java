package org.fazaa.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a coordinator is about to do beside the rounds, with what it would give.
 *
 * @param km how far a ring reaches, as it was written; empty where no ring is meant
 * @param broken rules that the rounds would not set aside
 * @param act how it is done; empty when it may not be
 */
record OverridePage(
    long need,
    String needTitle,
    long crisis,
    String crisisName,
    boolean drill,
    String title,
    Optional<String> km,
    List<Figure> figures,
    String says,
    List<String> broken,
    List<String> flaws,
    Optional<Act> act) {

  record Figure(String label, String value) {}

  /**
   * @param fields what was shown and is now confirmed
   * @param typed a number that must be typed
   * @param second whether somebody else must confirm
   */
  record Act(
      String path, Map<String, String> fields, OptionalInt typed, boolean second, String button) {}
}
