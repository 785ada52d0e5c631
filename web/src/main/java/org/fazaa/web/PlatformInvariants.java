package org.fazaa.web;

import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Pauses;
import org.fazaa.config.Invariant.Says;
import org.fazaa.config.Invariant.Violation;

/** What must be true of the machines that all else stands on. They stop nothing and are told. */
public final class PlatformInvariants {
  private static final Duration OFFSET_MAX = Duration.ofMillis(500);

  private PlatformInvariants() {}

  // Others' transactions are seen by roles that may read pg_stat_activity; the program's own by
  // any. Archiving counts once it fails: where nothing is written there is nothing to archive.
  private static final String DATABASE_KEEPS_UP =
      """
      SELECT NULL, 'process ' || pid || ' has a transaction open for '
               || round(extract(epoch FROM clock_timestamp() - xact_start)) || ' seconds'
      FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend'
        AND xact_start < clock_timestamp() - interval '60 seconds'
      UNION ALL
      SELECT NULL, schemaname || '.' || relname || ' has ' || n_dead_tup || ' dead rows for '
               || n_live_tup || ' live ones'
      FROM pg_stat_user_tables
      WHERE n_dead_tup > 10 * greatest(n_live_tup, 1000)
      UNION ALL
      SELECT NULL, 'the write-ahead log could not be archived since '
               || to_char(last_failed_time AT TIME ZONE 'UTC', 'HH24:MI:SS') || 'Z'
      FROM pg_stat_archiver
      WHERE current_setting('archive_mode') <> 'off'
        AND last_failed_time > coalesce(last_archived_time, '-infinity')
        AND coalesce(last_archived_time, stats_reset) < clock_timestamp() - interval '60 seconds'
      UNION ALL
      SELECT NULL, schemaname || '.' || sequencename || ' has used half of its numbers'
      FROM pg_sequences
      WHERE last_value > max_value / 2\
      """;

  /**
   * All of them, by number.
   *
   * @param clockOffset how far this node's clock is from the database's
   */
  static List<Invariant> of(Supplier<Duration> clockOffset) {
    return List.of(
        new Invariant(
            "24",
            new Says(
                "لا معاملة مفتوحة فوق دقيقة، والجداول نظيفة، والأرشيف يلحق، والساعات متفقة",
                "No transaction is open for more than a minute, tables are clean, the archive keeps"
                    + " up, clocks agree"),
            new Says(
                "أنهِ المعاملة الطويلة، وانظر التنظيف التلقائي والأرشفة وساعة الجهاز",
                "End the long transaction; look at autovacuum, archiving and the machine's clock"),
            Pauses.NOTHING,
            (tx, now) -> databaseAndClock(tx, clockOffset.get(), now)));
  }

  private static List<Violation> databaseAndClock(SqlConnection tx, Duration offset, Instant now) {
    var found = new ArrayList<String>();
    for (var violation : DATABASE.run(tx, now)) found.addAll(violation.details());
    if (offset.abs().compareTo(OFFSET_MAX) > 0) {
      found.add("this node's clock is " + offset.toMillis() + " ms from the database's");
    }
    return found.isEmpty()
        ? List.of()
        : List.of(new Violation(Optional.empty(), found.size(), List.copyOf(found)));
  }

  private static final Invariant.Check DATABASE = Invariant.rows(DATABASE_KEEPS_UP);
}
