package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.News;

/**
 * A volunteer says no, or gives a place back that they had taken. Either way somebody else is asked
 * at once.
 */
public final class DeclineOffer {

  public sealed interface Outcome extends News {

    record Declined(Asked asked) implements Outcome {
      @Override
      public List<Fact> facts() {
        return TakeOffer.changed(asked);
      }
    }

    /**
     * @param promoted who moved up from standby
     */
    record GaveBack(Asked asked, List<Offer> promoted) implements Outcome {
      @Override
      public List<Fact> facts() {
        return TakeOffer.changed(asked);
      }
    }

    /** Said before, or the need is over: nothing changes and nothing needs saying. */
    record NothingToDo(Asked asked) implements Outcome {}

    record NoSuchOffer() implements Outcome {}
  }

  private DeclineOffer() {}

  public static Outcome run(SqlConnection tx, OfferId id, Cause cause, Instant now) {
    return Asked.lock(tx, id)
        .map(asked -> act(tx, asked, cause, now))
        .orElseGet(Outcome.NoSuchOffer::new);
  }

  private static Outcome act(SqlConnection tx, Asked asked, Cause cause, Instant now) {
    var offer = asked.offer();
    var need = asked.need();
    if (TakeOffer.isOver(need, now)) return new Outcome.NothingToDo(asked);
    return switch (offer.state()) {
      case OPEN, STOOD_DOWN, EXPIRED, TOO_LATE -> {
        Places.change(tx, List.of(offer), State.DECLINED, cause, now);
        tx.preparedQuery(LOOK_AGAIN)
            .execute(Tuple.of(need.id().value(), Database.utc(now)))
            .await();
        Places.tell(tx, Notice.DECLINED.to(offer, need, now), now);
        yield new Outcome.Declined(asked);
      }
      case ASSIGNED, STANDBY -> {
        var promoted = Places.free(tx, asked, State.WITHDRAWN, cause, now);
        Places.tell(tx, Notice.DROPPED.to(offer, need, now), now);
        yield new Outcome.GaveBack(asked, promoted);
      }
      case DECLINED, WITHDRAWN, RELEASED -> new Outcome.NothingToDo(asked);
    };
  }

  private static final String LOOK_AGAIN =
      """
      UPDATE dispatch.need SET next_round_at = $2
      WHERE id = $1 AND state = 'calling' AND filled < people
      """;
}
