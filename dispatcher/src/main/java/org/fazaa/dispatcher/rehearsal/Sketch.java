package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.fazaa.dispatcher.callout.Delay;
import org.fazaa.dispatcher.callout.Forecast;
import org.fazaa.dispatcher.callout.LearnAnswers;
import org.fazaa.dispatcher.callout.Learned;
import org.fazaa.dispatcher.callout.Line;
import org.fazaa.dispatcher.callout.Lines;
import org.fazaa.dispatcher.callout.Lines.Holding;
import org.fazaa.dispatcher.callout.MakeOffers;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.callout.Policy;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.callout.Rates;
import org.fazaa.dispatcher.callout.SendRound;
import org.fazaa.dispatcher.callout.Trust;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Contacts.Event;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.notifier.Way;

/**
 * A rehearsal in memory: the same people, the same roster, the same learning and the same policy,
 * without a database and without words, so that many seeds can be tried. On the same answers it
 * decides the same.
 */
final class Sketch {
  private static final int LEARN_PER_TURN = 500;
  private static final int TENTHS = 10;
  private static final Set<String> HOLDS = Set.of("assigned", "promoted");
  private static final Set<String> WILLING = Set.of("standby", "too_late");

  /** A need is scored when it is settled who had a place at its deadline. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final Script script;
  private final List<SketchPerson> people;
  private final Voices voices;
  private final Policy policy;
  private final RandomGenerator seeds;
  private final Roster roster;
  private final VirtualClock clock;
  private final SketchAnswers answers = new SketchAnswers(new Stage());

  private final List<SketchNeed> needs = new ArrayList<>();
  private final List<SketchNeed> running = new ArrayList<>();
  private final List<SketchOffer> offers = new ArrayList<>();
  private final PriorityQueue<SketchOffer> expiring =
      new PriorityQueue<>(Comparator.comparing((SketchOffer one) -> one.validUntil));
  private final PriorityQueue<Speech> speeches = new PriorityQueue<>(Speech.IN_ORDER);
  private final List<SketchOffer> ended = new ArrayList<>();
  private final Set<SketchPerson> changed = new LinkedHashSet<>();
  private final Set<VolunteerId> held = new HashSet<>();
  private final Set<VolunteerId> heldForLife = new HashSet<>();
  private final List<Happening> happenings = new ArrayList<>();
  private final List<Happened.Forecast> forecasts = new ArrayList<>();
  private final List<Forecasted> unscored = new ArrayList<>();
  private final Scores scores = new Scores();
  private final List<Duration> decisions = new ArrayList<>();
  private final Learned learned = new Learned();
  private Rates rates = Rates.FIRST;
  private int notices;
  private long spoken;

  /**
   * @param people in the order of their numbers
   * @param seeds one for each round
   */
  Sketch(
      Script script,
      List<SketchPerson> people,
      Voices voices,
      Policy policy,
      RandomGenerator seeds) {
    this.script = script;
    this.people = people;
    this.voices = voices;
    this.policy = policy;
    this.seeds = seeds;
    this.roster = Roster.of(people.stream().map(SketchPerson::person).toList());
    this.clock = new VirtualClock(script.begins());
  }

  /** With so many people who are invented, and say what the hidden truth makes them say. */
  static Sketch of(Rehearsal.Input input, Script script, int count) {
    var truth = Truth.of(input.seed(), input.regime(), script.zone());
    var incidents = script.incidents();
    var people = new ArrayList<SketchPerson>(count);
    var inTruth = new Truth.Person[count];
    for (var n = 0; n < count; n++) {
      var one = SyntheticVolunteers.one(n, incidents, input.seed());
      people.add(new SketchPerson(n + 1, one.home(), one.skills(), script.begins()));
      inTruth[n] = truth.person(n + 1, one.home());
    }
    var voices = new TruthVoices(truth, inTruth);
    var sketches = new Sketch[1];
    var policy =
        Rehearsal.policy(
            input,
            (need, volunteer, now) ->
                voices.chance(sketches[0].needs.get((int) need.value() - 1), volunteer, now));
    sketches[0] = new Sketch(script, people, voices, policy, Rehearsal.seeds(input));
    return sketches[0];
  }

  /** Somebody says something about an offer. */
  private record Speech(
      Instant at, long turn, long order, SketchOffer offer, Answers.Intent intent, int silenced) {
    static final Comparator<Speech> IN_ORDER =
        Comparator.comparing(Speech::at)
            .thenComparingLong(Speech::turn)
            .thenComparingLong(Speech::order);
  }

  private record Happening(SketchOffer offer, Instant at, String what) {}

  private record Forecasted(SketchNeed need, int envelope, double slack, double calculated) {}

  /** What came of forecasts, by class, early and late. */
  private static final class Scores {
    private final List<Trust.Counts> counts =
        Stream.generate(Trust.Counts::new)
            .limit((long) Priority.values().length * Trust.PHASES)
            .toList();
    private final Trust.Counts all = new Trust.Counts();
    private Instant at = Instant.MAX;

    private Trust.Counts of(Priority priority, double slack) {
      return counts.get(priority.ordinal() * Trust.PHASES + Trust.phase(slack));
    }

    Trust trust(Priority priority, double slack, Instant now) {
      fade(now);
      return Trust.of(of(priority, slack), all);
    }

    void add(Forecasted one, boolean cameTrue, Instant now) {
      fade(now);
      of(one.need.priority(), one.slack).add(one.calculated, cameTrue);
      all.add(one.calculated, cameTrue);
    }

    private void fade(Instant now) {
      if (now.isAfter(at)) {
        var time = Duration.between(at, now);
        for (var one : counts) one.fade(time);
        all.fade(time);
      }
      at = now;
    }
  }

  // --- the course of time

  Happened play() {
    var scenes = script.scenes();
    var next = 0;
    var due = script.begins();
    while (due != null) {
      clock.moveTo(due);
      var now = clock.instant();
      answers.at(now);
      while (next < scenes.size() && !scenes.get(next).incident().at().isAfter(now)) {
        open(scenes.get(next++), now);
      }
      settle(now);
      due = nextDue(next < scenes.size() ? scenes.get(next).incident().at() : null);
    }
    return happened();
  }

  private void settle(Instant now) {
    while (!speeches.isEmpty() && !speeches.peek().at.isAfter(now)) {
      var speech = speeches.poll();
      if (speech.silenced == speech.offer.silenced) answers.take(speech.offer, speech.intent);
    }
    while (!expiring.isEmpty() && !expiring.peek().validUntil.isAfter(now)) {
      answers.expire(expiring.poll());
    }
    for (var need : List.copyOf(running)) {
      if (need.endsAt.isAfter(now)) continue;
      answers.close(need);
      running.remove(need);
    }
    learn(now);
    while (decide(now)) learn(now);
    for (var need : running) forecast(need, now);
    score(now);
  }

  private Instant nextDue(Instant scene) {
    var due = scene;
    if (!speeches.isEmpty()) due = earlier(due, speeches.peek().at);
    while (!expiring.isEmpty() && expiring.peek().state != State.OPEN) expiring.poll();
    if (!expiring.isEmpty()) due = earlier(due, expiring.peek().validUntil);
    for (var need : running) {
      due = earlier(due, need.endsAt);
      due = earlier(due, need.nextRoundAt);
      if (!need.isFull() && need.tenth + 1 < TENTHS)
        due = earlier(due, tenth(need, need.tenth + 1));
    }
    for (var one : unscored) due = earlier(due, one.need.fillBy.plus(GRACE));
    return due;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one == null || other.isBefore(one) ? other : one;
  }

  // --- needs come in, and are called out for

  private void open(Script.Scene scene, Instant now) {
    var need = new SketchNeed(needs.size(), Coordinator.draft(scene, now), script.zone(), now);
    needs.add(need);
    running.add(need);
    callOut(need, now);
  }

  private void callOut(SketchNeed need, Instant now) {
    tellRoster();
    var line = line(need, now);
    need.envelope++;
    need.textsLeft = ProposeEnvelope.texts(line, now);
    need.state = Need.State.CALLING;
    need.needsHumanAt = null;
    need.nextRoundAt = now;
    if (now.isBefore(need.fillBy)) keep(need, Forecast.of(line, need.textsLeft, now), true, now);
  }

  private Line line(SketchNeed sketched, Instant now) {
    var need = sketched.need();
    var holding = new Holding(held, heldForLife);
    var query = Lines.query(need, sketched.area, sketched.asked, holding, now);
    var slack = Line.slack(sketched.openedAt, sketched.fillBy, now);
    var known =
        new Lines.Known(
            rates, scores.trust(sketched.priority(), slack, now), lag(sketched.district));
    return Lines.line(
        need, query, sketched.silent(), sketched.due(rates, now), holding, known, roster);
  }

  private double lag(String district) {
    var here = new double[2];
    var all = new double[2];
    for (var need : running) {
      var filled = Math.min(need.filled, need.draft.people());
      all[0] += filled;
      all[1] += need.draft.people();
      if (!need.district.equals(district)) continue;
      here[0] += filled;
      here[1] += need.draft.people();
    }
    return Line.lag(here[0], here[1], all[0], all[1]);
  }

  private void tellRoster() {
    if (changed.isEmpty()) return;
    roster.change(changed.stream().map(SketchPerson::person).toList(), List.of());
    changed.clear();
  }

  // --- rounds

  private boolean decide(Instant now) {
    var due =
        running.stream()
            .filter(need -> need.state == Need.State.CALLING && need.endsAt.isAfter(now))
            .filter(need -> !need.nextRoundAt.isAfter(now))
            .sorted(
                Comparator.comparing((SketchNeed need) -> need.priority() != Priority.LIFE)
                    .thenComparing(need -> need.nextRoundAt)
                    .thenComparingInt(need -> need.rank))
            .limit(SendRound.NEEDS_PER_ROUND)
            .toList();
    if (due.isEmpty()) return false;
    tellRoster();
    var started = System.nanoTime();
    var lines = due.stream().map(need -> line(need, now)).toList();
    var plan =
        policy.decide(new Policy.Board(now, SendRound.TEXTS_PER_ROUND, seeds.nextLong(), lines));
    carryOut(plan, now);
    decisions.add(Duration.ofNanos(System.nanoTime() - started));
    return true;
  }

  private void carryOut(Policy.Plan plan, Instant now) {
    var asks = new LinkedHashMap<Integer, List<Policy.Ask>>();
    for (var ask : plan.asks()) {
      asks.computeIfAbsent((int) ask.need().value() - 1, any -> new ArrayList<>()).add(ask);
    }
    var made = new ArrayList<Policy.Ask>();
    var usedUp = new ArrayList<SketchNeed>();
    for (var verdict : plan.verdicts()) {
      var need = needs.get((int) verdict.need().value() - 1);
      var wanted = asks.getOrDefault(need.rank, List.of());
      var within = wanted.subList(0, Math.min(wanted.size(), need.textsLeft));
      made.addAll(within);
      need.textsLeft -= within.size();
      if (!within.isEmpty()) need.lastWaveAt = now;
      need.nextRoundAt = need.isFull() ? need.endsAt : verdict.lookAgain();
      var stuck = verdict.needsHuman() || within.size() < wanted.size();
      need.needsHumanAt = !stuck ? null : need.needsHumanAt == null ? now : need.needsHumanAt;
      if (verdict.needsHuman() && need.signalledAt == null) need.signalledAt = now;
      if (within.size() < wanted.size()) usedUp.add(need);
    }
    made.sort(Comparator.comparing(ask -> ask.option().volunteer()));
    for (var ask : made) ask(ask, now);
    for (var need : usedUp) {
      need.state = Need.State.PAUSED;
      callOut(need, now);
    }
  }

  private void ask(Policy.Ask ask, Instant now) {
    var need = needs.get((int) ask.need().value() - 1);
    var person = people.get((int) ask.option().volunteer().value() - 1);
    ask(need, person, ask.option(), ask.factors().rate(), true, now);
  }

  private void ask(
      SketchNeed need,
      SketchPerson person,
      Line.Option option,
      double rate,
      boolean chosen,
      Instant now) {
    var until = MakeOffers.validUntil(need.need(), now);
    var offer = new SketchOffer(offers.size(), need, person, option, rate, chosen, now, until);
    offers.add(offer);
    need.offers.add(offer);
    need.asked.add(person.id);
    expiring.add(offer);
    SketchAnswers.hold(offer, this::hold);
    var sums = new SketchPerson.Sums();
    sums.add(need.priority().kind(), Event.ASKED, 1);
    person.record(sums, now);
    voices.asked(offer, now).ifPresent(said -> speak(offer, said, now));
  }

  private void hold(SketchPerson person) {
    changed.add(person);
    var open = person.openForLife != null || person.openOrdinary != null;
    if (open) held.add(person.id);
    else held.remove(person.id);
    if (person.openForLife != null) heldForLife.add(person.id);
    else heldForLife.remove(person.id);
  }

  // What happens in the same second happens together.
  private void speak(SketchOffer offer, Voices.Said said, Instant now) {
    var at = now.plus(said.after());
    var second = Instant.ofEpochSecond(at.getEpochSecond() + (at.getNano() > 0 ? 1 : 0));
    var order = spoken++;
    speeches.add(new Speech(second, said.turn(), order, offer, said.intent(), offer.silenced));
  }

  /** What answers stir. */
  private final class Stage implements SketchAnswers.Stage {
    @Override
    public void ended(SketchOffer offer) {
      hold(offer.person);
      ended.add(offer);
    }

    @Override
    public void happened(SketchOffer offer, String what) {
      hold(offer.person);
      happenings.add(new Happening(offer, clock.instant(), what));
    }

    @Override
    public void tell(SketchOffer offer, Truth.Notice notice) {
      notices++;
      var told = voices.told(offer, notice, clock.instant());
      if (told.silenced()) offer.silenced++;
      told.says().ifPresent(said -> speak(offer, said, clock.instant()));
    }

    @Override
    public void changed(SketchPerson person) {
      hold(person);
    }

    @Override
    public boolean mayStillAnswer(SketchOffer offer) {
      var silence = Duration.between(offer.askedAt, clock.instant());
      return Delay.FIRST.mayStillAnswer(offer.rate, silence);
    }

    // The nearest other need that they suit, the most urgent first.
    @Override
    public boolean askNext(SketchOffer offer) {
      var now = clock.instant();
      var person = offer.person;
      var next =
          running.stream()
              .filter(need -> need.state == Need.State.CALLING && !need.isFull())
              .filter(need -> need.endsAt.isAfter(now) && need.textsLeft > 0)
              .filter(need -> !need.asked.contains(person.id) && need.hasAll(person.skills))
              .filter(need -> person.places.stream().noneMatch(one -> one.need.overlaps(need)))
              .filter(need -> need.area.contains(person.home))
              .min(
                  Comparator.comparing(SketchNeed::priority)
                      .thenComparingDouble(need -> need.place().kmTo(person.home))
                      .thenComparingInt(need -> need.rank));
      if (next.isEmpty() || isHeld(person, next.get())) return false;
      var need = next.get();
      need.textsLeft--;
      ask(need, person, null, Rates.MOST_CERTAIN, false, now);
      return true;
    }
  }

  private static boolean isHeld(SketchPerson person, SketchNeed need) {
    return switch (need.priority()) {
      case LIFE -> person.openForLife != null;
      case URGENT, PLANNED -> person.openOrdinary != null;
    };
  }

  // --- what is learned

  private void learn(Instant now) {
    while (!ended.isEmpty()) {
      ended.sort(Comparator.comparingInt(one -> one.number));
      var batch = ended.subList(0, Math.min(LEARN_PER_TURN, ended.size()));
      learn(List.copyOf(new LinkedHashSet<>(batch)), now);
      batch.clear();
    }
  }

  private void learn(Collection<SketchOffer> batch, Instant now) {
    var before = rates;
    var taught = new Learned();
    var sums = new LinkedHashMap<SketchPerson, SketchPerson.Sums>();
    var any = false;
    for (var one : batch) {
      if (one.counted || one.state == State.OPEN) continue;
      one.counted = true;
      any = true;
      var kind = one.need.priority().kind();
      var ease = one.option == null ? 1 : one.option.ease();
      var time = Duration.between(one.askedAt, one.changedAt);
      var heard = LearnAnswers.heard(one.state, before.delay(Way.SMS), time);
      var sum = sums.computeIfAbsent(one.person, person -> new SketchPerson.Sums());
      for (var event : LearnAnswers.events(one.state)) {
        sum.add(kind, event, LearnAnswers.weight(event, ease, heard));
      }
      if (one.chosen) taught.add(taught(one, heard), before);
    }
    sums.forEach(
        (person, sum) -> {
          person.record(sum, now);
          changed.add(person);
        });
    if (!any) return;
    learned.grow(taught, now);
    rates = new Rates(learned);
  }

  private Learned.Ended taught(SketchOffer one, double heard) {
    var option = one.option;
    return new Learned.Ended(
        one.need.priority().kind(),
        Way.SMS,
        one.rate / option.ease(),
        option.km(),
        one.askedAt.atZone(script.zone()).getHour(),
        option.recent(),
        option.asked(),
        LearnAnswers.saidYes(one.state),
        heard,
        one.answered().map(at -> Duration.between(one.askedAt, at)));
  }

  // --- forecasts

  private static Instant tenth(SketchNeed need, int tenth) {
    var time = Duration.between(need.openedAt, need.fillBy);
    return need.openedAt.plus(time.multipliedBy(tenth).dividedBy(TENTHS));
  }

  private void forecast(SketchNeed need, Instant now) {
    var due = need.tenth;
    while (due + 1 < TENTHS && !tenth(need, due + 1).isAfter(now)) due++;
    if (due == need.tenth || need.isFull() || !need.fillBy.isAfter(now)) return;
    need.tenth = due;
    tellRoster();
    keep(need, Forecast.of(line(need, now), need.textsLeft, now), false, now);
  }

  private void keep(SketchNeed need, Forecast forecast, boolean atPress, Instant now) {
    forecasts.add(new Happened.Forecast(need.rank, now, atPress, forecast.chance()));
    var slack = Line.slack(need.openedAt, need.fillBy, now);
    unscored.add(new Forecasted(need, need.envelope, slack, forecast.calculated()));
  }

  private void score(Instant now) {
    unscored.removeIf(
        one -> {
          if (one.need.fillBy.plus(GRACE).isAfter(now)) return false;
          scores.add(one, heldAt(one) >= one.need.draft.people(), now);
          return true;
        });
  }

  // As ScoreForecasts does: what a later envelope brought was not promised.
  private int heldAt(Forecasted said) {
    var inTime =
        happenings.stream()
            .filter(one -> one.offer.need == said.need && !one.at.isAfter(said.need.fillBy))
            .toList();
    var helped = inTime.stream().anyMatch(one -> one.offer.envelope > said.envelope);
    var holders = new HashSet<SketchOffer>();
    for (var one : inTime) {
      if (one.offer.envelope > said.envelope) continue;
      if (HOLDS.contains(one.what) || (helped && WILLING.contains(one.what))) {
        holders.add(one.offer);
      } else holders.remove(one.offer);
    }
    return holders.size();
  }

  // --- what is told of it

  private Happened happened() {
    var inOrder =
        offers.stream()
            .sorted(
                Comparator.comparingInt((SketchOffer one) -> one.need.rank)
                    .thenComparing(one -> one.person.id))
            .toList();
    var places = new HashMap<SketchOffer, Integer>();
    for (var one : inOrder) places.put(one, places.size());
    return new Happened(
        people.stream().map(one -> one.skills).toList(),
        needs.stream().map(this::told).toList(),
        inOrder.stream().map(this::told).toList(),
        happenings.stream()
            .map(one -> new Happened.Event(places.get(one.offer), one.at, one.what))
            .toList(),
        List.copyOf(forecasts),
        List.copyOf(decisions),
        notices,
        0);
  }

  private Happened.Need told(SketchNeed need) {
    return new Happened.Need(
        need.rank,
        need.priority(),
        need.draft.people(),
        need.draft.skills(),
        need.place(),
        need.openedAt,
        need.fillBy,
        need.endsAt,
        Optional.ofNullable(need.signalledAt),
        need.filled,
        need.state.word(),
        voices.texts(need));
  }

  private Happened.Offer told(SketchOffer one) {
    return new Happened.Offer(
        one.need.rank,
        one.person.id.value(),
        one.askedAt,
        one.changedAt,
        one.answered(),
        one.state,
        one.rate,
        one.option == null ? one.need.place().kmTo(one.person.home) : one.option.km(),
        voices.wasWilling(one),
        voices.travel(one),
        voices.comes(one));
  }
}
