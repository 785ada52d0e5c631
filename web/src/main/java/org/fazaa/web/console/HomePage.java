package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The crises, open ones first. */
record HomePage(List<Row> crises, long volunteers, boolean mayLaunch) {

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
