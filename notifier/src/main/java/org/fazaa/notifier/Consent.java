package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Who wants no texts. STOP wins over everything that has not left yet. */
public final class Consent {

  /** How a change of mind reached us. */
  public enum How {
    REPLY,
    CARRIER,
    PERSON
  }

  /** The problem of a text that was not sent, or not delivered, because its reader said stop. */
  public static final String STOPPED = "stopped";

  private Consent() {}

  /** Those of these phones that want no texts. */
  public static Set<Phone> stopped(SqlConnection tx, Collection<Phone> phones) {
    var stopped = new HashSet<Phone>();
    var numbers = phones.stream().map(Phone::e164).toArray(String[]::new);
    tx.preparedQuery(FIND_STOPPED)
        .execute(Tuple.of((Object) numbers))
        .await()
        .forEach(row -> stopped.add(new Phone(row.getString(0))));
    return stopped;
  }

  /** No more texts to this phone; those still queued never leave. */
  public static void stop(SqlConnection tx, Phone phone, How how, Instant now) {
    stop(tx, phone, how, null, now);
  }

  public static void start(SqlConnection tx, Phone phone, How how, Instant now) {
    start(tx, phone, how, null, now);
  }

  /**
   * @param reply the reply that said so, or null
   */
  public static void stop(SqlConnection tx, Phone phone, How how, Long reply, Instant now) {
    var change = Tuple.of(phone.e164(), how.name().toLowerCase(Locale.ROOT), reply, utc(now));
    tx.preparedQuery(STOP).execute(change).await();
    tx.preparedQuery(DROP_QUEUED).execute(Tuple.of(phone.e164(), utc(now))).await();
  }

  public static void start(SqlConnection tx, Phone phone, How how, Long reply, Instant now) {
    var change = Tuple.of(phone.e164(), how.name().toLowerCase(Locale.ROOT), reply, utc(now));
    tx.preparedQuery(START).execute(change).await();
  }

  private static final String FIND_STOPPED =
      "SELECT phone FROM notify.stopped WHERE phone = ANY ($1::text[])";

  private static final String STOP =
      """
      WITH changed AS (
        INSERT INTO notify.stopped (phone, stopped_at) VALUES ($1, $4)
        ON CONFLICT DO NOTHING RETURNING phone)
      INSERT INTO notify.consent_change (phone, stopped, how, reply_id, changed_at)
      SELECT phone, true, $2, $3, $4 FROM changed\
      """;

  private static final String START =
      """
      WITH changed AS (DELETE FROM notify.stopped WHERE phone = $1 RETURNING phone)
      INSERT INTO notify.consent_change (phone, stopped, how, reply_id, changed_at)
      SELECT phone, false, $2, $3, $4 FROM changed\
      """;

  private static final String DROP_QUEUED =
      """
      UPDATE notify.text SET state = 'refused', state_at = $2, problem = 'stopped'
      WHERE to_phone = $1 AND state = 'queued' AND NOT despite_stop\
      """;
}
