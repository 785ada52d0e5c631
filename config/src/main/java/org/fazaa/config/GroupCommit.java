package org.fazaa.config;

import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many small transactions as one: what is asked for while a commit runs is written together by the
 * next, so that the cost of a commit is shared just when it is scarce. Everybody goes on after the
 * commit that holds their own part, in the order in which they came. What cannot be written with
 * the others is tried alone, and fails alone.
 */
public final class GroupCommit<T> {

  /** Writes all of these, or throws; what it answers is published after the commit. */
  public interface Work<T> {
    List<Fact> write(SqlConnection tx, List<T> together);
  }

  /** More than these at a time are told at once that the database is away. */
  public static final int WAITING_MAX = 5_000;

  /** Whoever asked is told by then, so that they can still ask elsewhere. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final int TOGETHER_MAX = 500;
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  private final Pool pool;
  private final Bus bus;
  private final Duration patience;
  private final Work<T> work;
  private final Queue<Part<T>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger parts = new AtomicInteger();

  private record Part<T>(T what, Promise<Void> committed) {}

  public GroupCommit(Pool pool, Bus bus, Work<T> work) {
    this(pool, bus, PATIENCE, work);
  }

  GroupCommit(Pool pool, Bus bus, Duration patience, Work<T> work) {
    this.pool = pool;
    this.bus = bus;
    this.patience = patience;
    this.work = work;
  }

  /**
   * Returns once it is committed.
   *
   * @throws Database.Away when the database is, when too many wait already, or when it takes too
   *     long: then it is not known whether it will be written, and it may be asked for again
   */
  public void run(T what) {
    if (parts.get() >= WAITING_MAX) {
      throw new Database.Away(new RejectedExecutionException(WAITING_MAX + " wait already"));
    }
    var part = new Part<T>(what, Promise.promise());
    waiting.add(part);
    if (parts.getAndIncrement() == 0) {
      Thread.ofVirtual().name("group commit").start(this::writeAll);
    }
    try {
      part.committed.future().timeout(patience.toMillis(), TimeUnit.MILLISECONDS).await();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // await() throws checked ones as well, undeclared
      part.committed.tryFail(e); // nobody waits for it any more
      throw new Database.Away(e);
    }
  }

  /** How many wait now. */
  public int waiting() {
    return parts.get();
  }

  // One at a time: whoever counts from zero starts it, and it ends when it counts back to zero.
  private void writeAll() {
    int written;
    do {
      var together = new ArrayList<Part<T>>();
      written = 0;
      for (Part<T> next; together.size() < TOGETHER_MAX && (next = waiting.poll()) != null; ) {
        written++;
        if (!next.committed.future().isComplete()) {
          together.add(next);
        }
      }
      if (!together.isEmpty()) {
        write(together);
      }
    } while (parts.addAndGet(-written) > 0);
  }

  private void write(List<Part<T>> together) {
    try {
      var all = together.stream().map(Part::what).toList();
      var facts = Database.inTransaction(pool, tx -> work.write(tx, all));
      facts.forEach(bus::publish);
      together.forEach(part -> part.committed.tryComplete());
    } catch (RuntimeException e) {
      if (together.size() == 1 || e instanceof Database.Away) {
        together.forEach(part -> part.committed.tryFail(e));
      } else {
        LOG.warn("{} could not be written together, now each alone", together.size(), e);
        together.forEach(part -> write(List.of(part)));
      }
    }
  }
}
