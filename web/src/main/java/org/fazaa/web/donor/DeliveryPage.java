package org.fazaa.web.donor;

import java.util.Optional;

/**
 * Did it reach you? For the person themselves, behind their signed link.
 *
 * @param received what they said last
 */
record DeliveryPage(String amount, String payee, Optional<Boolean> received) {}
