package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Form;

/** Payment orders, the files that carry them to the bank, and the accounts they are paid from. */
record PaymentsPage(
    List<Fund> funds, List<File> files, List<Row> rows, Form form, List<String> flaws) {

  /**
   * @param account it pays from, as written; empty until somebody writes it
   * @param prepared how many orders are in no file yet
   */
  record Fund(long id, String name, Optional<String> account, int prepared) {}

  record File(
      long id, String fund, String message, int payments, String sum, Instant at, int unsent) {}

  record Row(
      long request,
      String purpose,
      String payee,
      String endToEnd,
      String state,
      String stateSays,
      String amount,
      Optional<Long> file,
      Instant at) {}
}
