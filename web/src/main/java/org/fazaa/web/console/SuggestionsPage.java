package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;

/** What people understood where no rule did, for whoever keeps the tables. */
record SuggestionsPage(List<Row> rows) {

  record Row(
      long id, String text, String stage, String meaning, int times, Instant first, Instant last) {}
}
