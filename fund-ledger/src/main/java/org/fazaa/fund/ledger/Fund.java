package org.fazaa.fund.ledger;

import java.time.Instant;
import java.util.Currency;
import java.util.Optional;

/** Money kept for one purpose and never mixed with another's. */
public record Fund(
    FundId id,
    Words name,
    Currency currency,
    Restriction restriction,
    Words purpose,
    Optional<Money> target,
    Optional<String> licence,
    Optional<String> campaign,
    boolean demonstration,
    Instant openedAt,
    Optional<Instant> closedAt) {

  public boolean open() {
    return closedAt.isEmpty();
  }
}
