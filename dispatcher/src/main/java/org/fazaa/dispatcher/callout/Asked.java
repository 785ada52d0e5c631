package org.fazaa.dispatcher.callout;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.notifier.Phone;

/**
 * An offer with its need, both held until the transaction ends; and what else the person has
 * promised to do then.
 *
 * @param stopped whether they have said stop, so that no text reaches them
 */
public record Asked(Need need, Offer offer, boolean stopped, Optional<Elsewhere> elsewhere) {

  /** A place that the same person has in another need at the same time. */
  public record Elsewhere(Title title, String code) {}

  // The need first, then the offer and its person: everybody locks in this order. All is asked for
  // at once, and each statement sees what was committed before its turn came.
  static Optional<Asked> lock(SqlConnection tx, OfferId id) {
    var one = Tuple.of(id.value());
    var need = tx.preparedQuery(LOCK_NEED).execute(one);
    var offer = tx.preparedQuery(LOCK_OFFER).execute(one);
    var elsewhere = tx.preparedQuery(FIND_ELSEWHERE).execute(one);
    Future.all(need, offer, elsewhere).await();
    for (var held : offer.result()) {
      return Optional.of(
          new Asked(
              Need.of(need.result().iterator().next()),
              Offer.of(held),
              held.getBoolean("stopped"),
              elsewhere(elsewhere.result())));
    }
    return Optional.empty();
  }

  /**
   * Everything that answers from these phones may be about is held at once, needs first and then
   * people, each in the order of their numbers: whoever answers many together waits for nobody who
   * waits for them.
   *
   * @param offers what some of them were matched with
   */
  static void holdAll(SqlConnection tx, List<Phone> phones, List<OfferId> offers) {
    var numbers = phones.stream().map(Phone::e164).toArray(String[]::new);
    var ids = offers.stream().map(OfferId::value).toArray(Long[]::new);
    var needs = new ArrayList<NeedId>();
    for (var row : tx.preparedQuery(FIND_NEEDS).execute(Tuple.of(numbers, (Object) ids)).await()) {
      needs.add(new NeedId(row.getLong("need")));
    }
    if (!needs.isEmpty()) Need.lockAll(tx, needs);
    tx.preparedQuery(LOCK_PEOPLE).execute(Tuple.of((Object) numbers)).await();
  }

  private static Optional<Elsewhere> elsewhere(RowSet<Row> found) {
    for (var row : found) {
      var title = new Title(row.getString("title_ar"), row.getString("title_en"));
      return Optional.of(new Elsewhere(title, row.getString("code")));
    }
    return Optional.empty();
  }

  private static final String FIND_NEEDS =
      """
      SELECT DISTINCT o.need
      FROM dispatch.volunteer v
      JOIN dispatch.offer o ON o.volunteer = v.id
      JOIN dispatch.need n ON n.id = o.need
      WHERE v.phone = ANY ($1::text[]) AND (o.id = ANY ($2::bigint[])
        OR (o.state IN ('open', 'assigned', 'standby') AND n.state <> 'closed'))
      ORDER BY o.need
      """;

  private static final String LOCK_PEOPLE =
      """
      SELECT id FROM dispatch.volunteer WHERE phone = ANY ($1::text[])
      ORDER BY id
      FOR NO KEY UPDATE
      """;

  private static final String LOCK_NEED =
      Need.SELECT
          + """
          WHERE n.id = (SELECT need FROM dispatch.offer WHERE id = $1)
          FOR NO KEY UPDATE OF n
          """;

  // The person too, so that two needs do not take the same person at the same time.
  private static final String LOCK_OFFER =
      Offer.SELECT + "WHERE o.id = $1 FOR NO KEY UPDATE OF o, v";

  private static final String FIND_ELSEWHERE =
      """
      SELECT n.title_ar, n.title_en, o.code
      FROM dispatch.offer own
      JOIN dispatch.need m ON m.id = own.need
      JOIN dispatch.offer o ON o.volunteer = own.volunteer AND o.state = 'assigned'
      JOIN dispatch.need n ON n.id = o.need
      WHERE own.id = $1 AND n.id <> m.id AND n.state <> 'closed'
        AND n.starts_at < m.ends_at AND n.ends_at > m.starts_at
      LIMIT 1
      """;
}
