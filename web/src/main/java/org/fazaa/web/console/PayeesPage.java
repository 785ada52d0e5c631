package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Form;

/** The partner organisations that may be paid, and whether money may go to their IBAN yet. */
record PayeesPage(List<Row> payees, Form form, List<String> flaws) {

  record Row(
      long id,
      String name,
      String iban,
      int ibanVersion,
      Optional<Instant> usableFrom,
      boolean mayVerify) {}
}
