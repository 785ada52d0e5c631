package org.fazaa.notifier.reply;

import java.time.Instant;
import org.fazaa.notifier.Phone;

/**
 * An answer that was read, once by its words alone.
 *
 * @param code the short code in it, or null
 * @param about what it answers, in its owner's words, or null when that is not known
 * @param way {@code sms}, {@code whatsapp}, {@code voice}, {@code link} or {@code simulated}
 * @param plain an answer digit, or read so by a person: not a word that may just be thanks
 * @param decided a person has said what it means
 */
public record Reply(
    long id,
    Phone from,
    String body,
    Meaning meaning,
    String code,
    String about,
    Instant at,
    String way,
    boolean plain,
    boolean decided) {

  /** The same, understood so. */
  public Reply as(Meaning other) {
    return new Reply(id, from, body, other, code, about, at, way, plain, decided);
  }
}
