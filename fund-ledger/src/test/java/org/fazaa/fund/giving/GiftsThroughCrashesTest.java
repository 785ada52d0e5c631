package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.PrivateServer;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.GatherGifts.Answer;
import org.fazaa.fund.giving.RecordDonation.Outcome;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.OpenFund;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database is killed again and again while many give. Whoever was not answered asks with the
 * same key until there is an answer; what was acknowledged is there once. {@code -Dcrashes=20} for
 * more of them.
 */
class GiftsThroughCrashesTest {
  private static final int CRASHES = Integer.getInteger("crashes", 3);
  private static final int GIVERS = 24;
  private static final int BETWEEN = 400;

  private final Map<String, Donation> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  @Tag("F8")
  void noAcknowledgedGiftIsLostAndNoneIsDoubled(@TempDir Path folder) throws Exception {
    var vertx = Vertx.vertx();
    var server = PrivateServer.start(folder); // stopped with the database
    try (var database = Database.openPatiently(vertx, server.embedded(), List.of("fund"))) {
      var opened =
          Database.inTransaction(
              database.people(), tx -> OpenFund.run(tx, Books.fundDraft(true), Books.NOW));
      var fund = ((OpenFund.Outcome.Opened) opened).fund();
      var record = new RecordDonation(new Random(9));
      var gatherGifts =
          new GatherGifts(database.dispatch(), Bus.of(vertx), () -> Books.NOW, record);

      giveThroughCrashes(server, gatherGifts, fund);
      gatherGifts.wind(Books.NOW);

      assertThat(acknowledged).hasSizeGreaterThan(CRASHES * BETWEEN);
      var kept = gifts(database.people());
      assertThat(kept).hasSize(acknowledged.size());
      acknowledged.values().forEach(gift -> assertThat(kept).contains(gift.code()));
      var received = Funds.figures(database.people(), fund).orElseThrow().received();
      assertThat(received).isEqualTo(Books.sar(acknowledged.size()));
      assertThat(Invariants.checkAll(database.bulk())).isEmpty();
    } finally {
      vertx.close().await();
    }
  }

  private void giveThroughCrashes(PrivateServer server, GatherGifts gatherGifts, FundId fund)
      throws Exception {
    try (var givers = Executors.newVirtualThreadPerTaskExecutor()) {
      var giving = new ArrayList<Future<?>>();
      for (int i = 0; i < GIVERS; i++) giving.add(givers.submit(() -> giveOn(gatherGifts, fund)));
      for (int crash = 1; crash <= CRASHES; crash++) {
        while (answers.get() < crash * BETWEEN) LockSupport.parkNanos(1_000_000);
        server.crash();
      }
      while (answers.get() < (CRASHES + 1) * BETWEEN) LockSupport.parkNanos(1_000_000);
      over.set(true);
      for (var one : giving) one.get();
    }
  }

  private void giveOn(GatherGifts gatherGifts, FundId fund) {
    while (!over.get()) {
      var draft = Books.gift(fund, Channel.CARD, Books.sar(1));
      for (var answered = false; !answered; ) {
        try {
          var outcome = ((Answer.Given) gatherGifts.run(draft).await()).outcome();
          acknowledged.put(
              draft.key(),
              switch (outcome) {
                case Outcome.Recorded(var donation) -> donation;
                case Outcome.AlreadyRecorded(var donation) -> donation;
                default -> throw new AssertionError(outcome);
              });
          answered = true;
          if (answers.incrementAndGet() % 10 == 0) {
            gatherGifts.find(acknowledged.get(draft.key()).code()); // its receipt, at once
          }
        } catch (Exception away) { // await() throws as it comes
          LockSupport.parkNanos(5_000_000); // neither written nor refused: the same key again
        }
      }
    }
  }

  private static List<String> gifts(Pool pool) {
    var codes = new ArrayList<String>();
    pool.preparedQuery("SELECT code FROM fund.gift")
        .execute(Tuple.tuple())
        .await()
        .forEach(row -> codes.add(row.getString(0)));
    return codes;
  }
}
