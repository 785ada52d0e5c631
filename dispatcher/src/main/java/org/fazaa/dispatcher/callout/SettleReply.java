package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.LocalTime;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Meaning.Stage;

/** A person says what a reply means. What it does then, {@link AnswerReplies} does as ever. */
public final class SettleReply {
  private SettleReply() {}

  /**
   * @param hour the hour that the writer means, for {@link Meaning#LATER}; else null
   */
  public static Inbox.Decision run(
      SqlConnection tx, long reply, Meaning meaning, LocalTime hour, long account, Instant now) {
    var stage =
        Inbox.find(tx, reply, now)
            .map(waiting -> WrittenBy.of(tx, waiting).stage())
            .orElse(Stage.OFFERED);
    return Inbox.decide(tx, reply, new Inbox.Read(meaning, stage, hour), account, now);
  }
}
