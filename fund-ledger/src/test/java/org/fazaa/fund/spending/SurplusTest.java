package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.OMAR_APPROVER;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.ledger.CloseFund;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.FreezeFund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.OpenFund;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Terms.Surplus;
import org.fazaa.fund.ledger.Use;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of a fund goes where the fund said, by two, once, and is never received again. */
class SurplusTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final Use ZAKAT =
      new Use(Use.Category.FOOD, Use.Region.ANY, Use.TargetGroup.ZAKAT_POOR);

  private final Books books = new Books(db);

  @BeforeAll
  static void officers() {
    new Books(db).appointOfficers();
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void twoApprovalsMoveItAndItIsNeverReceivedTwice() {
    var to = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    var fund = open(Restriction.PURPOSE, Surplus.SUCCESSOR, Optional.of(to));
    give(fund, sar(100));
    close(fund);
    long move = proposed(fund, to, sar(60));

    assertThat(approve(move, NOURA_TREASURER)).isEqualTo(new ApproveSurplus.Outcome.NotApprover());
    assertThat(approve(move, SAAD_APPROVER)).isEqualTo(new ApproveSurplus.Outcome.Approved());
    assertThat(approve(move, SAAD_APPROVER))
        .isEqualTo(new ApproveSurplus.Outcome.AlreadyApproved());
    assertThat(books.figures(to).available()).isEqualTo(sar(0));
    assertThat(approve(move, RIMA_APPROVER)).isEqualTo(new ApproveSurplus.Outcome.Moved());
    assertThat(approve(move, OMAR_APPROVER)).isEqualTo(new ApproveSurplus.Outcome.AlreadyMoved());
    assertThat(approve(move + 900, OMAR_APPROVER))
        .isEqualTo(new ApproveSurplus.Outcome.NoSuchMove(move + 900));

    assertThat(books.figures(fund).available()).isEqualTo(sar(40));
    assertThat(books.figures(fund).received()).as("what was given stays given").isEqualTo(sar(100));
    assertThat(books.figures(to).available()).isEqualTo(sar(60));
    assertThat(books.figures(to).received()).isEqualTo(sar(0));
    assertThat(Funds.moved(db.pool(), fund)).isEqualTo(new Funds.Moved(sar(0), sar(60)));
    assertThat(Funds.moved(db.pool(), to)).isEqualTo(new Funds.Moved(sar(60), sar(0)));
    var payee = books.verifiedPayee();
    assertThat(books.pay(books.approvedRequest(to, payee, sar(60)), NOURA_TREASURER))
        .as("what came may be spent")
        .isInstanceOf(PayDisbursement.Outcome.Paid.class);
    var shown = SurplusMove.list(db.pool(), fund).getFirst();
    assertThat(shown.approvers()).containsExactly(SAAD_APPROVER, RIMA_APPROVER);
    assertThat(shown.movedAt()).contains(NOW);
  }

  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource({
    "UNRESTRICTED, UNRESTRICTED, true",
    "UNRESTRICTED, PURPOSE, true",
    "UNRESTRICTED, ZAKAT, false",
    "UNRESTRICTED, WAQF, false",
    "PURPOSE, PURPOSE, true",
    "PURPOSE, UNRESTRICTED, false",
    "ZAKAT, ZAKAT, true",
    "ZAKAT, UNRESTRICTED, false",
    "ZAKAT, PURPOSE, false",
    "WAQF, WAQF, true",
    "WAQF, ZAKAT, false",
    "FOREIGN_APPROVED, PURPOSE, false"
  })
  void restrictedMoneyStaysInItsClass(Restriction from, Restriction into, boolean allowed) {
    var to = open(into, Surplus.AUTHORITY, Optional.empty());
    var fund = open(from, Surplus.AUTHORITY, Optional.empty());
    give(fund, sar(10));
    close(fund);

    var named = opened(from, Surplus.SUCCESSOR, Optional.of(to));
    if (allowed) {
      assertThat(named).isInstanceOf(OpenFund.Outcome.Opened.class);
      long move = proposed(fund, to, sar(10));
      approve(move, SAAD_APPROVER);
      assertThat(approve(move, RIMA_APPROVER)).isEqualTo(new ApproveSurplus.Outcome.Moved());
    } else {
      assertThat(named).isInstanceOf(OpenFund.Outcome.Invalid.class);
      assertThat(propose(fund, to, sar(10))).isEqualTo(new ProposeSurplus.Outcome.LeavesItsClass());
      assertRefused(db.pool(), pastTheProgram(fund, to), "surplus_keeps_its_class");
    }
  }

  @Test
  void itGoesWhereTheFundSaid() {
    var earlier = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    var successor = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    var said = open(Restriction.PURPOSE, Surplus.SUCCESSOR, Optional.of(successor));
    var keeps = open(Restriction.PURPOSE, Surplus.SAME_PURPOSE, Optional.empty());
    for (var fund : List.of(said, keeps)) {
      give(fund, sar(10));
      assertThat(propose(fund, successor, sar(1)))
          .isEqualTo(new ProposeSurplus.Outcome.StillOpen());
      assertRefused(db.pool(), pastTheProgram(fund, successor), "surplus_of_closed_fund");
      close(fund);
      assertThat(propose(fund, earlier, sar(1))).isEqualTo(new ProposeSurplus.Outcome.NotAsSaid());
      assertRefused(db.pool(), pastTheProgram(fund, earlier), "surplus_goes_as_said");
    }
    assertThat(propose(said, successor, sar(1)))
        .isInstanceOf(ProposeSurplus.Outcome.Proposed.class);
    var later = openAt(NOW.plusSeconds(60));
    assertThat(propose(keeps, later, sar(1))).isInstanceOf(ProposeSurplus.Outcome.Proposed.class);
    assertThat(propose(said, said, sar(1))).isEqualTo(new ProposeSurplus.Outcome.NotAsSaid());
  }

  @Test
  void whatIsReservedStaysAndWhatIsTooMuchIsRefused() {
    var to = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    var fund = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    give(fund, sar(100));
    var payee = books.verifiedPayee();
    var request = books.approvedRequest(fund, payee, sar(30));
    close(fund);

    assertThat(propose(fund, to, sar(71))).isEqualTo(new ProposeSurplus.Outcome.TooLittle(sar(70)));
    long first = proposed(fund, to, sar(70));
    long second = proposed(fund, to, sar(70));
    approve(first, SAAD_APPROVER);
    approve(second, SAAD_APPROVER);
    assertThat(approve(first, RIMA_APPROVER)).isEqualTo(new ApproveSurplus.Outcome.Moved());
    assertThat(approve(second, RIMA_APPROVER)).isEqualTo(new ApproveSurplus.Outcome.TooLittle());
    assertThat(SurplusMove.find(db.pool(), second).orElseThrow().approvers())
        .as("what is refused leaves no approval")
        .containsExactly(SAAD_APPROVER);
    assertThat(books.pay(request, NOURA_TREASURER))
        .isInstanceOf(PayDisbursement.Outcome.Paid.class);
  }

  @Test
  void theDatabaseWantsTwoOthersAndMovesNothingOfAFrozenFund() {
    var to = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    var fund = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    give(fund, sar(10));
    close(fund);
    long move = proposed(fund, to, sar(10));
    assertRefused(
        db.superuserPool(),
        """
        INSERT INTO fund.surplus_approval (move, proposed_by, approver, since, approved_at)
        VALUES (%d, 11, 11, '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')\
        """
            .formatted(move),
        "surplus_by_approver");
    books.inTransaction(
        tx ->
            org.fazaa.fund.ledger.Officer.appoint(
                tx, HUDA_REQUESTER, org.fazaa.fund.ledger.Officer.Office.APPROVER, 0, NOW));
    assertThat(approve(move, HUDA_REQUESTER)).isEqualTo(new ApproveSurplus.Outcome.OwnProposal());
    assertRefused(
        db.superuserPool(),
        """
        INSERT INTO fund.surplus_approval (move, proposed_by, approver, since, approved_at)
        VALUES (%d, 11, 11, '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')\
        """
            .formatted(move),
        "surplus_approver_is_not_proposer");
    approve(move, SAAD_APPROVER);
    assertRefused(
        db.superuserPool(),
        "INSERT INTO fund.surplus_transfer VALUES (%d, 1, '2026-03-01T09:00:00Z')".formatted(move),
        "surplus_needs_approvals");
    books.inTransaction(tx -> FreezeFund.run(tx, new FreezeFund.Draft(to, "I1", "looked at"), NOW));
    assertThat(approve(move, RIMA_APPROVER)).isEqualTo(new ApproveSurplus.Outcome.Frozen());
  }

  @Test
  void ofTwoLastApprovalsAtOnceOneMovesIt() throws Exception {
    for (int round = 0; round < 8; round++) {
      var to = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
      var fund = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
      give(fund, sar(10));
      close(fund);
      long move = proposed(fund, to, sar(10));
      approve(move, SAAD_APPROVER);
      var results =
          together(List.of(() -> approve(move, RIMA_APPROVER), () -> approve(move, OMAR_APPROVER)));

      assertThat(results)
          .containsExactlyInAnyOrder(
              new ApproveSurplus.Outcome.Moved(), new ApproveSurplus.Outcome.AlreadyMoved());
      assertThat(books.figures(to).available()).isEqualTo(sar(10));
      assertThat(Invariants.checkAll(db.pool())).isEmpty();
    }
  }

  @Test
  void whoMayNotProposeOrWritesItWrongIsTold() {
    var to = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    var fund = open(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    give(fund, sar(10));
    close(fund);
    var nowhere = new FundId(987_654);
    var draft = new ProposeSurplus.Draft(Books.key(), fund, to, sar(1), "Order 7", HUDA_REQUESTER);
    var first = (ProposeSurplus.Outcome.Proposed) propose(draft);

    assertThat(propose(draft)).isEqualTo(new ProposeSurplus.Outcome.AlreadyProposed(first.move()));
    assertThat(
            propose(
                new ProposeSurplus.Draft(draft.key(), fund, to, sar(2), "Order 7", HUDA_REQUESTER)))
        .isEqualTo(new ProposeSurplus.Outcome.DiffersFromFirst());
    assertThat(
            propose(new ProposeSurplus.Draft(Books.key(), fund, to, sar(1), "why", SAAD_APPROVER)))
        .isEqualTo(new ProposeSurplus.Outcome.NotRequester());
    assertThat(propose(fund, nowhere, sar(1)))
        .isEqualTo(new ProposeSurplus.Outcome.NoSuchFund(nowhere));
    assertThat(propose(new ProposeSurplus.Draft("", fund, to, Money.of(0, "KWD"), " ", 11)))
        .isInstanceOfSatisfying(
            ProposeSurplus.Outcome.Invalid.class,
            invalid ->
                assertThat(invalid.flaws())
                    .extracting(Flaw::field)
                    .containsExactly("key", "amount", "amount.currency", "why"));
  }

  private FundId open(Restriction restriction, Surplus surplus, Optional<FundId> to) {
    return ((OpenFund.Outcome.Opened) opened(restriction, surplus, to)).fund();
  }

  private OpenFund.Outcome opened(Restriction restriction, Surplus surplus, Optional<FundId> to) {
    return books.inTransaction(tx -> OpenFund.run(tx, draft(restriction, surplus, to), NOW));
  }

  private FundId openAt(Instant at) {
    var draft = draft(Restriction.PURPOSE, Surplus.AUTHORITY, Optional.empty());
    var opened = books.inTransaction(tx -> OpenFund.run(tx, draft, at));
    return ((OpenFund.Outcome.Opened) opened).fund();
  }

  private static OpenFund.Draft draft(
      Restriction restriction, Surplus surplus, Optional<FundId> to) {
    var like = Books.fundDraft(true);
    var always = new Terms.Days(LocalDate.of(2026, 1, 1), LocalDate.of(2036, 1, 1));
    return new OpenFund.Draft(
        like.key(),
        like.name(),
        like.currency(),
        restriction,
        like.purpose(),
        like.targetMinor(),
        like.licence(),
        like.campaign(),
        true,
        new Terms.Opening(
            List.of(restriction == Restriction.ZAKAT ? ZAKAT : Use.ANY),
            Optional.of(always).filter(days -> restriction == Restriction.TIME),
            Optional.empty(),
            false,
            surplus,
            to),
        like.by());
  }

  private void give(FundId fund, Money amount) {
    books.give(fund, Channel.CARD, amount);
    books.settle();
  }

  private void close(FundId fund) {
    var draft = new CloseFund.Draft(fund, "Its crisis is over", NOURA_TREASURER);
    books.inTransaction(tx -> CloseFund.run(tx, draft, NOW));
  }

  private ProposeSurplus.Outcome propose(FundId fund, FundId to, Money amount) {
    return propose(
        new ProposeSurplus.Draft(Books.key(), fund, to, amount, "Order 7", HUDA_REQUESTER));
  }

  private ProposeSurplus.Outcome propose(ProposeSurplus.Draft draft) {
    return books.inTransaction(tx -> ProposeSurplus.run(tx, draft, NOW));
  }

  private long proposed(FundId fund, FundId to, Money amount) {
    return ((ProposeSurplus.Outcome.Proposed) propose(fund, to, amount)).move();
  }

  private ApproveSurplus.Outcome approve(long move, long by) {
    var draft = new ApproveSurplus.Draft(move, by);
    return books.inTransaction(tx -> ApproveSurplus.run(tx, draft, NOW));
  }

  private static String pastTheProgram(FundId fund, FundId to) {
    return """
    SELECT * FROM fund.propose_surplus('past-%s', sha256('x'), %d, %d, 100, 'why', 11,
                                       '2026-03-01T09:00:00Z')\
    """
        .formatted(Books.key(), fund.value(), to.value());
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

  private static void assertRefused(Pool pool, String statement, String constraint) {
    assertThatThrownBy(() -> pool.query(statement).execute().await())
        .as(statement)
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo(constraint));
  }
}
