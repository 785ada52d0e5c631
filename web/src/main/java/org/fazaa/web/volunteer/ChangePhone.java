package org.fazaa.web.volunteer;

import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Texts;
import org.fazaa.notifier.Unreachable;

/**
 * A volunteer has another phone, and has proven that it is theirs. Who wanted no texts wants none
 * there either; the old phone is told, in case it was somebody else who did this.
 */
final class ChangePhone {

  sealed interface Outcome {
    record Changed() implements Outcome {}

    /** Somebody else is registered with it. */
    record Taken() implements Outcome {}
  }

  private static final String PHONE_CHANGED = "phone-changed";
  private static final Duration VALID = Duration.ofHours(12);

  private ChangePhone() {}

  static Outcome run(SqlConnection tx, Volunteer volunteer, Phone next, Instant now) {
    var old = volunteer.phone();
    if (next.equals(old)) return new Outcome.Changed();
    var stopped = !Consent.stopped(tx, Set.of(old, next)).isEmpty();
    var since = Optional.of(volunteer.stoppedAt().orElse(now)).filter(at -> stopped);
    if (!Volunteers.setPhone(tx, volunteer.id(), next, since)) return new Outcome.Taken();
    if (stopped) Consent.stop(tx, next, Consent.How.OWN_PAGE, now);
    Unreachable.clear(tx, next, now);
    Outbox.put(tx, List.of(notice(volunteer, now)), now);
    return new Outcome.Changed();
  }

  private static Draft notice(Volunteer volunteer, Instant now) {
    return new Draft(
        volunteer.phone(),
        volunteer.language(),
        MessageClass.SERVICE,
        SendCodes.PURPOSE,
        PHONE_CHANGED,
        null,
        Texts.render(PHONE_CHANGED, volunteer.language(), Map.of()),
        false,
        Occasion.NEWS,
        null,
        Outbox.ANSWERS_FIRST,
        now.plus(VALID));
  }
}
