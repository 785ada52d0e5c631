package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;

/**
 * A person has looked at what the watch found: the call-out goes on as it was approved. Where the
 * need asks for others by now it waits for a new approval, as after any such edit.
 */
public final class ReleaseCallOut {

  public sealed interface Outcome extends News {
    record Released(Need need) implements Outcome {
      @Override
      public List<Fact> facts() {
        return List.of(new Fact.NeedChanged(need.crisis().value(), need.id().value()));
      }
    }

    record NoSuchNeed() implements Outcome {}

    /** It is over, or somebody has called out anew. */
    record NotPausedByWatch() implements Outcome {}
  }

  private ReleaseCallOut() {}

  /**
   * @param by empty when an admin who is not of the staff has looked
   */
  public static Outcome run(SqlConnection tx, Optional<Staff> by, NeedId id, Instant now) {
    var need = Need.lock(tx, id);
    if (need.isEmpty()) return new Outcome.NoSuchNeed();
    if (!need.get().pausedByWatch()) return new Outcome.NotPausedByWatch();
    var account = by.map(Staff::account).orElse(null);
    var rules = Envelope.rules(need.get());
    var approved = Asking.envelope(tx, need.get()).filter(one -> one.rules().equals(rules));
    var row = Tuple.of(id.value(), account, Database.utc(now), approved.isPresent());
    tx.preparedQuery(RELEASE).execute(row).await();
    return new Outcome.Released(need.get());
  }

  private static final String RELEASE =
      """
      WITH released AS (
        UPDATE dispatch.need
        SET state = CASE WHEN $4 THEN 'calling' ELSE 'paused' END,
            paused_why = CASE WHEN $4 THEN NULL ELSE 'rules' END,
            next_round_at = CASE WHEN filled < people THEN $3 ELSE ends_at END
        WHERE id = $1
        RETURNING id, people, surplus
      )
      INSERT INTO dispatch.need_edit
        (need, edited_by, edited_at, people_before, people_after, surplus_after, what)
      SELECT id, $2, $3, people, people, surplus, 'watch released' FROM released
      """;
}
