package org.fazaa.web.volunteer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The page behind an answer link: the offer, and after an answer at once what it meant.
 *
 * @param blocked how to get texts again from an operator that holds them back
 */
record AnswerPage(
    Optional<Offer> offer,
    Optional<Result> result,
    boolean drill,
    boolean mayAnswer,
    boolean mayDrop,
    Optional<String> blocked) {

  record Offer(
      String name,
      String title,
      String place,
      Instant startsAt,
      Instant endsAt,
      List<String> skills,
      String code,
      Optional<String> exactPlace) {}

  /** Its tone is yes, wait or no. */
  record Result(String tone, String title, String what) {}
}
