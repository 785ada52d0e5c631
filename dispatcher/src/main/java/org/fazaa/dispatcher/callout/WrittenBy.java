package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import java.util.Optional;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning.Stage;

/** Who wrote a reply that waits for a person, and about what, as far as that is known. */
public record WrittenBy(Optional<Offer> offer, Optional<Volunteer> volunteer, Language language) {

  public static WrittenBy of(SqlClient conn, Inbox.Waiting waiting) {
    var reply = waiting.reply();
    var about = reply.about();
    var offer =
        Channel.PURPOSE.equals(waiting.purpose()) && about != null
            ? Needs.offer(conn, OfferId.of(about))
            : Optional.<Offer>empty();
    var volunteer = Volunteers.find(conn, reply.from());
    var language =
        volunteer.map(Volunteer::language).orElseGet(() -> Language.written(reply.body()));
    return new WrittenBy(offer, volunteer, language);
  }

  Stage stage() {
    return offer.map(Offer::stage).orElse(Stage.OFFERED);
  }

  public Optional<String> name() {
    return volunteer.map(Volunteer::name);
  }
}
