package org.fazaa.web.bench;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.AnswerReplies;
import org.fazaa.dispatcher.callout.AskNext;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.ConfirmCallOut;
import org.fazaa.dispatcher.callout.ExpireOffers;
import org.fazaa.dispatcher.callout.LearnAnswers;
import org.fazaa.dispatcher.callout.MakeOffers;
import org.fazaa.dispatcher.callout.Policy;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.callout.SendRound;
import org.fazaa.dispatcher.callout.StartCallOut;
import org.fazaa.dispatcher.callout.TakeOffer;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.CrisisKind;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.OpenCrisis;
import org.fazaa.dispatcher.crisis.OpenNeed;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.dispatcher.roster.RosterFeed;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.SendDue;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.carrier.simulated.SimulatedCarrier;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.ReadReplies;
import org.fazaa.notifier.reply.TakeReply;

/**
 * A crisis with many needs among many people: the loops of the program run as they do live, first
 * as needs fall due by their beats and by replies, then with all of them made due at once.
 */
final class TickTrial {
  private static final long SEED = 1448;
  private static final int SEGMENT_COST = 20;
  private static final long NO_CAP = Long.MAX_VALUE / 2;
  private static final Title TITLE = new Title("قياس", "Bench");
  private static final double YES = 0.3;
  private static final int ACCOUNT = 1;
  private static final int COLLEAGUE = 2;

  private static final Duration WHOLE_EVERY = Duration.ofSeconds(2);
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(30);

  /**
   * @param starting ticks of the call-out of all needs by a program that has just started
   * @param ticks of whatever fell due by itself, {@code allDue} while all needs were due at once
   * @param whole from all needs being due until all were decided for
   * @param perSecond replies while needs fell due by themselves
   * @param cpu cores that this JVM kept busy meanwhile, {@code serverCpu} its PostgreSQL
   */
  record Figures(
      Latencies starting,
      Latencies ticks,
      Latencies allDue,
      Latencies whole,
      Latencies lag,
      double perSecond,
      long replies,
      long answered,
      long texts,
      double cpu,
      double serverCpu) {}

  private final BareBed bed;
  private final InstantSource clock;
  private final Random random = new Random(SEED);
  private final Population people;
  private final StartCallOut start;
  private final ProposeEnvelope propose;
  private final Ended decisions;
  private final Ended answers;
  private final Area area;
  private final AtomicInteger replied = new AtomicInteger();

  TickTrial(BareBed bed, int volunteers) throws SQLException {
    this.bed = bed;
    clock = bed.database().clock();
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    people = new Population(random, now);
    try (var owner = bed.owner()) {
      people.settle(owner, volunteers);
    }
    area = new Area.Circle(people.place(), Area.MOST_RADIUS_M);
    var roster = new Roster();
    var feed = new RosterFeed(roster, bed.database());
    feed.run(now);
    var pool = bed.pool();
    var bus = bed.bus();
    var channel = channel();
    var make = new MakeOffers(channel, random);
    propose = new ProposeEnvelope(roster, make);
    var policy = Policy.named("priced").orElseThrow();
    start = new StartCallOut(propose, channel, policy);
    decisions = new Ended(new SendRound(pool, bus, roster, policy, make, random, "bench"), clock);
    bed.run(feed);
    bed.run(new ReadReplies(pool, bus));
    var take = new TakeOffer(new AskNext(make));
    answers = new Ended(new AnswerReplies(pool, bus, take, (place, language) -> TITLE.en()), clock);
    bed.run(answers);
    bed.run(new ExpireOffers(pool, bus));
    bed.run(new LearnAnswers(pool, bus));
    var carrier = new SimulatedCarrier(pool, (text, then) -> List.of(), SEGMENT_COST);
    bed.run(new SendDue(pool, bus, carrier));
  }

  private Channel channel() {
    var links = Database.inTransaction(bed.pool(), tx -> AnswerLink.open(tx, random));
    return new Channel(
        true, Optional.empty(), links, SEGMENT_COST, "SAR", NO_CAP, Ways.simulated());
  }

  Figures run(int needs, int repliesPerSecond, Duration time) throws Exception {
    callOut(needs);
    var started = Clock.micros(clock);
    bed.run(decisions);
    var over = new AtomicBoolean();
    var answering = Thread.ofPlatform().start(() -> answer(repliesPerSecond, over));
    try {
      pause(time.toMillis());
      var begun = Clock.micros(clock);
      var cpu = Cpu.own();
      var serverCpu = bed.serverCpu();
      var before = replied.get();
      pause(time.toMillis());
      var share = share(Cpu.own().minus(cpu), time);
      var serverShare = share(bed.serverCpu().minus(serverCpu), time);
      var perSecond = 1e9 * (replied.get() - before) / time.toNanos();
      var starting = decisions.took(started, begun);
      var ticks = decisions.took(begun, Clock.micros(clock));
      var allDue = new ArrayList<Long>();
      var whole = makeAllDue(needs, time, allDue);
      over.set(true);
      answering.join();
      var lag = lag();
      return new Figures(
          Latencies.of(starting),
          Latencies.of(ticks),
          Latencies.of(allDue),
          Latencies.of(whole),
          Latencies.of(lag),
          perSecond,
          replied.get(),
          lag.size(),
          texts(),
          share,
          serverShare);
    } finally {
      over.set(true);
    }
  }

  private static double share(Duration cpu, Duration time) {
    return (double) cpu.toNanos() / time.toNanos();
  }

  // --- what is needed

  private void callOut(int needs) {
    var now = clock.instant();
    var crisis = Database.inTransaction(bed.pool(), tx -> openCrisis(tx, now));
    for (var i = 0; i < needs; i++) {
      var need = Database.inTransaction(bed.pool(), tx -> open(tx, crisis, now));
      Database.inTransaction(bed.pool(), tx -> press(tx, need, now)).forEach(bed.bus()::publish);
    }
  }

  private CrisisId openCrisis(SqlConnection tx, Instant now) {
    Staff.appoint(tx, COLLEAGUE, "Colleague", now);
    var me = Staff.appoint(tx, ACCOUNT, "Coordinator", now);
    var draft =
        new OpenCrisis.Draft(
            TITLE, CrisisKind.FLOOD, area, Mode.LIVE, "SA", Optional.of(Search.ZONE));
    if (OpenCrisis.run(tx, me, draft, now) instanceof OpenCrisis.Outcome.Opened(var id)) return id;
    throw new IllegalStateException("no crisis was opened");
  }

  private NeedId open(SqlConnection tx, CrisisId crisis, Instant now) {
    var starts = now.plus(Duration.ofMinutes(30 + random.nextInt(120)));
    var draft =
        new OpenNeed.Draft(
            TITLE,
            random.nextBoolean() ? people.wanted() : EnumSet.of(Skill.FIRST_AID),
            Set.of(),
            3 + random.nextInt(20),
            place(),
            starts,
            starts.plus(Duration.ofHours(4)),
            priority());
    var me = Staff.find(tx, ACCOUNT).orElseThrow();
    if (OpenNeed.run(tx, me, crisis, draft, now) instanceof OpenNeed.Outcome.Opened opened) {
      return opened.need();
    }
    throw new IllegalStateException("no need was opened");
  }

  /** Where people live, within the crisis. */
  private Point place() {
    var place = people.place();
    while (!area.contains(place)) place = people.place();
    return place;
  }

  private Priority priority() {
    return switch (random.nextInt(5)) {
      case 0 -> Priority.LIFE;
      case 1 -> Priority.PLANNED;
      default -> Priority.URGENT;
    };
  }

  private List<Fact> press(SqlConnection tx, NeedId need, Instant now) {
    var nothing = Optional.<Area>empty();
    var texts = propose.run(tx, need, nothing, Optional.empty(), now).map(p -> p.maxTexts());
    var request =
        new StartCallOut.Request(nothing, texts, Optional.empty(), Optional.empty(), texts);
    var me = Staff.find(tx, ACCOUNT).orElseThrow();
    return switch (start.run(tx, me, need, request, now)) {
      case StartCallOut.Outcome.NeedsSecondPerson large ->
          ConfirmCallOut.run(tx, Staff.find(tx, COLLEAGUE).orElseThrow(), large.envelope(), now)
              .facts();
      case StartCallOut.Outcome outcome -> outcome.facts();
    };
  }

  // --- who decides, and who answers

  /** All at once, again and again, as at the full hour; how long it took to decide for all. */
  private List<Long> makeAllDue(int needs, Duration time, List<Long> ticks) {
    var whole = new ArrayList<Long>();
    var turns = Math.ceilDiv(needs, SendRound.NEEDS_PER_ROUND);
    for (var left = time.dividedBy(WHOLE_EVERY); left > 0; left--) {
      Database.inTransaction(
          bed.pool(),
          tx -> tx.preparedQuery(ALL_DUE).execute(Tuple.of(utc(clock.instant()))).await());
      var due = Clock.micros(clock);
      bed.bus().publish(new Fact.VolunteersChanged());
      pause(WHOLE_EVERY.toMillis());
      decisions.end(due, turns).ifPresent(end -> whole.add(end - due));
      var all = decisions.took(due, Clock.micros(clock));
      ticks.addAll(all.subList(0, Math.min(turns, all.size())));
    }
    return whole;
  }

  private void pause(long millis) {
    bed.vertx().timer(millis).await();
  }

  private void answer(int perSecond, AtomicBoolean over) {
    var chance = new Random(SEED + 1);
    var silent = new ArrayList<Phone>();
    var since = Instant.EPOCH;
    try (var owner = bed.owner()) {
      var next = System.nanoTime();
      while (!over.get()) {
        since = addAsked(owner, since, silent);
        for (var i = 0; i < perSecond / 2 && !silent.isEmpty(); i++) {
          Collections.swap(silent, chance.nextInt(silent.size()), silent.size() - 1);
          reply(silent.removeLast(), chance.nextDouble() < YES ? "نعم" : "لا");
          next += 1_000_000_000L / perSecond;
          var rest = (next - System.nanoTime()) / 1_000_000;
          if (rest > 0) pause(rest);
        }
        if (silent.isEmpty()) pause(100);
        next = Math.max(next, System.nanoTime() - 1_000_000_000L);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Who has got a text since then; when the last of them did. */
  private static Instant addAsked(Connection owner, Instant since, List<Phone> silent)
      throws SQLException {
    var last = since;
    try (var statement = owner.prepareStatement(FIND_ASKED)) {
      statement.setObject(1, utc(since));
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          silent.add(new Phone(rows.getString(1)));
          last = rows.getObject(2, OffsetDateTime.class).toInstant();
        }
      }
    }
    return last;
  }

  private void reply(Phone from, String body) {
    var id = "bench-" + replied.incrementAndGet();
    var arrived =
        new Arrived(SimulatedCarrier.NAME, id, from, SimulatedCarrier.NAME, body, Map.of());
    var kept =
        Database.inTransaction(
            bed.database().webhooks(), tx -> TakeReply.run(tx, arrived, clock.instant()));
    bed.bus().publish(new Fact.ReplyKept(kept.reply()));
  }

  // --- what it comes to

  /** From the arrival of each reply until it had effect, once all have had it. */
  private List<Long> lag() throws SQLException {
    try (var owner = bed.owner();
        var statement = owner.createStatement()) {
      var end = System.nanoTime() + SETTLES_WITHIN.toNanos();
      while (one(owner, COUNT_UNDONE) > 0 && System.nanoTime() < end) pause(100);
      var lag = new ArrayList<Long>();
      try (var rows = statement.executeQuery(FIND_LAG)) {
        while (rows.next()) lag.add(answers.end(rows.getLong(2)) - rows.getLong(1));
      }
      return lag;
    }
  }

  private long texts() throws SQLException {
    try (var owner = bed.owner()) {
      return one(owner, "SELECT count(*) FROM notify.text");
    }
  }

  private static long one(Connection owner, String sql) throws SQLException {
    try (var statement = owner.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  // Held in the order of their numbers, as everybody does.
  private static final String ALL_DUE =
      """
      WITH held AS (
        SELECT id FROM dispatch.need WHERE state = 'calling' ORDER BY id FOR NO KEY UPDATE)
      UPDATE dispatch.need n SET next_round_at = $1 FROM held WHERE n.id = held.id\
      """;

  private static final String FIND_ASKED =
      """
      SELECT to_phone, state_at FROM notify.text
      WHERE answerable AND state = 'accepted' AND state_at > ? ORDER BY state_at\
      """;

  private static final String COUNT_UNDONE =
      "SELECT count(*) FROM notify.reply WHERE state IN ('kept', 'read')";

  private static final String FIND_LAG =
      """
      SELECT (extract(epoch FROM arrived_at) * 1000000)::bigint,
        (extract(epoch FROM done_at) * 1000000)::bigint
      FROM notify.reply WHERE state = 'done'\
      """;
}
