package org.fazaa.config;

/**
 * News on the bus: something was committed, and here are its ids. A fact may be lost, doubled or
 * late; whoever hears it re-reads the database, and polls in any case (see {@link Loop}).
 */
public sealed interface Fact {
  record CrisisChanged(long crisis) implements Fact {}

  record NeedChanged(long crisis, long need) implements Fact {}

  record OfferChanged(long crisis, long need, long offer) implements Fact {}

  record VolunteersChanged() implements Fact {}

  record OutboxFilled() implements Fact {}

  record TextChanged(long text) implements Fact {}

  record ReplyKept(long reply) implements Fact {}

  record InboxChanged() implements Fact {}

  record WatchChanged() implements Fact {}

  record DonationRecorded(long fund) implements Fact {}

  record CardHeard() implements Fact {}

  record RefundConfirmed(long refund) implements Fact {}

  record DisbursementChanged(long fund, long disbursement) implements Fact {}
}
