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
    var held = Held.of(tx, id, now);
    var outcome =
        held.asked(id).map(asked -> release(held, by, asked)).orElseGet(Outcome.NoSuchOffer::new);
    held.write();
    return outcome;
  }

  private static Outcome release(Held held, Staff by, Asked asked) {
    var offer = asked.offer();
    return switch (offer.state()) {
      case ASSIGNED, STANDBY -> {
        var promoted = held.free(offer, State.RELEASED, Cause.staff(by));
        held.tell(Notice.RELEASED.to(offer, asked.need(), held.now()));
        yield new Outcome.Released(asked, promoted);
      }
      case OPEN, DECLINED, WITHDRAWN, RELEASED, TOO_LATE, STOOD_DOWN, EXPIRED ->
          new Outcome.NothingHeld(asked);
    };
  }
}
