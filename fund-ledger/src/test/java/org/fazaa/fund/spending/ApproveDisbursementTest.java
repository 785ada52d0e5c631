package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.FAHD_OF_PAYEE;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.OMAR_APPROVER;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.requestDraft;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.spending.ApproveDisbursement.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ApproveDisbursementTest {
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
  void theSecondApprovalSetsTheMoneyAside() {
    var id = books.request(fund, payee, sar(100));

    assertThat(books.approve(id, 1, SAAD_APPROVER)).isEqualTo(new Outcome.Approved(1, 1, 2, false));
    assertThat(books.approve(id, 1, RIMA_APPROVER)).isEqualTo(new Outcome.Approved(1, 2, 2, true));
    assertThat(books.approve(id, 1, OMAR_APPROVER)).isEqualTo(new Outcome.Approved(1, 3, 2, true));
    assertThat(Disbursements.find(db.pool(), id).orElseThrow().state())
        .isEqualTo(Disbursement.State.RESERVED);
  }

  @Test
  void oneApproverCountsOnce() {
    var id = books.request(fund, payee, sar(100));
    books.approve(id, 1, SAAD_APPROVER);

    assertThat(books.approve(id, 1, SAAD_APPROVER))
        .isEqualTo(new Outcome.AlreadyApproved(1, 1, 2, false));
    assertThat(constraintOf(() -> approveInSql(id, 1, HUDA_REQUESTER, SAAD_APPROVER)))
        .isEqualTo("approval_pkey");
  }

  @Test
  @Tag("S27")
  void nobodyApprovesTheirOwnRequest() {
    books.inTransaction(tx -> Officer.appoint(tx, SAAD_APPROVER, Office.REQUESTER, 0, NOW));
    var draft = requestDraft(fund, payee, sar(5));
    var own =
        new RequestDisbursement.Draft(
            draft.key(),
            fund,
            payee,
            draft.amount(),
            draft.purpose(),
            draft.evidence(),
            Use.ANY,
            SAAD_APPROVER);
    RequestDisbursement.Outcome requested =
        books.inTransaction(tx -> RequestDisbursement.run(tx, own, NOW));
    var id = ((RequestDisbursement.Outcome.Requested) requested).id();

    assertThat(books.approve(id, 1, SAAD_APPROVER)).isEqualTo(new Outcome.OwnRequest());
    assertThat(constraintOf(() -> approveInSql(id, 1, SAAD_APPROVER, SAAD_APPROVER)))
        .isEqualTo("approver_is_not_creator");
    assertThat(constraintOf(() -> approveInSql(id, 1, HUDA_REQUESTER, SAAD_APPROVER)))
        .as("not even by naming somebody else as its author")
        .isEqualTo("approval_disbursement_creator_fkey");
  }

  @Test
  @Tag("S27")
  void thePayeesOwnPeopleDoNotApprove() {
    var id = books.request(fund, payee, sar(5));

    assertThat(books.approve(id, 1, FAHD_OF_PAYEE)).isEqualTo(new Outcome.BelongsToPayee());
    assertThat(constraintOf(() -> approveInSql(id, 1, HUDA_REQUESTER, FAHD_OF_PAYEE)))
        .isEqualTo("approver_is_not_payee");
  }

  @Test
  void onlyApproversInOfficeApprove() {
    var id = books.request(fund, payee, sar(5));

    assertThat(books.approve(id, 1, NOURA_TREASURER)).isEqualTo(new Outcome.NotApprover());
    assertThat(constraintOf(() -> approveInSql(id, 1, HUDA_REQUESTER, NOURA_TREASURER)))
        .isEqualTo("approval_by_approver");
  }

  @Test
  void aDismissedApproverApprovesNothingMoreAndWhatWasApprovedStands() {
    long layla = 77;
    books.inTransaction(tx -> Officer.appoint(tx, layla, Office.APPROVER, 0, NOW));
    var approved = books.request(fund, payee, sar(5));
    var later = books.request(fund, payee, sar(5));
    books.approve(approved, 1, layla);
    var afterwards = NOW.plusSeconds(1);
    books.inTransaction(tx -> Officer.dismiss(tx, layla, Office.APPROVER, 1, afterwards));

    var draft = new ApproveDisbursement.Draft(later, 1, layla);
    Outcome refused = books.inTransaction(tx -> ApproveDisbursement.run(tx, draft, afterwards));
    assertThat(refused).isEqualTo(new Outcome.NotApprover());
    assertThat(books.approve(approved, 1, SAAD_APPROVER))
        .isEqualTo(new Outcome.Approved(1, 2, 2, true));
  }

  @Test
  void approvalsOfAnOldVersionAreRefusedBySqlToo() {
    var id = books.request(fund, payee, sar(5));
    var edit =
        new EditDisbursement.Draft(
            id, 1, payee, sar(6), "Tents", "Offer 2", Use.ANY, HUDA_REQUESTER);
    books.inTransaction(tx -> EditDisbursement.run(tx, edit, NOW));

    assertThat(constraintOf(() -> approveInSql(id, 1, HUDA_REQUESTER, SAAD_APPROVER)))
        .isEqualTo("approval_of_latest_version");
    assertThat(constraintOf(() -> approveInSql(id, 3, HUDA_REQUESTER, SAAD_APPROVER)))
        .isEqualTo("approval_of_latest_version");
  }

  @Test
  void whatIsPaidIsNotApprovedAnyMoreButItsApproversAreToldSo() {
    var id = books.approvedRequest(fund, payee, sar(5));
    books.pay(id, NOURA_TREASURER);

    assertThat(books.approve(id, 1, OMAR_APPROVER)).isInstanceOf(Outcome.AlreadyPaid.class);
    assertThat(books.approve(id, 1, SAAD_APPROVER)).isInstanceOf(Outcome.AlreadyApproved.class);
    assertThat(constraintOf(() -> approveInSql(id, 1, HUDA_REQUESTER, OMAR_APPROVER)))
        .isEqualTo("approval_of_open_request");
  }

  @Test
  void aRequestThatIsNotThereIsNamed() {
    var nothing = new DisbursementId(987_654);

    assertThat(books.approve(nothing, 1, SAAD_APPROVER))
        .isEqualTo(new Outcome.NoSuchRequest(nothing));
  }

  @Test
  void withTooLittleAvailableTheApprovalStandsAndNothingIsReserved() {
    var poor = books.fundWith(sar(10));
    var id = books.request(poor, payee, sar(11));
    books.approve(id, 1, SAAD_APPROVER);

    assertThat(books.approve(id, 1, RIMA_APPROVER)).isEqualTo(new Outcome.Approved(1, 2, 2, false));
    assertThat(Disbursements.find(db.pool(), id).orElseThrow().state())
        .isEqualTo(Disbursement.State.APPROVED);
    assertThat(books.figures(poor).available()).isEqualTo(sar(10));
  }

  @Test
  void approvalsAtOnceReserveOnce() throws Exception {
    var id = books.request(fund, payee, sar(9));
    var before = books.figures(fund).reserved().minor();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<Outcome>>();
      for (long approver : new long[] {SAAD_APPROVER, RIMA_APPROVER, OMAR_APPROVER}) {
        Stream.of(1, 2, 3, 4).forEach(i -> calls.add(() -> books.approve(id, 1, approver)));
      }
      long approved = 0;
      for (var outcome : threads.invokeAll(calls)) {
        approved += outcome.get() instanceof Outcome.Approved ? 1 : 0;
      }
      assertThat(approved).isEqualTo(3);
    }
    assertThat(books.figures(fund).reserved().minor()).isEqualTo(before + 9_00);
  }

  /** As the application, past all of its own checks. */
  private static void approveInSql(DisbursementId id, int version, long creator, long approver) {
    db.pool()
        .preparedQuery(
            """
            INSERT INTO fund.approval
              (disbursement, version, creator, approver, since, approved_at)
            VALUES ($1, $2, $3, $4, '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')\
            """)
        .execute(Tuple.of(id.value(), version, creator, approver))
        .await();
  }

  private static String constraintOf(Runnable work) {
    var constraint = new ArrayList<String>();
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(PgException.class, e -> constraint.add(e.getConstraint()));
    return constraint.getFirst();
  }
}
