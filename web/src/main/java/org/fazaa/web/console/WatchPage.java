package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.WatchFigures;

/**
 * What must be true, and whether it is.
 *
 * @param mayRelease whether the reader may let go on what was stopped
 */
record WatchPage(List<Row> rows, WatchFigures figures, List<Alarm> alarms, boolean mayRelease) {

  /**
   * Something that no program can mend.
   *
   * @param says what it is, and what to do about it
   */
  record Alarm(long id, String says, String detail, int times, Instant last) {}

  /**
   * @param state holds, violated or not_checked
   * @param pauses what is stopped when it does not hold
   * @param problem why the last look did not come to an end
   */
  record Row(
      String number,
      String holds,
      String mend,
      String state,
      String pauses,
      Optional<Instant> checkedAt,
      Optional<String> problem,
      List<Finding> findings,
      boolean waits) {

    boolean stands() {
      return state.equals("violated");
    }
  }

  /**
   * @param stopped what is stopped for it, in words; empty when nothing is
   * @param more how many rows are not among the details
   */
  record Finding(
      Instant foundAt,
      Optional<String> stopped,
      Optional<Instant> clearedAt,
      Optional<Instant> releasedAt,
      int rows,
      List<String> details,
      int more) {}

  long violated() {
    return rows.stream().filter(row -> row.state().equals("violated")).count();
  }

  long unchecked() {
    return rows.stream().filter(row -> row.state().equals("not_checked")).count();
  }
}
