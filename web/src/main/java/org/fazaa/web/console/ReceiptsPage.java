package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Form;

/**
 * A receipt that is looked up by its number, and the requests to make receipts void.
 *
 * @param mayAsk whether whoever looks may ask that it be void
 */
record ReceiptsPage(
    String number,
    Optional<Found> found,
    boolean mayAsk,
    Form form,
    List<Row> voidings,
    List<String> flaws) {

  record Found(
      String number,
      String standing,
      boolean live,
      String fund,
      String amount,
      String donor,
      Instant givenAt,
      Optional<String> reissuedAs) {}

  /**
   * @param mayConfirm whether whoever looks is another officer than the one who asked
   * @param mayWithdraw whether it waits, and whoever looks is an officer
   */
  record Row(
      long id,
      String receipt,
      String why,
      String state,
      String by,
      Instant at,
      boolean reissue,
      Optional<String> reissuedAs,
      boolean mayConfirm,
      boolean mayWithdraw) {}
}
