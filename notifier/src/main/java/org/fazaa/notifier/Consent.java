package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who wants no texts. STOP wins over everything that has not left yet. Whom the carrier itself
 * blocks can only come back by its own word: START, sent to the number that was told STOP.
 */
public final class Consent {

  /** How a change of mind reached us. */
  public enum How {
    REPLY,
    CARRIER,
    /** A member of staff, who says why or has read it in a reply. */
    PERSON,
    /** They themselves, on their own page, with a phone that they have proven. */
    OWN_PAGE
  }

  /** The problem of a text that was not sent, or not delivered, because its reader said stop. */
  public static final String STOPPED = "stopped";

  /** A reply has an owner who acts on it first; only what it did not hear is told it later. */
  private static final Duration OWNER_FIRST = Duration.ofSeconds(15);

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
    var change = Tuple.of(phone.e164(), tag(how), reply, utc(now));
    if (tx.preparedQuery(STOP).execute(change).await().rowCount() == 1) {
      announce(tx, phone, how == How.REPLY ? now.plus(OWNER_FIRST) : now);
    }
    tx.preparedQuery(DROP_QUEUED).execute(Tuple.of(phone.e164(), utc(now))).await();
  }

  /** Texts again, unless the carrier blocks them: then nothing changes. */
  public static void start(SqlConnection tx, Phone phone, How how, Long reply, Instant now) {
    var change = Tuple.of(phone.e164(), tag(how), reply, utc(now), null, null);
    if (tx.preparedQuery(START).execute(change).await().rowCount() == 1) {
      announce(tx, phone, how == How.REPLY ? now.plus(OWNER_FIRST) : now);
    }
  }

  /**
   * Staff let somebody who had said stop have texts again, because the person asked them to; unless
   * the carrier blocks them: then nothing changes.
   *
   * @param why how they know, for whoever asks later
   * @return whether they had said stop, and get texts from now on
   */
  public static boolean startAgain(
      SqlConnection tx, Phone phone, long byAccount, String why, Instant now) {
    var change = Tuple.of(phone.e164(), tag(How.PERSON), null, utc(now), byAccount, why);
    boolean started = tx.preparedQuery(START).execute(change).await().rowCount() == 1;
    if (started) announce(tx, phone, now);
    return started;
  }

  /**
   * The carrier holds back what this sender writes to this phone.
   *
   * @param sender the number or name that was told STOP; empty when it is not known
   */
  public static void block(SqlConnection tx, Phone phone, String sender, Instant now) {
    tx.preparedQuery(BLOCK).execute(Tuple.of(phone.e164(), sender, utc(now))).await();
    stop(tx, phone, How.CARRIER, now);
  }

  /** The carrier lets it through again; whether the person wants texts is another matter. */
  public static void unblock(SqlConnection tx, Phone phone, String sender) {
    tx.preparedQuery(UNBLOCK).execute(Tuple.of(phone.e164(), sender)).await();
  }

  /** The sender whose texts to this phone the carrier holds back; an empty one is not known. */
  public static Optional<String> blockedSender(SqlClient connection, Phone phone) {
    var found = connection.preparedQuery(FIND_BLOCK).execute(Tuple.of(phone.e164())).await();
    return found.size() == 0 ? Optional.empty() : Optional.of(found.iterator().next().getString(0));
  }

  /**
   * Takes phones that began or ceased to be of use: whoever keeps people brings them in line with
   * {@link #stopped} and {@link Unreachable#among}, in this same transaction.
   */
  public static List<Phone> takeChanged(SqlConnection tx, int limit, Instant now) {
    var changed = new ArrayList<Phone>();
    tx.preparedQuery(TAKE_CHANGED)
        .execute(Tuple.of(utc(now), limit))
        .await()
        .forEach(row -> changed.add(new Phone(row.getString(0))));
    return changed;
  }

  private static String tag(How how) {
    return how.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static void announce(SqlConnection tx, Phone phone, Instant dueAt) {
    tx.preparedQuery(ANNOUNCE).execute(Tuple.of(phone.e164(), utc(dueAt))).await();
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
      WITH changed AS (
        DELETE FROM notify.stopped WHERE phone = $1
          AND NOT EXISTS (SELECT FROM notify.blocked WHERE phone = $1)
        RETURNING phone)
      INSERT INTO notify.consent_change (
        phone, stopped, how, reply_id, changed_at, account, why)
      SELECT phone, false, $2, $3, $4, $5, $6 FROM changed\
      """;

  private static final String BLOCK =
      """
      INSERT INTO notify.blocked (phone, sender, since) VALUES ($1, $2, $3)
      ON CONFLICT DO NOTHING\
      """;

  private static final String UNBLOCK =
      "DELETE FROM notify.blocked WHERE phone = $1 AND (sender = $2 OR sender = '')";

  private static final String FIND_BLOCK =
      "SELECT sender FROM notify.blocked WHERE phone = $1 ORDER BY sender DESC LIMIT 1";

  private static final String ANNOUNCE =
      """
      INSERT INTO notify.reach_change AS c (phone, due_at) VALUES ($1, $2)
      ON CONFLICT (phone) DO UPDATE SET due_at = least(c.due_at, excluded.due_at)\
      """;

  private static final String TAKE_CHANGED =
      """
      DELETE FROM notify.reach_change
      WHERE phone IN (
        SELECT phone FROM notify.reach_change WHERE due_at <= $1
        ORDER BY due_at LIMIT $2
        FOR UPDATE SKIP LOCKED)
      RETURNING phone\
      """;

  private static final String DROP_QUEUED =
      """
      UPDATE notify.text SET state = 'refused', state_at = $2, problem = 'stopped'
      WHERE to_phone = $1 AND state = 'queued' AND NOT despite_stop\
      """;
}
