package org.fazaa.web.console;

import java.util.List;
import java.util.Optional;

/** People by name or phone, each with the first thing that keeps them from being asked. */
record PersonSearchPage(PersonPage.Head head, String query, List<Row> rows, List<String> flaws) {

  record Row(long id, String name, String phone, Optional<String> against) {}
}
