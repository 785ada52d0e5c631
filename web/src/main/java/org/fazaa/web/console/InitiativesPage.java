package org.fazaa.web.console;

import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** What the funds want done, each with its budget and what is used of it. */
record InitiativesPage(List<Row> rows, List<Choice> funds, Form form, List<String> flaws) {

  record Row(
      long id, String name, String fund, String budget, String used, Optional<Waiting> waiting) {}

  /** A budget that nobody has confirmed yet. */
  record Waiting(int n, String amount, String why, String by, boolean mayConfirm) {}
}
