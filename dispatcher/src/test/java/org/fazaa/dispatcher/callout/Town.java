package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.AnswerReplies.Answered;
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
import org.fazaa.dispatcher.people.Register;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.dispatcher.roster.RosterFeed;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reading;
import org.fazaa.notifier.reply.Reply;
import org.fazaa.notifier.reply.TakeReply;

/** A place of its own with a crisis, people and everything that calls them, for one test. */
final class Town {
  private static final Map<Vertx, Bus> BUSES = new ConcurrentHashMap<>();
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int IN_A_ROW = 150;
  private static final AtomicInteger PHONES = new AtomicInteger(500_000_000);
  private static final AtomicInteger REPLIES = new AtomicInteger();

  final TestDatabase db;
  final Bus bus;
  final Point center;
  final CrisisId crisis;
  final Roster roster = new Roster();
  final RosterFeed feed;
  final Channel channel;
  final MakeOffers make;
  final ProposeEnvelope propose;
  final StartCallOut start;
  final TakeOffer take;
  final AnswerReplies answer;
  Instant now = Instant.parse("2026-11-22T08:00:00Z");

  Town(TestDatabase db) {
    this(db, Mode.LIVE, true);
  }

  Town(TestDatabase db, Mode mode, boolean simulated) {
    this(db, mode, simulated, Ways.simulated());
  }

  Town(TestDatabase db, Mode mode, boolean simulated, Ways ways) {
    this.db = db;
    bus = BUSES.computeIfAbsent(db.vertx(), Bus::of);
    var count = COUNT.getAndIncrement();
    center = new Point(-150 + 2 * (count % IN_A_ROW), 24 + 2 * (count / IN_A_ROW));
    feed = new RosterFeed(roster, db.database());
    channel =
        new Channel(
            simulated,
            Optional.of("https://f.test"),
            new AnswerLink(new byte[32]),
            5,
            "SAR",
            1_000_000,
            ways);
    make = new MakeOffers(channel, new Random(7));
    propose = new ProposeEnvelope(roster, make);
    start = new StartCallOut(propose, channel, Round.PRICED);
    take = new TakeOffer(new AskNext(make));
    answer = new AnswerReplies(db.pool(), bus, take, (place, language) -> "Al-Naseem");
    crisis = openCrisis(mode);
  }

  <T> T tx(Function<SqlConnection, T> work) {
    return Database.inTransaction(db.pool(), work);
  }

  Staff staff(SqlConnection tx) {
    return Staff.appoint(tx, 1, "Huda", now);
  }

  Staff second(SqlConnection tx) {
    return Staff.appoint(tx, 2, "Omar", now);
  }

  private CrisisId openCrisis(Mode mode) {
    var draft =
        new OpenCrisis.Draft(
            new Title("سيول جدة", "Jeddah flood"),
            CrisisKind.FLOOD,
            new Area.Circle(center, 80_000),
            mode,
            "SA",
            Optional.empty());
    var outcome = tx(tx -> OpenCrisis.run(tx, staff(tx), draft, now));
    assertThat(outcome).isInstanceOf(OpenCrisis.Outcome.Opened.class);
    return ((OpenCrisis.Outcome.Opened) outcome).crisis();
  }

  NeedId need(int people, Priority priority, Skill... skills) {
    return need(people, priority, now.plus(Duration.ofHours(2)), skills);
  }

  NeedId need(int people, Priority priority, Instant startsAt, Skill... skills) {
    var draft =
        new OpenNeed.Draft(
            new Title("تنظيف", "Clean-up"),
            skills.length == 0 ? Set.of() : EnumSet.copyOf(List.of(skills)),
            Set.of(),
            people,
            center,
            startsAt,
            startsAt.plus(Duration.ofHours(4)),
            priority);
    var outcome = tx(tx -> OpenNeed.run(tx, staff(tx), crisis, draft, now));
    assertThat(outcome).isInstanceOf(OpenNeed.Outcome.Opened.class);
    return ((OpenNeed.Outcome.Opened) outcome).need();
  }

  /** This many people within five kilometres, known to the roster. */
  List<VolunteerId> people(int many, Skill... skills) {
    var ids = tx(tx -> register(tx, many, skills));
    hear();
    return ids;
  }

  private List<VolunteerId> register(SqlConnection tx, int many, Skill... skills) {
    var ids = new ArrayList<VolunteerId>();
    for (var i = 0; i < many; i++) {
      var draft =
          new Register.Draft(
              "Volunteer " + i,
              "+966" + PHONES.incrementAndGet(),
              null,
              i % 2 == 0 ? "en" : "ar",
              Skill.codes(List.of(skills)),
              List.of(),
              center.lon() + 0.03 * i / many,
              center.lat(),
              null,
              null,
              null,
              null,
              true);
      var outcome = Register.run(tx, draft, now.minus(Duration.ofDays(30)));
      assertThat(outcome).isInstanceOf(Register.Outcome.Registered.class);
      ids.add(((Register.Outcome.Registered) outcome).id());
    }
    return ids;
  }

  /** The roster catches up with the tables. */
  void hear() {
    while (feed.run(now)) {
      // until there is nothing new
    }
  }

  StartCallOut.Outcome callOut(NeedId need) {
    return callOut(need, 50);
  }

  StartCallOut.Outcome callOut(NeedId need, int maxTexts) {
    var request =
        new StartCallOut.Request(
            Optional.empty(),
            Optional.of(maxTexts),
            Optional.empty(),
            Optional.empty(),
            Optional.of(maxTexts));
    return tx(tx -> start.run(tx, staff(tx), need, request, now));
  }

  SendRound round() {
    return round(Round.PRICED);
  }

  SendRound round(Policy policy) {
    return round(policy, new Random(1));
  }

  SendRound round(Policy policy, RandomGenerator random) {
    return new SendRound(db.pool(), bus, roster, policy, make, random, "this node");
  }

  /** Asks whoever the policy wants asked now. */
  void ask() {
    ask(Round.PRICED);
  }

  void ask(Policy policy) {
    hear();
    round(policy).run(now);
    hear();
  }

  void after(Duration time) {
    now = now.plus(time);
  }

  Needs.View view(NeedId need) {
    return Needs.find(db.pool(), need).orElseThrow();
  }

  List<Offer> offers(NeedId need) {
    var offers = new ArrayList<Offer>();
    for (var view : Needs.offers(db.pool(), need)) {
      offers.add(Needs.offer(db.pool(), view.id()).orElseThrow());
    }
    offers.sort(Comparator.comparing(offer -> offer.id().value()));
    return offers;
  }

  List<Offer> offers(NeedId need, Offer.State state) {
    return offers(need).stream().filter(offer -> offer.state() == state).toList();
  }

  Offer.State state(Offer offer) {
    return Needs.offer(db.pool(), offer.id()).orElseThrow().state();
  }

  /** What this person answers to this offer, with its code. */
  Answered says(Offer offer, String word) {
    return says(offer.phone(), word + " " + offer.code(), offer);
  }

  /** What this person writes, matched with this offer by the notifier. */
  Answered says(Phone phone, String body, Offer about) {
    return tx(tx -> answer.run(tx, List.of(claimed(tx, phone, body, about)), now).getFirst());
  }

  /** What several people answer to these offers at the same time, each with its code. */
  List<Answered> say(Map<Offer, String> words) {
    return tx(
        tx -> {
          var replies = new ArrayList<Reply>();
          words.forEach(
              (offer, word) ->
                  replies.add(claimed(tx, offer.phone(), word + " " + offer.code(), offer)));
          return answer.run(tx, replies, now);
        });
  }

  private Reply claimed(SqlConnection tx, Phone phone, String body, Offer about) {
    var key = "SM" + REPLIES.incrementAndGet();
    var arrived = new Arrived("twilio", key, phone, "+1", body, Map.of());
    var reply = TakeReply.run(tx, arrived, now).reply();
    var read = Meaning.read(body);
    return new Reply(
        reply,
        phone,
        body,
        read.meaning(),
        read.code(),
        about == null ? null : about.id().about(),
        now,
        "sms",
        read.why() == Reading.Why.DIGIT,
        false);
  }

  /** The bodies of the texts to this phone, oldest first. */
  List<String> texts(Phone phone) {
    var bodies = new ArrayList<String>();
    var sql = "SELECT body FROM notify.text WHERE to_phone = $1 ORDER BY id";
    for (var row : db.pool().preparedQuery(sql).execute(Tuple.of(phone.e164())).await()) {
      bodies.add(row.getString("body"));
    }
    return bodies;
  }

  /** As if the carrier had taken them all. */
  void textsLeave() {
    db.superuserPool()
        .query("UPDATE notify.text SET state = 'sent', posts = 1 WHERE state = 'queued'")
        .execute()
        .await();
  }

  long count(String sql, Object... values) {
    var rows = db.pool().preparedQuery(sql).execute(Tuple.from(values)).await();
    return rows.iterator().next().getLong(0);
  }

  /** What must hold whatever happened. */
  static void assertInvariants(TestDatabase db) {
    for (var invariant : INVARIANTS.entrySet()) {
      var broken = db.pool().query(invariant.getValue()).execute().await().rowCount();
      assertThat(broken).as(invariant.getKey()).isZero();
    }
  }

  private static final Map<String, String> INVARIANTS =
      Map.of(
          "filled and standby equal the offers that hold them",
          """
          SELECT n.id FROM dispatch.need n LEFT JOIN dispatch.offer o ON o.need = n.id
          GROUP BY n.id
          HAVING n.filled <> count(*) FILTER (WHERE o.state = 'assigned')
            OR (n.state <> 'closed' AND n.standby <> count(*) FILTER (WHERE o.state = 'standby'))
          """,
          "no place beyond what was asked for or promised",
          "SELECT id FROM dispatch.need WHERE filled > people + surplus",
          "no open offer in a closed need",
          """
          SELECT o.id FROM dispatch.offer o JOIN dispatch.need n ON n.id = o.need
          WHERE o.state = 'open' AND n.state = 'closed'
          """,
          "nobody in two places at a time",
          """
          SELECT a.id FROM dispatch.offer a
          JOIN dispatch.offer b ON b.volunteer = a.volunteer AND b.id > a.id
          JOIN dispatch.need n ON n.id = a.need
          JOIN dispatch.need m ON m.id = b.need
          WHERE a.state = 'assigned' AND b.state = 'assigned'
            AND n.state <> 'closed' AND m.state <> 'closed'
            AND n.starts_at < m.ends_at AND m.starts_at < n.ends_at
          """,
          "texts and cost as booked in the envelope",
          """
          SELECT e.id FROM dispatch.envelope e LEFT JOIN dispatch.offer o ON o.envelope = e.id
          GROUP BY e.id HAVING e.texts <> count(o.id) + count(o.id) FILTER (WHERE o.called)
          """);
}
