package org.fazaa.web.donor;

import java.time.Instant;
import java.util.Optional;

/**
 * What whoever was shown a receipt may know of it; who gave is not among it.
 *
 * @param number as it was typed, to be typed again
 * @param said why nothing is found, when something was asked
 */
record CheckPage(String number, String code, Optional<String> said, Optional<Found> found) {

  /**
   * @param goods whether it is for goods, which are no money
   * @param standing live, void or reissued
   */
  record Found(
      String number,
      String standing,
      String means,
      String fund,
      String amount,
      boolean goods,
      boolean demonstration,
      Instant givenAt,
      Instant issuedAt,
      Optional<Instant> voidedAt,
      Optional<String> reissuedAs) {}
}
