package org.fazaa.fund.spending;

import java.time.Instant;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * A file of payment orders for the bank, kept as it was made.
 *
 * @param message the id by which the bank knows it
 * @param unsent how many of its payments nobody has said to be sent
 */
public record PaymentFile(
    long id,
    FundId fund,
    Words fundName,
    String message,
    int payments,
    Money sum,
    Instant madeAt,
    int unsent) {}
