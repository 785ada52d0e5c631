package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.BADR_TREASURER;
import static org.fazaa.fund.Books.FAHD_OF_PAYEE;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.OMAR_APPROVER;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Words;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the database refuses of spending, as the application and past all of its own checks. */
class SpendingWallsTest {
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
  void aPolicyIsNotConfirmedByWhoProposedIt() {
    int version = proposePolicy();

    assertRefused(confirmPolicy(version, SAAD_APPROVER, SAAD_APPROVER), "policy_by_two");
    assertRefused(
        confirmPolicy(version, RIMA_APPROVER, SAAD_APPROVER),
        "policy_confirmation_version_proposed_by_fkey");
    assertRefused(confirmPolicy(version, SAAD_APPROVER, FAHD_OF_PAYEE + 900), "policy_by_officer");
  }

  @Test
  void noPolicyAsksForFewerThanTwoNorIsChangedOnceProposed() {
    assertRefused(
        "INSERT INTO fund.approval_policy VALUES ('SAR', 0, 1, 0)", "policy_written_whole");
    int version = proposePolicy();
    assertRefused(
        "INSERT INTO fund.approval_policy VALUES ('SAR', 99, 2, %d)".formatted(version),
        "policy_written_whole");
    assertThatThrownBy(
            () ->
                books.inTransaction(
                    tx -> {
                      tx.query(
                              """
                              INSERT INTO fund.policy_version (version, currency, proposed_by,
                                office, since, proposed_at, why, idem_key, request_hash)
                              VALUES (900, 'USD', 21, 'approver', '2026-03-01T09:00:00Z',
                                '2026-03-01T09:00:00Z', 'why', 'one', sha256('x'))\
                              """)
                          .execute()
                          .await();
                      return tx.query("INSERT INTO fund.approval_policy VALUES ('USD', 0, 1, 900)")
                          .execute()
                          .await();
                    }))
        .isInstanceOfSatisfying(
            PgException.class,
            e -> assertThat(e.getConstraint()).isEqualTo("policy_never_below_two"));
  }

  @Test
  void aBudgetTakesTwoAndIsNeverExceeded() {
    long initiative = initiative(100);
    assertRefused(confirmBudget(initiative, 1, SAAD_APPROVER, SAAD_APPROVER), "budget_by_two");
    var id = request(80, Optional.of(initiative));
    books.approve(id, 1, SAAD_APPROVER);
    assertThat(books.approve(id, 1, RIMA_APPROVER))
        .isEqualTo(new ApproveDisbursement.Outcome.Approved(1, 2, 2, false));
    assertThat(books.pay(id, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.OverBudget(sar(0), sar(80)));
    confirm(initiative, 1);
    assertThat(books.pay(id, NOURA_TREASURER)).isInstanceOf(PayDisbursement.Outcome.Paid.class);

    var more = request(30, Optional.of(initiative));
    books.approve(more, 1, SAAD_APPROVER);
    books.approve(more, 1, RIMA_APPROVER);
    assertThat(books.pay(more, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.OverBudget(sar(20), sar(30)));
    assertRefusedPastPrivileges(
        """
        INSERT INTO fund.reservation (disbursement, version, minor, entry)
        VALUES (%d, 1, 3000, (SELECT min(id) FROM fund.entry))\
        """
            .formatted(more.value()),
        "initiative_within_budget");
    var lower = new ProposeBudget.Draft(initiative, sar(79), "Less", HUDA_REQUESTER);
    books.inTransaction(tx -> ProposeBudget.run(tx, lower, NOW));
    assertRefused(
        confirmBudget(initiative, 2, HUDA_REQUESTER, SAAD_APPROVER),
        "budget_covers_what_is_promised");
    ConfirmBudget.Outcome refused =
        books.inTransaction(
            tx ->
                ConfirmBudget.run(tx, new ConfirmBudget.Draft(initiative, 2, SAAD_APPROVER), NOW));
    assertThat(refused).isEqualTo(new ConfirmBudget.Outcome.BelowUsed(sar(80)));
  }

  @Test
  void aPayeeIsPaidOnlyWhileItIsAccredited() {
    var fresh = books.addPayee();
    var verify = new VerifyPayee.Draft(fresh, 1, "Letter", SAAD_APPROVER);
    books.inTransaction(tx -> VerifyPayee.run(tx, verify, NOW));
    var id = books.approvedRequest(fund, fresh, sar(5));
    assertThat(books.pay(id, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.NotAccredited());
    assertRefusedPastPrivileges(insertPayment(id, NOURA_TREASURER), "payee_accredited");

    var entered =
        new EnterAccreditation.Draft(
            fresh,
            "Ministry",
            "M-1",
            LocalDate.of(2026, 3, 2),
            LocalDate.of(2027, 3, 1),
            RIMA_APPROVER);
    books.inTransaction(tx -> EnterAccreditation.run(tx, entered, NOW));
    assertRefused(
        """
        INSERT INTO fund.accreditation_confirmation
        VALUES (%d, 1, 22, 22, 'approver', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')\
        """
            .formatted(fresh.value()),
        "accreditation_by_two");
    confirmAccreditation(fresh, RIMA_APPROVER, ConfirmAccreditation.Outcome.OwnEntry.class);
    confirmAccreditation(fresh, SAAD_APPROVER, ConfirmAccreditation.Outcome.Confirmed.class);
    assertThat(books.pay(id, NOURA_TREASURER))
        .as("from tomorrow on")
        .isEqualTo(new PayDisbursement.Outcome.NotAccredited());
    var pay = new PayDisbursement(new Random(1));
    var tomorrow = NOW.plusSeconds(86_400);
    PayDisbursement.Outcome paid =
        books.inTransaction(
            tx -> pay.run(tx, new PayDisbursement.Draft(id, NOURA_TREASURER), tomorrow));
    assertThat(paid).isInstanceOf(PayDisbursement.Outcome.Paid.class);
  }

  @Test
  void aPersonIsEntitledOnceWhoeverEnrolsThem() {
    long programme = programme();
    var token = "decode(repeat('ab', 32), 'hex')";
    var enrol =
        """
        INSERT INTO fund.entitlement (programme, token, period, payee, minor, enrolled_by,
          enrolled_at, idem_key, request_hash)
        VALUES (%d, %s, %d, %d, %d, %d, '2026-03-01T09:00:00Z', '%s', sha256('x'))\
        """;
    db.pool()
        .query(enrol.formatted(programme, token, 1, payee.value(), 500_00, 41, "first"))
        .execute()
        .await();
    var other = books.verifiedPayee().value();

    assertRefused(
        enrol.formatted(programme, token, 1, other, 500_00, 11, "second"), "entitlement_once");
    assertRefused(
        enrol.formatted(programme, token, 4, other, 500_00, 11, "fourth"),
        "entitlement_of_programme");
    assertRefused(
        enrol.formatted(programme, token, 2, other, 501_00, 11, "more"),
        "entitlement_of_programme");
    assertRefused(
        enrol.formatted(programme, token, 2, other, 500_00, 99, "stranger"),
        "enrolled_by_partner_or_requester");
  }

  @Test
  @Tag("S27")
  void whoEnrolsDoesNotVerifyAndWhoVerifiesNeitherApprovesNorPays() {
    long one = enrol(programme(), "1010101010", 1, HUDA_REQUESTER);
    var verify =
        """
        INSERT INTO fund.verification VALUES
          (%d, %d, %d, '%s', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z', 'visit', 'Seen')\
        """;
    assertRefused(verify.formatted(one, 11, 11, "requester"), "verifier_is_not_enroller");
    assertRefused(
        verify.formatted(one, 22, 11, "requester"), "verification_entitlement_enrolled_by_fkey");
    assertRefused(verify.formatted(one, 11, 41, "approver"), "verifier_is_not_payee");
    assertRefused(verify.formatted(one, 11, 31, "approver"), "verified_by_officer");
    assertThat(verify(one, OMAR_APPROVER)).isEqualTo(new VerifyPerson.Outcome.Verified());

    books.inTransaction(tx -> Officer.appoint(tx, OMAR_APPROVER, Office.TREASURER, 0, NOW));
    var id = entitledRequest(500, List.of(one), HUDA_REQUESTER);
    assertThat(books.approve(id, 1, OMAR_APPROVER))
        .isEqualTo(new ApproveDisbursement.Outcome.HandlesItsPeople());
    assertRefused(
        """
        INSERT INTO fund.approval (disbursement, version, creator, approver, since, approved_at)
        VALUES (%d, 1, 11, 23, '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')\
        """
            .formatted(id.value()),
        "approver_is_not_verifier");
    books.approve(id, 1, SAAD_APPROVER);
    books.approve(id, 1, RIMA_APPROVER);
    assertThat(books.pay(id, OMAR_APPROVER))
        .isEqualTo(new PayDisbursement.Outcome.HandlesItsPeople());
    assertRefusedPastPrivileges(insertPayment(id, OMAR_APPROVER), "payer_is_not_verifier");
    assertThat(books.pay(id, BADR_TREASURER)).isInstanceOf(PayDisbursement.Outcome.Paid.class);
    assertThat(requested(500, List.of(one), HUDA_REQUESTER))
        .isEqualTo(
            new RequestDisbursement.Outcome.NotPayable(new Entitlements.Unpayable.Paid(one)));
  }

  @Test
  void ofTwoRequestsForTheSamePersonOneIsPaid() {
    long one = enrol(programme(), "1020202020", 1, FAHD_OF_PAYEE);
    verify(one, OMAR_APPROVER);
    var first = entitledRequest(500, List.of(one), HUDA_REQUESTER);
    var second = entitledRequest(500, List.of(one), HUDA_REQUESTER);
    for (var id : List.of(first, second)) {
      books.approve(id, 1, SAAD_APPROVER);
      books.approve(id, 1, RIMA_APPROVER);
    }
    assertThat(books.pay(first, NOURA_TREASURER)).isInstanceOf(PayDisbursement.Outcome.Paid.class);
    assertThat(books.pay(second, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.PaidElsewhere(one));
    assertRefusedPastPrivileges(insertPayment(second, NOURA_TREASURER), "entitlement_paid_once");
  }

  @Test
  void aRequestIsExactlyWhatItsEntitlementsComeTo() {
    long one = enrol(programme(), "1030303030", 1, FAHD_OF_PAYEE);

    assertThat(requested(500, List.of(one), HUDA_REQUESTER))
        .isEqualTo(
            new RequestDisbursement.Outcome.NotPayable(new Entitlements.Unpayable.Unverified(one)));
    verify(one, OMAR_APPROVER);
    assertThat(requested(499, List.of(one), HUDA_REQUESTER))
        .isEqualTo(
            new RequestDisbursement.Outcome.NotPayable(
                new Entitlements.Unpayable.OtherSum(sar(500))));
    assertRefused(
        """
        SELECT * FROM fund.request_disbursement('past', sha256('x'), %d, %d, 1::smallint, 49900,
          'Food', 'List', NULL, ARRAY[%d]::bigint[], 'any', 'any', 'any', 11,
          '2026-03-01T09:00:00Z')\
        """
            .formatted(fund.value(), payee.value(), one),
        "version_is_its_entitlements");
  }

  private int proposePolicy() {
    var draft =
        new ProposePolicy.Draft(
            Books.key(),
            Currency.getInstance("KWD"),
            List.of(new Policy.Step(0, 2)),
            "As before",
            SAAD_APPROVER);
    ProposePolicy.Outcome proposed = books.inTransaction(tx -> ProposePolicy.run(tx, draft, NOW));
    return ((ProposePolicy.Outcome.Proposed) proposed).version();
  }

  private static String confirmPolicy(int version, long proposedBy, long by) {
    return """
    INSERT INTO fund.policy_confirmation
    VALUES (%d, %d, %d, 'approver', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')\
    """
        .formatted(version, proposedBy, by);
  }

  private static String confirmBudget(long initiative, int n, long proposedBy, long by) {
    return """
    INSERT INTO fund.budget_confirmation
    VALUES (%d, %d, %d, %d, 'approver', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')\
    """
        .formatted(initiative, n, proposedBy, by);
  }

  private long initiative(long riyals) {
    var draft =
        new OpenInitiative.Draft(
            Books.key(), fund, new Words("خيام", "Tents"), sar(riyals), "Offer 9", SAAD_APPROVER);
    OpenInitiative.Outcome opened = books.inTransaction(tx -> OpenInitiative.run(tx, draft, NOW));
    return ((OpenInitiative.Outcome.Opened) opened).initiative();
  }

  private void confirm(long initiative, int n) {
    var draft = new ConfirmBudget.Draft(initiative, n, RIMA_APPROVER);
    ConfirmBudget.Outcome confirmed = books.inTransaction(tx -> ConfirmBudget.run(tx, draft, NOW));
    assertThat(confirmed).isInstanceOf(ConfirmBudget.Outcome.Confirmed.class);
  }

  private void confirmAccreditation(PayeeId whose, long by, Class<?> outcome) {
    var draft = new ConfirmAccreditation.Draft(whose, 1, by);
    ConfirmAccreditation.Outcome said =
        books.inTransaction(tx -> ConfirmAccreditation.run(tx, draft, NOW));
    assertThat(said).isInstanceOf(outcome);
  }

  private long programme() {
    var draft =
        new OpenProgramme.Draft(
            Books.key(),
            fund,
            Optional.empty(),
            new Words("إعاشة", "Living support"),
            sar(500),
            LocalDate.of(2026, 3, 1),
            Programme.Every.MONTH,
            3,
            HUDA_REQUESTER);
    OpenProgramme.Outcome opened = books.inTransaction(tx -> OpenProgramme.run(tx, draft, NOW));
    return ((OpenProgramme.Outcome.Opened) opened).programme();
  }

  private long enrol(long programme, String number, int period, long by) {
    var draft =
        new EnrolPerson.Draft(
            Books.key(), programme, period, IdKind.NATIONAL, number, payee, Optional.empty(), by);
    var tokens = new PersonTokens("a key of a test".getBytes(StandardCharsets.UTF_8));
    EnrolPerson.Outcome enrolled =
        books.inTransaction(tx -> new EnrolPerson(tokens).run(tx, draft, NOW));
    return ((EnrolPerson.Outcome.Enrolled) enrolled).entitlement();
  }

  private VerifyPerson.Outcome verify(long entitlement, long by) {
    var draft = new VerifyPerson.Draft(entitlement, VerifyPerson.Method.VISIT, "Seen", by);
    return books.inTransaction(tx -> VerifyPerson.run(tx, draft, NOW));
  }

  private DisbursementId request(long riyals, Optional<Long> initiative) {
    var draft =
        new RequestDisbursement.Draft(
            Books.key(),
            fund,
            payee,
            sar(riyals),
            "Tents",
            "Offer",
            initiative,
            List.of(),
            Use.ANY,
            HUDA_REQUESTER);
    RequestDisbursement.Outcome requested =
        books.inTransaction(tx -> RequestDisbursement.run(tx, draft, NOW));
    return ((RequestDisbursement.Outcome.Requested) requested).id();
  }

  private DisbursementId entitledRequest(long riyals, List<Long> entitlements, long by) {
    return ((RequestDisbursement.Outcome.Requested) requested(riyals, entitlements, by)).id();
  }

  private RequestDisbursement.Outcome requested(long riyals, List<Long> entitlements, long by) {
    var draft =
        new RequestDisbursement.Draft(
            Books.key(),
            fund,
            payee,
            sar(riyals),
            "Support",
            "Programme",
            Optional.empty(),
            entitlements,
            Use.ANY,
            by);
    return books.inTransaction(tx -> RequestDisbursement.run(tx, draft, NOW));
  }

  private static String insertPayment(DisbursementId id, long payer) {
    return """
    INSERT INTO fund.payment
      (disbursement, version, fund, minor, payer, since, end_to_end, entry, paid_at)
    SELECT d.id, v.version, d.fund, v.minor, %d, '2026-03-01T09:00:00Z', 'PAST-EVERY-CHECK', 1,
           '2026-03-01T09:00:00Z'
    FROM fund.disbursement d JOIN fund.disbursement_version v ON v.disbursement = d.id
    WHERE d.id = %d\
    """
        .formatted(payer, id.value());
  }

  private static void assertRefused(String statement, String constraint) {
    assertThatThrownBy(() -> db.pool().query(statement).execute().await())
        .as(statement)
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo(constraint));
  }

  /** As a superuser: only constraints and triggers stand in the way. */
  private static void assertRefusedPastPrivileges(String statement, String constraint) {
    assertThatThrownBy(() -> db.superuserPool().query(statement).execute().await())
        .as(statement)
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo(constraint));
  }
}
