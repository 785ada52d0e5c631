package org.fazaa.fund.spending;

import java.time.Instant;

/**
 * An order to pay a request.
 *
 * @param endToEnd the id that the bank's statement will carry
 */
public record Payment(long id, String endToEnd, PaymentState state, Instant paidAt) {}
