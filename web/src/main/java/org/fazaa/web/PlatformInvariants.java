package org.fazaa.web;

import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /** What this node knows of itself and the others. */
  interface Sight {
    /** How far this node's clock is from the database's. */
    Duration clockOffset();

    /** The nodes that Hazelcast sees from here. */
    Set<String> members();

    /** Living peers that did not answer over the bus. */
    Set<String> unheard();
  }

  /** All of them, by number. */
  static List<Invariant> of(Sight sight) {
    return List.of(
        new Invariant(
            "23",
            new Says(
                "الأجهزة المتصلة هي الحية في قاعدة البيانات، ويجيب بعضها بعضًا",
                "The nodes that are joined are those that live in the database, and they answer"
                    + " each other"),
            new Says(
                "انظر الشبكة بين الأجهزة، ومن يكون العضو الذي لا نعرفه",
                "Look at the network between the nodes, and at who a member is that we do not"
                    + " know"),
            Pauses.NOTHING,
            (tx, now) -> nodes(tx, sight)),
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
            (tx, now) -> databaseAndClock(tx, sight.clockOffset(), now)));
  }

  private static List<Violation> databaseAndClock(SqlConnection tx, Duration offset, Instant now) {
    var found = new ArrayList<String>();
    for (var violation : DATABASE.run(tx, now)) found.addAll(violation.details());
    if (offset.abs().compareTo(OFFSET_MAX) > 0) {
      found.add("this node's clock is " + offset.toMillis() + " ms from the database's");
    }
    return told(found);
  }

  // Whoever has just come or gone may be known to one side only, for a moment.
  private static List<Violation> nodes(SqlConnection tx, Sight sight) {
    var found = new ArrayList<String>();
    var members = sight.members();
    var lately = new HashSet<String>();
    for (var sign : Nodes.signs(tx)) {
      if (sign.lately()) lately.add(sign.name());
      if (sign.fresh() && !members.contains(sign.name())) {
        found.add("node " + sign.name() + " lives and is not joined");
      }
    }
    for (var member : members) {
      if (!lately.contains(member)) found.add("member " + member + " gives no sign of life");
    }
    for (var peer : sight.unheard()) found.add("node " + peer + " does not answer over the bus");
    return told(found);
  }

  private static List<Violation> told(List<String> found) {
    return found.isEmpty()
        ? List.of()
        : List.of(new Violation(Optional.empty(), found.size(), List.copyOf(found)));
  }

  private static final Invariant.Check DATABASE = Invariant.rows(DATABASE_KEEPS_UP);
}
