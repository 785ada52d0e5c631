package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Carrier.Fetched;
import org.fazaa.notifier.reply.Attachments;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the files that came with replies from their carrier, once each. One that cannot be
 * fetched is tried again after 10 seconds, then after six times as long each time; after {@link
 * #TRIES_MAX} tries it is shown as missing.
 */
public final class TakeAttachments implements Loop.Work {
  static final int TRIES_MAX = 6;

  private static final int AT_ONCE = 4;
  private static final String UNREACHABLE = "unreachable";
  private static final Logger LOG = LoggerFactory.getLogger(TakeAttachments.class);

  private final Pool pool;
  private final Bus bus;
  private final Carrier carrier;
  private final int maxBytes;

  /**
   * @param maxBytes what is larger is not kept
   */
  public TakeAttachments(Pool pool, Bus bus, Carrier carrier, int maxBytes) {
    this.pool = pool;
    this.bus = bus;
    this.carrier = carrier;
    this.maxBytes = maxBytes;
  }

  private record Due(long id, String url, int tries) {}

  @Override
  public String name() {
    return "take attachments";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.ReplyKept.class);
  }

  @Override
  public boolean run(Instant now) {
    var due = Database.inTransaction(pool, tx -> take(tx, now));
    var fetched =
        due.stream()
            .map(one -> Loop.aside(() -> carrier.fetch(one.url(), maxBytes)).otherwise(this::fault))
            .toList();
    for (int i = 0; i < due.size(); i++) {
      finish(due.get(i), fetched.get(i));
    }
    if (!due.isEmpty()) {
      bus.publish(new Fact.InboxChanged());
    }
    return !due.isEmpty();
  }

  private Fetched fault(Throwable trouble) {
    LOG.warn("a file could not be fetched", trouble);
    return new Fetched.NotNow(trouble.getClass().getSimpleName());
  }

  // The time of the next try is written first: whoever dies meanwhile leaves it to another.
  private static List<Due> take(SqlConnection tx, Instant now) {
    var due = new ArrayList<Due>();
    tx.preparedQuery(TAKE)
        .execute(Tuple.of(utc(now), AT_ONCE))
        .await()
        .forEach(
            row ->
                due.add(new Due(row.getLong("id"), row.getString("url"), row.getInteger("tries"))));
    return due;
  }

  private void finish(Due due, Future<Fetched> coming) {
    var fetched = coming.await();
    Database.inTransaction(
        pool,
        tx ->
            switch (fetched) {
              case Fetched.File(var type, var bytes) when Attachments.isShown(type) ->
                  write(
                      tx,
                      KEEP,
                      Tuple.of(due.id(), Attachments.plainType(type), Buffer.buffer(bytes)));
              case Fetched.File file -> lose(tx, due, Attachments.TYPE);
              case Fetched.Gone(var why) -> lose(tx, due, why);
              case Fetched.NotNow(var why) ->
                  due.tries() >= TRIES_MAX
                      ? lose(tx, due, UNREACHABLE)
                      : write(tx, NOTE, Tuple.of(due.id(), why));
            });
  }

  private static boolean lose(SqlConnection tx, Due due, String why) {
    return write(tx, LOSE, Tuple.of(due.id(), why));
  }

  private static boolean write(SqlConnection tx, String sql, Tuple columns) {
    return tx.preparedQuery(sql).execute(columns).await().rowCount() == 1;
  }

  private static final String TAKE =
      """
      UPDATE notify.attachment
      SET tries = tries + 1,
          try_at = $1::timestamptz + 10 * power(6, tries) * interval '1 second'
      WHERE id IN (
        SELECT id FROM notify.attachment
        WHERE state = 'awaited' AND try_at <= $1
        ORDER BY try_at
        LIMIT $2
        FOR UPDATE SKIP LOCKED)
      RETURNING id, url, tries\
      """;

  private static final String KEEP =
      """
      UPDATE notify.attachment SET state = 'kept', media_type = $2, bytes = $3, problem = NULL
      WHERE id = $1 AND state = 'awaited'\
      """;

  private static final String LOSE =
      """
      UPDATE notify.attachment SET state = 'missing', problem = $2
      WHERE id = $1 AND state = 'awaited'\
      """;

  private static final String NOTE =
      "UPDATE notify.attachment SET problem = $2 WHERE id = $1 AND state = 'awaited'";
}
