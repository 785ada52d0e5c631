package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.sar;

import java.util.Collections;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.fazaa.config.Bus;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Journal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SettleGiftsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private final Books books = new Books(db);

  @Test
  void manyGiftsBecomeOneEntryForEachFundAndThenNothingIsLeft() {
    var work = new SettleGifts(db.pool(), Bus.of(db.vertx()));
    var fund = books.openFund();
    var other = books.openFund();
    books.give(fund, Channel.CARD, sar(10));
    books.give(fund, Channel.CARD, sar(20));
    books.give(other, Channel.CARD, sar(5));
    books.give(other, Channel.BANK_TRANSFER, sar(500));

    assertThat(work.nextDue()).contains(NOW);
    assertThat(work.run(NOW.minusSeconds(1))).isFalse();
    assertThat(work.run(NOW)).isTrue();
    assertThat(work.run(NOW)).isFalse();
    assertThat(work.nextDue()).isEmpty();

    assertThat(books.figures(fund).available()).isEqualTo(sar(30));
    assertThat(books.figures(fund).settling()).isEqualTo(sar(0));
    assertThat(books.figures(other).available()).isEqualTo(sar(5));
    assertThat(settlements(fund)).isEqualTo(1);
    assertThat(settlements(other)).isEqualTo(1);
  }

  @Test
  void sweepersAtOnceSettleEachGiftOnce() throws Exception {
    var fund = books.openFund();
    var drafts =
        IntStream.range(0, 300).mapToObj(i -> Books.gift(fund, Channel.CARD, sar(1))).toList();
    books.inTransaction(tx -> new RecordDonation(new Random(1_000_009)).runAll(tx, drafts, NOW));
    books.inTransaction(tx -> PostGifts.post(tx, NOW));

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> sweep =
          () -> {
            books.settle();
            return true;
          };
      for (var done : threads.invokeAll(Collections.nCopies(6, sweep))) {
        assertThat(done.get()).isTrue();
      }
    }

    assertThat(books.figures(fund).available()).isEqualTo(sar(300));
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  private static long settlements(FundId fund) {
    return Journal.list(db.pool(), fund, Optional.empty(), 100).stream()
        .filter(line -> line.kind().equals("settlement") && line.line() == 1)
        .count();
  }
}
