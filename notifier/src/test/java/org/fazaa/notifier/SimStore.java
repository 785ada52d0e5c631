package org.fazaa.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.fazaa.notifier.Flight.Landed;
import org.fazaa.notifier.Flight.Started;
import org.fazaa.notifier.SendDue.Next;
import org.fazaa.notifier.SimTrace.What;
import org.fazaa.notifier.Simulation.Bug;
import org.fazaa.notifier.StatusArrived.Sequel;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.fazaa.notifier.reply.Judged;
import org.fazaa.notifier.reply.Meaning;

/**
 * The tables of a simulated world. Every method is one statement or transaction, under the same
 * conditions as the SQL constant that its comment names; what is decided in Java is decided by the
 * very functions that serve.
 */
final class SimStore {
  private static final long LEASE_MS = 30_000; // BEGIN
  private static final long CLAIM_MS = 120_000; // CLAIM

  /** A row of notify.text, and below what only the checks look at. */
  static final class Row {
    Text text;
    final boolean despiteStop;
    final int priority;
    final long repeatOf;
    TextState state = TextState.QUEUED;
    Instant stateAt;
    Instant dueAt;
    Instant begunAt;
    long fence;
    long leaseUntil;
    int refusals;
    int unknowns;
    String sid;

    final List<Long> begunMs = new ArrayList<>();
    long movedMs;
    long inHands;
    boolean outOfMoney;
    boolean unwanted;

    Row(Text text, boolean despiteStop, int priority, long repeatOf, Instant now, long ms) {
      this.text = text;
      this.despiteStop = despiteStop;
      this.priority = priority;
      this.repeatOf = repeatOf;
      this.stateAt = now;
      this.dueAt = now;
      this.movedMs = ms;
    }

    long id() {
      return text.id();
    }
  }

  /** A row of notify.attempt. */
  static final class Attempt {
    final long text;
    String outcome;
    String sid;

    Attempt(long text, String outcome, String sid) {
      this.text = text;
      this.outcome = outcome;
      this.sid = sid;
    }
  }

  static final class Kept {
    final String id;
    final Phone from;
    final String body;
    String state = "kept";
    int times = 1;

    Kept(String id, Phone from, String body) {
      this.id = id;
      this.from = from;
      this.body = body;
    }
  }

  private record Waiting(String sid, TextState state) {}

  record Open(long fence, Text text, int unknowns, Instant since, String knownSid) {}

  final Simulation world;
  final Map<Long, Row> rows = new LinkedHashMap<>();
  final Map<Long, Attempt> attempts = new HashMap<>();
  final Map<String, Lane> lanes = new TreeMap<>();
  final Map<String, Budget> budgets = new HashMap<>();
  final Set<Phone> stopped = new HashSet<>();
  final Set<Phone> unreachable = new HashSet<>();
  final Map<String, Kept> replies = new LinkedHashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  boolean halted;
  long downUntil;
  long shift;
  Instant comparedUntil;
  Instant repliesDueAt = Instant.MIN;
  private long fences;
  private long texts;

  SimStore(Simulation world) {
    this.world = world;
  }

  boolean isAway() {
    return world.ms < downUntil;
  }

  /** What clock_timestamp() says. */
  long clock() {
    return world.ms + shift;
  }

  long nextText() {
    return ++texts;
  }

  Row add(Text text, boolean despiteStop, int priority, long repeatOf, Instant now) {
    var row = new Row(text, despiteStop, priority, repeatOf, now, world.ms);
    rows.put(text.id(), row);
    world.note(What.ADDED, -1, text.id(), 0);
    world.changed();
    return row;
  }

  private void move(Row row, TextState to, Instant now) {
    world.checks.onMove(row, to);
    row.state = to;
    row.stateAt = now;
    row.movedMs = world.ms;
    world.note(What.MOVED, -1, row.id(), to.ordinal());
    world.changed();
  }

  // --- SendDue

  // FIND_DUE
  boolean isDue(String lane, Instant now) {
    for (var row : rows.values()) {
      if (isDue(row, lane, now)) {
        return true;
      }
    }
    return false;
  }

  private boolean isDue(Row row, String lane, Instant now) {
    return row.state == TextState.QUEUED
        && !halted
        && !row.dueAt.isAfter(now)
        && row.text.lane().equals(lane);
  }

  private static final Comparator<Row> FIRST =
      Comparator.<Row>comparingInt(row -> -row.priority)
          .thenComparing(row -> row.dueAt)
          .thenComparingLong(Row::id);

  // LIST_DUE
  List<Row> listDue(String lane, int limit, Instant now) {
    var due = new ArrayList<Row>();
    for (var row : rows.values()) {
      if (isDue(row, lane, now)) {
        due.add(row);
      }
    }
    due.sort(FIRST);
    return due.size() > limit ? due.subList(0, limit) : due;
  }

  Departure.Due due(Row row, Instant now) {
    boolean stop = !row.despiteStop && stopped.contains(row.text.to());
    return new Departure.Due(
        row.text,
        stop && world.bug != Bug.STOP_UNHEARD,
        unreachable.contains(row.text.to()),
        lately(row.text, now));
  }

  // LIST_DUE, lately
  private List<Instant> lately(Text text, Instant now) {
    if (!Departure.isCounted(text)) {
      return List.of();
    }
    var lately = new ArrayList<Instant>();
    for (var row : rows.values()) {
      if (row.text.to().equals(text.to())
          && row.begunAt != null
          && row.begunAt.isAfter(now.minus(Departure.DAY))
          && Departure.isCounted(row.text)
          && row.state != TextState.QUEUED
          && row.state != TextState.REFUSED
          && row.state != TextState.WITHDRAWN) {
        lately.add(row.begunAt);
      }
    }
    lately.sort(Comparator.naturalOrder());
    return lately;
  }

  // BEGIN
  Started begin(Row row, int node, Instant now) {
    boolean stop = !row.despiteStop && stopped.contains(row.text.to());
    if (row.state != TextState.QUEUED || halted || (stop && world.bug != Bug.STOP_UNHEARD)) {
      return null;
    }
    world.checks.onBegin(row, now);
    row.fence = ++fences;
    row.leaseUntil = clock() + LEASE_MS;
    row.begunAt = now;
    row.begunMs.add(world.ms);
    row.inHands = row.fence;
    row.text = row.text.posted();
    world.note(What.BEGUN, node, row.id(), row.fence);
    move(row, TextState.SUBMITTING, now);
    spend(row.text, 1);
    world.checks.afterBegin(row);
    return new Started(row.fence, row.text, row.refusals, row.unknowns, now);
  }

  // REFUSE
  void refuse(Row row, TextState state, Instant now) {
    if (row.state == TextState.QUEUED) {
      if (state == TextState.EXPIRED) {
        world.checks.onExpire(row);
      }
      move(row, state, now);
    }
  }

  // DEFER
  void defer(Row row, Instant until, String why, Instant now) {
    if (row.state == TextState.QUEUED) {
      row.outOfMoney = why.equals("cost cap");
      row.dueAt = until;
      world.note(What.DEFERRED, -1, row.id(), Duration.between(now, until).toMillis());
    }
  }

  // EXPIRE
  boolean expire(Instant now) {
    boolean did = false;
    for (var row : rows.values()) {
      if (row.state == TextState.QUEUED && !row.text.validUntil().isAfter(now)) {
        world.checks.onExpire(row);
        move(row, TextState.EXPIRED, now);
        did = true;
      }
    }
    return did;
  }

  // Budget.SPEND, with the table's own CHECKs
  private void spend(Text text, int sign) {
    if (text.budget() == null || text.cost() == 0) {
      return;
    }
    var budget = budgets.get(text.budget());
    var spent = budget.spent() + (long) sign * text.cost();
    budgets.put(budget.name(), new Budget(budget.name(), budget.cap(), spent));
    world.checks.that(spent >= 0 && spent <= budget.cap(), "P4 cost cap", text.id());
  }

  // Budget.CHANGE, WAKE
  void raiseCap(Instant now) {
    budgets.replaceAll((name, budget) -> new Budget(name, 10_000, budget.spent()));
    for (var row : rows.values()) {
      if (row.state == TextState.QUEUED && row.outOfMoney) {
        row.dueAt = now;
      }
    }
    world.changed();
  }

  // FINISH and what follows from it
  void finish(Landed landed, Instant now) {
    var began = landed.started();
    var next =
        SendDue.decide(began.text(), began.refusals(), began.unknowns(), landed.submission(), now);
    var outcome = outcome(landed.submission());
    var row = rows.get(began.text().id());
    attempts.put(began.fence(), new Attempt(row.id(), outcome, next.sid()));
    boolean ours = row.fence == began.fence() && row.state == TextState.SUBMITTING;
    boolean late =
        outcome.equals("accepted")
            && (row.state == TextState.QUEUED || row.state == TextState.UNKNOWN);
    boolean changes = ours || (late && world.bug != Bug.EVIDENCE_IGNORED);
    if (changes || world.bug == Bug.FENCE_IGNORED) {
      boolean taken = outcome.equals("refused") && isKnownAccepted(row.id());
      apply(row, taken ? accepted(row.id(), next) : next, outcome, now);
    } else {
      world.note(What.LOST_FENCE, -1, row.id(), began.fence());
    }
    if (row.inHands == began.fence()) {
      row.inHands = 0;
    }
    follow(began.text(), landed.submission(), now);
    if (changes && (outcome.equals("refused") || outcome.equals("opted-out"))) {
      spend(began.text(), -1);
    }
  }

  private Next accepted(long text, Next refused) {
    return new Next(TextState.ACCEPTED, sidOf(text), refused.problem(), refused.dueAt());
  }

  private void apply(Row row, Next next, String outcome, Instant now) {
    row.sid = next.sid() == null ? row.sid : next.sid();
    row.dueAt = next.dueAt();
    row.leaseUntil = 0;
    row.refusals += outcome.equals("refused") ? 1 : 0;
    row.unknowns += outcome.equals("unknown") ? 1 : 0;
    move(row, next.state(), now);
    world.checks.constraints(row);
  }

  private void follow(Text text, Submission submission, Instant now) {
    switch (submission) {
      case Submission.Refused(var code, var why, Action.NumberUnusable unusable) ->
          mark(text.to(), now);
      case Submission.Refused refused -> {}
      case Submission.OptedOut optedOut -> stop(text.to(), now);
      case Submission.Accepted accepted -> {}
      case Submission.Unknown unknown -> {}
    }
  }

  private static String outcome(Submission submission) {
    return switch (submission) {
      case Submission.Accepted accepted -> "accepted";
      case Submission.Refused refused -> "refused";
      case Submission.OptedOut optedOut -> "opted-out";
      case Submission.Unknown unknown -> "unknown";
    };
  }

  // --- Consent, Unreachable, Outbox

  // Consent.STOP, DROP_QUEUED
  void stop(Phone phone, Instant now) {
    stopped.add(phone);
    world.note(What.STOPPED, -1, phone.hashCode(), 0);
    for (var row : rows.values()) {
      if (row.text.to().equals(phone) && row.state == TextState.QUEUED && !row.despiteStop) {
        move(row, TextState.REFUSED, now);
      }
    }
  }

  // Unreachable.MARK, DROP_QUEUED
  private void mark(Phone phone, Instant now) {
    if (!unreachable.add(phone)) {
      return;
    }
    for (var row : rows.values()) {
      if (row.text.to().equals(phone) && row.state == TextState.QUEUED) {
        move(row, TextState.REFUSED, now);
      }
    }
  }

  // Outbox.WITHDRAW
  void withdraw(Row row, Instant now) {
    world.note(What.WITHDRAWN, -1, row.id(), 0);
    boolean kept = world.bug == Bug.WITHDRAWAL_FORGOTTEN;
    switch (row.state) {
      case QUEUED -> move(row, TextState.WITHDRAWN, now);
      case SUBMITTING, UNKNOWN ->
          row.text = kept ? row.text : SimTexts.until(row.text, row.begunAt);
      case REFUSED, WITHDRAWN, ACCEPTED, SENT, EXPIRED, FAILED, DELIVERED -> {}
    }
    row.unwanted = true;
  }

  // --- SettleUnknown

  // ABANDON
  void abandon(Instant now) {
    for (var row : rows.values()) {
      if (row.state == TextState.SUBMITTING && row.leaseUntil < clock()) {
        attempts.putIfAbsent(row.fence, new Attempt(row.id(), "unknown", null));
        row.unknowns++;
        row.dueAt = now.plus(SendDue.ASK_AFTER);
        row.leaseUntil = 0;
        row.inHands = 0;
        move(row, TextState.UNKNOWN, now);
        world.checks.constraints(row);
      }
    }
  }

  // CLAIM
  List<Open> claim(int node, Instant now) {
    var open = new ArrayList<Open>();
    for (var row : rows.values()) {
      if (row.state == TextState.UNKNOWN
          && !row.dueAt.isAfter(now)
          && (row.leaseUntil == 0 || row.leaseUntil < clock())) {
        row.fence = ++fences;
        row.leaseUntil = clock() + CLAIM_MS;
        world.note(What.CLAIMED, node, row.id(), row.fence);
        var known = sidOf(row.id());
        open.add(new Open(row.fence, row.text, row.unknowns, row.stateAt, known));
      }
    }
    return open;
  }

  private String sidOf(long text) {
    for (var attempt : attempts.values()) {
      if (attempt.text == text && attempt.outcome.equals("accepted")) {
        return attempt.sid;
      }
    }
    return null;
  }

  boolean isKnownAccepted(long text) {
    return sidOf(text) != null;
  }

  // SETTLE
  void settle(Open one, Next next, Instant now) {
    var row = rows.get(one.text().id());
    boolean held = row.fence == one.fence() && row.state == TextState.UNKNOWN;
    if (!held && world.bug != Bug.FENCE_IGNORED) {
      world.note(What.LOST_FENCE, -1, row.id(), one.fence());
      return;
    }
    row.sid = row.sid == null ? next.sid() : row.sid;
    row.dueAt = next.dueAt();
    row.leaseUntil = 0;
    if (next.state() == TextState.UNKNOWN) {
      world.changed();
    } else {
      move(row, next.state(), now);
    }
  }

  // --- TakeStatus

  // KEEP_AND_APPLY
  void status(Long text, String sid, TextState state, Sequel sequel, Instant now) {
    var known = text == null ? bySid(sid) : text;
    if (known == null) {
      waiting.add(new Waiting(sid, state));
      return;
    }
    world.note(What.STATUS, -1, known, state.ordinal());
    var row = rows.get(known);
    if (row.state.compareTo(state) < 0 || world.bug == Bug.RANK_IGNORED) {
      row.sid = row.sid == null ? sid : row.sid;
      move(row, state, now);
      follow(row, state, sequel, now);
    }
  }

  private Long bySid(String sid) {
    for (var attempt : attempts.values()) {
      if (sid.equals(attempt.sid)) {
        return attempt.text;
      }
    }
    return null;
  }

  // CATCH_UP
  void catchUp(Instant now) {
    for (var one : List.copyOf(waiting)) {
      var text = bySid(one.sid());
      if (text != null) {
        waiting.remove(one);
        var row = rows.get(text);
        if (row.state.compareTo(one.state()) < 0) {
          move(row, one.state(), now);
        }
      }
    }
  }

  private void follow(Row row, TextState state, Sequel sequel, Instant now) {
    if (state == TextState.DELIVERED) {
      withdrawRepeat(row, now);
      return;
    }
    switch (sequel) {
      case NONE, REWORD -> {}
      case ONCE_MORE -> onceMore(row, now);
      case REST_LANE -> {
        restLane(row.text.lane(), now);
        onceMore(row, now);
      }
      case UNREACHABLE -> mark(row.text.to(), now);
      case STOP -> stop(row.text.to(), now);
    }
  }

  // WITHDRAW_REPEAT
  private void withdrawRepeat(Row row, Instant now) {
    for (var other : rows.values()) {
      if (other.repeatOf == row.id() && other.state == TextState.QUEUED) {
        move(other, TextState.WITHDRAWN, now);
      }
    }
  }

  // REPEAT, with the unique index on repeat_of
  private void onceMore(Row row, Instant now) {
    var dueAt = now.plus(TakeStatus.ONCE_MORE_AFTER);
    boolean repeated = rows.values().stream().anyMatch(other -> other.repeatOf == row.id());
    if (row.repeatOf != 0
        || repeated
        || !row.text.validUntil().isAfter(dueAt.plus(TakeStatus.STILL_OF_USE))) {
      return;
    }
    var text = SimTexts.repeat(row.text, nextText(), now);
    world.note(What.REPEATED, -1, row.id(), text.id());
    add(text, false, row.priority, row.id(), now).dueAt = dueAt;
  }

  // REST_LANE
  private void restLane(String name, Instant now) {
    var lane = lane(name, now);
    var until = now.plus(TakeStatus.LANE_REST);
    lanes.put(
        name,
        new Lane(
            name,
            lane.tokens(),
            lane.filledAt(),
            lane.silences(),
            lane.rests(),
            lane.restsUntil().isAfter(until) ? lane.restsUntil() : until,
            "30022"));
  }

  // Lane.LOCK, OPEN
  Lane lane(String name, Instant now) {
    return lanes.computeIfAbsent(
        name, opened -> new Lane(opened, 0, Instant.EPOCH, 0, 0, now, null));
  }

  // --- replies

  // TakeReply.KEEP and applyConsent; false when it was known
  boolean keep(String id, Phone from, String body, Instant now) {
    var known = replies.get(id);
    if (known != null) {
      known.times++;
      world.note(What.REPLY, -1, id.hashCode(), known.times);
      return false;
    }
    replies.put(id, new Kept(id, from, body));
    world.note(What.REPLY, -1, id.hashCode(), 1);
    switch (Meaning.read(body).meaning()) {
      case STOP -> stop(from, now);
      case START -> stopped.remove(from);
      case YES, NO, DROP, PERSON -> {}
    }
    world.changed();
    return true;
  }

  // ReadReplies: LOCK_KEPT, FIND_CONTEXT, WRITE; a reply that is read is done by its owner later
  void read() {
    for (var reply : replies.values()) {
      if (reply.state.equals("kept")) {
        boolean posted =
            rows.values().stream()
                .anyMatch(
                    row ->
                        row.text.to().equals(reply.from)
                            && row.text.post() > 0
                            && row.text.answerable());
        reply.state = Judged.of(reply.body, false, true, posted).state();
        world.changed();
      } else if (reply.state.equals("read")) {
        reply.state = "done"; // Inbox.CLAIM and FINISH
      }
    }
  }

  boolean hasUnread() {
    return replies.values().stream()
        .anyMatch(reply -> reply.state.equals("kept") || reply.state.equals("read"));
  }

  // FIND_WAITING
  boolean isBusy(Instant now) {
    return rows.values().stream()
        .anyMatch(
            row ->
                row.text.answerable() && row.text.post() > 0 && row.text.validUntil().isAfter(now));
  }

  /** The earliest moment at which some loop has something to do; a lease ends by our own clock. */
  Instant nextDue(Instant now) {
    var next = hasUnread() ? now : Instant.MAX;
    for (var row : rows.values()) {
      var at =
          switch (row.state) {
            case QUEUED -> {
              var due = earlier(row.dueAt, row.text.validUntil());
              var rest = lane(row.text.lane(), now).restsUntil();
              yield due.isAfter(rest) ? due : earlier(rest, row.text.validUntil());
            }
            case SUBMITTING -> now.plusMillis(Math.max(0, row.leaseUntil - clock()) + 1);
            case UNKNOWN -> {
              var free = now.plusMillis(Math.max(0, row.leaseUntil - clock()) + 1);
              yield row.dueAt.isAfter(free) ? row.dueAt : free;
            }
            case REFUSED, WITHDRAWN, ACCEPTED, SENT, EXPIRED, FAILED, DELIVERED -> Instant.MAX;
          };
      next = earlier(next, at);
    }
    return next;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
