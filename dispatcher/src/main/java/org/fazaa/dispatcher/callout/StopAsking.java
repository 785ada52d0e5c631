package org.fazaa.dispatcher.callout;

import java.util.List;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Phone;

/**
 * A volunteer says STOP. Consent is already withdrawn; here they leave everything that they were
 * asked for or had promised, and no text says so.
 */
final class StopAsking {

  record Stopped(List<Asked> left) implements News {
    @Override
    public List<Fact> facts() {
      return left.stream().flatMap(asked -> TakeOffer.changed(asked).stream()).toList();
    }
  }

  private StopAsking() {}

  static Stopped run(Held held, Phone phone, Cause cause) {
    var left = leave(held, phone, cause);
    Volunteers.stop(held.tx(), phone, held.now());
    return left;
  }

  /** They leave everything, and are told nothing. */
  static Stopped leave(Held held, Phone phone, Cause cause) {
    var left = held.live(phone);
    for (var asked : left) {
      if (asked.offer().state() == State.OPEN) {
        held.leave(asked.offer(), cause);
      } else {
        held.free(asked.offer(), State.WITHDRAWN, cause);
      }
    }
    return new Stopped(left);
  }
}
