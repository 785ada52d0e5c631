package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Phones that no text reaches, by their carrier's word: no such number, no mobile, a landline.
 * Nobody texts them again until a person says that they work.
 */
public final class Unreachable {

  /** The problem of a text that never left, because its phone cannot be texted. */
  public static final String PROBLEM = "unreachable";

  private static final int LIST_MAX = 500;

  /**
   * @param code the carrier's own
   */
  public record Line(Phone phone, String code, Instant since) {}

  private Unreachable() {}

  /** No more texts to this phone; those still queued never leave. */
  public static void mark(SqlConnection tx, Phone phone, String code, Instant now) {
    var marked = Tuple.of(phone.e164(), code, utc(now));
    if (tx.preparedQuery(MARK).execute(marked).await().rowCount() == 0) {
      return;
    }
    tx.preparedQuery(DROP_QUEUED).execute(Tuple.of(phone.e164(), utc(now))).await();
    Consent.announce(tx, phone, now);
    Alarm.raise(tx, Alarm.Kind.UNREACHABLE, code, "code " + code, now);
  }

  /** A person says that it works again. */
  public static void clear(SqlConnection tx, Phone phone, Instant now) {
    if (tx.preparedQuery(CLEAR).execute(Tuple.of(phone.e164())).await().rowCount() == 1) {
      Consent.announce(tx, phone, now);
    }
  }

  /** Those of these phones that no text reaches. */
  public static Set<Phone> among(SqlClient connection, Collection<Phone> phones) {
    var unreachable = new HashSet<Phone>();
    var numbers = phones.stream().map(Phone::e164).toArray(String[]::new);
    connection
        .preparedQuery(FIND)
        .execute(Tuple.of((Object) numbers))
        .await()
        .forEach(row -> unreachable.add(new Phone(row.getString(0))));
    return unreachable;
  }

  /** Newest first, at most {@value #LIST_MAX}. */
  public static List<Line> list(SqlClient connection) {
    var rows = connection.preparedQuery(LIST).execute(Tuple.of(LIST_MAX)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(
            row ->
                new Line(
                    new Phone(row.getString("phone")),
                    row.getString("code"),
                    row.getOffsetDateTime("since").toInstant()))
        .toList();
  }

  private static final String MARK =
      """
      INSERT INTO notify.unreachable (phone, code, since) VALUES ($1, $2, $3)
      ON CONFLICT DO NOTHING\
      """;

  private static final String CLEAR = "DELETE FROM notify.unreachable WHERE phone = $1";

  private static final String FIND =
      "SELECT phone FROM notify.unreachable WHERE phone = ANY ($1::text[])";

  private static final String LIST =
      "SELECT phone, code, since FROM notify.unreachable ORDER BY since DESC, phone LIMIT $1";

  private static final String DROP_QUEUED =
      """
      UPDATE notify.text SET state = 'refused', state_at = $2, problem = 'unreachable'
      WHERE to_phone = $1 AND state = 'queued'\
      """;
}
