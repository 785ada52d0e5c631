package org.fazaa.fund.giving;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.fund.giving.RecordDonation.Draft;
import org.fazaa.fund.giving.RecordDonation.Outcome;
import org.fazaa.fund.giving.RecordDonation.Sent;
import org.fazaa.fund.ledger.CloseFunds;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gifts as they come in. Each giver waits until the gift is on the disk, but all that wait at a
 * time are written by one statement of one writer: in the hour of an appeal a commit for each would
 * be slower. Entries and receipts follow, for all gifts of some moments together.
 */
public final class GatherGifts implements Loop.Work {

  /** What a giver is told. */
  public sealed interface Answer {
    /** It was looked at: recorded, or refused for what it says. */
    record Given(Outcome outcome) implements Answer {}

    /** So many wait already that this one was not taken; the same key is good for another try. */
    record TooMany() implements Answer, Refusal {
      @Override
      public Words words() {
        return new Words(
            "يتبرع كثيرون في هذه اللحظة ولم نأخذ تبرعك: أعد الإرسال بعد ثوانٍ، ولن يُحسب مرتين",
            "Many give at this moment and yours was not taken: send it again in a few seconds; it"
                + " will not count twice");
      }
    }
  }

  /** So many gifts may wait: a few seconds' work. */
  public static final int WAITING_MAX = 20_000;

  private static final int BATCH_MAX = RecordDonation.BATCH_MAX;
  private static final Duration TELL_EVERY = Duration.ofMillis(100);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(GatherGifts.class);

  private static final class Waiting {
    final Draft draft;
    final Promise<Answer> answer = Promise.promise();

    Waiting(Draft draft) {
      this.draft = draft;
    }
  }

  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;
  private final RecordDonation recordDonation;
  private final int waitingMost;
  private volatile Promise<Void> stir = Promise.promise();

  private final ReentrantLock turn = new ReentrantLock();
  private final Condition idle = turn.newCondition();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final Set<FundId> untold = new LinkedHashSet<>();
  private boolean writing;
  private boolean posting;
  private Promise<Void> nextPosting;
  private long told = System.nanoTime() - TELL_EVERY.toNanos();

  public GatherGifts(Pool pool, Bus bus, InstantSource clock, RecordDonation recordDonation) {
    this(pool, bus, clock, recordDonation, WAITING_MAX);
  }

  GatherGifts(
      Pool pool, Bus bus, InstantSource clock, RecordDonation recordDonation, int waitingMost) {
    this.pool = pool;
    this.bus = bus;
    this.clock = clock;
    this.recordDonation = recordDonation;
    this.waitingMost = waitingMost;
  }

  /**
   * Completes once the gift is durable or refused. Fails with {@link Database.Away} when neither is
   * known: the same key tells which.
   */
  public Future<Answer> run(Draft draft) {
    var one = new Waiting(draft);
    boolean first;
    turn.lock();
    try {
      if (waiting.size() >= waitingMost) return Future.succeededFuture(new Answer.TooMany());
      waiting.add(one);
      first = !writing;
      writing = true;
    } finally {
      turn.unlock();
    }
    if (first) write(next()); // at once, on the giver's own thread: nobody else is here
    return one.answer.future();
  }

  @Override
  public String name() {
    return "gather-gifts";
  }

  @Override
  public Duration poll() {
    return untold.isEmpty() ? POLL : TELL_EVERY;
  }

  @Override
  public boolean restsApart() {
    return false;
  }

  @Override
  public Future<?> stirred() {
    stir = Promise.promise();
    return stir.future();
  }

  /** Posts what was given, here or by a node that fell, and tells of it; writing needs no turn. */
  @Override
  public boolean run(Instant now) {
    if (Database.inTransaction(pool, tx -> PostGifts.post(tx, now))) return true;
    tell();
    return false;
  }

  /** The gift with this code, as it is after all that was given before it is posted. */
  public Optional<Donation> find(String code) {
    return Donations.find(pool, code).map(this::receipted);
  }

  /** A gift with its receipt, which is written first where it is yet to be. */
  public Donation receipted(Donation gift) {
    if (!gift.lacksReceipt()) return gift;
    postSoon().await();
    return Donations.find(pool, gift.code()).orElseThrow();
  }

  // All that wait for receipts at a time wait for one posting, which begins after the last of them.
  private Future<Void> postSoon() {
    turn.lock();
    try {
      if (nextPosting == null) nextPosting = Promise.promise();
      var mine = nextPosting.future();
      if (!posting) Thread.startVirtualThread(this::postWhileWanted);
      posting = true;
      return mine;
    } finally {
      turn.unlock();
    }
  }

  private void postWhileWanted() {
    for (var wanted = wanted(); wanted != null; wanted = wanted()) {
      try {
        post();
        wanted.complete();
      } catch (Throwable e) { // nobody may be left waiting, whatever it is
        wanted.tryFail(e);
      }
    }
  }

  private Promise<Void> wanted() {
    turn.lock();
    try {
      var wanted = nextPosting;
      nextPosting = null;
      posting = wanted != null;
      return wanted;
    } finally {
      turn.unlock();
    }
  }

  void post() {
    while (Database.inTransaction(pool, tx -> PostGifts.post(tx, clock.instant()))) {}
  }

  @Override
  public void wind(Instant now) {
    turn.lock();
    try {
      while (writing) idle.awaitUninterruptibly();
    } finally {
      turn.unlock();
    }
    post();
    tell();
  }

  private List<Waiting> next() {
    turn.lock();
    try {
      var batch = new ArrayList<Waiting>();
      while (batch.size() < BATCH_MAX && !waiting.isEmpty()) batch.add(waiting.remove());
      if (batch.isEmpty()) {
        writing = false;
        idle.signalAll();
      }
      return batch;
    } finally {
      turn.unlock();
    }
  }

  // Nobody stands and waits for the database: a gift alone is answered by whoever hears from it.
  private void write(List<Waiting> batch) {
    var drafts = batch.stream().map(one -> one.draft).toList();
    var now = clock.instant();
    recordDonation
        .send(pool, drafts, now)
        .onComplete(
            sent -> {
              if (sent.succeeded() && sent.result().allRecorded()) {
                answer(batch, () -> recordDonation.outcomes(pool, sent.result()));
                goOn();
              } else {
                Thread.startVirtualThread(
                    () -> {
                      answer(batch, () -> outcomes(sent, drafts, now));
                      goOn();
                    });
              }
            });
  }

  private void goOn() {
    var batch = next();
    if (!batch.isEmpty()) Thread.startVirtualThread(() -> write(batch));
  }

  private void answer(List<Waiting> batch, Supplier<List<Outcome>> of) {
    try {
      var outcomes = of.get();
      var funds = new LinkedHashSet<FundId>();
      for (int i = 0; i < batch.size(); i++) {
        if (outcomes.get(i) instanceof Outcome.Recorded(var donation)) funds.add(donation.fund());
        batch.get(i).answer.complete(new Answer.Given(outcomes.get(i)));
      }
      remember(funds);
    } catch (Throwable e) { // nobody may be left waiting, whatever it is
      LOG.warn("{} gifts are neither written nor refused", batch.size(), e);
      batch.forEach(one -> one.answer.tryFail(e));
    }
  }

  // One statement is one way there and back and a transaction by itself. Whatever is in its way,
  // the long way closes funds whose last day is over and knows when to try again; the keys keep a
  // second try from counting twice.
  private List<Outcome> outcomes(AsyncResult<Sent> sent, List<Draft> drafts, Instant now) {
    try {
      if (sent.succeeded()) return recordDonation.outcomes(pool, sent.result());
      LOG.debug("gifts are written again", sent.cause());
    } catch (Exception e) { // await() throws as it comes
      LOG.debug("gifts are written again", e);
    }
    return Database.inTransaction(
        pool,
        tx -> {
          CloseFunds.closeDue(tx, now);
          return recordDonation.runAll(tx, drafts, now);
        });
  }

  private void remember(Set<FundId> funds) {
    if (funds.isEmpty()) return;
    turn.lock();
    try {
      if (untold.isEmpty()) stir.tryComplete();
      untold.addAll(funds);
    } finally {
      turn.unlock();
    }
  }

  // Pages and the sweeper need not hear more often than anybody looks.
  private void tell() {
    if (System.nanoTime() - told < TELL_EVERY.toNanos()) return;
    List<FundId> funds;
    turn.lock();
    try {
      funds = List.copyOf(untold);
      untold.clear();
    } finally {
      turn.unlock();
    }
    if (funds.isEmpty()) return;
    told = System.nanoTime();
    funds.forEach(fund -> bus.publish(new Fact.DonationRecorded(fund.value())));
  }
}
