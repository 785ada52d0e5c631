package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.notifier.Outbox;

/**
 * A need ends: the silent are stood down, and whoever was on the way to a need called off early is
 * told.
 */
public final class CloseNeed {

  public sealed interface Outcome extends News {
    /**
     * @param calledOff how many with a place or on standby were told not to come
     */
    record Closed(Need need, int calledOff) implements Outcome {
      @Override
      public List<Fact> facts() {
        var crisis = need.crisis().value();
        return List.of(
            new Fact.NeedChanged(crisis, need.id().value()),
            new Fact.CrisisChanged(crisis),
            new Fact.OutboxFilled());
      }
    }

    record AlreadyClosed() implements Outcome {}

    record NoSuchNeed() implements Outcome {}
  }

  private CloseNeed() {}

  public static Outcome run(SqlConnection tx, Staff by, NeedId id, String why, Instant now) {
    return close(tx, Optional.of(by), id, why, now);
  }

  /**
   * @param by empty when its time was simply over
   */
  static Outcome close(SqlConnection tx, Optional<Staff> by, NeedId id, String why, Instant now) {
    var found = Need.lock(tx, id);
    if (found.isEmpty()) return new Outcome.NoSuchNeed();
    var need = found.get();
    if (need.state() == Need.State.CLOSED) return new Outcome.AlreadyClosed();
    // Whoever is asked besides the rounds holds it: either they see us, or we stand them down.
    need.envelope().ifPresent(envelope -> Envelope.lock(tx, envelope));
    Places.standDownSilent(tx, need, true, now);
    var calledOff = now.isBefore(need.endsAt()) ? callOff(tx, need, now) : List.<Offer>of();
    var account = by.map(Staff::account).orElse(null);
    tx.preparedQuery(CLOSE).execute(Tuple.of(id.value(), account, Database.utc(now), why)).await();
    var people = calledOff.stream().map(Offer::volunteer).toList();
    Places.refreshBusy(tx, people, now);
    return new Outcome.Closed(need, calledOff.size());
  }

  // After the start people are there and their places stay theirs; before it nobody shall set out.
  private static List<Offer> callOff(SqlConnection tx, Need need, Instant now) {
    var started = !now.isBefore(need.startsAt());
    var released = new ArrayList<Offer>();
    var rows =
        tx.preparedQuery(CALL_OFF)
            .execute(Tuple.of(need.id().value(), Database.utc(now), started))
            .await();
    for (var row : rows) released.add(Offer.of(row));
    var texts = released.stream().map(offer -> Notice.CANCELLED.to(offer, need, now)).toList();
    Outbox.put(tx, texts, now);
    return released;
  }

  private static final String CALL_OFF =
      """
      WITH released AS (
        UPDATE dispatch.offer SET state = 'released', changed_at = $2
        WHERE need = $1 AND (state = 'standby' OR (state = 'assigned' AND NOT $3))
        RETURNING *
      ), event AS (
        INSERT INTO dispatch.offer_event (offer, need, at, what)
        SELECT id, need, $2, 'called off' FROM released
      ), gone AS (
        UPDATE dispatch.need
        SET standby = 0, filled = CASE WHEN $3 THEN filled ELSE 0 END,
            surplus = CASE WHEN $3 THEN surplus ELSE 0 END
        WHERE id = $1
      )
      SELECT\s
      """
          + Offer.COLUMNS
          + """
          FROM released o JOIN dispatch.volunteer v ON v.id = o.volunteer
          ORDER BY o.id
          """;

  private static final String CLOSE =
      """
      WITH closed AS (
        UPDATE dispatch.need SET state = 'closed', paused_why = NULL, needs_human_at = NULL
        WHERE id = $1
        RETURNING id
      )
      INSERT INTO dispatch.need_closure (need, closed_by, closed_at, why)
      SELECT id, $2, $3, $4 FROM closed
      """;
}
