package org.fazaa.web.console;

import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** Who is entitled in a programme, by signs that tell nobody who they are. */
record ProgrammePage(
    long id,
    String name,
    String fund,
    String benefit,
    List<Row> rows,
    List<Choice> periods,
    List<Choice> kinds,
    List<Choice> payees,
    List<Choice> methods,
    Form form,
    List<String> flaws) {

  record Row(
      long id,
      int period,
      String mark,
      String payee,
      String state,
      String stateSays,
      Optional<Long> request,
      boolean mayVerify) {}
}
