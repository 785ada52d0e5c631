package org.fazaa.fund.giving;

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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.fund.giving.RecordDonation.Draft;
import org.fazaa.fund.giving.RecordDonation.Outcome;
import org.fazaa.fund.ledger.CloseFunds;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gifts as they come in. Each giver waits until the gift is on the disk, but all that wait at a
 * time are written by one statement of one writer: in the hour of an appeal a commit for each would
 * be slower, and two writers would wait for each other's receipt numbers.
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
    turn.lock();
    try {
      if (waiting.size() >= waitingMost) return Future.succeededFuture(new Answer.TooMany());
      var one = new Waiting(draft);
      waiting.add(one);
      if (!writing) {
        writing = true;
        Thread.startVirtualThread(this::writeAll);
      }
      return one.answer.future();
    } finally {
      turn.unlock();
    }
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

  /** Tells what was given; the writing needs no turn. */
  @Override
  public boolean run(Instant now) {
    tell();
    return false;
  }

  @Override
  public void wind(Instant now) {
    turn.lock();
    try {
      while (writing) idle.awaitUninterruptibly();
    } finally {
      turn.unlock();
    }
    tell();
  }

  private void writeAll() {
    for (var batch = next(); !batch.isEmpty(); batch = next()) write(batch);
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

  private void write(List<Waiting> batch) {
    try {
      var drafts = batch.stream().map(one -> one.draft).toList();
      var outcomes = commit(drafts);
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
  private List<Outcome> commit(List<Draft> drafts) {
    var now = clock.instant();
    try {
      return recordDonation.runAll(pool, drafts, now);
    } catch (Exception e) { // await() throws as it comes
      LOG.debug("gifts are written again", e);
      return Database.inTransaction(
          pool,
          tx -> {
            CloseFunds.closeDue(tx, now);
            return recordDonation.runAll(tx, drafts, now);
          });
    }
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
