package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reply;

/**
 * Two needs at the same time with few places, people who change their minds, and webhooks that come
 * late, twice, in another order or never. {@link Meant} and {@link TakeOffer#decide} decide; the
 * tables keep the conditions of the SQL constants named here, and a transaction is one step.
 */
final class SimPlaces {

  /** Rules that are taken away, one at a time. */
  enum Bug {
    NONE,
    NEED_NOT_LOCKED,
    REPLY_COUNTED_TWICE,
    EVERYBODY_MOVES_UP,
    STOP_KEEPS_THE_PLACE
  }

  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String message) {
      super(message);
    }
  }

  private static final class Row {
    final NeedId id;
    int people;
    int filled;
    int standby;

    Row(long id, int people) {
      this.id = new NeedId(id);
      this.people = people;
    }
  }

  /**
   * @param when what the time that it names is to the need
   */
  private record Said(
      int id, Phone from, Meaning meaning, boolean sure, Arrival when, String code, String about) {}

  private record Event(long at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");
  private static final Title TITLE = new Title("ماء", "Water");
  private static final int LONG_MS = 600_000;
  private static final int LINES = 50;

  private final long seed;
  private final Bug bug;
  private final Random random;
  private final Deque<String> trace = new ArrayDeque<>();
  private final boolean whole;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Map<NeedId, Row> needs = new LinkedHashMap<>();
  private final Map<OfferId, Offer> offers = new LinkedHashMap<>();
  private final Set<Phone> stopped = new HashSet<>();
  private final Set<Phone> freed = new HashSet<>();
  private final List<Said> said = new ArrayList<>();
  private final Set<Integer> known = new HashSet<>();
  private final Deque<Said> waiting = new ArrayDeque<>();
  private final Map<Integer, String> outcomes = new LinkedHashMap<>();
  private long order;
  private long ms;
  private long digest = 1;

  SimPlaces(long seed, Bug bug, boolean whole) {
    this.seed = seed;
    this.bug = bug;
    this.whole = whole;
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    for (long need = 1; need <= 2; need++) {
      var row = new Row(need, 1 + random.nextInt(3));
      needs.put(row.id, row);
    }
    int people = 4 + random.nextInt(6);
    for (long person = 1; person <= people; person++) {
      offer(1, person);
      if (random.nextBoolean()) {
        offer(2, person);
      }
    }
  }

  private void offer(long need, long person) {
    var id = new OfferId(need * 100 + person);
    var until = START.plus(Duration.ofHours(1));
    offers.put(
        id,
        new Offer(
            id,
            new NeedId(need),
            new VolunteerId(person),
            "P" + person,
            new Phone("+96650000000" + person % 10),
            Language.EN,
            Optional.of(1L),
            "F" + id.value(),
            true,
            State.OPEN,
            START,
            until,
            Optional.empty(),
            0.3,
            Journey.NONE));
  }

  private static Need need(Row row) {
    return new Need(
        row.id,
        new CrisisId(1),
        Mode.LIVE,
        ZoneOffset.UTC,
        TITLE,
        Set.of(),
        Set.of(),
        false,
        Need.GROWN_UP,
        row.people,
        row.filled,
        Math.max(0, row.filled - row.people),
        row.standby,
        new Point(46.7, 24.7),
        START.plus(Duration.ofHours(1)),
        START.plus(Duration.ofHours(5)),
        START.plus(Duration.ofHours(1)),
        Priority.LIFE,
        Need.State.CALLING,
        Optional.empty(),
        START,
        1,
        Optional.of(1L),
        Optional.of(START),
        0,
        Optional.empty(),
        Optional.empty());
  }

  // --- the machinery

  long digest() {
    return digest;
  }

  List<String> lines() {
    return List.copyOf(trace);
  }

  private void in(long delay, Runnable what) {
    events.add(new Event(ms + delay, order++, what));
  }

  private void note(String what, long first, String second) {
    digest = Long.rotateLeft((digest ^ what.hashCode() ^ first) * 0x9E3779B97F4A7C15L, 29);
    digest = digest * 31 + second.hashCode() + ms;
    trace.addLast(ms + " ms  " + what + " " + first + " " + second);
    if (!whole && trace.size() > LINES) {
      trace.removeFirst();
    }
  }

  private void that(boolean holds, String rule) {
    if (!holds) {
      var how = bug == Bug.NONE ? "" : " with " + bug;
      throw new Violation(
          rule
              + ("\nseed " + seed + how + ", replay it with -Dfazaa.seed=" + seed + "\n")
              + String.join("\n", trace));
    }
  }

  void run() {
    int many = 10 + random.nextInt(20);
    for (int i = 0; i < many; i++) {
      in(random.nextInt(LONG_MS), this::say);
    }
    for (int i = 0; i < 4; i++) {
      in(random.nextInt(LONG_MS), this::staff);
      in(random.nextInt(LONG_MS), this::nobodyIsLeft);
    }
    in(LONG_MS * 2, this::fetch);
    for (var event = events.poll(); event != null; event = events.poll()) {
      ms = event.at;
      event.what.run();
      check();
    }
    for (var one : said) {
      that(outcomes.containsKey(one.id), "P1 every reply comes to an end, " + one.id);
    }
  }

  private void check() {
    for (var row : needs.values()) {
      that(count(row, State.ASSIGNED) == row.filled, "filled is who has a place, " + row.id);
      that(count(row, State.STANDBY) == row.standby, "standby is who stands by, " + row.id);
    }
    var placed = new HashSet<VolunteerId>();
    for (var offer : offers.values()) {
      boolean assigned = offer.state() == State.ASSIGNED;
      that(!assigned || placed.add(offer.volunteer()), "nobody is in two places at once");
      boolean held = assigned || offer.state() == State.STANDBY || offer.state() == State.OPEN;
      that(!held || !stopped.contains(offer.phone()), "P5 whoever said stop is out of it");
      that(!held || !freed.contains(offer.phone()), "P5 whose phone it is not is out of it");
      var journey = offer.journey();
      boolean came =
          journey.onWay().isPresent()
              || journey.arrived().isPresent()
              || journey.left().isPresent();
      boolean had = assigned || offer.state() == State.WITHDRAWN || offer.state() == State.RELEASED;
      that(!came || had, "P6 whoever came has or had a place");
      that(!journey.lastResort() || offer.state() == State.OPEN, "P7 the last are still asked");
    }
  }

  private int count(Row row, State state) {
    int many = 0;
    for (var offer : offers.values()) {
      many += offer.need().equals(row.id) && offer.state() == state ? 1 : 0;
    }
    return many;
  }

  // --- people and staff

  private void say() {
    var all = List.copyOf(offers.values());
    var offer = all.get(random.nextInt(all.size()));
    var meaning =
        random.nextBoolean()
            ? List.of(Meaning.YES, Meaning.NO, Meaning.DROP).get(random.nextInt(3))
            : Meaning.values()[random.nextInt(Meaning.values().length)];
    var when = Arrival.values()[random.nextInt(Arrival.values().length)];
    var code = random.nextBoolean() ? offer.code() : null;
    var one =
        new Said(
            said.size(),
            offer.phone(),
            meaning,
            random.nextInt(8) > 0,
            when,
            code,
            offer.id().about());
    said.add(one);
    note("says", one.id, meaning + " about " + offer.id());
    int copies = new int[] {0, 1, 1, 2, 3}[random.nextInt(5)];
    for (int i = 0; i < copies; i++) {
      in(random.nextInt(random.nextInt(4) == 0 ? 120_000 : 2_000), () -> keep(one));
    }
  }

  // TakeReply.KEEP: unique by the provider's id
  private void keep(Said one) {
    if (!known.add(one.id) && bug != Bug.REPLY_COUNTED_TWICE) {
      return;
    }
    waiting.add(one);
    note("kept", one.id, "");
    // The hint may be lost, then the poll finds it; a worker may die before its commit.
    for (int node = 0; node < 2; node++) {
      in(random.nextInt(random.nextInt(3) == 0 ? 5_000 : 50), this::work);
    }
  }

  // ReconcileTexts, once all else is over
  private void fetch() {
    said.forEach(this::keep);
    in(10_000, this::workOff);
  }

  private void workOff() {
    while (!waiting.isEmpty()) {
      answer();
      check();
    }
  }

  private void staff() {
    var row = needs.get(new NeedId(1 + random.nextInt(2)));
    if (random.nextBoolean()) { // EditNeed
      row.people = Math.max(1, row.people + random.nextInt(4) - 2);
      note("people", row.id.value(), "" + row.people);
      promote(row);
      standDown(row);
      return;
    }
    var holders = held(row, State.ASSIGNED);
    if (!holders.isEmpty()) { // ReleasePlace
      free(holders.getFirst(), State.RELEASED);
    }
  }

  // --- AnswerReplies

  private void work() {
    if (random.nextInt(20) == 0) {
      in(random.nextInt(35_000), this::work); // it died: its transaction never was
    } else if (!waiting.isEmpty()) {
      answer();
    }
  }

  // Inbox.CLAIM, the oldest first, and FINISH
  private void answer() {
    var one = waiting.removeFirst();
    var known = outcomes.put(one.id, effect(one));
    note("came to", one.id, outcomes.get(one.id));
    that(known == null, "P1 a message has one effect, " + one.id);
  }

  private String effect(Said one) {
    if (freed.contains(one.from)) return "for a person"; // of nobody we know
    return meant(one);
  }

  private String meant(Said one) {
    var reply =
        new Reply(
            one.id,
            one.from,
            "",
            one.meaning,
            one.code,
            one.about,
            now(),
            "sms",
            one.code == null,
            false);
    return switch (Meant.of(reply, offersOf(reply))) {
      case Meant.One(var offer) -> {
        var standing = Standing.of(offer, need(needs.get(offer.need())), now());
        yield act(Effect.of(one.meaning, one.sure, standing), offer, one);
      }
      case Meant.OneOf(var several) -> "asked which";
      case Meant.AfterNo(var offer) -> "asked for a digit";
      case Meant.None none -> "for a person";
    };
  }

  // TakeEffect.act
  private String act(Effect effect, Offer offer, Said one) {
    return switch (effect) {
      case TAKE, TAKE_AGAIN, SAY_OVER -> take(offer);
      case LEAVE -> decline(offer);
      case STOP -> stop(one.from);
      case START -> {
        stopped.remove(one.from);
        yield "started";
      }
      case FREE_PHONE -> {
        stop(one.from);
        stopped.remove(one.from);
        freed.add(one.from);
        yield "freed";
      }
      case ASK_TIME -> askTime(offer);
      case WEIGH ->
          switch (one.when) {
            case UNKNOWN -> askTime(offer);
            case IN_TIME -> take(offer);
            case LATE -> mark(offer, offer.journey().expected(now()));
            case TOO_LATE -> decline(offer);
          };
      case EXPECT -> mark(offer, offer.journey().expected(now()));
      case KEEP_LAST -> {
        if (stopped.contains(offer.phone())) yield "for a person";
        if (offer.state() != State.OPEN) change(offer, State.OPEN);
        yield mark(offers.get(offer.id()), Journey.NONE.asLast());
      }
      case SET_OUT -> onceTaken(offer, journey -> journey.setOut(now()));
      case ARRIVE -> onceTaken(offer, journey -> journey.arrive(now()));
      case BRING -> onceTaken(offer, journey -> journey.with(3));
      case DEPART ->
          offer.state() == State.ASSIGNED ? mark(offer, offer.journey().leave(now())) : "known";
      case SAY_HELP, SAY_WHO, SAY_AREA, SAY_PLACE, NOTHING -> "told";
      case DANGER, PERSON -> "for a person";
    };
  }

  private String askTime(Offer offer) {
    return offer.state() == State.OPEN ? mark(offer, offer.journey().lean()) : "asked for a time";
  }

  private String onceTaken(Offer offer, UnaryOperator<Journey> step) {
    var took = offer.state() == State.ASSIGNED ? "theirs" : take(offer);
    var now = offers.get(offer.id());
    return now.state() == State.ASSIGNED ? mark(now, step.apply(now.journey())) : took;
  }

  // Held.MARK
  private String mark(Offer offer, Journey journey) {
    note("noted", offer.id().value(), "");
    offers.put(offer.id(), offer.with(journey));
    return "noted";
  }

  // SendRound.callTheLast
  private void nobodyIsLeft() {
    var row = needs.get(new NeedId(1 + random.nextInt(2)));
    var last =
        held(row, State.OPEN).stream()
            .filter(offer -> offer.journey().lastResort() && elsewhere(offer).isEmpty())
            .limit(Math.max(0, row.people - row.filled))
            .toList();
    for (var offer : last) {
      row.filled++;
      change(offer, State.ASSIGNED);
    }
    standDown(row);
  }

  // Held.FIND_OFFERS
  private List<Offer> offersOf(Reply reply) {
    return offers.values().stream()
        .filter(offer -> offer.phone().equals(reply.from()))
        .filter(
            offer ->
                offer.id().about().equals(reply.about())
                    || offer.state() == State.OPEN
                    || offer.state() == State.ASSIGNED
                    || offer.state() == State.STANDBY)
        .toList();
  }

  // TakeOffer.act
  private String take(Offer offer) {
    var row = needs.get(offer.need());
    var asked =
        new Asked(need(row), offer, stopped.contains(offer.phone()), false, elsewhere(offer));
    var outcome = TakeOffer.decide(asked, now());
    if (bug == Bug.NEED_NOT_LOCKED && outcome instanceof TakeOffer.Outcome.Assigned) {
      in(random.nextInt(5_000), () -> giveUnseen(offer.id()));
      return "assigned";
    }
    return switch (outcome) {
      case TakeOffer.Outcome.Assigned yes -> {
        give(offer);
        yield "assigned";
      }
      case TakeOffer.Outcome.OnStandby extra -> {
        if (offer.state() != State.STANDBY) { // Held.keepOnStandby
          row.standby++;
          change(offer, State.STANDBY);
        }
        yield "standby";
      }
      case TakeOffer.Outcome.Full full -> {
        change(offer, State.TOO_LATE);
        yield "full";
      }
      case TakeOffer.Outcome.AlreadyYours yours -> "already theirs";
      case TakeOffer.Outcome.Closed closed -> "closed";
      case TakeOffer.Outcome.Overlaps overlaps -> "busy then";
      case TakeOffer.Outcome.Stopped stop -> "for a person";
      case TakeOffer.Outcome.Lacking lacking -> "for a person";
      case TakeOffer.Outcome.NoSuchOffer none -> "no such offer";
    };
  }

  // Held.give: COUNT, with its condition
  private void give(Offer offer) {
    var row = needs.get(offer.need());
    that(row.filled < row.people, "P3 never more than there are places, " + row.id);
    row.standby -= offer.state() == State.STANDBY ? 1 : 0;
    row.filled++;
    change(offer, State.ASSIGNED);
    standDown(row);
  }

  private void giveUnseen(OfferId id) {
    var offer = offers.get(id);
    if (offer.state() == State.OPEN) {
      give(offer);
    }
  }

  // Held.Own.takesThatTimeOf
  private Optional<Asked.Elsewhere> elsewhere(Offer offer) {
    return offers.values().stream()
        .filter(other -> other.volunteer().equals(offer.volunteer()))
        .filter(other -> !other.need().equals(offer.need()))
        .filter(other -> other.state() == State.ASSIGNED)
        .findFirst()
        .map(other -> new Asked.Elsewhere(TITLE, other.code()));
  }

  // DeclineOffer.act
  private String decline(Offer offer) {
    return switch (offer.state()) {
      case OPEN, STOOD_DOWN, EXPIRED, TOO_LATE -> {
        change(offer, State.DECLINED);
        yield "declined";
      }
      case ASSIGNED, STANDBY -> {
        free(offer, State.WITHDRAWN);
        yield "gave back";
      }
      case DECLINED, WITHDRAWN, RELEASED -> "known";
    };
  }

  // StopAsking.run
  private String stop(Phone phone) {
    for (var offer : List.copyOf(offers.values())) {
      var now = offers.get(offer.id());
      if (!now.phone().equals(phone)) {
        continue;
      }
      switch (now.state()) {
        case OPEN -> change(now, State.DECLINED);
        case ASSIGNED, STANDBY -> {
          if (bug != Bug.STOP_KEEPS_THE_PLACE) {
            free(now, State.WITHDRAWN);
          }
        }
        case DECLINED, WITHDRAWN, RELEASED, TOO_LATE, STOOD_DOWN, EXPIRED -> {}
      }
    }
    stopped.add(phone);
    return "stopped";
  }

  // Held.free: COUNT, then Places.PROMOTE
  private void free(Offer offer, State state) {
    var row = needs.get(offer.need());
    change(offer, state);
    if (offer.state() == State.STANDBY) {
      row.standby--;
      return;
    }
    row.filled--;
    promote(row);
  }

  // Places.PROMOTE
  private void promote(Row row) {
    int places = Math.max(0, row.people - row.filled);
    var free =
        held(row, State.STANDBY).stream()
            .filter(offer -> elsewhere(offer).isEmpty())
            .sorted(
                Comparator.comparing((Offer offer) -> offer.answeredAt().orElseThrow())
                    .thenComparing(offer -> offer.id().value()))
            .limit(bug == Bug.EVERYBODY_MOVES_UP ? Long.MAX_VALUE : places)
            .toList();
    for (var offer : free) {
      row.standby--;
      row.filled++;
      change(offer, State.ASSIGNED);
      that(row.filled <= row.people, "P3 never more move up than there are places, " + row.id);
    }
  }

  // Places.STAND_DOWN
  private void standDown(Row row) {
    if (row.filled >= row.people) {
      held(row, State.OPEN).stream()
          .filter(offer -> !offer.journey().lastResort())
          .forEach(offer -> change(offer, State.STOOD_DOWN));
    }
  }

  private List<Offer> held(Row row, State state) {
    return offers.values().stream()
        .filter(offer -> offer.need().equals(row.id) && offer.state() == state)
        .toList();
  }

  private Instant now() {
    return START.plusMillis(ms);
  }

  // Held.CHANGE
  private void change(Offer offer, State state) {
    note("offer", offer.id().value(), state.word());
    offers.put(
        offer.id(),
        new Offer(
            offer.id(),
            offer.need(),
            offer.volunteer(),
            offer.name(),
            offer.phone(),
            offer.language(),
            offer.envelope(),
            offer.code(),
            offer.life(),
            state,
            offer.askedAt(),
            offer.validUntil(),
            Optional.of(offer.answeredAt().orElse(now())),
            offer.rate(),
            offer.in(state).journey()));
  }
}
