package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
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
    var held = Held.of(tx, id, now);
    var outcome = run(held, id, cause);
    held.write();
    return outcome;
  }

  static Outcome run(Held held, OfferId id, Cause cause) {
    return held.asked(id).map(asked -> act(held, asked, cause)).orElseGet(Outcome.NoSuchOffer::new);
  }

  private static Outcome act(Held held, Asked asked, Cause cause) {
    var now = held.now();
    var offer = asked.offer();
    var need = asked.need();
    if (TakeOffer.isOver(need, now)) return new Outcome.NothingToDo(asked);
    return switch (offer.state()) {
      case OPEN, STOOD_DOWN, EXPIRED, TOO_LATE -> {
        held.leave(offer, cause);
        held.tell(Notice.DECLINED.to(offer, need, now));
        yield new Outcome.Declined(asked);
      }
      case ASSIGNED, STANDBY -> {
        var promoted = held.free(offer, State.WITHDRAWN, cause);
        held.tell(Notice.DROPPED.to(offer, need, now));
        yield new Outcome.GaveBack(asked, promoted);
      }
      case DECLINED, WITHDRAWN, RELEASED -> new Outcome.NothingToDo(asked);
    };
  }
}
