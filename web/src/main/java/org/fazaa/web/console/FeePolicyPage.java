package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** Who bears what card providers keep: what is in force, and what somebody proposed. */
record FeePolicyPage(
    String inForce, List<Proposal> proposals, List<Choice> bearers, Form form, List<String> flaws) {

  record Proposal(
      long id,
      String bearer,
      String why,
      String by,
      Instant at,
      Optional<String> confirmedBy,
      boolean mayConfirm) {}
}
