package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.BADR_TREASURER;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.nextIban;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.spending.PayDisbursement.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PayDisbursementTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static FundId fund;
  private static PayeeId payee;

  private final Books books = new Books(db);

  @BeforeAll
  static void aFundWithMoney() {
    var books = new Books(db);
    books.appointOfficers();
    fund = books.fundWith(sar(10_000));
    payee = books.verifiedPayee();
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void anApprovedRequestIsPaidOnceHoweverOftenItIsOrdered() {
    var id = books.approvedRequest(fund, payee, sar(100));

    var paid = (Outcome.Paid) books.pay(id, NOURA_TREASURER);

    assertThat(paid.amount()).isEqualTo(sar(100));
    assertThat(paid.payment().state()).isEqualTo(PaymentState.PREPARED);
    assertThat(paid.payment().endToEnd()).startsWith("FZ-").hasSizeLessThanOrEqualTo(35);
    assertThat(books.pay(id, NOURA_TREASURER))
        .isEqualTo(new Outcome.AlreadyPaid(paid.payment(), sar(100)));
    assertThat(books.pay(id, BADR_TREASURER))
        .isEqualTo(new Outcome.AlreadyPaid(paid.payment(), sar(100)));
  }

  @Test
  void twentyOrdersAtOnceMakeOnePayment() throws Exception {
    var before = books.figures(fund).paid().minor();
    var id = books.approvedRequest(fund, payee, sar(100));

    var outcomes =
        together(
            IntStream.range(0, 20)
                .<Callable<Outcome>>mapToObj(
                    i -> () -> books.pay(id, i % 2 == 0 ? NOURA_TREASURER : BADR_TREASURER))
                .toList());

    assertThat(outcomes).filteredOn(o -> o instanceof Outcome.Paid).hasSize(1);
    assertThat(outcomes).filteredOn(o -> o instanceof Outcome.AlreadyPaid).hasSize(19);
    assertThat(books.figures(fund).paid().minor()).isEqualTo(before + 100_00);
  }

  @Test
  void oneApprovalIsNotEnough() {
    var id = books.request(fund, payee, sar(100));
    books.approve(id, 1, SAAD_APPROVER);

    assertThat(books.pay(id, NOURA_TREASURER)).isEqualTo(new Outcome.NotApproved(1, 2));
  }

  @Test
  void noPaymentPassesTheDatabaseWithFewerThanTwoApprovals() {
    var id = books.request(fund, payee, sar(100));
    books.approve(id, 1, SAAD_APPROVER);

    assertThat(constraintOf(() -> insertPayment(id, NOURA_TREASURER)))
        .isEqualTo("payment_needs_approvals");
    assertThat(constraintOf(() -> call("SELECT fund.reserve($1, 1::smallint, 'x', $2)", id)))
        .isEqualTo("reservation_needs_approvals");
    books.approve(id, 1, RIMA_APPROVER);
    assertThat(constraintOf(() -> insertPayment(id, SAAD_APPROVER)))
        .isEqualTo("payer_is_not_approver");
    assertThat(constraintOf(() -> insertPayment(id, HUDA_REQUESTER)))
        .isEqualTo("payment_by_treasurer");
  }

  @Test
  void onlyATreasurerPays() {
    var id = books.approvedRequest(fund, payee, sar(100));

    assertThat(books.pay(id, HUDA_REQUESTER)).isEqualTo(new Outcome.NotTreasurer());
    assertThat(books.pay(new DisbursementId(987_654), NOURA_TREASURER))
        .isEqualTo(new Outcome.NoSuchRequest(new DisbursementId(987_654)));
  }

  @Test
  void whoApprovedDoesNotPay() {
    books.inTransaction(tx -> Officer.appoint(tx, SAAD_APPROVER, Office.TREASURER, 0, NOW));
    var id = books.approvedRequest(fund, payee, sar(100));

    assertThat(books.pay(id, SAAD_APPROVER)).isEqualTo(new Outcome.PayerApproved());
  }

  @Test
  void aPayeeWhoseIbanIsNotVerifiedIsNotPaid() {
    var id = books.approvedRequest(fund, books.addPayee(), sar(100));

    assertThat(books.pay(id, NOURA_TREASURER)).isEqualTo(new Outcome.PayeeNotReady());
    assertThat(constraintOf(() -> insertPayment(id, NOURA_TREASURER))).isEqualTo("payee_verified");
  }

  @Test
  void anIbanThatChangedAfterTheApprovalsIsNotPaid() {
    var changing = books.verifiedPayee();
    var id = books.approvedRequest(fund, changing, sar(100));
    books.inTransaction(tx -> AddPayee.changeIban(tx, changing, nextIban(), HUDA_REQUESTER, NOW));

    assertThat(books.pay(id, NOURA_TREASURER)).isEqualTo(new Outcome.PayeeNotReady());
  }

  @Test
  void approvedWithoutMoneyItWaitsAndIsPaidWhenMoneyHasCome() {
    var poor = books.fundWith(sar(10));
    var id = books.approvedRequest(poor, payee, sar(50));

    assertThat(books.pay(id, NOURA_TREASURER))
        .isEqualTo(new Outcome.NotEnough(poor, sar(10), sar(50)));
    books.give(poor, Channel.CARD, sar(40));
    books.settle();
    assertThat(books.pay(id, NOURA_TREASURER)).isInstanceOf(Outcome.Paid.class);
    assertThat(books.figures(poor).available()).isEqualTo(sar(0));
  }

  @Test
  void ofTwoPaymentsAtOnceTheFundCanBearOnlyOne() throws Exception {
    for (int round = 0; round < 10; round++) {
      var poor = books.openFund();
      var first = books.approvedRequest(poor, payee, sar(60));
      var second = books.approvedRequest(poor, payee, sar(60));
      books.give(poor, Channel.CARD, sar(100));
      books.settle();

      var outcomes =
          together(
              List.of(
                  () -> books.pay(first, NOURA_TREASURER),
                  () -> books.pay(second, BADR_TREASURER)));

      assertThat(outcomes).filteredOn(o -> o instanceof Outcome.Paid).hasSize(1);
      assertThat(outcomes).filteredOn(o -> o instanceof Outcome.NotEnough).hasSize(1);
      assertThat(books.figures(poor).available()).isEqualTo(sar(40));
    }
  }

  @Test
  void anEditAndAPaymentAtOnceNeverPayWhatWasNotApproved() throws Exception {
    for (int round = 0; round < 10; round++) {
      var id = books.approvedRequest(fund, payee, sar(5));
      var edit =
          new EditDisbursement.Draft(
              id, 1, payee, sar(6), "Tents", "Offer 9", Use.ANY, HUDA_REQUESTER);

      var outcomes =
          together(
              List.<Callable<Object>>of(
                  () -> books.pay(id, NOURA_TREASURER),
                  () -> books.inTransaction(tx -> EditDisbursement.run(tx, edit, NOW))));

      boolean paid = outcomes.getFirst() instanceof Outcome.Paid;
      boolean edited = outcomes.getLast() instanceof EditDisbursement.Outcome.Edited;
      assertThat(paid).isNotEqualTo(edited);
    }
  }

  @Test
  void aPaymentIsFollowedToTheBanksStatement() {
    var id = books.approvedRequest(fund, payee, sar(100));
    assertThat(follow(id, PaymentState.SENT, Optional.empty(), NOURA_TREASURER))
        .isEqualTo(new FollowPayment.Outcome.NotPaid(id));
    books.pay(id, NOURA_TREASURER);
    var confirmed = books.figures(fund).confirmed().minor();
    var line = Optional.of(Books.key());

    assertThat(follow(id, PaymentState.SENT, Optional.empty(), HUDA_REQUESTER))
        .isEqualTo(new FollowPayment.Outcome.NotTreasurer());
    assertThat(follow(id, PaymentState.SENT, Optional.empty(), NOURA_TREASURER))
        .isEqualTo(new FollowPayment.Outcome.Followed(PaymentState.SENT));
    assertThat(follow(id, PaymentState.SENT, Optional.empty(), NOURA_TREASURER))
        .isEqualTo(new FollowPayment.Outcome.AlreadySaid(PaymentState.SENT));
    assertThat(follow(id, PaymentState.UNKNOWN, Optional.empty(), NOURA_TREASURER))
        .isEqualTo(new FollowPayment.Outcome.Followed(PaymentState.UNKNOWN));
    assertThat(books.figures(fund).confirmed().minor()).isEqualTo(confirmed);
    assertThat(follow(id, PaymentState.CONFIRMED, Optional.empty(), NOURA_TREASURER))
        .isInstanceOf(FollowPayment.Outcome.Invalid.class);
    assertThat(follow(id, PaymentState.PREPARED, Optional.empty(), NOURA_TREASURER))
        .isInstanceOf(FollowPayment.Outcome.Invalid.class);
    assertThat(follow(id, PaymentState.CONFIRMED, line, NOURA_TREASURER))
        .isEqualTo(new FollowPayment.Outcome.Followed(PaymentState.CONFIRMED));
    assertThat(follow(id, PaymentState.CONFIRMED, line, NOURA_TREASURER))
        .isEqualTo(new FollowPayment.Outcome.AlreadySaid(PaymentState.CONFIRMED));
    assertThat(follow(id, PaymentState.UNKNOWN, Optional.empty(), NOURA_TREASURER))
        .isEqualTo(new FollowPayment.Outcome.AlreadyConfirmed(line.get()));
    assertThat(books.figures(fund).confirmed().minor()).isEqualTo(confirmed + 100_00);

    var other = books.approvedRequest(fund, payee, sar(100));
    books.pay(other, NOURA_TREASURER);
    assertThat(follow(other, PaymentState.CONFIRMED, line, NOURA_TREASURER))
        .isEqualTo(new FollowPayment.Outcome.LineUsed(line.get()));
  }

  @Test
  void whatReachedPeopleIsReportedUpToWhatWasPaid() {
    var id = books.approvedRequest(fund, payee, sar(100));
    assertThat(deliver(Books.key(), id, sar(1), HUDA_REQUESTER))
        .isEqualTo(new RecordDelivery.Outcome.NotPaid(id));
    books.pay(id, NOURA_TREASURER);
    var key = Books.key();

    assertThat(deliver(key, id, sar(60), Books.FAHD_OF_PAYEE))
        .isEqualTo(new RecordDelivery.Outcome.Delivered(sar(60)));
    assertThat(deliver(key, id, sar(60), Books.FAHD_OF_PAYEE))
        .isEqualTo(new RecordDelivery.Outcome.AlreadyRecorded(sar(60)));
    assertThat(deliver(key, id, sar(61), Books.FAHD_OF_PAYEE))
        .isEqualTo(new RecordDelivery.Outcome.DiffersFromFirst());
    assertThat(deliver(Books.key(), id, sar(41), HUDA_REQUESTER))
        .isEqualTo(new RecordDelivery.Outcome.MoreThanPaid(sar(40)));
    assertThat(deliver(Books.key(), id, sar(1), NOURA_TREASURER))
        .isEqualTo(new RecordDelivery.Outcome.NotAllowed());
    assertThat(deliver(Books.key(), id, sar(0), HUDA_REQUESTER))
        .isInstanceOf(RecordDelivery.Outcome.Invalid.class);
    assertThat(deliver(Books.key(), id, sar(40), HUDA_REQUESTER))
        .isEqualTo(new RecordDelivery.Outcome.Delivered(sar(100)));
    assertThat(constraintOf(() -> call(DELIVER_MORE, id))).isEqualTo("delivery_within_payment");
  }

  private FollowPayment.Outcome follow(
      DisbursementId id, PaymentState state, Optional<String> line, long by) {
    var draft = new FollowPayment.Draft(id, state, line, by);
    return books.inTransaction(tx -> FollowPayment.run(tx, draft, NOW));
  }

  private RecordDelivery.Outcome deliver(String key, DisbursementId id, Money amount, long by) {
    var draft = new RecordDelivery.Draft(key, id, amount, 12, "Signed list", by);
    return books.inTransaction(tx -> RecordDelivery.run(tx, draft, NOW));
  }

  /** As a superuser, past every privilege: only the trigger stands in the way. */
  private static void insertPayment(DisbursementId id, long payer) {
    db.superuserPool().preparedQuery(INSERT_PAYMENT).execute(Tuple.of(id.value(), payer)).await();
  }

  private static void call(String sql, DisbursementId id) {
    var at = NOW.atOffset(ZoneOffset.UTC);
    db.superuserPool().preparedQuery(sql).execute(Tuple.of(id.value(), at)).await();
  }

  private static String constraintOf(Runnable work) {
    var constraint = new ArrayList<String>();
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(PgException.class, e -> constraint.add(e.getConstraint()));
    return constraint.getFirst();
  }

  private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<T>();
      for (var future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }

  private static final String INSERT_PAYMENT =
      """
      INSERT INTO fund.payment
        (disbursement, version, fund, minor, payer, since, end_to_end, entry, paid_at)
      SELECT d.id, v.version, d.fund, v.minor, $2, '2026-03-01T09:00:00Z', 'PAST-EVERY-CHECK', 1,
             '2026-03-01T09:00:00Z'
      FROM fund.disbursement d JOIN fund.disbursement_version v ON v.disbursement = d.id
      WHERE d.id = $1\
      """;

  private static final String DELIVER_MORE =
      """
      INSERT INTO fund.delivery
        (payment, fund, minor, people, evidence, told_by, told_at, idem_key, request_hash)
      SELECT p.id, p.fund, 1, 1, 'none', 1, $2, 'one too many', sha256('x')
      FROM fund.payment p WHERE p.disbursement = $1\
      """;
}
