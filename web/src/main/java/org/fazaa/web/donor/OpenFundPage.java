package org.fazaa.web.donor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What everybody may see of a fund. */
record OpenFundPage(
    long fund,
    String name,
    String purpose,
    boolean demonstration,
    List<Figure> figures,
    Optional<Target> target,
    List<Line> spent) {

  record Figure(String name, String amount, String means) {}

  record Target(String amount, double share) {
    int percent() {
      return (int) Math.min(100, Math.round(share * 100));
    }
  }

  record Line(String purpose, String state, String amount, Instant at) {}
}
