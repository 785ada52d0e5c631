package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reply;

/**
 * What a person's answer to a reply is worth now, by which the inbox is sorted: 0 to 1000.
 *
 * <ul>
 *   <li>Danger is 1000, whoever writes.
 *   <li>Else 600 for a need where lives are at stake, 400 for an urgent and 200 for a planned one,
 *   <li>and up to 80 for the share of its places that are missing,
 *   <li>and 80 when it starts within the hour or has begun, 50 within six, 20 within a day,
 *   <li>and 30 when the writer is close to a yes: has a place or waits for one, says that they will
 *       or may come, or asks where to.
 *   <li>Of several needs that it may be about the most counts. What is about none that is still
 *       open is {@link Inbox#WORTH_LEAST}.
 * </ul>
 *
 * <p>All that a planned need can add stays below an urgent one, and so on. It is written when the
 * reply comes to a person and not again as the need fills: the inbox is read within minutes, and
 * who decides sees how the need stands.
 */
final class Worth {
  private static final int MISSING = 80;
  private static final int SOON = 80;
  private static final int TODAY = 50;
  private static final int TOMORROW = 20;
  private static final int NEAR_YES = 30;

  private static final Set<Meaning> NEAR =
      EnumSet.of(
          Meaning.YES,
          Meaning.LATER,
          Meaning.LAST_RESORT,
          Meaning.ON_MY_WAY,
          Meaning.HERE,
          Meaning.GROUP,
          Meaning.WHERE);

  private Worth() {}

  /** Of a reply, by all that its phone was asked and has not left. */
  static int of(Held held, Reply reply) {
    return held.offers(reply.from()).stream()
        .mapToInt(offer -> of(reply.meaning(), offer.state(), held.need(offer.need()), held.now()))
        .max()
        .orElse(reply.meaning() == Meaning.DANGER ? Inbox.WORTH_DANGER : Inbox.WORTH_LEAST);
  }

  static int of(Meaning meaning, Offer.State state, Need need, Instant now) {
    if (meaning == Meaning.DANGER) return Inbox.WORTH_DANGER;
    if (need.state() == Need.State.CLOSED || !now.isBefore(need.endsAt())) {
      return Inbox.WORTH_LEAST;
    }
    return priority(need)
        + MISSING * need.places() / need.people()
        + hurry(Duration.between(now, need.startsAt()))
        + (isNear(meaning, state) ? NEAR_YES : 0);
  }

  private static int priority(Need need) {
    return switch (need.priority()) {
      case LIFE -> 600;
      case URGENT -> 400;
      case PLANNED -> 200;
    };
  }

  private static int hurry(Duration left) {
    if (left.compareTo(Duration.ofHours(1)) <= 0) return SOON;
    if (left.compareTo(Duration.ofHours(6)) <= 0) return TODAY;
    return left.compareTo(Duration.ofDays(1)) <= 0 ? TOMORROW : 0;
  }

  private static boolean isNear(Meaning meaning, Offer.State state) {
    return switch (state) {
      case ASSIGNED, STANDBY -> true;
      case OPEN, DECLINED, WITHDRAWN, RELEASED, TOO_LATE, STOOD_DOWN, EXPIRED ->
          NEAR.contains(meaning);
    };
  }
}
