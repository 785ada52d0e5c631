package org.fazaa.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.fazaa.notifier.SimStore.Row;
import org.fazaa.notifier.Simulation.Bug;

/** What must hold in every world at every moment, judged by true time and from the outside. */
final class SimChecks {

  /** Nodes' clocks are up to so much apart, and a turn that is handed over is at most so old. */
  private static final Duration CLOCKS = Duration.ofSeconds(3);

  private static final Duration SLACK = CLOCKS.plus(SendDue.FRESH);
  private static final Duration DOUBT_MAX = Duration.ofSeconds(120);

  private final Simulation world;
  private final Map<Long, Integer> posts = new HashMap<>();
  private final Map<Long, Integer> mayHave = new HashMap<>();
  private final Map<Long, Integer> accepted = new HashMap<>();
  private final Map<String, Integer> paced = new HashMap<>();
  private long firstBegunMs = -1;

  SimChecks(Simulation world) {
    this.world = world;
  }

  void that(boolean holds, String rule, long text) {
    if (!holds) {
      throw world.violation(rule + ", text " + text);
    }
  }

  private boolean isLife(Text text) {
    return text.messageClass() == MessageClass.LIFE_SAFETY && text.answerable();
  }

  // --- at every change

  void onMove(Row row, TextState to) {
    boolean ended = row.state.compareTo(TextState.REFUSED) >= 0;
    that(!ended || to.compareTo(row.state) > 0, "a text never moves back from its end", row.id());
  }

  /** The CHECKs of notify.text. */
  void constraints(Row row) {
    boolean once = row.unknowns <= 1 || (row.unknowns == 2 && isLife(row.text));
    that(once, "repeated_only_for_life", row.id());
    int most = 1 + row.refusals + row.unknowns;
    that(row.text.post() <= most, "never_posted_twice_for_nothing", row.id());
  }

  void onBegin(Row row, Instant now) {
    var text = row.text;
    boolean stopped = world.store.stopped.contains(text.to()) && !row.despiteStop;
    that(!stopped, "P5 nothing begins after STOP is committed", text.id());
    that(!world.store.halted, "nothing begins while the red button is pressed", text.id());
    that(!row.unwanted || world.clockMoved, "what was taken back does not begin again", text.id());
    that(row.inHands == 0, "nothing begins while the carrier has it in its hands", text.id());
    that(
        !world.store.isKnownAccepted(text.id()),
        "P4 nothing begins that the carrier is known to have",
        text.id());
    that(now.isBefore(text.validUntil()), "P4 nothing begins after its time", text.id());
    if (Departure.isCounted(text) && !world.clockMoved) {
      that(begun(text.to(), Departure.HOUR) < 4, "P4 at most 4 an hour", text.id());
      that(begun(text.to(), Departure.DAY) < 10, "P4 at most 10 a day", text.id());
    }
  }

  private int begun(Phone phone, Duration window) {
    long since = world.ms - window.minus(SLACK).toMillis();
    int many = 0;
    for (var row : world.store.rows.values()) {
      boolean counts =
          row.text.to().equals(phone)
              && Departure.isCounted(row.text)
              && row.state != TextState.QUEUED
              && row.state != TextState.REFUSED
              && row.state != TextState.WITHDRAWN;
      if (counts && !row.begunMs.isEmpty() && row.begunMs.getLast() > since) {
        many++;
      }
    }
    return many;
  }

  void afterBegin(Row row) {
    constraints(row);
    int rate = world.rate(row.text.lane());
    firstBegunMs = firstBegunMs < 0 ? world.ms : firstBegunMs;
    int total = paced.merge(row.text.lane(), row.text.segments(), Integer::sum);
    long seconds = (world.ms - firstBegunMs) / 1_000 + Lane.BURST.toSeconds() + 1;
    boolean inPace = total <= rate * (seconds + CLOCKS.toSeconds()) + 3;
    that(rate == 0 || world.clockMoved || inPace, "a lane keeps its pace", row.id());
  }

  /** What a turn gives out of its hands is not late and wakes nobody, whatever froze meanwhile. */
  void onHandOver(Text text) {
    if (world.clockMoved) {
      return;
    }
    var now = world.trueNow();
    var validUntil = world.store.rows.get(text.id()).text.validUntil();
    boolean cut = validUntil.isBefore(text.validUntil());
    that(
        cut || now.isBefore(text.validUntil().plus(SLACK)),
        "P4 nothing is posted after its time",
        text.id());
    boolean mayWait = text.occasion() == Occasion.ASK || text.occasion() == Occasion.THANKS;
    if (mayWait && text.messageClass() != MessageClass.LIFE_SAFETY) {
      boolean fund = text.messageClass() == MessageClass.FUND;
      that(!isNight(now, fund), "nothing that can wait wakes anybody", text.id());
    }
  }

  // Riyadh is three hours ahead all year: 23 to 6, and for funds 22 to 7.
  private static boolean isNight(Instant now, boolean fund) {
    long second = Math.floorMod(now.getEpochSecond() + 3 * 3_600, 86_400);
    long slack = SLACK.toSeconds() + 1;
    long from = (fund ? 22 : 23) * 3_600L + slack;
    long until = (fund ? 7 : 6) * 3_600L - slack;
    return second >= from || second < until;
  }

  void onPost(Text text, boolean taken, boolean refused) {
    var row = world.store.rows.get(text.id());
    int many = posts.merge(text.id(), 1, Integer::sum);
    that(many <= row.text.post(), "P4 each attempt is one POST", text.id());
    int may = mayHave.merge(text.id(), refused ? 0 : 1, Integer::sum);
    that(may <= (isLife(text) ? 2 : 1), "P4 submitted once, for life twice at most", text.id());
    int took = accepted.merge(text.id(), taken ? 1 : 0, Integer::sum);
    that(took <= 1 || row.unknowns > 0, "P4 accepted twice without any doubt", text.id());
  }

  void onExpire(Row row) {
    boolean due = !world.trueNow().isBefore(row.text.validUntil().minus(CLOCKS));
    that(world.clockMoved || due, "F22 nothing expires before its time", row.id());
  }

  // --- once faults have ended

  void onBeat() {
    if (!world.calm || world.clockMoved) {
      return;
    }
    for (var row : world.store.rows.values()) {
      boolean inDoubt = row.state == TextState.SUBMITTING || row.state == TextState.UNKNOWN;
      long since = Math.max(world.calmMs, row.movedMs);
      // What a node held that died in the faults is first let go by its lease.
      since = row.leaseUntil > world.calmMs && row.movedMs < world.calmMs ? row.leaseUntil : since;
      boolean long_ = world.ms - since > DOUBT_MAX.toMillis();
      that(!inDoubt || !long_, "nothing stays in doubt for more than 120 s", row.id());
    }
  }

  void atEnd() {
    for (var row : world.store.rows.values()) {
      boolean ended =
          switch (row.state) {
            case QUEUED, SUBMITTING, UNKNOWN -> false;
            case REFUSED, WITHDRAWN, ACCEPTED, SENT, EXPIRED, FAILED, DELIVERED -> true;
          };
      that(ended, "every text comes to an end, and this is " + row.state, row.id());
    }
    for (var said : world.carrier.inbound) {
      var kept = world.store.replies.get(said.id());
      that(kept != null, "P1 every reply reaches us, " + said.id(), 0);
      boolean ended = !kept.state.equals("kept") && !kept.state.equals("read");
      that(ended, "P1 every reply comes to an end, " + said.id(), 0);
    }
    for (long probe : world.probes) {
      var row = world.store.rows.get(probe);
      boolean left = row.state.compareTo(TextState.ACCEPTED) >= 0;
      var end = world.start.plusMillis(world.calmMs + world.store.shift).plusSeconds(600);
      boolean rests = world.clockMoved && world.store.lane(row.text.lane(), end).rests(end);
      left &= row.state != TextState.EXPIRED;
      that(left || rests, "a lane takes texts again, " + row.text.lane(), probe);
    }
    if (world.bug == Bug.NONE) {
      that(spent() <= 10_000, "what was spent is known", 0);
    }
  }

  private long spent() {
    return world.store.budgets.values().stream().mapToLong(Budget::spent).sum();
  }
}
