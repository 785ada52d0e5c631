package org.fazaa.dispatcher.people;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Set;
import org.fazaa.notifier.Consent;

/**
 * Somebody who had said stop asked a member of staff for texts again. It is never done without a
 * reason, and it is kept who did it and why.
 */
public final class StartTexts {

  public sealed interface Outcome {
    record Started(Volunteer volunteer) implements Outcome {}

    /** They get texts as it is. */
    record NotStopped(Volunteer volunteer) implements Outcome {}

    /**
     * Their carrier holds our texts back until they send START themselves.
     *
     * @param sender to which number or name; empty when it is not known
     */
    record Blocked(String sender) implements Outcome {}

    record NoReason() implements Outcome {}

    record NoSuchVolunteer() implements Outcome {}
  }

  private StartTexts() {}

  public static Outcome run(
      SqlConnection tx, VolunteerId id, long byAccount, String why, Instant now) {
    var found = Volunteers.find(tx, id);
    if (found.isEmpty()) return new Outcome.NoSuchVolunteer();
    if (why.isBlank()) return new Outcome.NoReason();
    var phone = found.get().phone();
    var blocked = Consent.blockedSender(tx, phone);
    if (blocked.isPresent()) return new Outcome.Blocked(blocked.get());
    if (!Consent.stopped(tx, Set.of(phone)).contains(phone)) {
      return new Outcome.NotStopped(found.get());
    }
    Consent.startAgain(tx, phone, byAccount, why.strip(), now);
    Volunteers.start(tx, phone, now);
    return new Outcome.Started(Volunteers.find(tx, id).orElseThrow());
  }
}
