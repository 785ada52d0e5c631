package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.requestDraft;
import static org.fazaa.fund.Books.sar;

import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Use;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Asking, editing and withdrawing. */
class RequestDisbursementTest {
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
  void aRequestMovesNothingAndWaits() {
    var before = books.figures(fund);
    var id = books.request(fund, payee, sar(100));

    var found = Disbursements.find(db.pool(), id).orElseThrow();
    assertThat(found.state()).isEqualTo(Disbursement.State.WAITING);
    assertThat(found.needed()).isEqualTo(2);
    assertThat(found.version().number()).isEqualTo(1);
    assertThat(found.version().purpose()).isEqualTo("Tents for 40 families");
    assertThat(books.figures(fund)).isEqualTo(before);
    assertThat(Disbursements.list(db.pool(), fund)).contains(found);
    assertThat(Disbursements.list(db.pool())).contains(found);
  }

  @Test
  void aRepeatedRequestIsTheFirstAndAnotherContentIsRefused() {
    var draft = requestDraft(fund, payee, sar(100));
    var first = (RequestDisbursement.Outcome.Requested) request(draft);

    assertThat(request(draft))
        .isEqualTo(new RequestDisbursement.Outcome.AlreadyRequested(first.id(), 1));
    assertThat(request(with(draft, fund, payee, sar(101), HUDA_REQUESTER)))
        .isEqualTo(new RequestDisbursement.Outcome.DiffersFromFirst());
  }

  @Test
  void whoMayNotAskOrWhatIsNotThereIsRefused() {
    var draft = requestDraft(fund, payee, sar(100));
    var nowhere = new FundId(987_654);
    var nobody = new PayeeId(987_654);

    assertThat(request(with(draft, fund, payee, sar(1), SAAD_APPROVER)))
        .isEqualTo(new RequestDisbursement.Outcome.NotRequester());
    assertThat(request(with(draft, nowhere, payee, sar(1), HUDA_REQUESTER)))
        .isEqualTo(new RequestDisbursement.Outcome.NoSuchFund(nowhere));
    assertThat(request(with(draft, fund, nobody, sar(1), HUDA_REQUESTER)))
        .isEqualTo(new RequestDisbursement.Outcome.NoSuchPayee(nobody));
  }

  @Test
  void everyFlawOfARequestIsNamed() {
    var draft =
        new RequestDisbursement.Draft(
            "", fund, payee, Money.of(0, "KWD"), " ", "x".repeat(2_001), Use.ANY, HUDA_REQUESTER);

    assertThat(request(draft))
        .isInstanceOfSatisfying(
            RequestDisbursement.Outcome.Invalid.class,
            invalid ->
                assertThat(invalid.flaws())
                    .extracting(Flaw::field)
                    .containsExactly("amount", "amount.currency", "purpose", "evidence", "key"));
  }

  @Test
  void anEditVoidsApprovalsGivesTheMoneyBackAndShowsWhatChanged() {
    var before = books.figures(fund);
    var id = books.approvedRequest(fund, payee, sar(400));
    assertThat(books.figures(fund).reserved().minor())
        .isEqualTo(before.reserved().minor() + 400_00);

    assertThat(edit(id, 1, sar(450), "Tents and stoves", HUDA_REQUESTER))
        .isEqualTo(new EditDisbursement.Outcome.Edited(2, 2));

    assertThat(books.figures(fund)).isEqualTo(before);
    var found = Disbursements.find(db.pool(), id).orElseThrow();
    assertThat(found.state()).isEqualTo(Disbursement.State.WAITING);
    assertThat(found.approvals()).isEmpty();
    assertThat(Disbursements.changesSince(db.pool(), id, 1))
        .containsExactly(
            new Disbursement.Change("amount", "400.00 SAR", "450.00 SAR"),
            new Disbursement.Change("purpose", "Tents for 40 families", "Tents and stoves"));
    assertThat(Disbursements.changesSince(db.pool(), id, 2)).isEmpty();
    assertThat(Disbursements.versions(db.pool(), id)).hasSize(2);
    assertThat(books.pay(id, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.NotApproved(0, 2));
    assertThat(books.approve(id, 1, SAAD_APPROVER))
        .isEqualTo(new ApproveDisbursement.Outcome.VersionMoved(2));

    books.approve(id, 2, SAAD_APPROVER);
    assertThat(books.approve(id, 2, RIMA_APPROVER))
        .isEqualTo(new ApproveDisbursement.Outcome.Approved(2, 2, 2, true));
  }

  @Test
  void onlyTheAuthorEditsAndOnlyTheVersionThatTheySaw() {
    var id = books.request(fund, payee, sar(10));
    edit(id, 1, sar(11), "Tents", HUDA_REQUESTER);

    assertThat(edit(id, 1, sar(12), "Tents", HUDA_REQUESTER))
        .isEqualTo(new EditDisbursement.Outcome.VersionMoved(2));
    assertThat(edit(id, 2, sar(12), "Tents", SAAD_APPROVER))
        .isEqualTo(new EditDisbursement.Outcome.NotYours());
    assertThat(edit(id, 2, sar(0), "", HUDA_REQUESTER))
        .isInstanceOf(EditDisbursement.Outcome.Invalid.class);
    assertThat(edit(new DisbursementId(987_654), 1, sar(12), "Tents", HUDA_REQUESTER))
        .isEqualTo(new EditDisbursement.Outcome.NoSuchRequest(new DisbursementId(987_654)));
  }

  @Test
  void whatIsPaidOrWithdrawnIsNotEdited() {
    var paid = books.approvedRequest(fund, payee, sar(10));
    books.pay(paid, NOURA_TREASURER);
    var withdrawn = books.request(fund, payee, sar(10));
    withdraw(withdrawn, HUDA_REQUESTER);

    assertThat(edit(paid, 1, sar(12), "Tents", HUDA_REQUESTER))
        .isInstanceOf(EditDisbursement.Outcome.AlreadyPaid.class);
    assertThat(edit(withdrawn, 1, sar(12), "Tents", HUDA_REQUESTER))
        .isEqualTo(new EditDisbursement.Outcome.Withdrawn());
  }

  @Test
  void aWithdrawnRequestGivesItsMoneyBackAndIsNeitherApprovedNorPaid() {
    var before = books.figures(fund);
    var id = books.approvedRequest(fund, payee, sar(10));

    assertThat(withdraw(id, SAAD_APPROVER)).isEqualTo(new WithdrawDisbursement.Outcome.Withdrawn());
    assertThat(withdraw(id, SAAD_APPROVER))
        .isEqualTo(new WithdrawDisbursement.Outcome.AlreadyWithdrawn());

    assertThat(books.figures(fund)).isEqualTo(before);
    assertThat(Disbursements.find(db.pool(), id).orElseThrow().state())
        .isEqualTo(Disbursement.State.WITHDRAWN);
    assertThat(books.pay(id, NOURA_TREASURER)).isEqualTo(new PayDisbursement.Outcome.Withdrawn());
    assertThat(books.approve(id, 1, Books.OMAR_APPROVER))
        .isEqualTo(new ApproveDisbursement.Outcome.Withdrawn());
  }

  @Test
  void aRequestIsEndedByItsAuthorOrAnApproverAndNotAfterItsPayment() {
    var paid = books.approvedRequest(fund, payee, sar(10));
    books.pay(paid, NOURA_TREASURER);
    var open = books.request(fund, payee, sar(10));

    assertThat(withdraw(open, NOURA_TREASURER))
        .isEqualTo(new WithdrawDisbursement.Outcome.NotAllowed());
    assertThat(withdraw(paid, HUDA_REQUESTER))
        .isInstanceOf(WithdrawDisbursement.Outcome.AlreadyPaid.class);
    assertThat(withdraw(new DisbursementId(987_654), HUDA_REQUESTER))
        .isEqualTo(new WithdrawDisbursement.Outcome.NoSuchRequest(new DisbursementId(987_654)));
  }

  private RequestDisbursement.Outcome request(RequestDisbursement.Draft draft) {
    return books.inTransaction(tx -> RequestDisbursement.run(tx, draft, NOW));
  }

  private EditDisbursement.Outcome edit(
      DisbursementId id, int version, Money amount, String purpose, long by) {
    var draft =
        new EditDisbursement.Draft(id, version, payee, amount, purpose, "Offer 118", Use.ANY, by);
    return books.inTransaction(tx -> EditDisbursement.run(tx, draft, NOW));
  }

  private WithdrawDisbursement.Outcome withdraw(DisbursementId id, long by) {
    var draft = new WithdrawDisbursement.Draft(id, "Not needed any more", by);
    return books.inTransaction(tx -> WithdrawDisbursement.run(tx, draft, NOW));
  }

  private static RequestDisbursement.Draft with(
      RequestDisbursement.Draft draft, FundId fund, PayeeId payee, Money amount, long by) {
    var key = fund.equals(draft.fund()) && payee.equals(draft.payee()) ? draft.key() : key();
    return new RequestDisbursement.Draft(
        key, fund, payee, amount, draft.purpose(), draft.evidence(), Use.ANY, by);
  }
}
