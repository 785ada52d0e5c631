package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Form;

/** The partner organisations, and whether they are accredited and their IBAN may be paid to. */
record PayeesPage(List<Row> payees, Form form, List<String> flaws) {

  record Row(
      long id,
      String name,
      String iban,
      int ibanVersion,
      Optional<Instant> usableFrom,
      boolean mayVerify,
      Optional<Accredited> accreditation,
      boolean accreditedToday,
      boolean mayConfirm) {}

  /** The latest accreditation that was entered. */
  record Accredited(int n, String says, boolean confirmed) {}
}
