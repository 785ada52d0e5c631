package org.fazaa.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fazaa.notifier.Departure.Verdict;
import org.fazaa.notifier.Flight.Landed;
import org.fazaa.notifier.Flight.Started;
import org.fazaa.notifier.SendDue.Next;
import org.fazaa.notifier.SimStore.Open;
import org.fazaa.notifier.SimStore.Row;
import org.fazaa.notifier.SimTrace.What;
import org.fazaa.notifier.Simulation.Bug;
import org.fazaa.notifier.carrier.Carrier.Sender;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.fazaa.notifier.carrier.Trace;

/** A program with all its loops: what it has in memory is gone when it dies. */
final class SimNode {
  private static final int CONNECTIONS = 4;
  private static final int POLL_MS = 1_000;

  final int id;
  private final Simulation world;
  private final long skewMs;
  private final List<Landed> landed = new ArrayList<>();
  private int life;
  private boolean up = true;
  private int out;
  private final Map<String, Integer> outByLane = new HashMap<>();
  private boolean turning;
  private boolean settling;
  private long turnAt = Long.MAX_VALUE;
  long frozenUntil;
  long knownShift;
  long jump;

  SimNode(Simulation world, int id) {
    this.world = world;
    this.id = id;
    this.skewMs = world.draw(3_000) - 1_500;
  }

  /** Its clock, which follows the store's; the machine's own may jump as it likes. */
  Instant now() {
    long own = world.bug == Bug.OWN_CLOCK ? jump : 0;
    return world.start.plusMillis(world.ms + knownShift + skewMs + own);
  }

  boolean isUp() {
    return up;
  }

  void crash() {
    life++;
    up = false;
    landed.clear();
    out = 0;
    outByLane.clear();
    turning = false;
    settling = false;
    turnAt = Long.MAX_VALUE;
    world.note(What.CRASH, id, 0, 0);
  }

  void restart() {
    if (!up) {
      up = true;
      knownShift = world.store.shift;
      world.note(What.START, id, 0, 0);
      nudge(1);
    }
  }

  /** A turn comes within so long, by a fact on the bus or by the poll. */
  void nudge(long within) {
    long at = world.ms + Math.max(1, within);
    if (up && at < turnAt) {
      turnAt = at;
      step(at - world.ms, this::wake);
    }
  }

  private void wake() {
    if (turnAt > world.ms) {
      return; // an earlier one came instead
    }
    turnAt = Long.MAX_VALUE;
    if (turning || world.store.isAway()) {
      nudge(turning ? 10 : POLL_MS);
      return;
    }
    turning = true;
    var now = now();
    long from = world.ms;
    step(world.draw(1, 5), () -> turn(now, from));
  }

  // What a dead node wanted to do never happens; what a frozen one wanted happens later.
  private void step(long delay, Runnable what) {
    int mine = life;
    world.in(delay, () -> resume(mine, what));
  }

  private void resume(int mine, Runnable what) {
    if (mine != life) {
      return;
    }
    if (world.ms < frozenUntil) {
      world.in(frozenUntil - world.ms, () -> resume(mine, what));
    } else {
      what.run();
    }
  }

  private void turn(Instant now, long from) {
    turning = false;
    if (world.store.isAway()) {
      nudge(POLL_MS);
      return;
    }
    for (var sender : world.senders) {
      send(sender, now, from);
    }
    world.store.expire(now);
    world.store.read();
    if (!settling) {
      settle(now);
    }
    fetchReplies(now);
    if (!landed.isEmpty()) {
      nudge(1);
    }
    var next = world.store.nextDue(now);
    if (next != Instant.MAX) {
      nudge(Math.max(POLL_MS, Duration.between(now, next).toMillis() + 1));
    }
  }

  void freeze(long length) {
    frozenUntil = world.ms + length;
    world.note(What.FREEZE, id, length, 0);
  }

  // Just where it hurts most: around a POST, until others have given the text up and tried again.
  private void mayFreeze() {
    if (!world.calm && world.draw(40) == 0) {
      freeze(world.draw(2) == 0 ? world.draw(115_000, 130_000) : world.draw(60_000));
    }
  }

  // --- SendDue

  private void send(Sender sender, Instant now, long from) {
    int room = Math.max(0, CONNECTIONS - out);
    var mine = new ArrayList<Landed>();
    for (var one : landed) {
      if (one.started().text().lane().equals(sender.name())) {
        mine.add(one);
      }
    }
    if (mine.isEmpty() && (room == 0 || !world.store.isDue(sender.name(), now))) {
      return;
    }
    var started = write(sender, room, mine, now);
    if (!world.calm && world.draw(50) == 0) {
      world.note(What.COMMIT_CUT, id, 0, 0);
      return; // as after any error: what was answered lands again, what began is forgotten
    }
    landed.removeAll(mine);
    out += started.size() - mine.size();
    outByLane.merge(sender.name(), started.size() - mine.size(), Integer::sum);
    if (!started.isEmpty()) {
      mayFreeze();
      step(world.draw(1, 30), () -> submit(started, from));
    }
  }

  // SendDue.write: one transaction
  private List<Started> write(Sender sender, int room, List<Landed> mine, Instant now) {
    var store = world.store;
    var found = store.lane(sender.name(), now);
    var outcomes = new ArrayList<Submission>();
    for (var one : mine) {
      store.finish(one, now);
      outcomes.add(one.submission());
    }
    var lane = found.after(outcomes, now);
    var started = new ArrayList<Started>();
    if (room > 0 && !lane.rests(now)) {
      lane = lane.filled(sender.segmentsPerSecond(), now);
      var underWay = outByLane.getOrDefault(sender.name(), 0) - mine.size();
      choose(lane, lane.texts(room, underWay), now, started);
      lane = lane.less(started.stream().mapToInt(one -> one.text().segments()).sum());
    }
    store.lanes.put(sender.name(), lane);
    return started;
  }

  private void choose(Lane lane, int texts, Instant now, List<Started> started) {
    if (lane.tokens() <= 0) {
      return;
    }
    var store = world.store;
    var left = new HashMap<String, Long>();
    store.budgets.forEach((name, budget) -> left.put(name, budget.left()));
    var departure = new Departure(true, left, now);
    var verdicts = new ArrayList<Map.Entry<Row, Verdict>>();
    double tokens = lane.tokens();
    for (var row : store.listDue(lane.name(), texts, now)) {
      if (tokens <= 0) {
        break;
      }
      var verdict = departure.judge(store.due(row, now));
      tokens -= verdict instanceof Verdict.Go ? row.text.segments() : 0;
      verdicts.add(Map.entry(row, verdict));
    }
    for (var one : verdicts) {
      switch (one.getValue()) {
        case Verdict.Go go -> {
          var began = store.begin(one.getKey(), id, now);
          if (began != null) {
            started.add(began);
          }
        }
        case Verdict.Wait(var until, var why) -> store.defer(one.getKey(), until, why, now);
        case Verdict.Never(var state, var why) -> store.refuse(one.getKey(), state, now);
      }
    }
  }

  private void submit(List<Started> started, long from) {
    int mine = life;
    boolean stale = SendDue.isStale(Duration.ofMillis(world.ms - from));
    for (var one : started) {
      if (stale && world.bug != Bug.STALE_POSTS) {
        world.note(What.STALE, id, one.text().id(), 0);
        var again = new Action.TryLater(now());
        answered(mine, one, new Submission.Refused("late", "not handed over", again), -1);
      } else {
        world.checks.onHandOver(one.text());
        world.in(world.draw(1, 100), () -> world.carrier.post(this, mine, one));
      }
    }
  }

  /** What the carrier answered, if this is still the program that asked. */
  void answered(int asked, Started started, Submission submission, int manner) {
    boolean heard = asked == life;
    world.note(heard ? What.ANSWERED : What.CUT, id, started.text().id(), manner);
    if (heard) {
      mayFreeze();
      landed.add(new Landed(started, submission));
      nudge(1);
    }
  }

  // --- SettleUnknown

  private void settle(Instant now) {
    world.store.abandon(now);
    world.store.catchUp(now);
    var open = world.store.claim(id, now);
    if (!open.isEmpty()) {
      settling = true;
      step(world.draw(20, 2_000), () -> ask(open, now));
    }
  }

  private void ask(List<Open> open, Instant now) {
    int delay = 0;
    for (var one : open) {
      var trace = trace(one, now);
      var kind = trace instanceof Trace.Found ? 1 : trace instanceof Trace.Absent ? 0 : -1;
      world.note(What.TRACED, id, one.text().id(), kind);
      var decided = SettleUnknown.decide(one.text(), one.unknowns(), one.since(), trace, now);
      var next = decided;
      if (world.bug == Bug.SERVICE_REPEATED && decided.state() == TextState.FAILED) {
        next = new Next(TextState.QUEUED, null, "once more", now);
      }
      var written = next;
      delay += world.draw(1, 20);
      step(delay, () -> write(one, written, now));
    }
    step(delay + 1, () -> settling = false);
  }

  // An error ends the turn in the program; here each text fails by itself, which is worse.
  private void write(Open one, Next next, Instant now) {
    if (!world.store.isAway()) {
      world.store.settle(one, next, now);
    }
  }

  private Trace trace(Open one, Instant now) {
    if (one.knownSid() != null) {
      return new Trace.Found(one.knownSid(), TextState.ACCEPTED);
    }
    var trace = world.carrier.find(one.text(), true);
    boolean overdue = !now.isBefore(one.since().plus(SettleUnknown.NO_TRACE_AFTER));
    return overdue && trace instanceof Trace.Absent ? world.carrier.find(one.text(), false) : trace;
  }

  // --- ReconcileTexts

  private void fetchReplies(Instant now) {
    var store = world.store;
    if (!ReconcileTexts.isDue(store.repliesDueAt, now)) {
      return;
    }
    store.repliesDueAt = now.plus(ReconcileTexts.BUSY); // TAKE_TURN
    var until = store.comparedUntil;
    if (ReconcileTexts.isRecent(until, now) && !store.isBusy(now)) {
      return;
    }
    step(world.draw(50, 2_000), () -> fetch(ReconcileTexts.since(until, now), now));
  }

  private void fetch(Instant since, Instant now) {
    var listed = world.carrier.listReplies(since);
    if (listed == null || world.store.isAway()) {
      return;
    }
    int missed = 0;
    for (var said : listed) {
      if (!world.store.replies.containsKey(said.id())) { // FIND_KNOWN_REPLIES
        world.store.keep(said.id(), said.from(), said.body(), now);
        missed++;
      }
    }
    if (missed > 0) {
      world.note(What.FETCHED, id, missed, 0);
    }
    world.store.comparedUntil = now; // FINISH
  }
}
