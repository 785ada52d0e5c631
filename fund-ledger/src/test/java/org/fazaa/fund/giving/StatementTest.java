package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.BADR_TREASURER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.sar;

import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Statement.Calendar;
import org.fazaa.fund.giving.Statement.Period;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final AtomicLong PHONES = new AtomicLong(966501000000L);
  private static final Period YEAR = new Period(Calendar.GREGORIAN, 2026);

  private static FundId real;
  private static FundId pretended;

  private final Books books = new Books(db);
  private Phone phone;

  @BeforeAll
  static void funds() {
    var books = new Books(db);
    books.appointOfficers();
    real = books.openFund(false);
    pretended = books.openFund(true);
  }

  @BeforeEach
  void aGiver() {
    phone = new Phone("+" + PHONES.incrementAndGet());
  }

  @Test
  void moneyThatCameIsSummedAndNothingElse() {
    transfer(sar(100), sar(100), Books.NOW);
    transfer(sar(50), sar(45), Books.NOW.plusSeconds(60));
    promise(sar(900));
    goods(Optional.of(sar(5_000)));
    give(pretended, Channel.CARD, Optional.of(sar(7)), Optional.empty(), Books.NOW);

    var statement = Statement.find(db.pool(), phone, YEAR);

    assertThat(statement.sums()).containsExactly(sar(145));
    assertThat(statement.demonstrations()).containsExactly(sar(7));
    assertThat(statement.receipts()).hasSize(4);
    assertThat(statement.receipts()).filteredOn(Receipt::ofGoods).hasSize(1);
    assertThat(statement.whole()).isTrue();
  }

  @Test
  void anotherPhoneSeesNothingOfIt() {
    transfer(sar(100), sar(100), Books.NOW);

    var other = new Phone("+" + PHONES.incrementAndGet());
    assertThat(Statement.find(db.pool(), other, YEAR).receipts()).isEmpty();
  }

  @Test
  void aReissuedReceiptCountsOnceAndAVoidOneNotAtAll() {
    var reissued = transfer(sar(100), sar(100), Books.NOW);
    var ended = transfer(sar(30), sar(30), Books.NOW);
    makeVoid(reissued, true);
    makeVoid(ended, false);

    var statement = Statement.find(db.pool(), phone, YEAR);

    assertThat(statement.sums()).containsExactly(sar(100));
    assertThat(statement.receipts())
        .extracting(Receipt::standing)
        .containsExactlyInAnyOrder(Receipt.Standing.LIVE, Receipt.Standing.VOID);
  }

  @Test
  void aGiftCountsInTheYearInWhichItCameAtHome() {
    transfer(sar(1), sar(1), Instant.parse("2025-12-31T20:59:59Z"));
    transfer(sar(2), sar(2), Instant.parse("2025-12-31T21:00:00Z"));

    assertThat(Statement.find(db.pool(), phone, new Period(Calendar.GREGORIAN, 2025)).sums())
        .containsExactly(sar(1));
    assertThat(Statement.find(db.pool(), phone, YEAR).sums()).containsExactly(sar(2));
  }

  @Test
  void aHijriYearIsItsOwn() {
    // 1 Muharram 1448 of Umm al-Qura is 16 June 2026.
    transfer(sar(1), sar(1), Instant.parse("2026-06-15T20:59:59Z"));
    transfer(sar(2), sar(2), Instant.parse("2026-06-15T21:00:00Z"));

    assertThat(Statement.find(db.pool(), phone, new Period(Calendar.HIJRI, 1447)).sums())
        .containsExactly(sar(1));
    assertThat(Statement.find(db.pool(), phone, new Period(Calendar.HIJRI, 1448)).sums())
        .containsExactly(sar(2));
  }

  @ParameterizedTest
  @CsvSource({
    "GREGORIAN, 2026-12-31T20:59:59Z, 2026",
    "GREGORIAN, 2026-12-31T21:00:00Z, 2027",
    "HIJRI, 2026-06-15T20:59:59Z, 1447",
    "HIJRI, 2026-06-15T21:00:00Z, 1448"
  })
  void theYearOfAMomentIsThatOfTheDayAtHome(Calendar calendar, Instant at, int year) {
    var period = Period.of(calendar, at);

    assertThat(period.year()).isEqualTo(year);
    assertThat(at).isBetween(period.from(), period.to().minusNanos(1));
  }

  private Donation transfer(Money promised, Money came, Instant at) {
    var gift = give(real, Channel.BANK_TRANSFER, Optional.of(promised), Optional.empty(), at);
    var reference = gift.transferReference().orElseThrow();
    var draft = new ConfirmTransfer.Draft(reference, came, key(), NOURA_LONG_AGO);
    var outcome = books.inTransaction(tx -> ConfirmTransfer.run(tx, draft, at));
    assertThat(outcome).isInstanceOf(ConfirmTransfer.Outcome.Confirmed.class);
    return gift;
  }

  private void promise(Money amount) {
    give(real, Channel.BANK_TRANSFER, Optional.of(amount), Optional.empty(), Books.NOW);
  }

  private void goods(Optional<Money> estimate) {
    give(real, Channel.IN_KIND, estimate, Optional.of("20 tents"), Books.NOW);
  }

  private Donation give(
      FundId fund, Channel channel, Optional<Money> amount, Optional<String> goods, Instant at) {
    var donor = new Donor(Optional.of("سارة"), Optional.of(phone), Language.AR, false);
    var draft = new RecordDonation.Draft(key(), fund, channel, amount, goods, donor);
    var recorder = new RecordDonation(new Random(PHONES.incrementAndGet()));
    return ((RecordDonation.Outcome.Recorded)
            books.inTransaction(tx -> recorder.run(tx, draft, at)))
        .donation();
  }

  private void makeVoid(Donation gift, boolean reissue) {
    var number = Receipt.find(db.pool(), gift.code()).orElseThrow().number();
    var draft = new AskVoid.Draft(key(), number, "wrong name", reissue, BADR_TREASURER);
    books.inTransaction(
        tx -> {
          var asked = (AskVoid.Outcome.Asked) AskVoid.run(tx, draft, Books.NOW);
          var confirm = new ConfirmVoid.Draft(asked.voiding().id(), SAAD_APPROVER);
          return ConfirmVoid.run(tx, confirm, Books.NOW);
        });
  }

  private static final long NOURA_LONG_AGO = NOURA_TREASURER + 1_000;

  @BeforeAll
  static void aTreasurerOfTheYearBefore() {
    new Books(db)
        .inTransaction(
            tx ->
                Officer.appoint(
                    tx,
                    NOURA_LONG_AGO,
                    Office.TREASURER,
                    0,
                    Instant.parse("2025-01-01T00:00:00Z")));
  }
}
