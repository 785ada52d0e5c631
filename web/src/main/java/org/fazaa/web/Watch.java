package org.fazaa.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Outcome;
import org.fazaa.config.Invariant.Pauses;
import org.fazaa.config.Invariant.Says;
import org.fazaa.config.Invariant.Violation;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.callout.PauseCallOut;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.Findings;
import org.fazaa.web.WatchBoard.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks each minute, on one node at a time, whether every invariant holds. What does not is kept,
 * told, and stops what it names until a person has looked; nothing is ever mended here.
 */
public final class Watch implements Loop.Work {

  private static final Duration EACH = Duration.ofMinutes(1);

  /**
   * Books are read from the first page to the last; a gift of each of five million is looked at.
   */
  private static final String BOOKS_LIMIT = "SET LOCAL statement_timeout = '50s'";

  /** Whoever was away this much longer than a poll has missed something. */
  private static final Duration AWAY = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /** An invariant, how often it is looked at, and whether that may take long. */
  record Item(Invariant invariant, Duration each, boolean patient) {}

  private final Pool pool;
  private final Pool books;
  private final Bus bus;
  private final InstantSource clock;
  private final String node;
  private final List<Item> items;
  private volatile WatchBoard board;
  private volatile int alarms;
  private Optional<Long> lastTurn = Optional.empty();

  /**
   * @param books for what takes long
   * @param node the name of this node, unlike any other's
   * @param platform what must be true of the machines
   */
  public Watch(
      Pool pool, Pool books, Bus bus, InstantSource clock, String node, List<Invariant> platform) {
    this.pool = pool;
    this.books = books;
    this.bus = bus;
    this.clock = clock;
    this.node = node;
    this.items = items(platform);
    this.board = WatchBoard.unread(items);
  }

  static List<Item> items(List<Invariant> platform) {
    var live =
        Stream.of(
                org.fazaa.dispatcher.callout.Invariants.ALL,
                org.fazaa.notifier.Invariants.ALL,
                platform)
            .flatMap(List::stream)
            .sorted((one, other) -> one.number().compareTo(other.number()))
            .map(invariant -> new Item(invariant, EACH, false));
    var books = Stream.of(Invariants.values()).map(one -> new Item(ofBooks(one), EACH, true));
    return Stream.concat(live, books).toList();
  }

  private static Invariant ofBooks(Invariants books) {
    return new Invariant(
        books.number(),
        new Says(books.words().ar(), books.words().en()),
        new Says(
            "لا يخرج مال من الصندوق حتى ينظر مدقق في دفاتره ويكتب ما وجد",
            "No money leaves the fund until an auditor has looked at its books and written why it"
                + " may"),
        Pauses.FUND,
        (tx, now) -> {
          tx.query(BOOKS_LIMIT).execute().await();
          return violations(books.check(tx));
        });
  }

  // What is wrong in no one fund is told, and freezes none.
  private static List<Violation> violations(List<Invariants.Violation> found) {
    var byFund = new TreeMap<String, List<String>>();
    for (var one : found) {
      var fund = one.fund().map(id -> Long.toString(id.value())).orElse("");
      byFund.computeIfAbsent(fund, none -> new ArrayList<>()).add(one.subject());
    }
    var violations = new ArrayList<Violation>();
    byFund.forEach(
        (fund, subjects) -> {
          var details = subjects.stream().limit(Invariant.DETAILS_MAX).toList();
          var subject = Optional.of(fund).filter(id -> !id.isEmpty());
          violations.add(new Violation(subject, subjects.size(), details));
        });
    return violations;
  }

  @Override
  public String name() {
    return "watch";
  }

  @Override
  public Duration poll() {
    return EACH;
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.WatchChanged.class);
  }

  /** What is known as of the last turn, as figures for a machine that looks after this one. */
  void measure(MeterRegistry meters) {
    for (var item : items) {
      var number = item.invariant().number();
      var tags = List.of(Tag.of("invariant", number));
      meters.gauge("fazaa.invariant.violated", tags, this, watch -> watch.violated(number));
      meters.gauge("fazaa.invariant.stops", tags, this, watch -> watch.stops(number));
      meters.gauge("fazaa.invariant.age.seconds", tags, this, watch -> watch.age(number));
    }
    meters.gauge("fazaa.alarms.open", this, watch -> watch.alarms);
  }

  private double violated(String number) {
    return board.line(number).filter(line -> line.state() == State.VIOLATED).isPresent() ? 1 : 0;
  }

  private double stops(String number) {
    return board.line(number).filter(WatchBoard.Line::stops).isPresent() ? 1 : 0;
  }

  private double age(String number) {
    return board
        .line(number)
        .flatMap(WatchBoard.Line::checkedAt)
        .map(at -> (double) Duration.between(at, clock.instant()).toSeconds())
        .orElse(Double.NaN);
  }

  /** What was known at the last turn. */
  WatchBoard board() {
    return board;
  }

  /** What is known now. */
  public WatchBoard read(Instant now) {
    return WatchBoard.read(pool, items, now);
  }

  /** The invariants, by number. */
  public List<Invariant> invariants() {
    return items.stream().map(Item::invariant).toList();
  }

  // Whoever has just come, or come back, waits one turn: the loops are to catch up first.
  @Override
  public boolean run(Instant now) {
    var wasHere = wasHere();
    lastTurn = Optional.empty();
    if (wasHere && Database.inTransaction(pool, tx -> Findings.takeTurn(tx, node))) lookAtDue(now);
    board = WatchBoard.read(pool, items, now);
    alarms = Alarm.list(pool).size();
    lastTurn = Optional.of(System.nanoTime());
    return false;
  }

  private boolean wasHere() {
    return lastTurn.map(turn -> System.nanoTime() - turn < EACH.plus(AWAY).toNanos()).orElse(false);
  }

  private void lookAtDue(Instant now) {
    var before = read(now);
    look(items.stream().filter(item -> before.isDue(item, now)).toList(), now);
  }

  /** Looks at everything, due or not. */
  void look(Instant now) {
    look(items, now);
  }

  private void look(List<Item> some, Instant now) {
    var changed = false;
    for (var item : some) changed |= look(item, now);
    if (changed) bus.publish(new Fact.WatchChanged());
  }

  private boolean look(Item item, Instant now) {
    var invariant = item.invariant();
    var outcome = invariant.look(item.patient() ? books : pool, now);
    var facts = new ArrayList<Fact>();
    var recorded =
        Database.inTransaction(
            pool,
            tx -> {
              facts.clear();
              var kept = Findings.record(tx, invariant, outcome, now);
              kept.standing().forEach(finding -> facts.addAll(stop(tx, finding, now)));
              return kept;
            });
    facts.forEach(bus::publish);
    recorded.fresh().forEach(finding -> tell(invariant, finding));
    return recorded.changed() || outcome instanceof Outcome.NotChecked;
  }

  private static void tell(Invariant invariant, Findings.Finding finding) {
    LOG.error(
        "invariant {} is violated ({}): {} {}; {}",
        invariant.number(),
        invariant.holds().en(),
        finding.subject().map(one -> "stopped " + finding.pauses() + " " + one).orElse("told only"),
        finding.details(),
        invariant.mend().en());
  }

  // Each minute anew until it is released, in case somebody has started it meanwhile.
  private static List<Fact> stop(SqlConnection tx, Findings.Finding finding, Instant now) {
    if (!finding.stops()) return List.of();
    return switch (finding.pauses()) {
      case NOTHING -> List.<Fact>of();
      case NEED, ABOUT ->
          Stopped.need(tx, finding)
              .map(need -> PauseCallOut.byWatch(tx, need, now).facts())
              .orElse(List.of());
      case PURPOSE -> {
        Stopped.hold(tx, finding, now);
        yield List.<Fact>of();
      }
      case FUND -> {
        Stopped.freeze(tx, finding, now);
        yield List.<Fact>of();
      }
    };
  }
}
