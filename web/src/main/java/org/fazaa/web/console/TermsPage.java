package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/**
 * What a fund says of its money, and what two people change of it.
 *
 * @param said besides its rules: days, surplus
 * @param open whether it still takes gifts
 */
record TermsPage(
    long fund,
    String name,
    List<Rule> rules,
    Optional<String> withoutRules,
    List<RequestPage.Fact> said,
    List<Change> changes,
    UseChoices choices,
    boolean open,
    Form form,
    List<String> flaws) {

  record Rule(long id, String use, String origin, Instant since, Optional<Instant> endedAt) {}

  record Change(
      long id,
      String what,
      String why,
      String by,
      Instant at,
      Optional<String> confirmedBy,
      boolean mayConfirm) {}

  /** The words of a use, to choose from. */
  record UseChoices(List<Choice> categories, List<Choice> regions, List<Choice> groups) {}
}
