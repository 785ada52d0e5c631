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
    boolean open,
    List<Figure> figures,
    List<String> regular,
    Optional<Target> target,
    Optional<String> closes,
    List<String> uses,
    Optional<String> surplus,
    List<Line> spent) {

  record Figure(String name, String amount, String means) {}

  record Target(String amount, int percent, boolean reached) {}

  record Line(String purpose, String payee, String use, String state, String amount, Instant at) {}
}
