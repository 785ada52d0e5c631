package org.fazaa.fund.spending;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * What a fund wants done, with a budget.
 *
 * @param budget the one in force; nothing until one is confirmed
 * @param used what is reserved and paid of it
 * @param budgets all that were proposed, oldest first
 */
public record Initiative(
    long id,
    FundId fund,
    Words fundName,
    Words name,
    Instant openedAt,
    Money budget,
    Money used,
    List<Budget> budgets) {

  public record Budget(
      int n,
      Money amount,
      String why,
      long proposedBy,
      Instant proposedAt,
      Optional<Long> confirmedBy,
      Optional<Instant> confirmedAt) {}

  /** The latest, when nobody has confirmed it yet. */
  public Optional<Budget> waiting() {
    return budgets.isEmpty() || budgets.getLast().confirmedBy().isPresent()
        ? Optional.empty()
        : Optional.of(budgets.getLast());
  }
}
