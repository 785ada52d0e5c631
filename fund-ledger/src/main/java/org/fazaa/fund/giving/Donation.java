package org.fazaa.fund.giving;

import java.time.Instant;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * A gift as its donor may see it, who alone knows its code.
 *
 * @param amount what has come, or else what was promised; absent for goods without an estimate
 * @param transferReference what the donor writes into the bank transfer
 * @param arrivedAt when the money came, if it has
 * @param receiptNumber of the receipt, which exists as soon as money or goods are acknowledged
 */
public record Donation(
    long gift,
    String code,
    FundId fund,
    Words fundName,
    Channel channel,
    GiftState state,
    Optional<Money> amount,
    Optional<String> goods,
    Optional<String> transferReference,
    boolean anonymous,
    Instant givenAt,
    Optional<Instant> arrivedAt,
    Optional<String> receiptNumber) {

  /** Whether its card payment can still be made. */
  public boolean payable() {
    return state == GiftState.AWAITING_PAYMENT;
  }
}
