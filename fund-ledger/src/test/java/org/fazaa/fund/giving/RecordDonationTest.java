package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.gift;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.sar;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.RecordDonation.Draft;
import org.fazaa.fund.giving.RecordDonation.Outcome;
import org.fazaa.fund.ledger.CloseFund;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordDonationTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  // Away from the seeds of the books themselves, so that no two codes are alike.
  private static final long SEEDS = 1_000_000;

  private final Books books = new Books(db);

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void aPretendedCardPaymentSaysSoOnGiftAndReceipt() {
    var fund = books.openFund();

    var given = books.give(fund, Channel.CARD, sar(150));

    assertThat(given.state()).isEqualTo(GiftState.PAID_SIMULATED);
    assertThat(given.code()).matches("[0-9]+-[2-9A-Z]{16}");
    assertThat(given.arrivedAt()).contains(NOW);
    assertThat(books.figures(fund).received()).isEqualTo(sar(150));
    var receipt = Receipt.find(db.pool(), given.code()).orElseThrow();
    assertThat(receipt.number()).isEqualTo(given.receiptNumber().orElseThrow());
    assertThat(receipt.demonstration()).isTrue();
    assertThat(receipt.amount()).contains(sar(150));
    assertThat(receipt.fundName().ar()).isEqualTo("صندوق السيول");
    assertThat(receipt.fundName().en()).isEqualTo("Flood fund");
    assertThat(receipt.licence()).contains("L-77");
    assertThat(receipt.donorName()).contains("سارة");
  }

  @Test
  void aPromisedTransferIsPledgedAndNeverCalledReceived() {
    var fund = books.openFund(false);

    var given = books.give(fund, Channel.BANK_TRANSFER, sar(900));

    assertThat(given.state()).isEqualTo(GiftState.AWAITING_TRANSFER);
    assertThat(given.transferReference()).get().asString().hasSize(10);
    assertThat(given.receiptNumber()).isEmpty();
    assertThat(Receipt.find(db.pool(), given.code())).isEmpty();
    assertThat(books.figures(fund).pledged()).isEqualTo(sar(900));
    assertThat(books.figures(fund).received()).isEqualTo(sar(0));
    assertThat(Donations.awaiting(db.pool(), fund)).containsExactly(given);
  }

  @Test
  void goodsAreReceiptedInTheirOwnSeriesAndMoveNoMoney() {
    var fund = books.openFund(false);
    var draft =
        new Draft(
            key(),
            fund,
            Channel.IN_KIND,
            Optional.empty(),
            Optional.of("٤٠ بطانية"),
            gift(fund, Channel.IN_KIND, sar(1)).donor());

    var given = ((Outcome.Recorded) books.record(draft)).donation();

    assertThat(given.state()).isEqualTo(GiftState.GOODS_DECLARED);
    assertThat(given.receiptNumber()).get().asString().startsWith("K-2026-");
    assertThat(given.amount()).isEmpty();
    var receipt = Receipt.find(db.pool(), given.code()).orElseThrow();
    assertThat(receipt.goods()).contains("٤٠ بطانية");
    assertThat(receipt.amount()).isEmpty();
    assertThat(books.figures(fund).received()).isEqualTo(sar(0));
  }

  @Test
  void ofAnAnonymousDonorNothingIsKept() {
    var fund = books.openFund();
    var phone = Phone.parse("0501234567", "SA");
    var donor = new Donor(Optional.of("نورة"), phone, Language.AR, true);
    var draft = new Draft(key(), fund, Channel.CARD, Optional.of(sar(5)), Optional.empty(), donor);

    var given = ((Outcome.Recorded) books.record(draft)).donation();

    assertThat(given.anonymous()).isTrue();
    assertThat(Receipt.find(db.pool(), given.code()).orElseThrow().donorName()).isEmpty();
    var kept =
        db.pool()
            .preparedQuery("SELECT name, phone FROM fund.donor WHERE gift = $1")
            .execute(Tuple.of(given.gift()))
            .await()
            .iterator()
            .next();
    assertThat(kept.getString("name")).isNull();
    assertThat(kept.getString("phone")).isNull();
  }

  @Test
  void aRepeatedGiftAnswersWithTheFirst() {
    var draft = gift(books.openFund(), Channel.CARD, sar(20));
    var first = (Outcome.Recorded) books.record(draft);

    assertThat(books.record(draft)).isEqualTo(new Outcome.AlreadyRecorded(first.donation()));
    assertThat(books.figures(draft.fund()).received()).isEqualTo(sar(20));
  }

  @Test
  void theSameKeyWithAnotherGiftIsRefused() {
    var fund = books.openFund();
    var draft = gift(fund, Channel.CARD, sar(20));
    books.record(draft);

    assertThat(books.record(withAmount(draft, sar(21)))).isEqualTo(new Outcome.DiffersFromFirst());
    assertThat(books.record(withChannel(draft, Channel.BANK_TRANSFER)))
        .isEqualTo(new Outcome.DiffersFromFirst());
    assertThat(books.figures(fund).received()).isEqualTo(sar(20));
    assertThat(books.figures(fund).pledged()).isEqualTo(sar(0));
  }

  @Test
  void aClosedFundTakesNoGiftButStillKnowsItsOwn() {
    var fund = books.openFund();
    var before = gift(fund, Channel.CARD, sar(20));
    books.record(before);
    close(fund);

    assertThat(books.record(gift(fund, Channel.CARD, sar(5))))
        .isEqualTo(new Outcome.FundClosed(fund));
    assertThat(books.record(before)).isInstanceOf(Outcome.AlreadyRecorded.class);
  }

  @Test
  void aGiftToAFundThatIsNotThereIsRefused() {
    var nowhere = new FundId(987_654);

    assertThat(books.record(gift(nowhere, Channel.CARD, sar(5))))
        .isEqualTo(new Outcome.NoSuchFund(nowhere));
  }

  @Test
  void aRealFundTakesNoPretendedCardPayment() {
    assertThat(flawsOf(gift(books.openFund(false), Channel.CARD, sar(5))))
        .containsExactly("channel");
  }

  @Test
  void everyFlawOfAGiftIsNamed() {
    var fund = books.openFund();
    var draft = gift(fund, Channel.CARD, sar(5));

    assertThat(flawsOf(withAmount(draft, sar(0)))).containsExactly("amount");
    assertThat(flawsOf(withAmount(draft, sar(-3)))).containsExactly("amount");
    assertThat(flawsOf(withAmount(draft, new Money(Money.MINOR_MAX + 1, Books.SAR))))
        .containsExactly("amount");
    assertThat(flawsOf(withAmount(draft, Money.of(500, "KWD")))).containsExactly("amount.currency");
    assertThat(
            flawsOf(
                new Draft(
                    " ",
                    fund,
                    Channel.BANK_TRANSFER,
                    Optional.empty(),
                    Optional.of("tents"),
                    draft.donor())))
        .containsExactly("key", "amount", "goods");
    assertThat(
            flawsOf(
                new Draft(
                    key(),
                    fund,
                    Channel.IN_KIND,
                    Optional.empty(),
                    Optional.empty(),
                    draft.donor())))
        .containsExactly("goods");
  }

  @Test
  void inABatchEachGiftHasItsOwnAnswer() {
    var fund = books.openFund();
    var closed = books.openFund();
    close(closed);
    var first = gift(fund, Channel.CARD, sar(10));
    var drafts =
        List.of(
            first,
            gift(closed, Channel.CARD, sar(10)),
            first,
            withAmount(first, sar(11)),
            withAmount(gift(fund, Channel.CARD, sar(1)), sar(0)),
            gift(fund, Channel.BANK_TRANSFER, sar(30)),
            gift(new FundId(987_654), Channel.CARD, sar(10)),
            gift(fund, Channel.CARD, sar(40)));

    var outcomes = recordAll(drafts, 1);

    var recorded = ((Outcome.Recorded) outcomes.getFirst()).donation();
    assertThat(outcomes.get(2))
        .isInstanceOfSatisfying(
            Outcome.AlreadyRecorded.class,
            again -> assertThat(again.donation().code()).isEqualTo(recorded.code()));
    assertThat(outcomes)
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly(
            "Recorded",
            "FundClosed",
            "AlreadyRecorded",
            "DiffersFromFirst",
            "Invalid",
            "Recorded",
            "NoSuchFund",
            "Recorded");
    assertThat(books.figures(fund).received()).isEqualTo(sar(50));
    assertThat(books.figures(fund).pledged()).isEqualTo(sar(30));
  }

  @Test
  void aFullBatchIsRecordedAtOnceAndReceiptedWithoutAGap() {
    var fund = books.openFund();
    var drafts =
        IntStream.range(0, RecordDonation.BATCH_MAX)
            .mapToObj(i -> gift(fund, Channel.CARD, sar(1)))
            .toList();

    var outcomes = recordAll(drafts, 2);

    assertThat(outcomes).hasOnlyElementsOfType(Outcome.Recorded.class);
    assertThat(outcomes.stream().map(o -> ((Outcome.Recorded) o).donation().code()).distinct())
        .hasSize(RecordDonation.BATCH_MAX);
    assertThat(books.figures(fund).received()).isEqualTo(sar(RecordDonation.BATCH_MAX));
  }

  @Test
  void fiftyAtOnceWithOneKeyMakeOneGift() throws Exception {
    var draft = gift(books.openFund(), Channel.CARD, sar(25));

    var outcomes = together(50, i -> () -> books.record(draft));

    assertThat(outcomes).filteredOn(o -> o instanceof Outcome.Recorded).hasSize(1);
    assertThat(outcomes).filteredOn(o -> o instanceof Outcome.AlreadyRecorded).hasSize(49);
    assertThat(outcomes.stream().map(RecordDonationTest::codeOf).distinct()).hasSize(1);
    assertThat(books.figures(draft.fund()).received()).isEqualTo(sar(25));
  }

  @Test
  void aFundThatClosesAmongGiftsTakesNoneAfterwards() throws Exception {
    var fund = books.openFund();

    var outcomes =
        together(
            40,
            i ->
                () -> {
                  if (i == 20) {
                    close(fund);
                  }
                  return books.record(gift(fund, Channel.CARD, sar(1)));
                });

    long recorded = outcomes.stream().filter(o -> o instanceof Outcome.Recorded).count();
    assertThat(outcomes.get(20)).isEqualTo(new Outcome.FundClosed(fund));
    assertThat(outcomes)
        .filteredOn(o -> !(o instanceof Outcome.Recorded))
        .containsOnly(new Outcome.FundClosed(fund));
    assertThat(books.figures(fund).received()).isEqualTo(sar(recorded));
  }

  @Test
  void batchesThatShareTheirKeysInOppositeOrdersBothGetAnswers() throws Exception {
    var fund = books.openFund();
    var drafts = IntStream.range(0, 60).mapToObj(i -> gift(fund, Channel.CARD, sar(1))).toList();
    var random = new Random(3);

    var outcomes =
        together(
            8,
            i ->
                () -> {
                  var shuffled = new ArrayList<>(drafts);
                  Collections.shuffle(shuffled, random);
                  return recordAll(shuffled, 100 + i);
                });

    assertThat(outcomes.stream().flatMap(List::stream))
        .filteredOn(o -> o instanceof Outcome.Recorded)
        .hasSize(60);
    assertThat(books.figures(fund).received()).isEqualTo(sar(60));
  }

  @Test
  void aGiftThatIsRolledBackTakesNoReceiptNumber() {
    var fund = books.openFund();
    var before = number(books.give(fund, Channel.CARD, sar(1)));
    var donation = new RecordDonation(new Random(SEEDS + 50));

    assertThat(
            catchThrowable(
                () ->
                    books.inTransaction(
                        tx -> {
                          donation.run(tx, gift(fund, Channel.CARD, sar(1)), NOW);
                          throw new IllegalStateException("the program dies here");
                        })))
        .hasMessage("the program dies here");

    assertThat(number(books.give(fund, Channel.CARD, sar(1)))).isEqualTo(before + 1);
  }

  @Test
  void receiptNumbersStayGaplessWhileSomeGiftsFail() throws Exception {
    var fund = books.openFund();
    var first = number(books.give(fund, Channel.CARD, sar(1)));

    var numbers =
        together(
            40,
            i ->
                () -> {
                  try {
                    return books.inTransaction(
                        tx -> {
                          var outcome =
                              new RecordDonation(new Random(SEEDS + 1_000 + i))
                                  .run(tx, gift(fund, Channel.CARD, sar(1)), NOW);
                          if (i % 3 == 0) {
                            throw new IllegalStateException("the program dies here");
                          }
                          return number(((Outcome.Recorded) outcome).donation());
                        });
                  } catch (IllegalStateException e) {
                    return 0L;
                  }
                });

    var issued = new HashSet<>(numbers);
    issued.remove(0L);
    assertThat(issued)
        .isEqualTo(
            new HashSet<>(IntStream.range(0, issued.size()).mapToObj(i -> first + 1 + i).toList()));
  }

  @Test
  void theReceiptYearTurnsAtMidnightInRiyadh() {
    var fund = books.openFund();
    var lastEvening = Instant.parse("2029-12-31T20:59:59Z");
    var draft = gift(fund, Channel.CARD, sar(1));
    var next = gift(fund, Channel.CARD, sar(1));
    var donation = new RecordDonation(new Random(SEEDS + 60));

    var outcomes =
        books.inTransaction(
            tx ->
                List.of(
                    donation.run(tx, draft, lastEvening),
                    donation.run(tx, next, lastEvening.plusSeconds(1))));

    assertThat(outcomes)
        .extracting(o -> ((Outcome.Recorded) o).donation().receiptNumber().orElseThrow())
        .containsExactly("M-2029-000001", "M-2030-000001");
  }

  private List<Outcome> recordAll(List<Draft> drafts, long seed) {
    var donation = new RecordDonation(new Random(SEEDS + seed));
    return books.inTransaction(
        tx -> {
          var outcomes = donation.runAll(tx, drafts, NOW);
          PostGifts.post(tx, NOW);
          return outcomes.stream().map(one -> posted(tx, one)).toList();
        });
  }

  private static Outcome posted(SqlConnection tx, Outcome outcome) {
    if (!(outcome instanceof Outcome.Recorded(var gift))) return outcome;
    return new Outcome.Recorded(Donations.find(tx, gift.code()).orElseThrow());
  }

  private void close(FundId fund) {
    var draft = new CloseFund.Draft(fund, "The campaign has ended", 7);
    books.inTransaction(tx -> CloseFund.run(tx, draft, NOW));
  }

  private List<String> flawsOf(Draft draft) {
    var invalid = (Outcome.Invalid) books.record(draft);
    return invalid.flaws().stream().map(Flaw::field).toList();
  }

  private static String codeOf(Outcome outcome) {
    return outcome instanceof Outcome.Recorded(var donation)
        ? donation.code()
        : ((Outcome.AlreadyRecorded) outcome).donation().code();
  }

  private static long number(Donation donation) {
    var number = donation.receiptNumber().orElseThrow();
    return Long.parseLong(number.substring(number.lastIndexOf('-') + 1));
  }

  private static Draft withAmount(Draft draft, Money amount) {
    return new Draft(
        draft.key(),
        draft.fund(),
        draft.channel(),
        Optional.of(amount),
        draft.goods(),
        draft.donor());
  }

  private static Draft withChannel(Draft draft, Channel channel) {
    return new Draft(
        draft.key(), draft.fund(), channel, draft.amount(), draft.goods(), draft.donor());
  }

  private static <T> List<T> together(int n, IntFunction<Callable<T>> call)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = IntStream.range(0, n).mapToObj(call).toList();
      var results = new ArrayList<T>();
      for (var future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }
}
