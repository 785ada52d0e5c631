package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.ledger.ConfirmTerms;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.ProposeTerms;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Terms.What;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Use.Category;
import org.fazaa.fund.ledger.Use.Region;
import org.fazaa.fund.ledger.Use.TargetGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Money of a fund is used for what the fund says, and for nothing else. */
class UseRulesTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final Use FOOD_IN_JAZAN =
      new Use(Category.FOOD, Region.JAZAN, TargetGroup.DISPLACED);
  private static final Use WATER_IN_ASIR = new Use(Category.WATER, Region.ASIR, TargetGroup.POOR);

  private static PayeeId payee;

  private final Books books = new Books(db);

  @BeforeAll
  static void officers() {
    var books = new Books(db);
    books.appointOfficers();
    payee = books.verifiedPayee();
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @ParameterizedTest(name = "rule {0} {1} {2}, use {3} {4} {5}: {6}")
  @CsvSource({
    "any,  any,    any,       food, SA-09,  displaced, true",
    "any,  any,    any,       any,  any,    any,       true",
    "food, any,    any,       food, SA-09,  poor,      true",
    "food, any,    any,       water, SA-09, poor,      false",
    "food, any,    any,       any,  SA-09,  poor,      false",
    "food, SA-09,  any,       food, SA-10,  poor,      false",
    "food, SA-09,  any,       food, any,    poor,      false",
    "any,  SA-09,  displaced, food, SA-09,  displaced, true",
    "any,  SA-09,  displaced, food, SA-09,  any,       false",
    "any,  any,    any,       food, abroad, poor,      false",
    "any,  abroad, any,       food, abroad, poor,      true",
    "any,  abroad, any,       food, SA-01,  poor,      false"
  })
  void aRuleAllowsWhatItNames(
      String c, String r, String g, String category, String region, String group, boolean allowed) {
    var fund = fundFor(Restriction.PURPOSE, Use.of(c, r, g));
    var use = Use.of(category, region, group);

    var outcome = request(fund, use);
    if (allowed) {
      assertThat(outcome).isInstanceOf(RequestDisbursement.Outcome.Requested.class);
    } else {
      assertThat(outcome)
          .isInstanceOfSatisfying(
              RequestDisbursement.Outcome.UseNotAllowed.class,
              refused -> {
                assertThat(refused.words().en()).contains(Use.of(c, r, g).words().en());
                assertThat(refused.words().ar()).contains(Use.of(c, r, g).words().ar());
              });
      assertThat(Disbursements.list(db.pool(), fund)).isEmpty();
      assertRefused(pastTheProgram(fund, use), "use_allowed_by_fund");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Restriction.class, mode = Mode.EXCLUDE, names = "UNRESTRICTED")
  void aRestrictedFundGivesNothingBeforeItHasARule(Restriction restriction) {
    var fund = fundFor(restriction);
    var use = new Use(Category.FOOD, Region.JAZAN, TargetGroup.ZAKAT_POOR);

    assertThat(request(fund, use))
        .isInstanceOfSatisfying(
            RequestDisbursement.Outcome.UseNotAllowed.class,
            refused -> assertThat(refused.words().en()).contains("does not say yet"));
    assertRefused(pastTheProgram(fund, use), "use_allowed_by_fund");
    addRule(fund, use);
    assertThat(request(fund, use)).isInstanceOf(RequestDisbursement.Outcome.Requested.class);
  }

  @Test
  void anUnrestrictedFundWithoutRulesAllowsAnyUseAtHomeUntilItHasOne() {
    var fund = fundFor(Restriction.UNRESTRICTED);
    var abroad = new Use(Category.FOOD, Region.ABROAD, TargetGroup.POOR);
    var open = requested(fund, WATER_IN_ASIR);
    approve(open, 1);

    assertThat(request(fund, abroad)).isInstanceOf(RequestDisbursement.Outcome.UseNotAllowed.class);
    addRule(fund, FOOD_IN_JAZAN);
    assertThat(request(fund, WATER_IN_ASIR))
        .isInstanceOf(RequestDisbursement.Outcome.UseNotAllowed.class);
    assertThat(books.pay(open, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.UseNotAllowed("use_allowed_by_fund"));
  }

  @Test
  void zakatGoesToItsClassesOnly() {
    var class1 = new Use(Category.DEBTS, Region.ANY, TargetGroup.ZAKAT_DEBTORS);
    var fund = fundFor(Restriction.ZAKAT, class1);

    var widows = new Use(Category.DEBTS, Region.RIYADH, TargetGroup.WIDOWS);
    assertThat(request(fund, widows))
        .isInstanceOfSatisfying(
            RequestDisbursement.Outcome.UseNotAllowed.class,
            refused -> assertThat(refused.words().en()).contains("eight classes"));
    assertRefused(pastTheProgram(fund, widows), "zakat_to_its_classes");
    assertThat(propose(fund, new What.AddRule(widows), HUDA_REQUESTER))
        .isInstanceOf(ProposeTerms.Outcome.Invalid.class);
    assertThatThrownBy(() -> fundFor(Restriction.ZAKAT, Use.ANY))
        .isInstanceOf(ClassCastException.class)
        .hasMessageContaining("Invalid");
    assertRefusedPastPrivileges(
        """
        INSERT INTO fund.use_rule (fund, category, region, target_group, origin, since)
        VALUES (%d, 'any', 'any', 'widows', 'opening', '2026-03-01T09:00:00Z')\
        """
            .formatted(fund.value()),
        "zakat_to_its_classes");
    var debtors = new Use(Category.DEBTS, Region.RIYADH, TargetGroup.ZAKAT_DEBTORS);
    var id = requested(fund, debtors);
    approve(id, 1);
    assertThat(books.pay(id, NOURA_TREASURER)).isInstanceOf(PayDisbursement.Outcome.Paid.class);
  }

  @ParameterizedTest(name = "on {0}: {1}")
  @CsvSource({
    "2026-02-28T20:59:59Z, false",
    "2026-02-28T21:00:00Z, true",
    "2026-03-10T20:59:59Z, true",
    "2026-03-10T21:00:00Z, false"
  })
  void aFundForAPeriodIsUsedWithinItsDays(Instant at, boolean allowed) {
    var march = new Terms.Days(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 10));
    var opening =
        new Terms.Opening(
            List.of(Use.ANY),
            Optional.of(march),
            Optional.empty(),
            false,
            Terms.Surplus.AUTHORITY,
            Optional.empty());
    var fund = books.openFund(Restriction.TIME, opening);
    give(fund);

    assertThat(Terms.refusal(db.pool(), fund, FOOD_IN_JAZAN, at).isEmpty()).isEqualTo(allowed);
    var id = requested(fund, FOOD_IN_JAZAN);
    approve(id, 1);
    if (at.isBefore(NOW)) return; // nothing is paid before it was asked for
    PayDisbursement.Outcome paid =
        books.inTransaction(
            tx ->
                new PayDisbursement(new Random(1))
                    .run(tx, new PayDisbursement.Draft(id, NOURA_TREASURER), at));
    if (allowed) {
      assertThat(paid).isInstanceOf(PayDisbursement.Outcome.Paid.class);
    } else {
      assertThat(paid).isEqualTo(new PayDisbursement.Outcome.UseNotAllowed("used_within_its_time"));
      assertRefusedPastPrivileges(insertPayment(id, at), "used_within_its_time");
    }
  }

  @Test
  void aRuleIsAddedAndEndedByTwo() {
    var fund = fundFor(Restriction.PURPOSE, FOOD_IN_JAZAN);
    long added = proposed(fund, new What.AddRule(WATER_IN_ASIR), SAAD_APPROVER);

    assertThat(confirm(fund, added, SAAD_APPROVER))
        .isEqualTo(new ConfirmTerms.Outcome.OwnProposal());
    assertThat(confirm(fund, added, HUDA_REQUESTER))
        .isEqualTo(new ConfirmTerms.Outcome.NotAllowed());
    assertThat(confirm(fund, added + 900, RIMA_APPROVER))
        .isEqualTo(new ConfirmTerms.Outcome.NoSuchChange(added + 900));
    assertRefused(confirmation(added, SAAD_APPROVER, SAAD_APPROVER), "terms_by_two");
    assertRefused(confirmation(added, SAAD_APPROVER, HUDA_REQUESTER), "terms_by_officer");
    assertThat(Terms.find(db.pool(), fund).orElseThrow().inForce()).hasSize(1);

    assertThat(confirm(fund, added, RIMA_APPROVER)).isEqualTo(new ConfirmTerms.Outcome.Confirmed());
    assertThat(confirm(fund, added, RIMA_APPROVER))
        .isEqualTo(new ConfirmTerms.Outcome.AlreadyConfirmed());
    var rules = Terms.find(db.pool(), fund).orElseThrow().inForce();
    assertThat(rules)
        .extracting(Terms.Rule::use, Terms.Rule::origin)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(FOOD_IN_JAZAN, Terms.Origin.OPENING),
            org.assertj.core.groups.Tuple.tuple(WATER_IN_ASIR, Terms.Origin.CHANGE));
    assertThat(propose(fund, new What.AddRule(WATER_IN_ASIR), SAAD_APPROVER))
        .isInstanceOf(ProposeTerms.Outcome.Invalid.class);

    var twice = List.of(rules.getLast().id(), rules.getLast().id());
    var ends = twice.stream().map(id -> proposed(fund, new What.EndRule(id), HUDA_REQUESTER));
    var both = ends.toList();
    assertThat(confirm(fund, both.getFirst(), NOURA_TREASURER))
        .isEqualTo(new ConfirmTerms.Outcome.Confirmed());
    assertThat(confirm(fund, both.getLast(), NOURA_TREASURER))
        .isEqualTo(new ConfirmTerms.Outcome.Overtaken());
    assertRefused(confirmation(both.getLast(), HUDA_REQUESTER, RIMA_APPROVER), "use_rule_end_pkey");
    assertThat(request(fund, WATER_IN_ASIR))
        .isInstanceOf(RequestDisbursement.Outcome.UseNotAllowed.class);
  }

  @Test
  void whoRepeatsAProposalGetsTheFirst() {
    var fund = fundFor(Restriction.PURPOSE, FOOD_IN_JAZAN);
    var draft =
        new ProposeTerms.Draft(
            Books.key(), fund, new What.AddRule(WATER_IN_ASIR), "Drought", HUDA_REQUESTER);
    var first = (ProposeTerms.Outcome.Proposed) propose(draft);

    assertThat(propose(draft)).isEqualTo(new ProposeTerms.Outcome.AlreadyProposed(first.change()));
    var other = new ProposeTerms.Draft(draft.key(), fund, draft.what(), "Thirst", HUDA_REQUESTER);
    assertThat(propose(other)).isEqualTo(new ProposeTerms.Outcome.DiffersFromFirst());
    assertThat(propose(fund, new What.EndRule(987_654), HUDA_REQUESTER))
        .isInstanceOf(ProposeTerms.Outcome.Invalid.class);
    assertThat(propose(fund, draft.what(), 999)).isEqualTo(new ProposeTerms.Outcome.NotAllowed());
    assertThat(propose(new FundId(987_654), draft.what(), HUDA_REQUESTER))
        .isEqualTo(new ProposeTerms.Outcome.NoSuchFund(new FundId(987_654)));
  }

  @Test
  void anEndedRuleStopsTheUnpaidAndAnEditToAnotherUseVoidsApprovals() {
    var fund = fundFor(Restriction.PURPOSE, FOOD_IN_JAZAN, WATER_IN_ASIR);
    var paid = requested(fund, FOOD_IN_JAZAN);
    approve(paid, 1);
    books.pay(paid, NOURA_TREASURER);
    var unpaid = requested(fund, FOOD_IN_JAZAN);
    approve(unpaid, 1);
    endFirstRule(fund);

    assertThat(books.pay(unpaid, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.UseNotAllowed("use_allowed_by_fund"));
    assertRefusedPastPrivileges(insertPayment(unpaid, NOW), "use_allowed_by_fund");
    assertThat(edit(unpaid, 1, FOOD_IN_JAZAN))
        .isInstanceOf(EditDisbursement.Outcome.UseNotAllowed.class);
    assertThat(edit(unpaid, 1, WATER_IN_ASIR)).isEqualTo(new EditDisbursement.Outcome.Edited(2, 2));
    assertThat(Disbursements.changesSince(db.pool(), unpaid, 1))
        .containsExactly(
            new Disbursement.Change(
                "use.ar", FOOD_IN_JAZAN.words().ar(), WATER_IN_ASIR.words().ar()),
            new Disbursement.Change(
                "use.en", FOOD_IN_JAZAN.words().en(), WATER_IN_ASIR.words().en()));
    assertThat(books.pay(unpaid, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.NotApproved(0, 2));
    approve(unpaid, 2);
    assertThat(books.pay(unpaid, NOURA_TREASURER)).isInstanceOf(PayDisbursement.Outcome.Paid.class);
  }

  @Test
  void endingARuleAndPayingByItAtOnceOneComesFirst() throws Exception {
    int paid = 0;
    for (int round = 0; round < 10; round++) {
      var fund = fundFor(Restriction.PURPOSE, FOOD_IN_JAZAN);
      var id = requested(fund, FOOD_IN_JAZAN);
      approve(id, 1);
      var rule = Terms.find(db.pool(), fund).orElseThrow().inForce().getFirst().id();
      long end = proposed(fund, new What.EndRule(rule), HUDA_REQUESTER);
      var results =
          together(List.of(() -> payOrRefused(id), () -> confirm(fund, end, RIMA_APPROVER)));

      assertThat(results.getLast()).isEqualTo(new ConfirmTerms.Outcome.Confirmed());
      paid += results.getFirst() instanceof PayDisbursement.Outcome.Paid ? 1 : 0;
      assertThat(Invariants.checkAll(db.pool())).isEmpty();
      assertThat(payOrRefused(id))
          .isInstanceOfAny(
              PayDisbursement.Outcome.AlreadyPaid.class,
              PayDisbursement.Outcome.UseNotAllowed.class);
    }
    assertThat(paid).isBetween(0, 10);
  }

  @Test
  void aFundSaysItsTermsInTheTransactionThatOpensIt() {
    assertRefused(
        """
        SELECT fund.open_fund('silent', sha256('x'), 'ص', 'F', 'SAR', 'purpose', 'غ', 'P', NULL,
                              NULL, NULL, true, 1, '2026-03-01T09:00:00Z')\
        """,
        "fund_has_terms");
    var fund = fundFor(Restriction.PURPOSE, FOOD_IN_JAZAN);
    assertRefused(
        """
        SELECT fund.set_terms(%d, NULL, NULL, NULL, false, 'authority', NULL, '{any}', '{any}',
                              '{any}')\
        """
            .formatted(fund.value()),
        "terms_said_at_opening");
  }

  private FundId fundFor(Restriction restriction, Use... uses) {
    var always = new Terms.Days(LocalDate.of(2026, 1, 1), LocalDate.of(2036, 1, 1));
    var opening =
        new Terms.Opening(
            List.of(uses),
            Optional.of(always).filter(days -> restriction == Restriction.TIME),
            Optional.empty(),
            false,
            Terms.Surplus.AUTHORITY,
            Optional.empty());
    var fund = books.openFund(restriction, opening);
    give(fund);
    return fund;
  }

  private void give(FundId fund) {
    books.give(fund, Channel.CARD, sar(1_000));
    books.settle();
  }

  private static RequestDisbursement.Draft draft(FundId fund, Use use) {
    return new RequestDisbursement.Draft(
        Books.key(), fund, payee, sar(5), "Parcels", "List", use, HUDA_REQUESTER);
  }

  private RequestDisbursement.Outcome request(FundId fund, Use use) {
    return books.inTransaction(tx -> RequestDisbursement.run(tx, draft(fund, use), NOW));
  }

  private DisbursementId requested(FundId fund, Use use) {
    return ((RequestDisbursement.Outcome.Requested) request(fund, use)).id();
  }

  private EditDisbursement.Outcome edit(DisbursementId id, int version, Use use) {
    var draft =
        new EditDisbursement.Draft(
            id, version, payee, sar(5), "Parcels", "List", use, HUDA_REQUESTER);
    return books.inTransaction(tx -> EditDisbursement.run(tx, draft, NOW));
  }

  private void approve(DisbursementId id, int version) {
    books.approve(id, version, SAAD_APPROVER);
    books.approve(id, version, RIMA_APPROVER);
  }

  private Object payOrRefused(DisbursementId id) {
    try {
      return books.pay(id, NOURA_TREASURER);
    } catch (PgException e) {
      assertThat(e.getConstraint()).isEqualTo("use_allowed_by_fund");
      return e; // the rule ended between the look and the order
    }
  }

  private ProposeTerms.Outcome propose(FundId fund, What what, long by) {
    return propose(new ProposeTerms.Draft(Books.key(), fund, what, "The board said so", by));
  }

  private ProposeTerms.Outcome propose(ProposeTerms.Draft draft) {
    return books.inTransaction(tx -> ProposeTerms.run(tx, draft, NOW));
  }

  private long proposed(FundId fund, What what, long by) {
    return ((ProposeTerms.Outcome.Proposed) propose(fund, what, by)).change();
  }

  private ConfirmTerms.Outcome confirm(FundId fund, long change, long by) {
    var draft = new ConfirmTerms.Draft(fund, change, by);
    return books.inTransaction(tx -> ConfirmTerms.run(tx, draft, NOW));
  }

  private void addRule(FundId fund, Use use) {
    long change = proposed(fund, new What.AddRule(use), HUDA_REQUESTER);
    assertThat(confirm(fund, change, RIMA_APPROVER))
        .isEqualTo(new ConfirmTerms.Outcome.Confirmed());
  }

  private void endFirstRule(FundId fund) {
    var rule = Terms.find(db.pool(), fund).orElseThrow().inForce().getFirst().id();
    long change = proposed(fund, new What.EndRule(rule), HUDA_REQUESTER);
    assertThat(confirm(fund, change, RIMA_APPROVER))
        .isEqualTo(new ConfirmTerms.Outcome.Confirmed());
  }

  private static String confirmation(long change, long proposer, long confirmer) {
    return """
    INSERT INTO fund.terms_confirmation
    VALUES (%d, %d, %d, 'approver', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')\
    """
        .formatted(change, proposer, confirmer);
  }

  private static String pastTheProgram(FundId fund, Use use) {
    return """
    SELECT * FROM fund.request_disbursement('past-%s', sha256('x'), %d, %d, 1::smallint, 500,
      'Parcels', 'List', NULL, '{}', '%s', '%s', '%s', 11, '2026-03-01T09:00:00Z')\
    """
        .formatted(
            Books.key(),
            fund.value(),
            payee.value(),
            use.category().tag(),
            use.region().tag(),
            use.targetGroup().tag());
  }

  private static String insertPayment(DisbursementId id, Instant at) {
    return """
    INSERT INTO fund.payment
      (disbursement, version, fund, minor, payer, since, end_to_end, entry, paid_at)
    SELECT d.id, v.version, d.fund, v.minor, 31, '2026-03-01T09:00:00Z', 'PAST-EVERY-CHECK', 1,
           '%s'
    FROM fund.disbursement d JOIN fund.disbursement_version v ON v.disbursement = d.id
    WHERE d.id = %d\
    """
        .formatted(at, id.value());
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

  private static void assertRefused(String statement, String constraint) {
    assertRefused(db.pool(), statement, constraint);
  }

  /** As a superuser: only constraints and triggers stand in the way. */
  private static void assertRefusedPastPrivileges(String statement, String constraint) {
    assertRefused(db.superuserPool(), statement, constraint);
  }

  private static void assertRefused(
      io.vertx.sqlclient.Pool pool, String statement, String constraint) {
    assertThatThrownBy(() -> pool.query(statement).execute().await())
        .as(statement)
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo(constraint));
  }
}
