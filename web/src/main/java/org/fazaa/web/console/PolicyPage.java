package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** How many approvals amounts need: what is in force, and what somebody proposed. */
record PolicyPage(
    List<InForce> inForce,
    List<Proposal> proposals,
    List<Choice> currencies,
    Form form,
    List<String> flaws) {

  record InForce(String currency, List<Step> steps) {}

  record Step(String from, int needed) {}

  record Proposal(
      int version,
      String currency,
      List<Step> steps,
      String why,
      String by,
      Instant at,
      Optional<String> confirmedBy,
      boolean mayConfirm) {}
}
