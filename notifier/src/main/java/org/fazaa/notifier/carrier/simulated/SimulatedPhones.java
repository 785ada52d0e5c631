package org.fazaa.notifier.carrier.simulated;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.TakeReply;

/** The simulated phones as one reads them: what came in, what was written back, and by hand. */
public final class SimulatedPhones {
  private static final int LIST_MAX = 200;

  private SimulatedPhones() {}

  /**
   * A phone with the last thing that was said on it.
   *
   * @param text the number of our last text to it, or 0
   */
  public record Thread(
      Phone phone, long text, String lastBody, boolean lastFromPhone, Instant lastAt) {}

  /**
   * @param fromPhone written by its owner; otherwise by us
   * @param state how far our text got, or null
   */
  public record Message(long id, boolean fromPhone, String body, String state, Instant at) {}

  /** Phones with the newest talk first, at most {@value #LIST_MAX}. */
  public static List<Thread> threads(SqlClient connection, int limit) {
    var rows =
        connection.preparedQuery(LIST_THREADS).execute(Tuple.of(Math.min(limit, LIST_MAX))).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(
            row ->
                new Thread(
                    new Phone(row.getString("phone")),
                    row.getLong("text"),
                    row.getString("body"),
                    row.getBoolean("from_phone"),
                    row.getOffsetDateTime("at").toInstant()))
        .toList();
  }

  /** The phone that got our text with this number. */
  public static Optional<Phone> of(SqlClient connection, long text) {
    var rows = connection.preparedQuery(FIND_PHONE).execute(Tuple.of(text)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> new Phone(row.getString("to_phone")))
        .findFirst();
  }

  /** What was said on one phone, oldest first, the last {@value #LIST_MAX}. */
  public static List<Message> messages(SqlClient connection, Phone phone) {
    var rows =
        connection.preparedQuery(LIST_MESSAGES).execute(Tuple.of(phone.e164(), LIST_MAX)).await();
    return StreamSupport.stream(rows.spliterator(), false)
        .map(
            row ->
                new Message(
                    row.getLong("id"),
                    row.getBoolean("from_phone"),
                    row.getString("body"),
                    row.getString("state"),
                    row.getOffsetDateTime("at").toInstant()))
        .toList()
        .reversed();
  }

  /**
   * Somebody types an answer into a simulated phone. Publish {@code Fact.ReplyKept} afterwards.
   *
   * @param key made by the page, so that a double tap is one answer
   */
  public static TakeReply.Outcome answer(
      SqlConnection tx, Phone phone, String body, String key, Instant now) {
    var to = SimulatedPeople.OUR_ADDRESS;
    var arrived = new Arrived(SimulatedCarrier.NAME, "hand-" + key, phone, to, body, Map.of());
    return TakeReply.run(tx, arrived, now);
  }

  private static final String TALK =
      """
      SELECT t.id, t.to_phone AS phone, false AS from_phone, t.body, t.state::text AS state,
             t.state_at AS at
      FROM notify.text t WHERE t.carrier = 'simulated' AND t.state >= 'accepted'
      UNION ALL
      SELECT r.id, r.from_phone, true, r.body, NULL, r.arrived_at
      FROM notify.reply r WHERE r.provider = 'simulated'
      """;

  private static final String LIST_THREADS =
      "SELECT phone, body, from_phone, at, coalesce((SELECT max(t.id) FROM notify.text t"
          + " WHERE t.to_phone = newest.phone AND t.carrier = 'simulated'), 0) AS text"
          + " FROM (SELECT DISTINCT ON (phone) * FROM ("
          + TALK
          + ") talk ORDER BY phone, at DESC, from_phone DESC) newest ORDER BY at DESC LIMIT $1";

  private static final String FIND_PHONE =
      "SELECT to_phone FROM notify.text WHERE id = $1 AND carrier = 'simulated'";

  private static final String LIST_MESSAGES =
      "SELECT * FROM ("
          + TALK
          + ") talk WHERE phone = $1 ORDER BY at DESC, from_phone DESC, id DESC LIMIT $2";
}
