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
 * @param moves of its surplus, once it is closed
 * @param getters the funds to which its surplus may go
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
    List<Move> moves,
    List<Choice> getters,
    String available,
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

  /** What is left, on its way to another fund. */
  record Move(
      long id,
      String to,
      String amount,
      String why,
      String by,
      int approvals,
      int needed,
      Optional<Instant> movedAt,
      boolean mayApprove) {}

  /** The words of a use, to choose from. */
  record UseChoices(List<Choice> categories, List<Choice> regions, List<Choice> groups) {}
}
