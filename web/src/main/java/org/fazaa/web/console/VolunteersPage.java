package org.fazaa.web.console;

import java.util.List;
import java.util.Optional;

/**
 * Registered volunteers, found by name or phone.
 *
 * @param proofs of the only one, when one is looked at
 */
record VolunteersPage(
    String query,
    long total,
    List<Row> volunteers,
    Optional<ProofsPart> proofs,
    List<String> flaws) {

  record Row(
      long id,
      String name,
      String phone,
      List<String> skills,
      boolean mayBeAsked,
      boolean stopped,
      String state) {}
}
