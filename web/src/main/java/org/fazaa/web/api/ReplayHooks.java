package org.fazaa.web.api;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.reply.TakePress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Webhooks that waited on the disk while the database was away take effect when it is back, as of
 * when they came. Replayed twice they count once.
 */
public final class ReplayHooks implements Loop.Work {
  private static final int TOGETHER = 100;
  private static final Logger LOG = LoggerFactory.getLogger(ReplayHooks.class);

  private final Vertx vertx;
  private final Pool pool;
  private final Bus bus;
  private final HookSpool spool;
  private final TakePress presses;

  public ReplayHooks(Vertx vertx, Pool pool, Bus bus, HookSpool spool, TakePress presses) {
    this.vertx = vertx;
    this.pool = pool;
    this.bus = bus;
    this.spool = spool;
    this.presses = presses;
  }

  @Override
  public String name() {
    return "replay hooks";
  }

  @Override
  public boolean run(Instant now) {
    var taken = onDisk(spool::take);
    if (taken.isEmpty()) return false;
    var hooks = onDisk(() -> spool.read(taken.get()));
    for (int from = 0; from < hooks.size(); from += TOGETHER) {
      replay(hooks.subList(from, Math.min(from + TOGETHER, hooks.size())), now);
    }
    onDisk(
        () -> {
          spool.done(taken.get());
          return true;
        });
    LOG.info("{} webhooks that came while the database was away have been read", hooks.size());
    return true;
  }

  private void replay(List<Hook> hooks, Instant now) {
    try {
      Database.inTransaction(pool, tx -> take(tx, hooks, now)).forEach(bus::publish);
    } catch (Database.Away e) {
      throw e; // all of it again, later
    } catch (RuntimeException e) {
      hooks.forEach(hook -> replayAlone(hook, now));
    }
  }

  // One that nobody can handle must not hold up the others.
  private void replayAlone(Hook hook, Instant now) {
    try {
      Database.inTransaction(pool, tx -> take(tx, List.of(hook), now)).forEach(bus::publish);
    } catch (Database.Away e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("a webhook of {} could not be handled and is kept aside", hook.at(), e);
      onDisk(
          () -> {
            spool.keepFailed(hook);
            return true;
          });
    }
  }

  private List<Fact> take(SqlConnection tx, List<Hook> hooks, Instant now) {
    var facts = new ArrayList<Fact>();
    for (var hook : hooks) facts.addAll(hook.take(tx, presses));
    var first = hooks.getFirst().at();
    Alarm.raise(tx, Alarm.Kind.SPOOLED, "", "the first of them came at " + first, now);
    return facts;
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  private <T> T onDisk(Step<T> step) {
    return vertx
        .executeBlocking(
            () -> {
              try {
                return step.run();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            false)
        .await();
  }
}
