package org.fazaa.notifier;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fazaa.notifier.Flight.Started;
import org.fazaa.notifier.SimTrace.What;
import org.fazaa.notifier.Simulation.Bug;
import org.fazaa.notifier.StatusArrived.Sequel;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.fazaa.notifier.carrier.Trace;

/** A carrier with every bad habit of a real one, and the people whose phones it reaches. */
final class SimCarrier {
  private static final int TIMEOUT_MS = 14_000;

  private enum Manner {
    ACCEPT,
    TRY_LATER,
    STOP_LANE,
    GIVE_UP,
    NUMBER_UNUSABLE,
    CUT,
    ACCEPT_THEN_CUT,
    SILENT,
    ACCEPT_SILENTLY,
    OPTED_OUT;

    boolean takes() {
      return this == ACCEPT || this == ACCEPT_THEN_CUT || this == ACCEPT_SILENTLY;
    }

    boolean isRefusal() {
      return switch (this) {
        case TRY_LATER, STOP_LANE, GIVE_UP, NUMBER_UNUSABLE, OPTED_OUT -> true;
        case ACCEPT, CUT, ACCEPT_THEN_CUT, SILENT, ACCEPT_SILENTLY -> false;
      };
    }
  }

  private static final class Message {
    final String sid;
    final long text;
    final Phone to;
    final long listedMs;
    TextState state = TextState.ACCEPTED;

    Message(String sid, long text, Phone to, long listedMs) {
      this.sid = sid;
      this.text = text;
      this.to = to;
      this.listedMs = listedMs;
    }
  }

  /** At a time by the carrier's clock, which here goes wherever the store's goes. */
  record Said(String id, Phone from, String body, Instant at) {}

  private final Simulation world;
  private final List<Message> messages = new ArrayList<>();
  final List<Said> inbound = new ArrayList<>();
  private final Set<Phone> blocked = new HashSet<>();
  private final int calmness;
  private final boolean tellsNothing;
  private final int muteness;
  long downUntil;

  SimCarrier(Simulation world) {
    this.world = world;
    this.calmness = 1 + world.draw(100);
    this.tellsNothing = world.draw(5) == 0;
    this.muteness = tellsNothing ? 100 : world.draw(4) == 0 ? 60 : 5;
  }

  boolean isDown() {
    return world.ms < downUntil;
  }

  // --- texts

  /** A POST arrives, whatever has become of the node since. */
  void post(SimNode node, int life, Started started) {
    var manner = manner(started.text().to());
    world.note(What.POSTED, node.id, started.text().id(), started.text().post());
    world.checks.onPost(started.text(), manner.takes(), manner.isRefusal());
    if (manner.takes()) {
      take(started.text());
    }
    boolean silent = manner == Manner.SILENT || manner == Manner.ACCEPT_SILENTLY;
    boolean cut = manner == Manner.CUT || manner == Manner.ACCEPT_THEN_CUT;
    if (cut && world.bug == Bug.CARRIER_RETRIES) {
      world.in(5, () -> post(node, life, started));
      return;
    }
    int delay = silent ? TIMEOUT_MS : world.draw(20, world.draw(10) == 0 ? 10_000 : 800);
    var said = manner.ordinal();
    var submission = submission(node, manner);
    world.in(delay, () -> node.answered(life, started, submission, said));
  }

  private Manner manner(Phone to) {
    if (blocked.contains(to)) {
      return Manner.OPTED_OUT;
    }
    if (isDown()) {
      return Manner.values()[Manner.CUT.ordinal() + world.draw(4)];
    }
    if (world.calm || world.draw(100) < calmness) {
      return Manner.ACCEPT;
    }
    return Manner.values()[world.draw(Manner.OPTED_OUT.ordinal())];
  }

  private Submission submission(SimNode node, Manner manner) {
    return switch (manner) {
      case ACCEPT -> new Submission.Accepted(messages.getLast().sid);
      case TRY_LATER -> refused(20429, new Action.TryLater(node.now().plusSeconds(world.draw(20))));
      case STOP_LANE -> {
        var until = node.now().plusSeconds(world.draw(60));
        yield refused(20003, new Action.StopLane(until, world.draw(2) == 0));
      }
      case GIVE_UP -> refused(21617, new Action.GiveUp());
      case NUMBER_UNUSABLE ->
          world.draw(4) == 0
              ? refused(21211, new Action.NumberUnusable())
              : refused(21612, new Action.OtherSender());
      case CUT, ACCEPT_THEN_CUT -> new Submission.Unknown("cut");
      case SILENT, ACCEPT_SILENTLY -> new Submission.Unknown("no answer");
      case OPTED_OUT -> new Submission.OptedOut();
    };
  }

  private static Submission refused(int code, Action action) {
    return new Submission.Refused("" + code, "refused", action);
  }

  private void take(Text text) {
    int lag = world.calm ? 500 : world.draw(4_000);
    var message = new Message("SM" + messages.size(), text.id(), text.to(), world.ms + lag);
    messages.add(message);
    world.in(world.draw(200, 5_000), () -> reach(message, TextState.SENT, Sequel.NONE));
    int fate = world.calm ? 0 : world.draw(20);
    int after = world.draw(5_000, 30_000);
    if (fate < 15) {
      world.in(after, () -> reach(message, TextState.DELIVERED, Sequel.NONE));
    } else if (fate < 18) {
      var sequels = Sequel.values();
      // Hardly ever unreachable: there are few phones.
      var drawn = sequels[world.draw(sequels.length)];
      var sequel = drawn == Sequel.UNREACHABLE && world.draw(4) > 0 ? Sequel.NONE : drawn;
      world.in(after, () -> reach(message, TextState.FAILED, sequel));
    }
  }

  private void reach(Message message, TextState state, Sequel sequel) {
    message.state = state;
    if (sequel == Sequel.STOP) {
      blocked.add(message.to);
    }
    int copies = world.calm ? 1 : new int[] {0, 1, 1, 1, 2, 5}[world.draw(6)];
    copies = tellsNothing && !world.calm ? 0 : copies;
    for (int i = 0; i < copies; i++) {
      int late = world.calm ? 100 : world.draw(10, world.draw(8) == 0 ? 600_000 : 8_000);
      var text = world.draw(5) == 0 ? null : message.text;
      world.in(late, () -> callBack(text, message.sid, state, sequel));
    }
    if (state == TextState.DELIVERED && world.draw(5) < 3) {
      var body = SimTexts.ANSWERS.get(world.draw(SimTexts.ANSWERS.size()));
      world.in(world.draw(1_000, 240_000), () -> say(message, body));
    }
  }

  // The carrier does not call again when we are away.
  private void callBack(Long text, String sid, TextState state, Sequel sequel) {
    if (!world.store.isAway()) {
      world.store.status(text, sid, state, sequel, world.anyNode().now());
    }
  }

  Trace find(Text text, boolean amongAll) {
    if (isDown() || (!world.calm && world.draw(100) < muteness)) {
      return new Trace.Unclear("no answer");
    }
    if (amongAll && !world.calm && world.draw(8) == 0) {
      return new Trace.Absent();
    }
    Trace found = new Trace.Absent();
    for (var message : messages) {
      if (message.text == text.id() && message.listedMs <= world.ms) {
        found = new Trace.Found(message.sid, message.state);
      }
    }
    return found;
  }

  // --- replies

  private void say(Message message, String body) {
    var said = new Said("MM" + inbound.size(), message.to, body, world.trueNow());
    inbound.add(said);
    world.note(What.SAID, -1, message.text, inbound.size());
    switch (body) {
      case "STOP" -> blocked.add(message.to);
      case "START" -> blocked.remove(message.to);
      default -> {}
    }
    int copies = world.calm ? 1 : new int[] {0, 1, 1, 2, 3}[world.draw(5)];
    for (int i = 0; i < copies; i++) {
      int late = world.calm ? 50 : world.draw(10, world.draw(6) == 0 ? 200_000 : 2_000);
      world.in(late, () -> bring(said));
    }
  }

  private void bring(Said said) {
    if (!world.store.isAway()) {
      world.store.keep(said.id(), said.from(), said.body(), world.anyNode().now());
    }
  }

  /** Replies since then, or null when it does not answer. */
  List<Said> listReplies(Instant since) {
    if (isDown()) {
      return null;
    }
    return inbound.stream().filter(said -> !said.at().isBefore(since)).toList();
  }
}
