package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;

/**
 * The books, to read.
 *
 * @param happened the last day of what the balances hold, as a field writes it; empty for no limit
 * @param known the last day by which that was known
 */
record JournalPage(
    List<Choice> funds,
    String fund,
    List<Line> lines,
    String happened,
    String known,
    List<Balance> balances,
    String sum,
    boolean balanced,
    List<Month> months,
    boolean mayClose,
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

  /** A month of the books; {@code closable} when it is over, open, and none before it is. */
  record Month(String month, long entries, long prior, boolean closed, boolean closable) {}
}
