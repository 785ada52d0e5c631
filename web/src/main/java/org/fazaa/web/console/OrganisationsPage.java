package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** Partners, and their rules of when their people may be asked. */
record OrganisationsPage(
    List<Choice> organisations, List<Rule> rules, Form form, List<String> flaws) {

  /**
   * @param kinds of call, as words of priorities
   * @param state ahead, in force or over
   */
  record Rule(
      long id,
      String organisation,
      List<String> kinds,
      Instant from,
      Optional<Instant> until,
      String why,
      State state) {}

  enum State {
    AHEAD,
    IN_FORCE,
    OVER
  }
}
