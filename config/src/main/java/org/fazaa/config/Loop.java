package org.fazaa.config;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only background shape: do the work; as long as it did something, again at once; else wait for
 * one of its facts or its poll, whichever is first. Never twice at once; a fault is logged and
 * tried again at the next poll; stopping lets the running turn finish.
 */
public final class Loop extends VerticleBase {

  /** What a loop does. All its state is in tables, so that any node may do the next turn. */
  public interface Work {
    String name();

    /**
     * One turn at domain time {@code now}.
     *
     * @return true when it did something, so that there may be more
     */
    boolean run(Instant now);

    /** The facts that may mean work. */
    default List<Class<? extends Fact>> wokenBy() {
      return List.of();
    }

    /** How long at most between two turns, in case a fact was lost. */
    default Duration poll() {
      return Duration.ofSeconds(1);
    }

    /**
     * The share of the time that it may take at most, above 0 and up to 1; asked after each turn.
     * It rests in proportion to how long that took, {@link #REST_MAX} at most, so that what wakes
     * it all the time is seen to together.
     */
    default double share() {
      return 1;
    }

    /** Whether it stands still while this node cannot reach the database. */
    default boolean restsApart() {
      return true;
    }

    /** The earliest domain time at which there will be something to do, when that is known. */
    default Optional<Instant> nextDue() {
      return Optional.empty();
    }

    /** Completes when something that a turn set going may have come back; it ends the wait. */
    default Future<?> stirred() {
      return NEVER;
    }

    /** After the last turn, when the loop is stopped: brings home what is still under way. */
    default void wind(Instant now) {}
  }

  static final Duration REST_MAX = Duration.ofMillis(200);

  private static final Future<?> NEVER = Promise.promise().future();

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  private final Work work;
  private final InstantSource clock;
  private final AtomicLong turns = new AtomicLong();
  private final AtomicLong repaired = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private final Promise<Void> stopped = Promise.promise();
  private Promise<Void> wake = Promise.promise();
  private boolean stopping;
  private volatile boolean resting;

  private Loop(Work work, InstantSource clock) {
    this.work = work;
    this.clock = clock;
  }

  public static Loop of(Work work, InstantSource clock) {
    return new Loop(work, clock);
  }

  /**
   * Calls what blocks on a thread of its own, so that a turn goes on meanwhile and awaits it later.
   * Whatever it throws fails the answer.
   */
  public static <T> Future<T> aside(Callable<T> call) {
    var answer = Promise.<T>promise();
    Thread.startVirtualThread(
        () -> {
          try {
            answer.complete(call.call());
          } catch (Throwable e) { // an answer that never came would hold up the loop for good
            answer.fail(e);
          }
        });
    return answer.future();
  }

  /** How a loop is deployed: on a virtual thread of its own, so that its work may await. */
  public static DeploymentOptions options() {
    return new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
  }

  @Override
  public Future<?> start() {
    for (var fact : work.wokenBy()) {
      vertx.eventBus().consumer(Bus.address(fact), message -> wake.tryComplete());
    }
    context.runOnContext(begin -> live());
    return Future.succeededFuture();
  }

  /** Takes no further turn until {@link #resume}; the running one ends as it ends. */
  void rest() {
    resting = work.restsApart();
  }

  void resume() {
    resting = false;
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    wake.tryComplete();
    return stopped.future();
  }

  public String name() {
    return work.name();
  }

  /** Turns so far. */
  public long turns() {
    return turns.get();
  }

  /** Turns in which the poll found work that no fact had announced. */
  public long repaired() {
    return repaired.get();
  }

  /** Turns that threw. */
  public long faults() {
    return faults.get();
  }

  private void live() {
    boolean polled = false;
    while (!stopping) {
      wake = Promise.promise(); // before the turn: a fact that comes during it means another one
      long began = System.nanoTime();
      boolean did = !resting && turn();
      breathe(Duration.ofNanos(System.nanoTime() - began));
      if (did && polled) {
        repaired.incrementAndGet();
      }
      polled = !did && sleep();
    }
    guarded(
        () -> {
          work.wind(clock.instant());
          return true;
        });
    stopped.complete();
  }

  private boolean turn() {
    turns.incrementAndGet();
    return guarded(() -> work.run(clock.instant()));
  }

  private boolean guarded(BooleanSupplier turn) {
    try {
      return turn.getAsBoolean();
    } catch (Exception e) { // await() throws checked ones as well, undeclared
      faults.incrementAndGet();
      LOG.warn("{} failed, trying again in {}", work.name(), work.poll(), e);
      return false;
    }
  }

  private void breathe(Duration took) {
    long millis = rest(took, work.share()).toMillis();
    if (!stopping && millis > 0) {
      vertx.timer(millis).await();
    }
  }

  static Duration rest(Duration took, double share) {
    var rest = Duration.ofNanos((long) (took.toNanos() * (1 / share - 1)));
    return rest.compareTo(REST_MAX) < 0 ? rest : REST_MAX;
  }

  /** True when the poll ended the wait: no fact, and nothing that came back. */
  private boolean sleep() {
    var timer = vertx.timer(work.poll().toMillis());
    var woken = wake.future();
    var stirred = resting ? NEVER : work.stirred();
    Future.any(woken, stirred, timer).await();
    timer.cancel();
    return !woken.isComplete() && !stirred.isComplete();
  }
}
