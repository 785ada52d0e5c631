package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/** Reachability tests, and the form that starts one. */
record ReachTestsPage(
    List<Row> tests, List<Choice> organisations, int most, Form form, List<String> flaws) {

  record Row(long id, Instant startedAt, int people, int reached, int answered) {}
}
