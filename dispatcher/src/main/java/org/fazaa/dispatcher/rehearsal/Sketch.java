package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.util.*;
import org.fazaa.dispatcher.callout.*;
import org.fazaa.dispatcher.crisis.*;
import org.fazaa.dispatcher.people.*;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Way;

/** scratch */
public final class Sketch {
  static final long STEP = 5_000;
  static final int LIMIT = 100, PER_PLACE = 60, MOST = 3000;

  static final class Soul {
    long id; double lon, lat; Point place; long skills; Truth.Person truth;
    double[] t = new double[6]; double fatigue; long contactAt; long lastAsked = Long.MIN_VALUE;
    long busyFrom = Long.MIN_VALUE, busyUntil = Long.MIN_VALUE; boolean stopped;
    OfferRow open, openLife;
    List<OfferRow> held = new ArrayList<>(1);
    int texts;
    History history(Instant now) {
      return new History(new Tally(t[0], t[1]), new Tally(t[2], t[3]), new Tally(t[4], t[5]), fatigue, Instant.ofEpochMilli(contactAt)).at(now);
    }
    void fade(long now) {
      var age = Math.max(0, now - contactAt) / 1000.0;
      var f = Math.pow(0.5, age / (60 * 86400));
      for (int i = 0; i < 6; i++) t[i] *= f;
      fatigue *= Math.exp(-age / (7 * 86400));
      contactAt = Math.max(now, contactAt);
    }
  }

  enum S { OPEN, DECLINED, ASSIGNED, STANDBY, WITHDRAWN, TOO_LATE, STOOD_DOWN, EXPIRED }

  static final class OfferRow {
    NeedRow need; Soul soul; long askedAt, validUntil, changedAt, answeredAt = -1, assignedAt = -1; S state = S.OPEN; double rate, ease, km, recent, asked; boolean counted, refused; int hour; boolean texted = true;
    Truth.Offer truth; boolean answerPending; int gen; double price; boolean everHeld;
  }

  static final class NeedRow {
    int rank; Priority priority; int people, filled, standby, yes; Point place; long skills; Set<Skill> skillSet; Instant starts, ends, fillBy, opened; long endsMs, startsMs, fillByMs;
    long calledAt, lastWave = Long.MIN_VALUE, next; boolean closed; List<OfferRow> offers = new ArrayList<>(); Set<Soul> askedSouls = new HashSet<>(); int[] near; float[] kms; long humanAt = -1; int filledInTime; int texts; boolean late; boolean half; double halfChance = Double.NaN; double pressChance = Double.NaN; double maxCh; Boolean met; int firstHalfMiss;
    List<double[]> said = new ArrayList<>(); String district; long lastSaid;
  }

  record Ev(long at, long seq, OfferRow offer, int gen, Answers.Intent intent) {}

  final Script script; final Policy policy; final Soul[] souls; final Truth truth; final long begin; long now; long seq;
  final PriorityQueue<Ev> events = new PriorityQueue<>(Comparator.comparingLong(Ev::at).thenComparingLong(Ev::seq));
  final List<NeedRow> needs = new ArrayList<>(); final List<NeedRow> active = new ArrayList<>();
  final List<OfferRow> offers = new ArrayList<>(); final List<OfferRow> uncounted = new ArrayList<>();
  final PriorityQueue<OfferRow> expiring = new PriorityQueue<>(Comparator.comparingLong(o -> o.validUntil));
  Learned learned = new Learned(); Rates rates; final int[][] nearCache; final float[][] kmCache;
  final double[][][] trustSaid = new double[3][2][], trustHeld = new double[3][2][]; Trust[][] trust = new Trust[3][2];
  Random rnd; int overs, stops, decisions; long decideNs; int signalled;

  Sketch(Script script, Soul[] souls, Truth truth, Policy policy, long seed, int[][] nearCache, float[][] kmCache) {
    this.script = script; this.souls = souls; this.truth = truth; this.policy = policy; this.begin = script.begins().toEpochMilli();
    this.nearCache = nearCache; this.kmCache = kmCache; rnd = new Random(seed);
    rates = new Rates(learned);
    for (int c = 0; c < 3; c++) for (int h = 0; h < 2; h++) { trustSaid[c][h] = new double[Trust.steps()]; trustHeld[c][h] = new double[Trust.steps()]; trust[c][h] = Trust.NONE; }
  }

  static Soul[] souls(Script script, int count, long seed, Truth truth) {
    var around = script.incidents();
    var all = new Soul[count];
    for (int n = 0; n < count; n++) {
      var r = Draws.of(seed, Draws.About.PLACES, n);
      var home = SyntheticVolunteers.near(around.get(r.nextInt(around.size())).place(), r);
      r.nextDouble();
      var s = new Soul(); s.id = n + 1; s.lon = (float) home.lon(); s.lat = (float) home.lat(); s.place = home;
      s.skills = Skill.mask(SyntheticVolunteers.skills(r)); s.truth = truth.person(n + 1, home); s.contactAt = script.begins().toEpochMilli();
      all[n] = s;
    }
    return all;
  }

  void run() {
    var scenes = script.scenes(); int nx = 0; now = begin;
    long due = begin;
    while (true) {
      var steps = Math.max(now == begin && nx == 0 ? 0 : 1, -Math.floorDiv(-(due - now), STEP));
      now += steps * STEP;
      while (nx < scenes.size() && scenes.get(nx).incident().at().toEpochMilli() <= now) open(scenes.get(nx++));
      while (!events.isEmpty() && events.peek().at <= now) answer(events.poll());
      while (!expiring.isEmpty() && expiring.peek().validUntil <= now) {
        var o = expiring.poll();
        if (o.state == S.OPEN) { o.state = S.EXPIRED; o.changedAt = now; release(o); uncounted.add(o); }
      }
      for (var it = active.iterator(); it.hasNext(); ) { var n = it.next(); if (n.fillByMs <= now) deadline(n); if (n.endsMs <= now) { close(n); it.remove(); } }
      learn();
      for (int k = 0; k < 30 && round(); k++) {}
      due = Long.MAX_VALUE;
      if (nx < scenes.size()) due = scenes.get(nx).incident().at().toEpochMilli();
      if (!events.isEmpty()) due = Math.min(due, events.peek().at);
      while (!expiring.isEmpty() && expiring.peek().state != S.OPEN) expiring.poll();
      if (!expiring.isEmpty()) due = Math.min(due, expiring.peek().validUntil);
      for (var n : active) { due = Math.min(due, Math.min(n.endsMs, n.next)); if (n.met == null) due = Math.min(due, n.fillByMs); }
      if (due == Long.MAX_VALUE) return;
    }
  }

  void open(Script.Scene scene) {
    var asks = scene.asks(); var n = new NeedRow(); n.rank = needs.size(); n.priority = asks.priority(); n.people = scene.people(); n.place = scene.incident().place();
    n.skillSet = asks.skills(); n.skills = Skill.mask(asks.skills());
    var at = Instant.ofEpochMilli(now);
    var usual = asks.within().equals(asks.priority().fillWithin());
    n.opened = at; n.starts = usual ? at : at.plus(asks.within()); n.ends = n.starts.plus(asks.lasts());
    n.fillBy = n.starts.isAfter(at) ? n.starts : min(n.ends, at.plus(n.priority.fillWithin()));
    n.endsMs = n.ends.toEpochMilli(); n.startsMs = n.starts.toEpochMilli(); n.fillByMs = n.fillBy.toEpochMilli();
    n.calledAt = now; n.next = now; n.district = (int) Math.floor(n.place.lon() * 10) + ":" + (int) Math.floor(n.place.lat() * 10);
    near(n); needs.add(n); active.add(n);
  }

  static Instant min(Instant a, Instant b) { return a.isBefore(b) ? a : b; }

  void near(NeedRow n) {
    if (nearCache[n.rank] == null) {
      double reach = switch (n.priority) { case LIFE -> 20; case URGENT -> 30; case PLANNED -> 50; };
      double dlat = reach / 111.0, dlon = dlat / Math.cos(Math.toRadians(n.place.lat()));
      var keys = new long[souls.length]; int c = 0;
      for (int i = 0; i < souls.length; i++) {
        var s = souls[i];
        if ((s.skills & n.skills) != n.skills || Math.abs(s.lat - n.place.lat()) > dlat || Math.abs(s.lon - n.place.lon()) > dlon) continue;
        float km = (float) Point.km(n.place.lon(), n.place.lat(), s.lon, s.lat);
        if (km <= reach) keys[c++] = ((long) Float.floatToIntBits(km) << 32) | i;
      }
      Arrays.sort(keys, 0, c); c = Math.min(c, 5000);
      var ids = new int[c]; var kms = new float[c];
      for (int i = 0; i < c; i++) { ids[i] = (int) keys[i]; kms[i] = Float.intBitsToFloat((int) (keys[i] >>> 32)); }
      nearCache[n.rank] = ids; kmCache[n.rank] = kms;
    }
    n.near = nearCache[n.rank]; n.kms = kmCache[n.rank];
  }

  boolean round() {
    List<NeedRow> due = null;
    for (var n : active) if (n.next <= now && n.endsMs > now) { if (due == null) due = new ArrayList<>(); due.add(n); }
    if (due == null) return false;
    due.sort(Comparator.<NeedRow>comparingInt(n -> n.priority == Priority.LIFE ? 0 : 1).thenComparingLong(n -> n.next).thenComparingInt(n -> n.rank));
    if (due.size() > 100) due = due.subList(0, 100);
    var lines = new ArrayList<Line>();
    var at = Instant.ofEpochMilli(now);
    int hour = at.atZone(script.zone()).getHour();
    for (var n : due) lines.add(line(n, at, hour));
    long t0 = System.nanoTime();
    var plan = policy.decide(new Policy.Board(at, 2000, rnd.nextLong(), lines));
    decideNs += System.nanoTime() - t0; decisions++;
    for (var ask : plan.asks()) ask(ask);
    for (int i = 0; i < due.size(); i++) {
      var n = due.get(i); var v = plan.verdicts().stream().filter(x -> x.need().value() == n.rank + 1).findFirst().orElseThrow();
      if (v.asked() > 0) n.lastWave = now;
      n.next = n.filled >= n.people ? n.endsMs : v.lookAgain().toEpochMilli();
      if (v.needsHuman() && n.humanAt < 0 && n.met == null) n.humanAt = now;
      var line = lines.stream().filter(x -> x.need().value() == n.rank + 1).findFirst().orElseThrow();
      if (n.met == null && n.people > n.filled && now - n.lastSaid >= (n.fillByMs - n.calledAt) / 10) {
        n.lastSaid = now;
        var fc = Forecast.of(line, 100000, at); double raw = fc.calculated();
        int late = line.slack(at) > 0.7 ? 0 : 1;
        n.said.add(new double[] {raw, fc.chance(), line.slack(at), late});
      }
    }
    return true;
  }

  Line line(NeedRow n, Instant at, int hour) {
    var kind = n.priority.kind(); int open = n.people - n.filled; int limit = Math.min(MOST, LIMIT + PER_PLACE * open);
    long starts = Math.max(n.startsMs, now);
    long rest = switch (n.priority) { case LIFE -> 0; case URGENT -> 3_600_000; case PLANNED -> 8 * 3_600_000L; };
    var found = new ArrayList<Soul>(); var kms = new ArrayList<Float>();
    if (open > 0) for (int i = 0; i < n.near.length && found.size() < limit; i++) {
      var s = souls[n.near[i]];
      if (s.stopped || n.askedSouls.contains(s)) continue;
      if (n.priority == Priority.LIFE ? s.openLife != null : (s.open != null || s.openLife != null)) continue;
      if (s.busyUntil != Long.MIN_VALUE && !(s.busyUntil <= starts || n.endsMs <= s.busyFrom)) continue;
      if (s.busyUntil != Long.MIN_VALUE && starts >= s.busyUntil && starts - s.busyUntil < rest) continue;
      if (s.lastAsked != Long.MIN_VALUE && now - s.lastAsked < 900_000) continue;
      if (s.fatigue > 10 && s.fatigue * Math.exp(-(now - s.contactAt) / (7 * 86400_000.0)) > 10) continue;
      if (now + (long) (n.kms[i] * 1.3 / 40 * 3600_000) > n.endsMs) continue;
      found.add(s); kms.add(n.kms[i]);
    }
    int[] holders = new int[64];
    for (var s : found) for (long l = s.skills; l != 0; l &= l - 1) holders[Long.numberOfTrailingZeros(l)]++;
    long rare = 0; for (int k = 0; k < 64; k++) if (holders[k] < 0.05 * found.size()) rare |= 1L << k;
    rare &= ~n.skills;
    var options = new ArrayList<Line.Option>(found.size());
    for (int i = 0; i < found.size(); i++) {
      var s = found.get(i); var h = s.history(at); double km = kms.get(i);
      options.add(Line.Option.of(new VolunteerId(s.id), kind, h, km, hour, Long.bitCount(s.skills & rare), s.openLife != null ? Line.Holding.LIFE : s.open != null ? Line.Holding.ORDINARY : Line.Holding.NOTHING, rates));
    }
    var waiting = new ArrayList<Line.Waiting>();
    for (var o : n.offers) if (o.state == S.OPEN) waiting.add(new Line.Waiting(o.rate, Instant.ofEpochMilli(o.askedAt), rates.delay(Way.SMS)));
    double lag = 0;
    double slack = Math.max(0, (double) (n.fillByMs - now) / Math.max(1, n.fillByMs - n.calledAt));
    return new Line(new NeedId(n.rank + 1), n.priority, open, n.yes, Instant.ofEpochMilli(n.calledAt), n.fillBy, n.lastWave == Long.MIN_VALUE ? null : Instant.ofEpochMilli(n.lastWave), rates.delay(Way.SMS), lag, rates.group(kind), rates.shows(), trust[n.priority.ordinal()][slack > 0.7 ? 0 : 1], waiting, options);
  }

  void ask(Policy.Ask ask) {
    var n = needs.get((int) ask.need().value() - 1); var s = souls[(int) ask.option().volunteer().value() - 1];
    var at = Instant.ofEpochMilli(now);
    ask(n, s, ask.factors().rate(), ask.option().ease(), ask.option().km(), ask.option().recent(), ask.option().asked());
  }

  OfferRow ask(NeedRow n, Soul s, double rate, double ease, double km, double recent, double asked) {
    var at = Instant.ofEpochMilli(now);
    var o = new OfferRow(); o.need = n; o.soul = s; o.askedAt = now; o.rate = rate; o.ease = ease; o.km = km; o.recent = recent; o.asked = asked;
    o.hour = at.atZone(script.zone()).getHour();
    o.validUntil = Math.min(n.endsMs, now + switch (n.priority) { case LIFE -> 1_800_000L; case URGENT -> 3_600_000L; case PLANNED -> 6 * 3_600_000L; });
    if (n.priority == Priority.LIFE) s.openLife = o; else s.open = o;
    n.offers.add(o); n.askedSouls.add(s); offers.add(o); expiring.add(o); n.texts++;
    s.fade(now); s.fatigue += 1; s.lastAsked = now; s.texts++;
    o.truth = new Truth.Offer(n.rank + 1, n.place);
    switch (truth.onOffer(s.truth, o.truth, Language.EN, "A2B2", at)) {
      case Truth.Outcome.Says says -> { o.answerPending = true; say(o, says.intent(), says.after()); }
      case Truth.Outcome.Lost l -> {}
      case Truth.Outcome.Nothing x -> {}
      case Truth.Outcome.Silence x -> {}
    }
    return o;
  }

  void say(OfferRow o, Answers.Intent intent, Duration after) {
    long at = now + after.toMillis(); at = -Math.floorDiv(-at, 1000) * 1000;
    events.add(new Ev(at, seq++, o, o.gen, intent));
  }

  void release(OfferRow o) { if (o.soul.open == o) o.soul.open = null; if (o.soul.openLife == o) o.soul.openLife = null; }

  void answer(Ev e) {
    var o = e.offer; if (e.gen != o.gen && e.intent != Answers.Intent.DROP) return;
    var n = o.need; boolean over = n.closed || now >= n.endsMs;
    if (o.answeredAt < 0 && e.intent != Answers.Intent.DROP) { o.answeredAt = now; }
    switch (e.intent) {
      case YES -> yes(o);
      case NO -> { if (!over && (o.state == S.OPEN || o.state == S.STOOD_DOWN || o.state == S.EXPIRED || o.state == S.TOO_LATE)) { o.state = S.DECLINED; o.changedAt = now; release(o); recount(o); n.next = n.filled < n.people ? now : n.next; notice(o, Truth.Notice.OTHER);} }
      case DROP -> { if (!over && (o.state == S.ASSIGNED || o.state == S.STANDBY)) { drop(o); notice(o, Truth.Notice.OTHER);} }
      case STOP -> { o.soul.stopped = true; stops++; for (var x : List.copyOf(o.soul.held)) if (x.state == S.ASSIGNED || x.state == S.STANDBY) drop(x); for (var x : new OfferRow[] {o.soul.open, o.soul.openLife}) if (x != null && x.state == S.OPEN) { x.state = S.DECLINED; x.changedAt = now; release(x); recount(x); x.need.next = x.need.filled < x.need.people ? now : x.need.next; } }
      case UNCLEAR -> {}
    }
  }

  void drop(OfferRow o) {
    var n = o.need; boolean had = o.state == S.ASSIGNED; o.state = S.WITHDRAWN; o.changedAt = now; recount(o);
    if (!had) { n.standby--; return; }
    n.filled--; o.soul.held.remove(o); busy(o.soul); n.next = now; o.assignedAt = -2;
    for (var x : n.offers) if (x.state == S.STANDBY) { x.state = S.ASSIGNED; n.standby--; place(x); break; }
  }

  void place(OfferRow o) { var n = o.need; n.filled++; o.everHeld = true; o.assignedAt = now; o.soul.held.add(o); busy(o.soul); if (n.filled >= n.people) n.next = n.endsMs; }

  void busy(Soul s) {
    s.busyFrom = Long.MAX_VALUE; s.busyUntil = Long.MIN_VALUE; boolean any = false;
    for (var x : s.held) if (!x.need.closed) { any = true; s.busyFrom = Math.min(s.busyFrom, x.need.startsMs); s.busyUntil = Math.max(s.busyUntil, x.need.endsMs); }
    if (!any) { s.busyFrom = Long.MIN_VALUE; s.busyUntil = Long.MIN_VALUE; }
  }

  void yes(OfferRow o) {
    var n = o.need; if (n.closed || now >= n.endsMs || o.state == S.ASSIGNED || o.soul.stopped) return;
    for (var x : o.soul.held) if (x != o && x.need.startsMs < n.endsMs && x.need.endsMs > n.startsMs) return;
    release(o);
    if (n.filled < n.people) {
      o.state = S.ASSIGNED; o.changedAt = now; recount(o); n.yes++; place(o);
      if (n.filled >= n.people) {
        for (var x : n.offers) if (x.state == S.OPEN) { x.state = S.STOOD_DOWN; x.changedAt = now; release(x); uncounted.add(x); if (Forecastish.stillMay(x.rate, now - x.askedAt) > 0.02) notice(x, Truth.Notice.OTHER); }
      }
      notice(o, Truth.Notice.PLACE);
      return;
    }
    n.yes++;
    int spare = (int) Math.ceil(n.people * 0.2);
    o.refused = !o.everHeld;
    if (n.standby < spare) { o.state = S.STANDBY; o.changedAt = now; n.standby++; recount(o); notice(o, Truth.Notice.OTHER); return; }
    boolean again = o.state == S.TOO_LATE; o.state = S.TOO_LATE; o.changedAt = now; if (!again) recount(o);
    NeedRow best = null; double bk = 0;
    for (var m : active) {
      if (m == n || m.closed || m.filled >= m.people || m.endsMs <= now || m.askedSouls.contains(o.soul) || (o.soul.skills & m.skills) != m.skills) continue;
      double km = o.soul.place.kmTo(m.place); if (km > switch (m.priority) { case LIFE -> 20; case URGENT -> 30; case PLANNED -> 50; }) continue;
      if (m.priority == Priority.LIFE ? o.soul.openLife != null : o.soul.open != null) continue;
      if (best == null || m.priority.compareTo(best.priority) < 0 || (m.priority == best.priority && km < bk)) { best = m; bk = km; }
    }
    if (best != null) { var a = ask(best, o.soul, 0.9, 1, bk, 0, 99); a.asked = 99; }
    else notice(o, Truth.Notice.OTHER);
  }

  static final class Forecastish { static double stillMay(double rate, long ms) { double F = Dl.F.answered(ms / 1000.0); return rate * (1 - F) / (1 - rate * F); } }
  static final class Dl { static final Dl F = new Dl(); double answered(double s) { if (s <= 0) return 0; double z = (Math.log(s) - Math.log(180)) / 1.2; return 1 / (1 + Math.exp(-1.702 * z)); } }

  void notice(OfferRow o, Truth.Notice kind) {
    switch (truth.onNotice(o.soul.truth, o.truth, kind, Language.EN, Instant.ofEpochMilli(now))) {
      case Truth.Outcome.Silence s -> o.gen++;
      case Truth.Outcome.Says s -> say(o, s.intent(), s.after());
      default -> {}
    }
  }

  void recount(OfferRow o) { o.counted = false; uncounted.add(o); }

  void close(NeedRow n) { n.closed = true; deadline(n); for (var o : n.offers) { if (o.state == S.OPEN) { o.state = S.STOOD_DOWN; o.changedAt = now; release(o); uncounted.add(o); notice(o, Truth.Notice.OTHER);} if (o.state == S.ASSIGNED) { o.soul.held.remove(o); /* busy stays */ } } n.near = null; n.kms = null; }

  void deadline(NeedRow n) {
    if (n.met != null) return;
    n.met = n.filled >= n.people; n.filledInTime = n.filled; n.firstHalfMiss = n.texts;
    for (var s : n.said) { int c = n.priority.ordinal(), h = (int) s[3]; int st = Trust.step(s[0]); double w = 1.0; trustSaid[c][h][st] += w; if (n.met) trustHeld[c][h][st] += w; trust[c][h] = Trust.of(trustSaid[c][h], trustHeld[c][h]); }
  }

  int sinceRates;
  void learn() {
    if (uncounted.isEmpty()) return;
    for (var o : uncounted) {
      if (o.counted) continue; o.counted = true;
      var s = o.soul; int k = o.need.priority.kind().ordinal(); s.fade(now);
      boolean yes = switch (o.state) { case ASSIGNED, WITHDRAWN, STANDBY, TOO_LATE -> true; default -> false; };
      double heard = switch (o.state) { case STOOD_DOWN, EXPIRED -> rates.delay(Way.SMS).answeredWithin(Duration.ofMillis(o.changedAt - o.askedAt)); default -> 1; };
      if (yes) { s.t[2 * k]++; } else s.t[2 * k + 1] += heard * Math.min(1, o.ease);
      if (o.state == S.ASSIGNED || o.state == S.WITHDRAWN) s.fatigue = Math.max(0, s.fatigue - 1);
      if (o.state == S.STANDBY || o.state == S.TOO_LATE) s.fatigue += 1;
      if (o.asked > 90) continue;
      learned.add(new Learned.Ended(o.need.priority.kind(), Way.SMS, o.rate / o.ease, o.km, o.hour, o.recent, o.asked, yes, heard, o.answeredAt > 0 ? Optional.of(Duration.ofMillis(o.answeredAt - o.askedAt)) : Optional.empty()), rates);
      sinceRates++;
    }
    uncounted.clear();
    if (sinceRates > 20) { rates = new Rates(learned); sinceRates = 0; }
  }
}
