package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.function.Function;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.reply.Inbox;

/** A person answers a reply in words, in the language of whoever wrote it. */
public final class AnswerByHand {
  private AnswerByHand() {}

  /**
   * @param words what is written in each language
   */
  public static Inbox.Answer run(
      SqlConnection tx, long reply, Function<Language, String> words, long account, Instant now) {
    var language =
        Inbox.find(tx, reply, now)
            .map(waiting -> WrittenBy.of(tx, waiting).language())
            .orElse(Language.EN);
    return Inbox.answer(tx, reply, language, words.apply(language), account, now);
  }
}
