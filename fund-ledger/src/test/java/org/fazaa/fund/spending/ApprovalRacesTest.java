package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.sar;

import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Approvals, offices, policies and payments that happen at once. */
class ApprovalRacesTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final int ROUNDS = 12;

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

  @Test
  @Tag("F26")
  void approvedTwiceAndByTwoAtOnceAndPaidAtOnceThereIsOneOrder() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      var id = books.request(fund, payee, sar(5));
      together(
          List.of(
              () -> books.approve(id, 1, SAAD_APPROVER),
              () -> books.approve(id, 1, SAAD_APPROVER),
              () -> books.approve(id, 1, RIMA_APPROVER),
              () -> books.pay(id, NOURA_TREASURER),
              () -> books.pay(id, NOURA_TREASURER)));
      var found = Disbursements.find(db.pool(), id).orElseThrow();
      assertThat(found.approvals()).hasSize(2);
      var paid = books.pay(id, NOURA_TREASURER);
      assertThat(paid)
          .isInstanceOfAny(
              PayDisbursement.Outcome.Paid.class, PayDisbursement.Outcome.AlreadyPaid.class);
      assertThat(Invariants.checkAll(db.pool())).isEmpty();
    }
  }

  @Test
  @Tag("F26")
  void whoLosesTheirOfficeMeanwhileDidNotApprove() throws Exception {
    int stood = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long layla = 700 + round;
      books.inTransaction(tx -> Officer.appoint(tx, layla, Office.APPROVER, 0, NOW));
      var id = books.request(fund, payee, sar(5));
      books.approve(id, 1, SAAD_APPROVER);
      var results =
          together(
              List.<Callable<Object>>of(
                  () -> approve(id, layla),
                  () ->
                      books.inTransaction(
                          tx -> Officer.dismiss(tx, layla, Office.APPROVER, 1, NOW))));
      assertThat(results.getLast()).isEqualTo(true);

      // Dismissed from that very moment on: an approval of that moment never counts.
      assertThat(books.pay(id, NOURA_TREASURER))
          .isEqualTo(new PayDisbursement.Outcome.NotApproved(1, 2));
      stood += results.getFirst() instanceof ApproveDisbursement.Outcome.Approved ? 1 : 0;
      assertThat(books.approve(id, 1, RIMA_APPROVER))
          .isInstanceOf(ApproveDisbursement.Outcome.Approved.class);
      assertThat(books.pay(id, NOURA_TREASURER)).isInstanceOf(PayDisbursement.Outcome.Paid.class);
    }
    assertThat(stood).isBetween(0, ROUNDS);
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void aStricterPolicyHoldsFromItsConfirmationOnAndLeavesThePastAsItWas() {
    var earlier = books.approvedRequest(fund, payee, sar(50));
    books.pay(earlier, NOURA_TREASURER);
    var waiting = books.approvedRequest(fund, payee, sar(50));
    var draft =
        new ProposePolicy.Draft(
            Books.key(),
            Currency.getInstance("SAR"),
            List.of(new Policy.Step(0, 2), new Policy.Step(40_00, 3)),
            "Larger sums need three",
            SAAD_APPROVER);
    ProposePolicy.Outcome proposed = books.inTransaction(tx -> ProposePolicy.run(tx, draft, NOW));
    int version = ((ProposePolicy.Outcome.Proposed) proposed).version();
    assertThat(Policies.inForce(db.pool(), Books.SAR, NOW).version()).isZero();

    assertThat(confirm(version, SAAD_APPROVER)).isEqualTo(new ConfirmPolicy.Outcome.OwnProposal());
    assertThat(confirm(version, NOURA_TREASURER))
        .isEqualTo(new ConfirmPolicy.Outcome.Confirmed(version));
    assertThat(confirm(version, NOURA_TREASURER))
        .isEqualTo(new ConfirmPolicy.Outcome.AlreadyConfirmed(version));
    var later = NOW.plusSeconds(1);
    assertThat(Policies.inForce(db.pool(), Books.SAR, later).steps()).hasSize(2);
    PayDisbursement.Outcome refused =
        books.inTransaction(
            tx ->
                new PayDisbursement(new Random(3))
                    .run(tx, new PayDisbursement.Draft(waiting, NOURA_TREASURER), later));
    assertThat(refused).isEqualTo(new PayDisbursement.Outcome.NotApproved(2, 3));
    assertThat(Invariants.checkAll(db.pool()).stream().map(Object::toString))
        .noneMatch(said -> said.contains("PAYMENTS_APPROVED"));
  }

  private ConfirmPolicy.Outcome confirm(int version, long by) {
    var at = NOW.plusSeconds(1);
    return books.inTransaction(
        tx -> ConfirmPolicy.run(tx, new ConfirmPolicy.Draft(version, by), at));
  }

  private Object approve(DisbursementId id, long by) {
    try {
      return books.approve(id, 1, by);
    } catch (RuntimeException e) {
      return e; // the database refused what had just been allowed
    }
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
}
