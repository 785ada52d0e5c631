package org.fazaa.web.donor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A giver's year, in the reader's language.
 *
 * @param cut says so when it does not have all gifts
 */
record StatementPage(
    String title,
    String phone,
    String names,
    int year,
    String calendar,
    List<PledgeRow> pledges,
    List<Row> rows,
    List<String> sums,
    List<String> pretended,
    Optional<String> cut,
    String pdf,
    Instant drawnAt,
    Optional<String> flaw) {

  /**
   * A standing pledge.
   *
   * @param due something of it waits to be paid
   */
  record PledgeRow(long id, String page, String fund, String promised, boolean due) {}

  /**
   * @param check where the receipt is checked
   * @param standing why it is not summed, when it is not
   */
  record Row(
      String number,
      String check,
      String fund,
      String amount,
      Instant givenAt,
      Optional<String> standing) {}
}
