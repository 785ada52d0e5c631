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

  /** Books are read from the first page to the last. */
  private static final Duration BOOKS_EACH = Duration.ofMinutes(10);

  /** Whoever was away this much longer than a poll has missed something. */
  private static final Duration AWAY = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /** An invariant and how often it is looked at. */
  record Item(Invariant invariant, Duration each) {}

  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;
  private final String node;
  private final List<Item> items;
  private volatile WatchBoard board;
  private volatile int alarms;
  private Optional<Long> lastTurn = Optional.empty();

  /**
   * @param node the name of this node, unlike any other's
   * @param platform what must be true of the machines
   */
  public Watch(Pool pool, Bus bus, InstantSource clock, String node, List<Invariant> platform) {
    this.pool = pool;
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
            .map(invariant -> new Item(invariant, EACH));
    var books = Stream.of(Invariants.values()).map(one -> new Item(ofBooks(one), BOOKS_EACH));
    return Stream.concat(live, books).toList();
  }

  // The books have no flow of their own to stop yet: they are told and shown.
  private static Invariant ofBooks(Invariants books) {
    return new Invariant(
        books.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
        new Says(books.words().ar(), books.words().en()),
        new Says(
            "لا تصرف من هذا الصندوق حتى يراجعه المدقق",
            "Pay nothing from this fund until an auditor has looked at it"),
        Pauses.NOTHING,
        (tx, now) -> violations(books.check(tx)));
  }

  private static List<Violation> violations(List<Invariants.Violation> found) {
    if (found.isEmpty()) return List.of();
    var details = found.stream().limit(Invariant.DETAILS_MAX).map(one -> one.subject()).toList();
    return List.of(new Violation(Optional.empty(), found.size(), details));
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
    for (var item : some) changed |= look(item.invariant(), now);
    if (changed) bus.publish(new Fact.WatchChanged());
  }

  private boolean look(Invariant invariant, Instant now) {
    var outcome = invariant.look(pool, now);
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
    };
  }
}
