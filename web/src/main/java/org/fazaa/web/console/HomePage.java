package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The crises, open ones first. */
record HomePage(List<Row> crises, List<Reached> reached, long volunteers, boolean mayLaunch) {

  /** A fund that has lately received what it wanted. */
  record Reached(long fund, String name) {}

  record Row(
      long id,
      String name,
      String kind,
      String area,
      boolean drill,
      Instant openedAt,
      Optional<Instant> closedAt,
      int needs,
      int people,
      int filled,
      int needsHuman) {}
}
