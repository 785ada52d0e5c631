package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;

/**
 * Replies that wait for a person's word, those first whose answer is worth most.
 *
 * @param total of all that wait, more than are shown
 * @param settled what the reader settled last, and what came of it
 */
record InboxPage(List<Waiting> replies, int total, List<Settled> settled) {

  record Waiting(
      long id,
      String name,
      String phone,
      String body,
      String why,
      int worth,
      boolean danger,
      String code,
      Optional<About> need,
      boolean held,
      Hands hands,
      Optional<Taken> taken,
      List<Attachment> attachments,
      String lang,
      List<Choice> canned,
      Instant at) {

    boolean mine() {
      return hands == Hands.MINE;
    }
  }

  /** Who has it open. */
  enum Hands {
    NOBODY,
    MINE,
    ANOTHER
  }

  record Taken(String name, Instant until) {}

  record About(long id, String title, int filled, int people) {}

  /**
   * @param says what it is, or why it is not there
   * @param href of the file or the place; empty when there is nothing to open
   */
  record Attachment(Kind kind, String says, String href) {}

  enum Kind {
    IMAGE,
    AUDIO,
    VIDEO,
    FILE,
    PIN,
    NOTHING
  }

  record Settled(String body, String decided, String came, String answer, Instant at) {}
}
