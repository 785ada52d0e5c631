package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What every rule says about asking one person for one need.
 *
 * @param against sentences of the rules that forbid it
 * @param inOrder sentences of those that allow it
 * @param rank of whoever may be asked
 */
record PersonPage(
    Head head,
    long id,
    String name,
    String phone,
    List<String> skills,
    List<String> against,
    List<String> inOrder,
    Optional<Rank> rank,
    List<Offer> offers,
    List<String> flaws) {

  /** The need that it is about. */
  record Head(long need, String title, long crisis, String crisisName, boolean drill) {}

  record Rank(String says, String why, List<Merit> merits) {}

  record Offer(
      String code,
      String state,
      Instant askedAt,
      Optional<Instant> answeredAt,
      double km,
      double rate,
      String why) {}
}
