package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
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

  static Stopped run(SqlConnection tx, Phone phone, Cause cause, Instant now) {
    var left = new ArrayList<Asked>();
    for (var offer : liveOffers(tx, phone)) {
      var asked = Asked.lock(tx, offer).orElseThrow();
      switch (asked.offer().state()) {
        case OPEN -> {
          Places.change(tx, List.of(asked.offer()), State.DECLINED, cause, now);
          left.add(asked);
        }
        case ASSIGNED, STANDBY -> {
          Places.free(tx, asked, State.WITHDRAWN, cause, now);
          left.add(asked);
        }
        case DECLINED, WITHDRAWN, RELEASED, TOO_LATE, STOOD_DOWN, EXPIRED -> {}
      }
    }
    Volunteers.stop(tx, phone, now);
    return new Stopped(left);
  }

  // All their needs are locked first, in the order of the numbers.
  private static List<OfferId> liveOffers(SqlConnection tx, Phone phone) {
    var offers = new ArrayList<OfferId>();
    var needs = new ArrayList<NeedId>();
    for (var row : tx.preparedQuery(FIND_LIVE).execute(Tuple.of(phone.e164())).await()) {
      offers.add(new OfferId(row.getLong("id")));
      needs.add(new NeedId(row.getLong("need")));
    }
    Need.lockAll(tx, needs);
    return offers;
  }

  private static final String FIND_LIVE =
      """
      SELECT o.id, o.need
      FROM dispatch.offer o
      JOIN dispatch.volunteer v ON v.id = o.volunteer
      JOIN dispatch.need n ON n.id = o.need
      WHERE v.phone = $1 AND o.state IN ('open', 'assigned', 'standby') AND n.state <> 'closed'
      ORDER BY o.need
      """;
}
