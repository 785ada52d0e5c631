package org.fazaa.dispatcher.rehearsal;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.callout.ConfirmCallOut;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.callout.StartCallOut;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.CrisisKind;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.OpenCrisis;
import org.fazaa.dispatcher.crisis.OpenNeed;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.rehearsal.Script.Scene;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;

/**
 * The person at the console: opens needs as they come in and calls out for them, reads what no rule
 * could read and asks back until it is clear, and calls out again when the texts that were approved
 * are used up.
 */
final class Coordinator implements Loop.Work {
  static final long ACCOUNT = 1;
  private static final long COLLEAGUE = 2;
  private static final Duration READS_AFTER = Duration.ofMinutes(3);
  private static final int AT_ONCE = 200;

  private final Pool pool;
  private final Bus bus;
  private final Townspeople people;
  private final ProposeEnvelope propose;
  private final StartCallOut callOut;
  private final Set<Long> read = new HashSet<>();
  private CrisisId crisis;

  Coordinator(
      Pool pool, Bus bus, Townspeople people, ProposeEnvelope propose, StartCallOut callOut) {
    this.pool = pool;
    this.bus = bus;
    this.people = people;
    this.propose = propose;
    this.callOut = callOut;
  }

  /** Replies that only a person could read. */
  int read() {
    return read.size();
  }

  void openCrisis(Script script, String country, Instant now) {
    var name = new Title("تدريب", "Rehearsal");
    var zone = Optional.of(script.zone());
    var draft =
        new OpenCrisis.Draft(name, CrisisKind.OTHER, script.area(), Mode.DRILL, country, zone);
    crisis =
        Database.inTransaction(
            pool,
            tx -> {
              Staff.appoint(tx, COLLEAGUE, "Colleague", now);
              var me = Staff.appoint(tx, ACCOUNT, "Coordinator", now);
              return switch (OpenCrisis.run(tx, me, draft, now)) {
                case OpenCrisis.Outcome.Opened(var id) -> id;
                case OpenCrisis.Outcome.Incomplete(var flaws) ->
                    throw new IllegalStateException("a crisis of a rehearsal lacks " + flaws);
              };
            });
  }

  /** A need comes in and is called out for at once. */
  void open(Scene scene, Instant now) {
    var need =
        Database.inTransaction(
            pool,
            tx ->
                switch (OpenNeed.run(tx, me(tx), crisis, draft(scene, now), now)) {
                  case OpenNeed.Outcome.Opened opened -> opened.need();
                  case OpenNeed.Outcome.Incomplete(var flaws) ->
                      throw new IllegalStateException(scene + " lacks " + flaws);
                  case OpenNeed.Outcome.NoCrisis none -> throw new IllegalStateException("" + none);
                  case OpenNeed.Outcome.CrisisOver over ->
                      throw new IllegalStateException("" + over);
                });
    callOut(need, now);
  }

  static OpenNeed.Draft draft(Scene scene, Instant now) {
    var asks = scene.asks();
    // What may take as long as its class allows has begun; otherwise it begins when it must be
    // full.
    var usual = asks.within().equals(asks.priority().fillWithin());
    var starts = usual ? now : now.plus(asks.within());
    return new OpenNeed.Draft(
        asks.title(),
        asks.skills(),
        Set.of(),
        scene.people(),
        scene.incident().place(),
        starts,
        starts.plus(asks.lasts()),
        asks.priority());
  }

  private void callOut(NeedId need, Instant now) {
    Database.inTransaction(
            pool,
            tx -> {
              var texts =
                  propose
                      .run(tx, need, Optional.empty(), Optional.empty(), now)
                      .map(ProposeEnvelope.Proposal::maxTexts);
              var request =
                  new StartCallOut.Request(
                      Optional.empty(), texts, Optional.empty(), Optional.empty(), texts);
              return switch (callOut.run(tx, me(tx), need, request, now)) {
                case StartCallOut.Outcome.NeedsSecondPerson large -> confirm(tx, large, now);
                case StartCallOut.Outcome outcome -> outcome.facts();
              };
            })
        .forEach(bus::publish);
  }

  private static List<Fact> confirm(
      SqlConnection tx, StartCallOut.Outcome.NeedsSecondPerson large, Instant now) {
    var colleague = Staff.find(tx, COLLEAGUE).orElseThrow();
    return ConfirmCallOut.run(tx, colleague, large.envelope(), now).facts();
  }

  private static Staff me(SqlConnection tx) {
    return Staff.find(tx, ACCOUNT).orElseThrow();
  }

  @Override
  public String name() {
    return "coordinator";
  }

  @Override
  public boolean run(Instant now) {
    return readInbox(now) | callOutAgain(now);
  }

  @Override
  public Optional<Instant> nextDue() {
    if (!usedUp().isEmpty()) {
      return Optional.of(Instant.EPOCH); // at once
    }
    return Inbox.waiting(pool, AT_ONCE, Instant.EPOCH).stream()
        .map(one -> one.reply().at().plus(READS_AFTER))
        .min(Comparator.naturalOrder());
  }

  private boolean readInbox(Instant now) {
    var due =
        Inbox.waiting(pool, AT_ONCE, now).stream()
            .map(Inbox.Waiting::reply)
            .filter(reply -> !now.isBefore(reply.at().plus(READS_AFTER)))
            .toList();
    for (var reply : due) {
      // Whatever comes back a second time is about nothing that is still open.
      var meaning = read.add(reply.id()) ? people.meant(reply.from().e164()) : Meaning.PERSON;
      Database.inTransaction(pool, tx -> Inbox.decide(tx, reply.id(), meaning, ACCOUNT, now));
      bus.publish(new Fact.ReplyKept(reply.id()));
    }
    return !due.isEmpty();
  }

  private boolean callOutAgain(Instant now) {
    var usedUp = usedUp();
    usedUp.forEach(need -> callOut(need, now));
    return !usedUp.isEmpty();
  }

  /** Needs for which all texts that were approved have been sent. */
  private List<NeedId> usedUp() {
    var needs = new ArrayList<NeedId>();
    pool.query(LIST_USED_UP)
        .execute()
        .await()
        .forEach(row -> needs.add(new NeedId(row.getLong("id"))));
    return needs;
  }

  private static final String LIST_USED_UP =
      """
      SELECT id FROM dispatch.need
      WHERE state = 'paused' AND paused_why IN ('texts', 'cost') AND filled < people
      ORDER BY id
      """;
}
