package org.fazaa.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a text that is due may leave now, must wait, or never leaves. One of these judges what is
 * taken together, and counts what it lets go.
 */
final class Departure {

  /** Nobody gets more that they did not ask for; texts that may save a life are not counted. */
  static final int PER_HOUR = 4;

  static final int PER_DAY = 10;
  static final Duration HOUR = Duration.ofHours(1);
  static final Duration DAY = Duration.ofDays(1);

  /** How long a text waits that found the money spent; somebody may raise the cap meanwhile. */
  static final Duration MONEY_WAIT = Duration.ofSeconds(15);

  /**
   * A text that is due.
   *
   * @param text as it would leave
   * @param stopped whether its reader said stop, and this is not the one text that says we heard it
   * @param unreachable whether the carrier said that no text reaches this phone
   * @param lately when its reader got something unasked in the last day, oldest first
   */
  record Due(Text text, boolean stopped, boolean unreachable, List<Instant> lately) {}

  sealed interface Verdict {
    record Go() implements Verdict {}

    /**
     * @param why in a word, shown as the text's problem
     */
    record Wait(Instant until, String why) implements Verdict {}

    record Never(TextState state, String why) implements Verdict {}
  }

  private final boolean reachesPeople;
  private final Map<String, Long> moneyLeft;
  private final Map<Phone, Deque<Instant>> lately = new HashMap<>();
  private final Instant now;

  /**
   * @param moneyLeft by budget; a budget that is absent has no cap
   */
  Departure(boolean reachesPeople, Map<String, Long> moneyLeft, Instant now) {
    this.reachesPeople = reachesPeople;
    this.moneyLeft = new HashMap<>(moneyLeft);
    this.now = now;
  }

  /** In the order in which they leave. */
  Verdict judge(Due due) {
    var text = due.text();
    if (!now.isBefore(text.validUntil())) {
      return new Verdict.Never(TextState.EXPIRED, "too late");
    }
    if (due.stopped()) {
      return new Verdict.Never(TextState.REFUSED, Consent.STOPPED);
    }
    if (due.unreachable()) {
      return new Verdict.Never(TextState.REFUSED, Unreachable.PROBLEM);
    }
    if (text.messageClass() == MessageClass.DRILL && reachesPeople) {
      return new Verdict.Never(TextState.REFUSED, "drill");
    }
    var quiet =
        CountryRules.of(text.country()).quietUntil(text.messageClass(), text.occasion(), now);
    if (quiet.isPresent()) {
      return waiting(text, quiet.get(), "quiet hours");
    }
    var counted = isCounted(text) ? counted(due) : new ArrayDeque<Instant>();
    var free = freeAt(counted);
    if (free.isAfter(now)) {
      return waiting(text, free, "had enough");
    }
    // After this point it leaves, or it waits for money.
    if (moneyLeft.getOrDefault(text.budget(), Long.MAX_VALUE) < text.cost()) {
      return new Verdict.Wait(now.plus(MONEY_WAIT), "cost cap");
    }
    moneyLeft.computeIfPresent(text.budget(), (budget, left) -> left - text.cost());
    counted.addLast(now);
    return new Verdict.Go();
  }

  static boolean isCounted(Text text) {
    return text.occasion().unasked() && text.messageClass() != MessageClass.LIFE_SAFETY;
  }

  // What could not leave in time needs no waiting: whoever wrote it learns so at once.
  private static Verdict waiting(Text text, Instant until, String why) {
    return until.isBefore(text.validUntil())
        ? new Verdict.Wait(until, why)
        : new Verdict.Never(TextState.REFUSED, why);
  }

  private Deque<Instant> counted(Due due) {
    return lately.computeIfAbsent(due.text().to(), first -> new ArrayDeque<>(due.lately()));
  }

  private Instant freeAt(Deque<Instant> counted) {
    var all = List.copyOf(counted);
    return latest(freeAt(all, PER_HOUR, HOUR), freeAt(all, PER_DAY, DAY));
  }

  private Instant freeAt(List<Instant> all, int most, Duration window) {
    return all.size() < most ? now : all.get(all.size() - most).plus(window);
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
