package org.fazaa.web.donor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A gift as its donor sees it: the receipt once its money has come, and what it has paid for.
 *
 * @param payAt where its card is paid, as long as it is not
 */
record GiftPage(
    long fund,
    String amount,
    String channel,
    String donor,
    String state,
    Instant givenAt,
    Optional<String> transferReference,
    Optional<String> payAt,
    Optional<Receipt> receipt,
    List<Use> uses,
    String usesMean) {

  /** The code in it leads to the page that checks the receipt. */
  record Receipt(String number, String fundName, boolean demonstration, String qr, int qrSize) {}

  record Use(String purpose, String payee, String amount, Instant at) {}
}
