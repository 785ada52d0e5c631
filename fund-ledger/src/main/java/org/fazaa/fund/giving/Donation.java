package org.fazaa.fund.giving;

import java.time.Instant;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;

/**
 * A gift as its donor may see it, who alone knows its code.
 *
 * @param amount what has come, or else what was promised; absent for goods without an estimate
 * @param transferReference what the donor writes into the bank transfer
 * @param arrivedAt when the money came, if it has
 * @param receiptNumber of the receipt, which exists moments after money or goods have come
 */
public record Donation(
    long gift,
    String code,
    FundId fund,
    Channel channel,
    GiftState state,
    Optional<Money> amount,
    Optional<String> goods,
    Optional<String> transferReference,
    boolean anonymous,
    Instant givenAt,
    Optional<Instant> arrivedAt,
    Optional<String> receiptNumber) {

  /** Whether it has come and its receipt is yet to be written, which takes moments. */
  boolean lacksReceipt() {
    return receiptNumber.isEmpty()
        && (state == GiftState.PAID_SIMULATED || state == GiftState.GOODS_DECLARED);
  }

  /** Whether its card payment can still be made. */
  public boolean payable() {
    return state == GiftState.AWAITING_PAYMENT;
  }
}
