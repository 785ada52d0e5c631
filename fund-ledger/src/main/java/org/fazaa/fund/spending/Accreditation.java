package org.fazaa.fund.spending;

import java.time.LocalDate;

/**
 * What an authority says of a partner: that it may do its work, for so long.
 *
 * @param n counts what was entered for a payee, from 1
 * @param confirmed whether another officer has confirmed it; only then it counts
 */
public record Accreditation(
    int n,
    String authority,
    String licence,
    LocalDate from,
    LocalDate until,
    long enteredBy,
    boolean confirmed) {

  public boolean covers(LocalDate day) {
    return confirmed && !day.isBefore(from) && !day.isAfter(until);
  }
}
