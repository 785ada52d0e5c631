package org.fazaa.fund.spending;

import java.time.Instant;
import java.util.Optional;
import org.fazaa.fund.ledger.Words;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;

/**
 * A partner organisation that may be paid.
 *
 * @param iban the latest; show it whole only to officers of the fund
 * @param ibanVersion counts the changes of the IBAN, from 1
 * @param usableFrom from when money may go to this IBAN; absent until it is verified
 * @param accreditation the latest that was entered, confirmed or not
 * @param inForce the latest that was confirmed: the one that counts
 * @param contact who is told at the partner when its IBAN changes
 */
public record Payee(
    PayeeId id,
    Words name,
    String iban,
    int ibanVersion,
    long ibanWrittenBy,
    Optional<Instant> verifiedAt,
    Optional<Instant> usableFrom,
    Optional<Accreditation> accreditation,
    Optional<Accreditation> inForce,
    Optional<Contact> contact) {

  public record Contact(Phone phone, Language language) {}

  /** All that a list needs to show of it. */
  public String ibanMasked() {
    return iban.substring(0, 2) + "••" + iban.substring(iban.length() - 4);
  }
}
