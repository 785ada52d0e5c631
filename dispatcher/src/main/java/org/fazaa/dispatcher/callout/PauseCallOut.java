package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;

/**
 * A coordinator stops asking for now. Who was asked may still answer, and places may still fill.
 */
public final class PauseCallOut {

  public sealed interface Outcome extends News {
    record Paused(Need need) implements Outcome {
      @Override
      public List<Fact> facts() {
        return List.of(new Fact.NeedChanged(need.crisis().value(), need.id().value()));
      }
    }

    record NoSuchNeed() implements Outcome {}

    record NotCalling() implements Outcome {}
  }

  private PauseCallOut() {}

  public static Outcome run(SqlConnection tx, Staff by, NeedId id, Instant now) {
    var need = Need.lock(tx, id);
    if (need.isEmpty()) return new Outcome.NoSuchNeed();
    if (need.get().state() != Need.State.CALLING) return new Outcome.NotCalling();
    tx.preparedQuery(PAUSE).execute(Tuple.of(id.value(), by.account(), Database.utc(now))).await();
    return new Outcome.Paused(need.get());
  }

  /**
   * The watch found something wrong with this need. Only a person lets it go on: {@link
   * ReleaseCallOut}. A need that is not calling, or paused already, stays as it is.
   */
  public static Outcome byWatch(SqlConnection tx, NeedId id, Instant now) {
    var need = Need.lock(tx, id);
    if (need.isEmpty()) return new Outcome.NoSuchNeed();
    if (need.get().state() != Need.State.CALLING) return new Outcome.NotCalling();
    tx.preparedQuery(PAUSE_BY_WATCH).execute(Tuple.of(id.value(), Database.utc(now))).await();
    return new Outcome.Paused(need.get());
  }

  private static final String PAUSE =
      """
      WITH paused AS (
        UPDATE dispatch.need SET state = 'paused', paused_why = 'person' WHERE id = $1
        RETURNING id, people, surplus
      )
      INSERT INTO dispatch.need_edit
        (need, edited_by, edited_at, people_before, people_after, surplus_after, what)
      SELECT id, $2, $3, people, people, surplus, 'paused' FROM paused
      """;

  private static final String PAUSE_BY_WATCH =
      """
      WITH paused AS (
        UPDATE dispatch.need SET state = 'paused', paused_why = 'watch' WHERE id = $1
        RETURNING id, people, surplus
      )
      INSERT INTO dispatch.need_edit
        (need, edited_at, people_before, people_after, surplus_after, what)
      SELECT id, $2, people, people, surplus, 'paused by watch' FROM paused
      """;
}
