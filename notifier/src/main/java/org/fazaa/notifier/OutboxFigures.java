package org.fazaa.notifier;

import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * How full the outbox is.
 *
 * @param oldestDue since when the text that waits longest could have left
 * @param unknown texts whose end nobody knows yet
 */
public record OutboxFigures(
    long queued, long submitting, long unknown, Optional<Instant> oldestDue) {

  public static OutboxFigures read(SqlClient connection) {
    var row = connection.query(READ).execute().await().iterator().next();
    return new OutboxFigures(
        row.getLong("queued"),
        row.getLong("submitting"),
        row.getLong("unknown"),
        Optional.ofNullable(row.getOffsetDateTime("oldest_due")).map(OffsetDateTime::toInstant));
  }

  private static final String READ =
      """
      SELECT q.queued, q.oldest_due, s.submitting, u.unknown
      FROM (SELECT count(*) AS queued, min(due_at) AS oldest_due
            FROM notify.text WHERE state = 'queued') q,
           (SELECT count(*) AS submitting FROM notify.text WHERE state = 'submitting') s,
           (SELECT count(*) AS unknown FROM notify.text WHERE state = 'unknown') u\
      """;
}
