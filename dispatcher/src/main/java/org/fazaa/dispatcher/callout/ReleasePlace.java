package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;

/**
 * A coordinator lets somebody go who was to come: a surplus person, or one who is wanted elsewhere.
 */
public final class ReleasePlace {

  public sealed interface Outcome extends News {
    record Released(Asked asked, List<Offer> promoted) implements Outcome {
      @Override
      public List<Fact> facts() {
        return TakeOffer.changed(asked);
      }
    }

    /** They hold no place and are not on standby. */
    record NothingHeld(Asked asked) implements Outcome {}

    record NoSuchOffer() implements Outcome {}
  }

  private ReleasePlace() {}

  public static Outcome run(SqlConnection tx, Staff by, OfferId id, Instant now) {
    return Asked.lock(tx, id)
        .map(asked -> release(tx, by, asked, now))
        .orElseGet(Outcome.NoSuchOffer::new);
  }

  private static Outcome release(SqlConnection tx, Staff by, Asked asked, Instant now) {
    return switch (asked.offer().state()) {
      case ASSIGNED, STANDBY -> {
        var promoted = Places.free(tx, asked, State.RELEASED, Cause.staff(by), now);
        Places.tell(tx, Notice.RELEASED.to(asked.offer(), asked.need(), now), now);
        yield new Outcome.Released(asked, promoted);
      }
      case OPEN, DECLINED, WITHDRAWN, RELEASED, TOO_LATE, STOOD_DOWN, EXPIRED ->
          new Outcome.NothingHeld(asked);
    };
  }
}
