package org.fazaa.fund.spending;

import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * How many approvals an amount needs: a version of the policy for one currency.
 *
 * @param version 0 is what came with the program
 * @param proposal who proposed it and why; absent for version 0
 * @param confirmation who confirmed it, and since when it is in force
 */
public record Policy(
    int version,
    Currency currency,
    List<Step> steps,
    Optional<Proposal> proposal,
    Optional<Confirmation> confirmation) {

  /** From this amount on so many. */
  public record Step(long fromMinor, int needed) {}

  public record Proposal(long by, Instant at, String why) {}

  public record Confirmation(long by, Instant at) {}

  public boolean waits() {
    return proposal.isPresent() && confirmation.isEmpty();
  }
}
