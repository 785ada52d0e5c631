package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.BADR_TREASURER;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.sar;
import static org.fazaa.fund.ledger.Officer.Office.APPROVER;

import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.OpenFund;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.spending.ConfirmFees;
import org.fazaa.fund.spending.ProposeFees;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefundTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  /** When no other test looks. */
  private static final Instant LATER = NOW.plusSeconds(3_600);

  private static Cards cards;
  private static Books books;

  @BeforeAll
  static void start() {
    cards = new Cards(db, "stripe");
    books = cards.books;
    books.appointOfficers();
  }

  @AfterAll
  static void stop() {
    cards.close();
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
    var lost =
        """
        (SELECT s.fund, max(s.hi) - coalesce((SELECT sum(upper(u.place) - lower(u.place))
           FROM fund.money_use u WHERE u.fund = s.fund), 0)
           - (SELECT sum(b.held) FROM fund.balance b JOIN fund.account a ON a.id = b.account
              WHERE a.fund = s.fund AND a.role IN ('available', 'reserved')) AS gap
         FROM fund.span s GROUP BY s.fund) w WHERE w.gap <> 0\
        """;
    assertThat(cards.count(lost)).isZero();
  }

  private static AskRefund.Outcome ask(Donation gift, Money amount, long by) {
    var draft = new AskRefund.Draft(key(), gift.code(), amount, "Paid twice by mistake", by);
    return books.inTransaction(tx -> AskRefund.run(tx, draft, NOW));
  }

  private static long asked(Donation gift, Money amount) {
    return ((AskRefund.Outcome.Asked) ask(gift, amount, NOURA_TREASURER)).refund().id();
  }

  private static ConfirmRefund.Outcome confirm(long refund, long by) {
    var draft = new ConfirmRefund.Draft(refund, by);
    return books.inTransaction(tx -> ConfirmRefund.run(tx, draft, NOW));
  }

  private static Optional<String> source(ConfirmRefund.Outcome outcome) {
    return ((ConfirmRefund.Outcome.Confirmed) outcome).refund().source();
  }

  /** After the payments have come. */
  private static void settle() {
    books.inTransaction(tx -> SettleGifts.settle(tx, NOW.plusSeconds(120)));
  }

  private static void spendAll(FundId fund, Money amount) {
    settle();
    books.pay(books.approvedRequest(fund, books.verifiedPayee(), amount), BADR_TREASURER);
  }

  private static FundId unrestricted(Money amount) {
    var draft = Books.fundDraft(false);
    var free =
        new OpenFund.Draft(
            key(),
            draft.name(),
            draft.currency(),
            Restriction.UNRESTRICTED,
            draft.purpose(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            draft.by());
    var opened = books.inTransaction(tx -> OpenFund.run(tx, free, NOW));
    var fund = ((OpenFund.Outcome.Opened) opened).fund();
    var gift = books.give(fund, Channel.BANK_TRANSFER, amount);
    books.confirm(gift, amount, key(), NOURA_TREASURER);
    settle();
    return fund;
  }

  private static TopUpReserve.Outcome topUp(FundId giver, FundId fund, Money amount) {
    var draft = new TopUpReserve.Draft(key(), giver, fund, amount, NOURA_TREASURER);
    return books.inTransaction(tx -> TopUpReserve.run(tx, draft, NOW));
  }

  @Test
  void whatIsNotSweptYetGoesBackOutOfWhatWasReceived() {
    var fund = books.openFund(false);
    var gift = cards.paid(fund, sar(100));
    var refund = asked(gift, sar(30));
    assertThat(books.figures(fund).received()).isEqualTo(sar(100));
    assertThat(source(confirm(refund, SAAD_APPROVER))).contains("received");
    assertThat(books.figures(fund).received()).isEqualTo(sar(70));
    assertThat(cards.now(gift).state()).isEqualTo(GiftState.PARTLY_REFUNDED);
    assertThat(source(confirm(asked(gift, sar(70)), SAAD_APPROVER))).contains("received");
    assertThat(cards.now(gift).state()).isEqualTo(GiftState.REFUNDED);
    settle();
    assertThat(books.figures(fund).available()).isEqualTo(sar(0));

    cards.sendRefunds(NOW);
    cards.sendRefunds(NOW);
    assertThat(Refund.find(db.pool(), refund).orElseThrow().state()).isEqualTo(Refund.State.SENT);
    assertThat(cards.count("fund.refund_unsent")).isZero();
  }

  @Test
  void whatIsSweptGoesBackOutOfTheGiftsOwnPlaces() {
    var fund = books.openFund(false);
    var first = cards.paid(fund, sar(100));
    var second = cards.paid(fund, sar(50));
    settle();
    assertThat(source(confirm(asked(second, sar(20)), SAAD_APPROVER))).contains("available");
    assertThat(source(confirm(asked(first, sar(10)), SAAD_APPROVER))).contains("available");
    assertThat(books.figures(fund).available()).isEqualTo(sar(120));
    spendAll(fund, sar(120));
    assertThat(books.figures(fund).available()).isEqualTo(sar(0));
    assertThat(cards.now(second).state()).isEqualTo(GiftState.PARTLY_REFUNDED);
  }

  @Test
  void whatIsSpentGoesBackOutOfTheReserveAndNeverOutOfOthersGifts() {
    var fund = books.openFund(false);
    var spent = cards.paid(fund, sar(100));
    spendAll(fund, sar(100));
    cards.paid(fund, sar(500));
    settle();
    var refund = asked(spent, sar(100));
    assertThat(confirm(refund, SAAD_APPROVER)).isEqualTo(new ConfirmRefund.Outcome.ReserveShort());
    assertThat(topUp(books.openFund(), fund, sar(100)))
        .isEqualTo(new TopUpReserve.Outcome.Restricted());
    var giver = unrestricted(sar(300));
    assertThat(topUp(giver, fund, sar(301))).isEqualTo(new TopUpReserve.Outcome.TooLittle());
    assertThat(topUp(giver, fund, sar(100))).isEqualTo(new TopUpReserve.Outcome.ToppedUp());
    assertThat(source(confirm(refund, SAAD_APPROVER))).contains("refund_reserve");
    assertThat(books.figures(fund).available()).isEqualTo(sar(500));
    assertThat(books.figures(giver).available()).isEqualTo(sar(200));
  }

  @Test
  void twoPeopleAndNoMoreThanWasGiven() {
    var gift = cards.paid(books.openFund(false), sar(100));
    assertThat(ask(gift, sar(101), NOURA_TREASURER))
        .isEqualTo(new AskRefund.Outcome.MoreThanGiven());
    assertThat(ask(gift, sar(1), SAAD_APPROVER)).isEqualTo(new AskRefund.Outcome.NotTreasurer());
    var refund = asked(gift, sar(60));
    var other = asked(gift, sar(60));
    assertThat(confirm(refund, BADR_TREASURER)).isEqualTo(new ConfirmRefund.Outcome.NotApprover());
    books.inTransaction(tx -> Officer.appoint(tx, NOURA_TREASURER, APPROVER, 0, NOW));
    assertThat(confirm(refund, NOURA_TREASURER)).isEqualTo(new ConfirmRefund.Outcome.OwnRefund());
    assertThat(source(confirm(refund, SAAD_APPROVER))).isPresent();
    assertThat(confirm(refund, SAAD_APPROVER))
        .isInstanceOf(ConfirmRefund.Outcome.AlreadyConfirmed.class);
    assertThat(confirm(other, SAAD_APPROVER)).isEqualTo(new ConfirmRefund.Outcome.MoreThanGiven());
    assertThat(confirm(987_654, SAAD_APPROVER))
        .isEqualTo(new ConfirmRefund.Outcome.NoSuchRefund(987_654));
  }

  @Test
  void refundsThatRaceNeverComeToMoreThanTheGift() throws Exception {
    var gift = cards.paid(books.openFund(false), sar(100));
    var refunds = List.of(asked(gift, sar(60)), asked(gift, sar(60)), asked(gift, sar(60)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var work =
          refunds.stream()
              .map(id -> (Callable<ConfirmRefund.Outcome>) () -> confirm(id, SAAD_APPROVER))
              .toList();
      var confirmed = 0;
      for (var done : threads.invokeAll(work)) {
        if (done.get() instanceof ConfirmRefund.Outcome.Confirmed) confirmed++;
      }
      assertThat(confirmed).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"refund", "chargeback"})
  void theDatabaseItselfRefusesMoreThanWasGiven(String kind) {
    var gift = cards.paid(books.openFund(false), sar(100));
    var connection = db.superuserPool().getConnection().await();
    try {
      connection.begin().await();
      var sql =
          """
          INSERT INTO fund.given_back (entry, gift, kind, minor, source, given_at)
          SELECT k.entry, k.gift, $2, 10001, 'received', k.paid_at
          FROM fund.card_paid k WHERE k.gift = $1\
          """;
      assertThatThrownBy(
              () -> connection.preparedQuery(sql).execute(Tuple.of(gift.gift(), kind)).await())
          .isInstanceOfSatisfying(
              PgException.class,
              e -> assertThat(e.getConstraint()).isEqualTo("refunds_within_gift"));
    } finally {
      connection.close().await();
    }
  }

  @Test
  void aChargebackAfterSpendingIsOwedUntilTheReserveSettlesIt() {
    var fund = books.openFund(false);
    var spent = cards.paid(fund, sar(100));
    spendAll(fund, sar(100));
    cards.paid(fund, sar(500));
    settle();
    chargeback(spent);
    assertThat(books.figures(fund).received()).isEqualTo(sar(500));
    assertThat(books.figures(fund).available()).isEqualTo(sar(500));
    assertThat(held(fund, "suspense")).isEqualTo(100_00);
    topUp(unrestricted(sar(300)), fund, sar(150));
    assertThat(held(fund, "suspense")).isZero();
    assertThat(held(fund, "refund_reserve")).isEqualTo(-50_00);
  }

  @Test
  void aChargebackAfterSpendingIsChargedToTheReserveThatIsThere() {
    var fund = books.openFund(false);
    var spent = cards.paid(fund, sar(100));
    spendAll(fund, sar(100));
    topUp(unrestricted(sar(300)), fund, sar(150));
    chargeback(spent);
    assertThat(held(fund, "refund_reserve")).isEqualTo(-50_00);
    assertThat(cards.now(spent).state()).isEqualTo(GiftState.REFUNDED);
    var disputeFees = "fund.entry WHERE kind = 'fee' AND idem_key LIKE 'dispute:%'";
    assertThat(cards.count(disputeFees)).isPositive();
  }

  private static void chargeback(Donation gift) {
    var number =
        db.pool()
            .preparedQuery("SELECT pay_url FROM fund.card_payment WHERE gift = $1")
            .execute(Tuple.of(gift.gift()))
            .await()
            .iterator()
            .next()
            .getString(0)
            .replaceAll(".*/", "");
    cards.happens("disputes", new JsonObject().put("payment", number));
    for (int i = 0; i < 2; i++) {
      cards.tell(key(), gift, NOW.plusSeconds(100 + i));
      cards.look(NOW.plusSeconds(100 + i));
    }
  }

  private static long held(FundId fund, String role) {
    return db.pool()
        .preparedQuery(
            """
            SELECT coalesce(sum(s.amount), 0)::bigint FROM fund.sums_as_of($1, NULL, NULL) s
            WHERE s.role = $2\
            """)
        .execute(Tuple.of(fund.value(), role))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  @Test
  void feesAreTheirOwnLinesAndAreBorneByTheFundOnce() {
    var fund = books.openFund(false);
    cards.paid(fund, sar(100));
    settle();
    assertThat(held(fund, "fees")).isEqualTo(2_50);
    var cover = new CoverFees.Draft(fund, NOURA_TREASURER);
    assertThat(books.<Object>inTransaction(tx -> CoverFees.run(tx, cover, NOW)))
        .isEqualTo(new CoverFees.Outcome.Covered(2_50));
    assertThat(books.<Object>inTransaction(tx -> CoverFees.run(tx, cover, NOW)))
        .isEqualTo(new CoverFees.Outcome.NothingToCover());
    assertThat(books.figures(fund).available()).isEqualTo(new Money(97_50, Books.SAR));
    assertThat(books.figures(fund).received()).isEqualTo(sar(100));
  }

  @Test
  void theOperatorsUnrestrictedFundBearsFeesOnceTwoPeopleSaySo() {
    var operator = unrestricted(sar(300));
    var fund = books.openFund(false);
    cards.paid(fund, sar(100));
    settle();
    var draft = new ProposeFees.Draft(key(), Optional.of(operator), "board", HUDA_REQUESTER);
    var proposed = books.inTransaction(tx -> ProposeFees.run(tx, draft, LATER));
    var id = ((ProposeFees.Outcome.Proposed) proposed).id();
    var confirmation = new ConfirmFees.Draft(id, SAAD_APPROVER);
    assertThat(books.<Object>inTransaction(tx -> ConfirmFees.run(tx, confirmation, LATER)))
        .isEqualTo(new ConfirmFees.Outcome.Confirmed(id));

    var cover = new CoverFees.Draft(fund, NOURA_TREASURER);
    assertThat(books.<Object>inTransaction(tx -> CoverFees.run(tx, cover, LATER)))
        .isEqualTo(new CoverFees.Outcome.Covered(2_50));

    assertThat(books.figures(operator).available()).isEqualTo(new Money(297_50, Books.SAR));
    assertThat(books.figures(fund).available()).isEqualTo(sar(100));
    assertThat(held(fund, "fees")).isZero();
  }

  @Test
  void aPayoutIsBankedOnceAndNeverMoreThanTheProviderHas() {
    var fund = books.openFund(false);
    cards.paid(fund, sar(100));
    var line = key();
    assertThat(payout(fund, new Money(97_51, Books.SAR), key()))
        .isEqualTo(new RecordPayout.Outcome.MoreThanCleared());
    var all = new Money(97_50, Books.SAR);
    assertThat(payout(fund, all, line)).isEqualTo(new RecordPayout.Outcome.Recorded());
    assertThat(payout(fund, all, line)).isEqualTo(new RecordPayout.Outcome.AlreadyRecorded());
    assertThat(payout(fund, sar(1), line)).isEqualTo(new RecordPayout.Outcome.LineUsed(line));
    assertThat(books.figures(fund).banked()).isEqualTo(all);
    assertThat(held(fund, "clearing")).isZero();
  }

  private static RecordPayout.Outcome payout(FundId fund, Money amount, String line) {
    var draft = new RecordPayout.Draft(fund, amount, line, NOURA_TREASURER);
    return books.inTransaction(tx -> RecordPayout.run(tx, draft, NOW));
  }
}
