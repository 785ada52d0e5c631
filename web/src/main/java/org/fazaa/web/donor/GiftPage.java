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
    Optional<PrintedReceipt> receipt,
    String pdf,
    List<Use> uses,
    String usesMean) {

  record Use(String purpose, String payee, String amount, Instant at) {}
}
