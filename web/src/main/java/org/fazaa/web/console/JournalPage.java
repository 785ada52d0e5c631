package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;

/** The books, to read. */
record JournalPage(
    List<Choice> funds,
    String fund,
    List<Line> lines,
    List<Balance> balances,
    String sum,
    boolean balanced,
    Optional<String> older) {

  /** A posting; {@code first} for the first of its entry. */
  record Line(
      boolean first,
      long entry,
      Instant at,
      String what,
      String account,
      String debit,
      String credit) {}

  record Balance(String account, String amount) {}
}
