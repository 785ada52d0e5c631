package org.fazaa.web.console;

import java.util.List;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** Benefits for people, each with how often it is given. */
record ProgrammesPage(
    List<Row> rows,
    List<Choice> funds,
    List<Choice> initiatives,
    List<Choice> every,
    Form form,
    List<String> flaws) {

  record Row(
      long id, String name, String fund, String benefit, String every, int periods, String from) {}
}
