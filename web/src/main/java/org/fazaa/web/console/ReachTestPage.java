package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What came of one reachability test. */
record ReachTestPage(
    long id,
    Instant startedAt,
    Instant until,
    int people,
    int leftOut,
    int reached,
    int answered,
    List<WayRow> ways,
    List<Person> results) {

  record WayRow(
      String way, int tried, int sent, int delivered, int answered, int failed, int silent) {}

  record Person(long volunteer, String name, String phone, List<Try> tries) {}

  /**
   * @param tone how the result is marked
   */
  record Try(String way, String tone, String result, Optional<String> problem) {}
}
