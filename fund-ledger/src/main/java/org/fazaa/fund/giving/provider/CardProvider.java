package org.fazaa.fund.giving.provider;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.Money;

/**
 * Who takes cards for us, on a page of its own. What its events say is only a reason to ask it:
 * nothing is booked but what it answers.
 */
public interface CardProvider {

  /**
   * A payment to be made ready.
   *
   * @param reference ours, the same in every repetition of the same payment
   * @param back where the donor's browser goes afterwards
   * @param expires from when on it can no longer be paid
   */
  record Ask(String reference, Money amount, String description, URI back, Instant expires) {}

  /** A payment that is ready, and the page on which the donor pays it. */
  record Made(String id, URI payUrl) {}

  enum State {
    OPEN,
    PAID,
    /** Nobody can pay it any more. */
    OVER
  }

  /** A bank took a payment back. */
  record Dispute(String id, Money amount, long fee) {}

  /**
   * A payment as the provider has it.
   *
   * @param fee what the provider keeps of it; 0 while it does not say
   */
  record Seen(String id, State state, Money amount, long fee, List<Dispute> disputes) {}

  /**
   * A part of a payment, or all of it, to be given back.
   *
   * @param reference ours, the same in every repetition of the same refund
   * @param before what had gone back of this payment before
   */
  record Return(String id, String reference, Money amount, Money before) {}

  /**
   * What the provider tells.
   *
   * @param subject what to ask about; empty for news that is not about a payment
   * @param body as it came, without any secret in it
   */
  record Event(String id, Optional<String> subject, String body) {}

  sealed interface Answer<T> {
    record Said<T>(T value) implements Answer<T> {}

    /** It was understood, and not done. */
    record Refused<T>(String why) implements Answer<T> {}

    /** It may or may not have been done. */
    record Unknown<T>(String why) implements Answer<T> {}
  }

  /** As it stands in the books. */
  String name();

  /** Takes no money; repeated with its reference it makes no second payment to be paid. */
  Answer<Made> make(Ask ask);

  /**
   * @param subject the id of a payment, or what an event names instead
   */
  Answer<Seen> fetch(String subject);

  /** The provider's id of the refund. Repeated, it gives back once. */
  Answer<String> refund(Return back);

  /**
   * Whether the provider itself has sent this.
   *
   * @param signature the header that comes with it, for those who sign
   */
  boolean isAuthentic(String body, Optional<String> signature, Instant now);

  /** Empty for what is no event at all. */
  Optional<Event> read(String body);
}
