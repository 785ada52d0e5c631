package org.fazaa.dispatcher.reach;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.people.Volunteers.Tried;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reading.Why;
import org.fazaa.notifier.reply.Reply;

/** Answers to a reachability test. They show that a way works, and touch nothing else. */
public final class ReachAnswers {

  private ReachAnswers() {}

  /** The language of whom this check is about; empty when there is none such. */
  public static Optional<Language> language(SqlClient db, long check) {
    for (var row : db.preparedQuery(FIND_LANGUAGE).execute(Tuple.of(check)).await()) {
      return Optional.of(Language.of(row.getString("language")));
    }
    return Optional.empty();
  }

  /** The button behind the link of this check was pressed. What to tell after the commit. */
  public static List<Fact> press(SqlConnection tx, long check, Instant now) {
    return mark(tx, check, Optional.empty(), now, now);
  }

  /** A reply about a check, in the transaction that claimed it. */
  static List<Fact> take(SqlConnection tx, Reply reply, Instant now) {
    var facts = new ArrayList<Fact>();
    // Whoever has another's number cannot be reached by it, though an answer came.
    if (reply.meaning() != Meaning.WRONG_NUMBER) {
      facts.addAll(mark(tx, Long.parseLong(reply.about()), way(reply), reply.at(), now));
    }
    switch (reply.meaning()) {
      // Those of consent have had their effect: whoever stopped is followed by FollowConsent.
      case YES, NO, STOP, START -> {}
      case DANGER -> {
        var about = "reach test " + reply.about();
        Alarm.raise(tx, Alarm.Kind.DANGER, about, "reply " + reply.id(), now);
        facts.addAll(toPerson(tx, reply, Why.DANGER.tag(), Inbox.WORTH_DANGER, now));
        return facts;
      }
      case LATER,
          LAST_RESORT,
          ON_MY_WAY,
          HERE,
          DONE,
          DROP,
          HELP,
          WRONG_NUMBER,
          WHO,
          WHERE,
          GROUP,
          PERSON -> {
        facts.addAll(toPerson(tx, reply, null, Inbox.WORTH_LEAST, now));
        return facts;
      }
    }
    Inbox.done(tx, Map.of(reply.id(), "reached"), now);
    return facts;
  }

  // It says more than that it was read; once a person has seen it, that is enough.
  private static List<Fact> toPerson(
      SqlConnection tx, Reply reply, String why, int worth, Instant now) {
    if (reply.decided()) {
      Inbox.done(tx, Map.of(reply.id(), "seen"), now);
      return List.of();
    }
    Inbox.toPerson(tx, reply, why, worth, now);
    return List.of(new Fact.InboxChanged());
  }

  /** By which way they answered; empty when that is the one of the text they were shown. */
  private static Optional<Way> way(Reply reply) {
    return switch (reply.way()) {
      case "sms", "whatsapp", "voice" -> Optional.of(Way.of(reply.way()));
      default -> Optional.empty();
    };
  }

  private static List<Fact> mark(
      SqlConnection tx, long check, Optional<Way> by, Instant at, Instant now) {
    var worked = new ArrayList<Tried>();
    var values = Tuple.of(check, by.map(Way::tag).orElse(null), Database.utc(at));
    for (var row : tx.preparedQuery(MARK).execute(values).await()) {
      var volunteer = new VolunteerId(row.getLong("volunteer"));
      worked.add(new Tried(volunteer, Way.of(row.getString("way")), false));
    }
    return Volunteers.learnWays(tx, worked, now) > 0
        ? List.of(new Fact.VolunteersChanged())
        : List.of();
  }

  private static final String FIND_LANGUAGE =
      """
      SELECT v.language FROM dispatch.reach_check c
      JOIN dispatch.volunteer v ON v.id = c.volunteer
      WHERE c.id = $1\
      """;

  private static final String MARK =
      """
      UPDATE dispatch.reach_check c
      SET answered_at = coalesce(c.answered_at, $3), failed_at = NULL, problem = NULL
      FROM dispatch.reach_check asked
      WHERE asked.id = $1 AND c.test = asked.test AND c.volunteer = asked.volunteer
        AND c.way = coalesce($2, asked.way)
      RETURNING c.volunteer, c.way\
      """;
}
